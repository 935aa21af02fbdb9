"""What may be chosen in the fields of a project: its reports, orders, requests and the like, by the names of `known`.

Of what waits, and of what stands; whether a command would be taken, its decision says."""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from api.pages.code_texts import SUPPORT
from api.work.place import Place
from api.work.values import Choice
from ledger.aggregates import FRAME, PUBLIC_REPORT
from ledger.core.history import state
from ledger.project import reconsideration, second_person, secretariat, support
from ledger.project.evaluation import standing_evaluations
from ledger.project.objections import handlers_of
from ledger.project.sampling import Frame
from ledger.project.state import Project
from ledger.veils import Veiled
from projections.listing_queries import public_reports_of

LONGEST = 100


async def events_of(place: Place, versions: Iterable[int]) -> list[Choice]:
    """Events of the project in words. One that this reader may not read is no choice."""
    told = await place.told()
    return [
        Choice(str(version), told[version].sentence, told[version].effective_on.text)
        for version in versions
        if version in told
    ]


def _project(place: Place) -> Project:
    assert place.project is not None
    return place.project


async def application_version(place: Place) -> list[Choice]:
    version = _project(place).form_version
    return await events_of(place, [version] if version else [])


async def report(place: Place) -> list[Choice]:
    reports = _project(place).standing_reports
    return await events_of(place, [one.version for one in reports if not one.accepted and not one.returned])


async def order(place: Place) -> list[Choice]:
    return await events_of(place, [one.version for one in _project(place).open_orders])


async def inspection(place: Place) -> list[Choice]:
    return await events_of(place, [one.version for one in _project(place).inspections if not one.fact.satisfactory])


async def statement(place: Place) -> list[Choice]:
    found = _project(place).settlement
    return await events_of(place, [found.version] if found else [])


async def objection(place: Place) -> list[Choice]:
    open_ones = [
        one.version
        for one in _project(place).objections
        if one.resolution is None and place.who.role in handlers_of(place.events, one.fact.target)
    ]
    return await events_of(place, open_ones)


async def review_request(place: Place) -> list[Choice]:
    return await events_of(place, [one.version for one in _project(place).requests if one.decision is None])


async def correction_request(place: Place) -> list[Choice]:
    return await events_of(place, [one.version for one in _project(place).open_requests])


async def support_request(place: Place) -> list[Choice]:
    """Brings along at which version it was asked, where that is not the application's."""
    project = _project(place)
    found = []
    for one in support.open_requests(project):
        asked = None if one.asked == project.form_version else one.asked
        value = {"request": one.place, "asked": asked}
        found.append(Choice(json.dumps(value, sort_keys=True), place.reader.say(SUPPORT[one.kind]), one.reason))
    return found


async def decision(place: Place) -> list[Choice]:
    """What was decided against the organisation."""
    return await events_of(place, _against(_project(place)))


async def unserved(place: Place) -> list[Choice]:
    project = _project(place)
    served = {one.fact.target for one in project.served}
    return await events_of(place, [version for version in _against(project) if version not in served])


def _against(project: Project) -> list[int]:
    found = reconsideration.decisions(project)
    return sorted(one.version for one in found if reconsideration.goes_against(project, one.fact))


async def shown_for_objection(place: Place) -> list[Choice]:
    project = _project(place)
    shown = standing_evaluations(project) if project.shown else ()
    return await events_of(place, [*shown, *(one.version for one in project.proposals)])


async def photograph(place: Place) -> list[Choice]:
    return await events_of(place, [one.version for one in _project(place).photographs])


async def award(place: Place) -> list[Choice]:
    return await events_of(place, [one.version for one in _project(place).honours])


async def record(place: Place) -> list[Choice]:
    """What another person of the office recorded."""
    waiting = secretariat.waiting(place.events)
    return await events_of(place, [version for version, (one, _) in waiting.items() if one.account != place.who.id])


async def prepared(place: Place) -> list[Choice]:
    """What another person of the reader's role prepared."""
    waits = second_person.prepared(place.events).items()
    of_others = [version for version, (one, _) in waits if one.account not in (None, place.who.id)]
    own_role = {version for version, (_, said) in waits if said.also_read_by() is place.who.role}
    return await events_of(place, [version for version in of_others if version in own_role])


async def amendment(place: Place) -> list[Choice]:
    return await events_of(place, [one.version for one in _project(place).amendments])


async def evaluations(place: Place) -> list[Choice]:
    return await events_of(place, standing_evaluations(_project(place)))


async def correctable(place: Place) -> list[Choice]:
    """What this role entered, newest first; of an organisation or a programme in the words of its kind."""
    own = [one for one in place.events if one.event.actor.role is place.who.role and not one.fact.correction.is_never]
    return await _in_words(place, own)


async def of_others(place: Place) -> list[Choice]:
    """What another entered, whose correction can be asked for."""
    others = [one for one in place.events if one.event.actor.role is not place.who.role]
    return await _in_words(place, [one for one in others if not one.fact.correction.is_never])


async def penalty(place: Place) -> list[Choice]:
    assert place.organisation is not None
    return await _in_words(place, [one for one in place.events if one.version in place.organisation.open_penalties])


async def _in_words(place: Place, events: Sequence[Any]) -> list[Choice]:
    newest = list(reversed(events))
    if place.seen is not None:
        return await events_of(place, [one.version for one in newest])
    return [
        Choice(
            str(one.version),
            place.reader.say(type(one.fact).named),
            place.reader.day(one.event.effective_on).text,
        )
        for one in newest
    ]


async def _frame(place: Place) -> Frame:
    stream = await place.service.ledger.veils.stream(Veiled.FRAME, _project(place).id)
    found: Frame = state(FRAME, stream, (await place.service.store.streams([stream]))[stream])
    return found


async def occasion(place: Place) -> list[Choice]:
    frame = await _frame(place)
    drawn = frame.sample.drawn if frame.sample else ()
    found = [(entry, frame.occasions.get(entry)) for entry in drawn]
    return [Choice(entry, one.name, place.reader.day(one.on).text) for entry, one in found if one]


async def entry(place: Place) -> list[Choice]:
    """Who was drawn, by the number in the draw and the beginning of the commitment."""
    frame = await _frame(place)
    drawn = frame.sample.drawn if frame.sample and not frame.occasions else ()
    return [Choice(one, f"{number} · {one[:12]}") for number, one in enumerate(drawn, 1)]


async def public_report(place: Place) -> list[Choice]:
    """What the public reported and nobody answered."""
    project = _project(place)
    async with place.service.pool.connection() as connection:
        known = await place.service.followed("listing")
        rows = await public_reports_of(connection, project.id, known, only_answered=False, after=None, limit=LONGEST)
    found = []
    for _, one in rows:
        events = (await place.service.store.streams([one]))[one]
        reported = state(PUBLIC_REPORT, one, events)
        if reported.received and not reported.answered:
            found.append(Choice(str(one), reported.received.text[:200]))
    return found


async def nominee(place: Place) -> list[Choice]:
    """Persons who were proposed; an organisation is its project's own."""
    found: dict[UUID, str] = {}
    told = await place.told()
    for one in _project(place).proposals:
        recipient = one.fact.recipient
        if recipient.kind == "person" and one.version in told:
            found[recipient.person] = told[one.version].sentence
    return [Choice(str(person), sentence) for person, sentence in found.items()]
