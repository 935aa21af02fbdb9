"""What is told of a project in public: stories, and what media reported (N25)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Literal

from ledger.core.action import PARTY, Action
from ledger.core.changed import changed
from ledger.core.correctable import FREE
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Limited, PastDate
from ledger.core.words import Words
from ledger.project.fact import Occurrence, ProjectFact, ProjectState
from ledger.project.status import Status
from ledger.refusals.general import StepOutOfOrder
from ledger.values import Label, Text, WebAddress

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

PUBLICISE = Action("publicise", PARTY, Words("宣传项目", "tell of a project in public"))


class StoryTold(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=FREE,
    daily=Limited.REPORTS,
    named=Words("项目故事", "story"),
    credit=False,
    ocds="implementationUpdate",
    audit=Audit.REGULAR,
):
    """N25: a story of the project, which names nobody who was helped."""

    sentence: ClassVar[Words] = Words("项目故事《{title}》：{text}", "A story, {title}: {text}")

    type: Literal["StoryTold"] = "StoryTold"
    title: Label
    text: Text

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, stories=(*project.stories, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> StoryTold:
        return tell(project, self.title, self.text)


class MediaReported(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=FREE,
    daily=Limited.REPORTS,
    named=Words("媒体报道", "media report"),
    credit=False,
    ocds="implementationUpdate",
    audit=Audit.REGULAR,
):
    """N25: a newspaper or station reported about the project."""

    sentence: ClassVar[Words] = Words(
        "{published_on}，{outlet}报道：《{title}》", "{outlet} reported on {published_on}: {title}"
    )
    also: ClassVar[Mapping[str, Words]] = {"link": Words("网址：{link}", "Address: {link}")}

    type: Literal["MediaReported"] = "MediaReported"
    outlet: Label
    title: Label
    published_on: PastDate
    link: WebAddress | None

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, media=(*project.media, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> MediaReported:
        return report_media(project, self.outlet, self.title, self.published_on, self.link)


@dataclass(frozen=True)
class PublicityState(ProjectState):
    stories: tuple[Occurrence[StoryTold], ...] = ()
    media: tuple[Occurrence[MediaReported], ...] = ()


def tell(project: Project, title: str, text: str) -> StoryTold:
    check_publicised(project, PUBLICISE)
    return StoryTold(title=title, text=text)


def report_media(project: Project, outlet: str, title: str, published_on: date, link: str | None) -> MediaReported:
    check_publicised(project, PUBLICISE)
    return MediaReported(outlet=outlet, title=title, published_on=published_on, link=link)


def check_publicised(project: Project, action: Action) -> None:
    """Of what is published, also when it is closed; not of a grant that was imported, which is nobody's here."""
    if not project.is_public or project.status in (Status.GRANTED, Status.CARRIED_OVER):
        raise StepOutOfOrder(status=project.status, command=action)
