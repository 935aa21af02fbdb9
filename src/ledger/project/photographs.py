"""Photographs of a project: shown without anybody who could be recognised, and removed when consent ends (N25)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from ledger.core.action import PARTY, Action
from ledger.core.changed import changed
from ledger.core.correctable import never
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Limited, Sealed, SealedFor, Version
from ledger.core.words import Words
from ledger.project.fact import Occurrence, ProjectFact, ProjectState
from ledger.project.publicity import PUBLICISE, check_publicised
from ledger.refusals.photographs import PhotographRemoved, PhotographStatementMissing, PhotographUnknown
from ledger.values import Digest, Frozen, Label, Line, Text

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

WITHDRAW_PHOTOGRAPH = Action("withdraw_photograph", PARTY, Words("撤下照片", "withdraw a photograph"))


class Picture(Frozen):
    """What the commitment of a photograph is made of, with a salt. Nobody is told either; the picture is shown."""

    sha256: Digest
    media_type: Line


class PhotographShown(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=never("请撤下照片。", "withdraw the photograph."),
    daily=Limited.REPORTS,
    named=Words("项目照片", "photograph"),
    credit=False,
    ocds="implementationUpdate",
    audit=Audit.REGULAR,
):
    """N25: a photograph, of which the event has no more than a commitment; its author has stated that nobody
    can be recognised who was helped, and no minor. `caption` is public, as is `description`, which tells those who do
    not see the picture what it shows."""

    sentence: ClassVar[Words] = Words("项目照片：{caption}", "A photograph: {caption}")

    type: Literal["PhotographShown"] = "PhotographShown"
    photograph: Annotated[Sealed[Picture], SealedFor.of("photograph")]
    caption: Label
    description: Text
    nobody_recognisable: Literal[True]

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, photographs=(*project.photographs, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> PhotographShown:
        return show_photograph(project, self.photograph, self.caption, self.description, self.nobody_recognisable)


class PhotographWithdrawn(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=never("照片已经删除，请重新上传。", "the photograph is gone; upload it again."),
    named=Words("撤下照片", "withdrawal of a photograph"),
    credit=False,
    ocds="implementationUpdate",
    audit=Audit.REGULAR,
):
    """N25: a photograph was removed, such as when somebody took back their consent. With this event its key is
    destroyed. `reason` names nobody."""

    sentence: ClassVar[Words] = Words("撤下照片并删除文件：{reason}", "A photograph was removed: {reason}")

    type: Literal["PhotographWithdrawn"] = "PhotographWithdrawn"
    photograph: Version
    reason: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(
            project,
            photographs=tuple(one for one in project.photographs if one.version != self.photograph),
            removed_photographs=(*project.removed_photographs, self.occurrence(recorded)),
        )

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> PhotographWithdrawn:
        return withdraw_photograph(project, self.photograph, self.reason)[0]


@dataclass(frozen=True)
class PhotographsState(ProjectState):
    photographs: tuple[Occurrence[PhotographShown], ...] = ()
    removed_photographs: tuple[Occurrence[PhotographWithdrawn], ...] = ()


def show_photograph(
    project: Project, photograph: Sealed[Picture], caption: str, description: str, nobody_recognisable: bool
) -> PhotographShown:
    check_publicised(project, PUBLICISE)
    if not nobody_recognisable:
        raise PhotographStatementMissing()
    return PhotographShown(photograph=photograph, caption=caption, description=description, nobody_recognisable=True)


def withdraw_photograph(project: Project, photograph: int, reason: str) -> tuple[PhotographWithdrawn, Sealed[Picture]]:
    """At any time, and by anybody who may show one: whose consent ended may turn to each of them."""
    check_publicised(project, WITHDRAW_PHOTOGRAPH)
    return PhotographWithdrawn(photograph=photograph, reason=reason), photograph_at(project, photograph)


def photograph_at(project: Project, version: int) -> Sealed[Picture]:
    """Raises PhotographUnknown, PhotographRemoved."""
    for removed in project.removed_photographs:
        if removed.fact.photograph == version:
            raise PhotographRemoved(photograph=version, day=removed.on.isoformat(), reason=removed.fact.reason)
    for shown in project.photographs:
        if shown.version == version:
            return shown.fact.photograph
    raise PhotographUnknown(photograph=version)
