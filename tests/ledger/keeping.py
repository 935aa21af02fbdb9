"""What is kept of an organisation: one command of each kind, with a body that a number tells apart."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from ledger.commands.corrections import VoidBody
from ledger.commands.organisation import (
    AnnualReport,
    Deregistration,
    FurtherIdentifier,
    Grading,
    Listing,
    Merger,
    Penalty,
    Relocation,
    Renaming,
    Supervisor,
)
from ledger.commands.organisation_corrections import correct_organisation
from ledger.identifiers import Identifier
from ledger.organisation.oversight import PenaltyKind
from ledger.rules import CreditList
from ledger.transaction import Decide

PAPER = {"authority": "示例民政局", "document_number": "示例7号"}
# Arguments: a number, a year, another organisation, and the one that it is about.
KEEPING: dict[str, Callable[[int, str, UUID, UUID], Decide]] = {
    "rename": lambda number, _, __, one: Renaming(name=f"示例新名{number}", document_number="示例7号").on(one),
    "identify": lambda number, year, _, one: FurtherIdentifier(
        identifier=Identifier(scheme="CN-REG", id=f"{year}/{number + 3}")
    ).on(one),
    "supervise": lambda number, _, __, one: Supervisor(authority=f"示例主管{number}").on(one),
    "relocate": lambda number, _, __, one: Relocation(
        district=("110101", "110103", None)[number % 3], reason="示例迁址。"
    ).on(one),
    "merge": lambda _, __, into, one: Merger(into=into, document_number="示例7号").on(one),
    "deregister": lambda _, __, ___, one: Deregistration(reason="示例解散。", document_number="示例7号").on(one),
    "grade": lambda number, _, __, one: Grading(
        grade=1 + number % 5,
        valid_from=date(2010, 1, 1),
        valid_until=date(2009 + number % 3, 12, 31),
        authority=PAPER["authority"],
        document_number=PAPER["document_number"],
    ).on(one),
    "enter a list": lambda number, _, __, one: listing("enter", number).on(one),
    "leave a list": lambda number, _, __, one: listing("leave", number).on(one),
    "record an annual report": lambda number, _, __, one: AnnualReport(
        year=2000 + number % 5, filed_on=date(2006, 3, 1)
    ).on(one),
    "record a penalty": lambda _, __, ___, one: Penalty.model_validate(
        {"kind": PenaltyKind.FINE, "reason": "示例。"} | PAPER
    ).on(one),
    "void of an organisation": lambda number, _, __, one: correct_organisation(
        one, VoidBody(kind="void", target=1 + number, reason="误录。")
    ),
}


def listing(kind: str, number: int) -> Listing:
    name = list(CreditList)[number % 2]
    return Listing.model_validate({"kind": kind, "list": name, "reason": "示例。"} | PAPER)
