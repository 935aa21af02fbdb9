"""A grant imported from another register, which no rules of ours decided on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal
from uuid import UUID

from ledger.core.action import OFFICE, Action
from ledger.core.changed import changed
from ledger.core.correctable import FOUNDS_A_PROJECT, CorrectionRule
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit
from ledger.core.words import Words
from ledger.identifiers import Identifier
from ledger.project.fact import ProjectFact, ProjectState
from ledger.values import CivilDate, Code, Digest, Label, Line, Money, Period, Text

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

IMPORT = Action("import", OFFICE, Words("导入", "import grants"))


class GrantImported(
    ProjectFact,
    audience=Audience.AT_ONCE,
    correction=CorrectionRule(void=FOUNDS_A_PROJECT, fixed=("programme", "grant", "funder")),
    named=Words("资助导入", "imported grant"),
    ocds="award",
    audit=Audit.REGULAR,
    accompanies=True,
):
    """A grant as its funder published it; nothing is added, absent fields are null."""

    sentence: ClassVar[Words] = Words(
        "导入资助记录：{funder_name}资助{recipient_name}。", "Grant imported, from {funder_name} to {recipient_name}."
    )
    also: ClassVar[Mapping[str, Words]] = {"amount": Words("金额 {amount}。", "Amount: {amount}.")}

    type: Literal["GrantImported"] = "GrantImported"
    programme: Code
    grant: Line
    title: Text
    description: Text | None
    amount: Money
    awarded_on: CivilDate
    planned: Period | None
    recipient: Identifier | None
    recipient_name: Label
    funder: Identifier
    funder_name: Label
    grant_programme: Label | None
    source_sha256: Digest

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, grant=self)

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> GrantImported:
        return self

    def project_in(self, stream: UUID) -> UUID:
        return stream


@dataclass(frozen=True)
class GrantState(ProjectState):
    grant: GrantImported | None = None
