"""Histories and states as one reader may see them, by the two clocks."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field, TypeAdapter

from api.reading.times import POSITION, Span, end_of, meant_by, read_moment
from ledger import access
from ledger.accounts import Account
from ledger.aggregates import PROGRAMME, PROJECT
from ledger.clock import LEDGER_ZONE
from ledger.core.envelope import Recorded, Redacted
from ledger.core.fact import Fact, Role, Sealed
from ledger.core.history import FOLD_VERSION, Timeline, corrected, state
from ledger.core.refusal import Refusal
from ledger.identifiers import programme_stream
from ledger.programme import Programme
from ledger.project.application import Applied
from ledger.project.earlier import EarlierProjectRecorded
from ledger.project.grant import GrantImported
from ledger.project.state import Project
from ledger.project.status import Status
from ledger.refusals.clocks import FoldVersionGone, FoldVersionUnknown, LedgerEmpty, NothingInForceYet
from ledger.refusals.general import KnownAtInvalid, KnownInFuture, NothingKnownYet, PositionUnknown, ProjectUnknown
from ledger.transaction import Ledger
from ledger.transparency.origins import Origins
from ledger.values import CivilDate, Frozen
from projections.shown_event import ShownEvent

_PROJECT: TypeAdapter[Project] = TypeAdapter(Project)


class RedactedEvent(Frozen):
    """An event that an answer rests on and that is read in other words, with the position of those."""

    position: int
    by: int


class HistoryEvent(ShownEvent):
    """One event as the reader may see it; `payload` is the fact, `opened` the sealed values this reader may open.
    `on_behalf_of`: the organisation for which an official acted; `not_recorded` where older events do not say.
    `redacted`: a text had to go, and this is what is read instead, whatever `known_at`."""

    opened: dict[str, Any]


class Basis(Frozen):
    """What an answer rests on. The same basis gives the same bytes, for ever. `redacted`: what a later redaction
    changed in it, also of what was known before. `origin`: of the log that `known` is a position of; what was known
    there before a loss was not the same (see /log/previous)."""

    known: int
    size: int
    effective_on: CivilDate | None
    time_zone: str
    fold_version: int
    origin: str | None = Field(default=None, exclude_if=lambda origin: origin is None)
    redacted: tuple[RedactedEvent, ...] = ()

    @classmethod
    def of(cls, known: int, effective_on: date | None, events: Iterable[Recorded], origins: Origins) -> "Basis":
        """Of an answer that rests on these events."""
        return cls(
            origin=origins.name_at(known),
            known=known,
            size=known + 1,
            effective_on=effective_on,
            time_zone=str(LEDGER_ZONE),
            fold_version=FOLD_VERSION,
            redacted=tuple(
                RedactedEvent(position=one.position, by=one.redaction.by)
                for one in events
                if one.redaction and not isinstance(one.fact, Redacted)
            ),
        )


class StateAnswer(Frozen):
    id: UUID
    version: int
    status: str
    state: dict[str, Any]
    basis: Basis


@dataclass(frozen=True, slots=True)
class VisibleHistory:
    """A project's events, all of them and those the reader may see; the reader as the project's programme has it;
    which log they are recorded in."""

    who: Account
    events: list[Recorded]
    visible: list[Recorded]
    origins: Origins


async def known_position(
    ledger: Ledger, who: Account, known_at: str | None, first: Recorded | None = None, argument: str = "known_at"
) -> int:
    """The position, included, of `known_at`: digits, an extended ISO date (end of that day in the ledger's zone),
    or an instant; the last one when it is None. `first`: the event before which nothing is known of what is asked
    for; that of the ledger when it is None. Each refusal names the nearest that can be asked for. Raises LedgerEmpty,
    KnownAtInvalid, KnownInFuture, PositionUnknown, NothingKnownYet."""
    head = await ledger.store.head()
    if known_at is None:
        return head.size - 1
    if not head.size:
        raise LedgerEmpty(argument=argument)
    # The database's clock may be ahead of ours.
    now = max(ledger.clock(), head.last_recorded_at).astimezone(UTC)

    async def span() -> Span:
        since = first or (await ledger.store.range(0, 1))[0]
        return Span(since.recorded_at, now)

    if POSITION.fullmatch(known_at):
        position = int(known_at)
        if position >= head.size:
            meant = meant_by(known_at)
            nearest = (await span()).nearest(meant) if meant else head.size - 1
            raise PositionUnknown(position=known_at, size=head.size, nearest=nearest)
        if first and position < first.position:
            raise NothingKnownYet(given=known_at, nearest=first.position)
        return position
    moment = read_moment(known_at)
    if moment is None:
        nearest = (await span()).nearest(meant_by(known_at))
        raise KnownAtInvalid(argument=argument, given=known_at[:40], nearest=nearest)
    if moment > now if isinstance(moment, datetime) else moment > now.astimezone(LEDGER_ZONE).date():
        raise KnownInFuture(given=known_at, nearest=(await span()).nearest(moment))
    outsider = who.role is Role.PUBLIC
    find = ledger.store.position_told_before if outsider else ledger.store.position_before
    found = await find(end_of(moment))
    if found is None or (first and found < first.position):
        raise NothingKnownYet(given=known_at, nearest=(await span()).nearest(moment))
    return found


async def known_of(ledger: Ledger, seen: "VisibleHistory", known_at: str | None, argument: str = "known_at") -> int:
    """As known_position, for a project: refused also where nothing was known of it yet."""
    return await known_position(ledger, seen.who, known_at, seen.visible[0] if seen.visible else None, argument)


async def see_as_known(
    ledger: Ledger, who: Account, project_id: UUID, known_at: str | None, argument: str = "known_at"
) -> tuple["VisibleHistory", int]:
    """A project, and the position that `known_at` means: see_project and known_of. For a role that sees every project
    only the events up to then are read; what others may see of that time depends on later events too."""
    if who.role in access.SEES_ALL and known_at is not None:
        # What is wrong with it is said by known_of, which knows when the project began.
        with suppress(Refusal):
            known = await known_position(ledger, who, known_at, argument=argument)
            events = (await ledger.store.streams([project_id], known))[project_id]
            if events and _is_project(events[0].fact):
                return VisibleHistory(
                    who, events, list(_read(who, events, published=True, part=True)), ledger.origins()
                ), known
    seen = await see_project(ledger, who, project_id)
    return seen, await known_of(ledger, seen, known_at, argument)


def check_in_force(events: Sequence[Recorded], known: int, day: date) -> None:
    """Raises NothingInForceYet for a day before that of the first fact that counts."""
    counting = corrected([event for event in events if event.position <= known])
    if counting and day < (first := counting[0].event.effective_on):
        raise NothingInForceYet(given=day.isoformat(), nearest=first.isoformat())


def check_fold(version: int | None) -> None:
    """Raises FoldVersionGone, FoldVersionUnknown, when that is not the present way of folding."""
    if version is not None and version != FOLD_VERSION:
        refusal = FoldVersionGone if 0 < version < FOLD_VERSION else FoldVersionUnknown
        raise refusal(given=str(version)[:20], nearest=FOLD_VERSION)


async def see_project(ledger: Ledger, who: Account, project_id: UUID) -> VisibleHistory:
    """Raises ProjectUnknown also for a project that the reader may not know of."""
    events = (await ledger.store.streams([project_id]))[project_id]
    project = state(PROJECT, project_id, events) if events and _is_project(events[0].fact) else None
    if project is None:
        raise ProjectUnknown(project=project_id)
    who = await acting_in(ledger, who, project)
    if not access.knows(who, project):
        raise ProjectUnknown(project=project_id)
    return VisibleHistory(who, events, list(visible(who, project, events)), ledger.origins())


async def acting_in(ledger: Ledger, who: Account, project: Project) -> Account:
    """The reader as the programme of the project has it: a district stands in for those that it succeeded."""
    source = project.founded_by
    if who.district is None or source is None:
        return who
    stream = programme_stream(source.programme)
    return access.within(who, programme_now(ledger, stream, (await ledger.store.streams([stream]))[stream]))


def programme_now(ledger: Ledger, stream: UUID, events: Sequence[Recorded], on: date | None = None) -> Programme:
    """The programme as in force on the day, else today in its own zone."""
    timeline = Timeline(PROGRAMME, stream, events)
    zone = timeline.state.rules.zone if timeline.state.announced else LEDGER_ZONE
    return timeline.in_force(on or ledger.today(zone))


def founding_fact(events: Sequence[Recorded]) -> Applied | GrantImported | EarlierProjectRecorded:
    """What the events of a project begin with."""
    fact = events[0].fact
    assert isinstance(fact, Applied | GrantImported | EarlierProjectRecorded)
    return fact


def _is_project(fact: Fact) -> bool:
    return isinstance(fact, Applied | GrantImported | EarlierProjectRecorded)


def visible(who: Account, project: Project, events: Sequence[Recorded]) -> Iterable[Recorded]:
    """The events of a project that the reader may read. A correction, or a decision on a decision, inherits the
    audience of the event it refers to."""
    holder = project.holder
    part = access.takes_part(who, holder.organisation, holder.district) if holder else False
    return _read(who, events, published=project.is_public, part=part)


def _read(who: Account, events: Sequence[Recorded], *, published: bool, part: bool) -> Iterable[Recorded]:
    for recorded in events:
        if access.reads(who, access.ruling(events, recorded.fact), published=published, part=part):
            yield recorded


@dataclass(frozen=True, slots=True)
class SeenProject:
    """A project by both clocks, folded from what the reader may see. `status`: that of all facts, as in the listing."""

    project: Project
    status: Status
    version: int
    basis: Basis

    @property
    def answer(self) -> StateAnswer:
        return StateAnswer(
            id=self.project.id,
            version=self.version,
            status=self.status,
            state=state_document(self.project),
            basis=self.basis,
        )


def project_state(seen: VisibleHistory, known: int, effective_on: date | None) -> StateAnswer:
    return project_seen(seen, known, effective_on).answer


def project_seen(seen: VisibleHistory, known: int, effective_on: date | None) -> SeenProject:
    """Raises ProjectUnknown when nothing was known yet."""
    project_id = seen.events[0].stream
    within = [recorded for recorded in seen.visible if recorded.position <= known]
    if not within:
        raise ProjectUnknown(project=project_id)
    whole = [recorded for recorded in seen.events if recorded.position <= known]
    status, project = folded(project_id, whole, within, effective_on)
    return SeenProject(project, status, within[-1].version, Basis.of(known, effective_on, within, seen.origins))


def folded(
    project_id: UUID, events: Sequence[Recorded], visible: Sequence[Recorded], effective_on: date | None
) -> tuple[Status, Project]:
    """The status by all events and the state by the visible ones."""
    project = state(PROJECT, project_id, visible, effective=effective_on)
    return state(PROJECT, project_id, events, effective=effective_on).status, project


def state_document(project: Project) -> dict[str, Any]:
    """The state as answers hold it."""
    document: dict[str, Any] = _PROJECT.dump_python(project, mode="json")
    return document


async def history_of(ledger: Ledger, who: Account, events: Sequence[Recorded]) -> list[HistoryEvent]:
    """The events for this reader, with the sealed values that the reader may open."""
    today = ledger.today()
    commitments = {
        recorded.position: list(_commitments(recorded.fact)) if access.opens(who, recorded, today) else []
        for recorded in events
    }
    opened = await ledger.vault.open((one for found in commitments.values() for one in found), ledger.shown_to(who))
    return [
        HistoryEvent.of(recorded, opened={one: opened[one] for one in commitments[recorded.position] if one in opened})
        for recorded in events
    ]


def _commitments(value: Any) -> Iterable[str]:
    if isinstance(value, Sealed):
        yield value.commitment
    elif isinstance(value, Frozen):
        for name in type(value).model_fields:
            yield from _commitments(getattr(value, name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _commitments(item)
