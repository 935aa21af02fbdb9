"""Where somebody is about to act: the project, organisation or programme, as that reader knows it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from uuid import UUID

from fastapi import Request

from api.pages.catalogue import Catalogue
from api.pages.history_view import HistoryRow, history_rows, named_events
from api.pages.reader import Reader
from api.pages.sentences import Naming
from api.reading.visible import VisibleHistory, history_of, programme_now, see_project
from api.routes.organisations import organisation_events
from api.service import Service
from api.work.offers import Target
from ledger import access
from ledger.accounts import Account
from ledger.aggregates import INTERESTS, ORGANISATION, PROJECT
from ledger.core.envelope import Recorded
from ledger.core.history import Timeline, state
from ledger.identifiers import programme_stream
from ledger.organisation.state import Organisation
from ledger.programme import Programme
from ledger.project.state import Project
from ledger.refusals.general import ProgrammeUnknown
from ledger.veils import Veiled


@dataclass(slots=True)
class Place:
    """`events`: all of the project's or the organisation's; `seen`: the project's history for this reader. `version`:
    of the stream, as the page was made. `near`: places of other projects that one form is about. `all_projects`: also
    those that do not wait for a command across projects may be chosen."""

    request: Request
    service: Service
    catalogue: Catalogue
    reader: Reader
    who: Account
    target: Target
    target_id: UUID | str | None
    programme: Programme | None = None
    project: Project | None = None
    organisation: Organisation | None = None
    events: Sequence[Recorded] = ()
    seen: VisibleHistory | None = None
    near: "dict[UUID, Place]" = field(default_factory=dict)
    all_projects: bool = False
    _told: dict[int, HistoryRow] | None = None

    @property
    def today(self) -> date:
        ledger = self.service.ledger
        return ledger.today(self.programme.rules.zone) if self.programme and self.has_rules else ledger.today()

    @property
    def has_rules(self) -> bool:
        return self.programme is not None and self.programme.announced is not None

    @property
    def currency(self) -> str:
        return self.programme.rules.currency if self.programme and self.has_rules else "CNY"

    @property
    def is_synthetic(self) -> bool:
        return self.programme is not None and self.has_rules and self.programme.rules.synthetic

    @property
    def version(self) -> int:
        return len(self.events)

    @property
    def address(self) -> str:
        """Of the page about what is acted on."""
        return f"/{self.target.value}/{self.target_id}" if self.target is not Target.NOTHING else ""

    @property
    def person(self) -> UUID:
        """The reader's pseudonym within the project."""
        assert self.project is not None
        return self.service.ledger.vault.pseudonym("member", self.who.id, self.project.id)

    async def of_project(self, project_id: UUID) -> "Place":
        if self.project and self.project.id == project_id:
            return self
        if project_id not in self.near:
            blank = replace(self, project=None, organisation=None, events=(), seen=None, near={}, _told=None)
            self.near[project_id] = await with_project(blank, project_id)
        return self.near[project_id]

    async def is_interested(self) -> bool:
        """Whether the reader declared an interest in the project."""
        assert self.project is not None
        stream = await self.service.ledger.veils.stream(Veiled.INTERESTS, self.project.id)
        declared = (await self.service.store.streams([stream]))[stream]
        return self.person in state(INTERESTS, self.project.id, declared).persons

    async def told(self) -> dict[int, HistoryRow]:
        """The project's events that the reader may read, in words, by their versions."""
        if self._told is None:
            assert self.seen is not None
            shown = await history_of(self.service.ledger, self.who, self.seen.visible)
            opened = {name: value for one in shown for name, value in one.opened.items()}
            rules = self.programme.rules if self.programme and self.has_rules else None
            naming = Naming(self.reader, rules, opened, named_events(self.seen.visible))
            self._told = {row.version: row for row in history_rows(naming, shown, self.seen.visible, None)}
        return self._told


async def with_project(place: Place, project_id: UUID) -> Place:
    """Raises ProjectUnknown."""
    seen = await see_project(place.service.ledger, place.who, project_id)
    timeline = Timeline(PROJECT, project_id, seen.events)
    source = timeline.state.founded_by
    assert source is not None
    programme = await programme_of(place.service, source.programme)
    day = place.service.ledger.today(programme.rules.zone) if programme.announced else place.service.ledger.today()
    return replace(
        place,
        who=seen.who,
        programme=programme,
        project=timeline.as_effective(day),
        events=seen.events,
        seen=seen,
    )


async def with_organisation(place: Place, organisation_id: UUID) -> Place:
    """Raises OrganisationUnknown."""
    events = await organisation_events(place.service, organisation_id)
    return replace(place, organisation=state(ORGANISATION, organisation_id, events), events=events)


async def with_programme(place: Place, code: str) -> Place:
    """Raises ProgrammeUnknown."""
    programme = await programme_of(place.service, code)
    if not programme.exists:
        raise ProgrammeUnknown(programme=code)
    return replace(place, programme=programme, who=access.within(place.who, programme))


async def programme_of(service: Service, code: str) -> Programme:
    """As in force today; what was never announced does not exist."""
    stream = programme_stream(code)
    return programme_now(service.ledger, stream, (await service.store.streams([stream]))[stream])
