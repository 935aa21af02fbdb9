"""What is told of a project in public: photographs, stories, and what media reported."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from api.pages.reader import Day, Reader
from api.pages.texts import PAGE
from ledger.core.envelope import Recorded
from ledger.project.fact import Occurrence
from ledger.project.photographs import PhotographWithdrawn
from ledger.project.state import Project


@dataclass(frozen=True, slots=True)
class PhotographView:
    """`removed`: what is said in the place of a picture that was removed."""

    href: str
    alternative: str
    caption: str
    day: Day
    removed: str


@dataclass(frozen=True, slots=True)
class StoryView:
    title: str
    text: str
    day: Day


@dataclass(frozen=True, slots=True)
class MediaView:
    outlet: str
    title: str
    href: str
    day: Day


@dataclass(frozen=True, slots=True)
class PublicityView:
    photographs: tuple[PhotographView, ...]
    stories: tuple[StoryView, ...]
    media: tuple[MediaView, ...]

    @property
    def is_empty(self) -> bool:
        return not (self.photographs or self.stories or self.media)


def publicity_view(reader: Reader, project: Project, events: Iterable[Recorded]) -> PublicityView:
    """`events`: all that are visible now. A picture that is gone is shown for no earlier date either."""
    withdrawn = {
        event.fact.photograph: event.fact.occurrence(event)
        for event in events
        if isinstance(event.fact, PhotographWithdrawn)
    }
    return PublicityView(
        photographs=tuple(_photographs(reader, project, withdrawn)),
        stories=tuple(
            StoryView(one.fact.title, one.fact.text, reader.day(one.on)) for one in reversed(project.stories)
        ),
        media=tuple(
            MediaView(one.fact.outlet, one.fact.title, one.fact.link or "", reader.day(one.fact.published_on))
            for one in sorted(project.media, key=lambda one: one.fact.published_on, reverse=True)
        ),
    )


def _photographs(
    reader: Reader, project: Project, withdrawn: dict[int, Occurrence[PhotographWithdrawn]]
) -> Iterator[PhotographView]:
    for shown in reversed(project.photographs):
        if removed := withdrawn.get(shown.version):
            yield _removed(reader, removed)
        else:
            address = f"/v1/projects/{project.id}/photographs/{shown.version}"
            day = reader.day(shown.on)
            yield PhotographView(reader.at(address), shown.fact.description, shown.fact.caption, day, "")
    for removed in reversed(project.removed_photographs):
        yield _removed(reader, removed)


def _removed(reader: Reader, removed: Occurrence[PhotographWithdrawn]) -> PhotographView:
    day = reader.day(removed.on)
    said = reader.say(PAGE["photograph_removed"], day=day.text, reason=removed.fact.reason)
    return PhotographView("", "", "", day, said)
