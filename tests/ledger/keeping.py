"""What is kept of an organisation: one command of each kind, with a body that a number tells apart."""

from collections.abc import Awaitable, Callable
from datetime import date
from uuid import UUID

from ledger.commands import organisation_corrections, organisations
from ledger.commands.corrections import VoidBody
from ledger.commands.entry import Body
from ledger.identifiers import Identifier
from ledger.rules import CreditList
from ledger.unit_of_work import Receipt

PAPER = {"authority": "示例民政局", "document_number": "示例7号"}
Command = Callable[..., Awaitable[Receipt]]
KEEPING: dict[str, tuple[Command, Callable[[int, str, UUID], Body]]] = {
    "rename": (
        organisations.rename,
        lambda number, _, __: organisations.Renaming(name=f"示例新名{number}", document_number="示例7号"),
    ),
    "identify": (
        organisations.add_identifier,
        lambda number, year, _: organisations.FurtherIdentifier(
            identifier=Identifier(scheme="CN-REG", id=f"{year}/{number + 3}")
        ),
    ),
    "supervise": (
        organisations.name_supervisor,
        lambda number, _, __: organisations.Supervisor(authority=f"示例主管{number}"),
    ),
    "relocate": (
        organisations.relocate,
        lambda number, _, __: organisations.Relocation(
            district=("110101", "110103", None)[number % 3], reason="示例迁址。"
        ),
    ),
    "merge": (organisations.merge, lambda _, __, into: organisations.Merger(into=into, document_number="示例7号")),
    "deregister": (
        organisations.deregister,
        lambda _, __, ___: organisations.Deregistration(reason="示例解散。", document_number="示例7号"),
    ),
    "grade": (
        organisations.grade,
        lambda number, _, __: organisations.Grading(
            grade=1 + number % 5,
            valid_from=date(2010, 1, 1),
            valid_until=date(2009 + number % 3, 12, 31),
            authority=PAPER["authority"],
            document_number=PAPER["document_number"],
        ),
    ),
    "enter a list": (organisations.keep_list, lambda number, _, __: listing("enter", number)),
    "leave a list": (organisations.keep_list, lambda number, _, __: listing("leave", number)),
    "void of an organisation": (
        organisation_corrections.correct,
        lambda number, _, __: VoidBody(kind="void", target=1 + number, reason="误录。"),
    ),
}


def listing(kind: str, number: int) -> organisations.Listing:
    name = list(CreditList)[number % 2]
    return organisations.Listing.model_validate({"kind": kind, "list": name, "reason": "示例。"} | PAPER)
