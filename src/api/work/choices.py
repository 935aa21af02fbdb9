"""What may be chosen in each field that names something the system knows."""

import json
from collections.abc import Awaitable, Callable, Iterable
from uuid import UUID

from api.pages.code_texts import SOURCE
from api.pages.reader import Reader
from api.reading.appointments import HeldRole, held_roles
from api.reading.listing import ListingQuery, list_page
from api.routes.organisations import organisation_events
from api.routes.worklist import WorklistWanted, show_worklist
from api.work import project_choices as of_project
from api.work.describe import Either, Group, Kind, Leaf, Node, Rows
from api.work.offers import Offer, Target
from api.work.place import Place, programme_of
from api.work.values import MOST_ROWS, Choice, Typed, joined, row_keys
from api.work.work_codes import SCHEMES
from ledger import access
from ledger.accounts import WITH_BODIES
from ledger.aggregates import NOMINATIONS, ORGANISATION
from ledger.appointments import END_APPOINTMENT
from ledger.authors import ROLE
from ledger.core.fact import Role
from ledger.core.history import state
from ledger.core.refusal import Refusal
from ledger.core.words import Words
from ledger.programme import check_phase
from ledger.project.assignment import ROLES as JUDGES
from ledger.project.honours import is_honour
from ledger.rules import Named, Step
from ledger.veils import Veiled
from projections import catalogue_queries
from projections.catalogue_queries import OrganisationFilter

MOST = 200
Source = Callable[[Place], Awaitable[list[Choice]]]


def _named(reader: Reader, several: Iterable[Named]) -> list[Choice]:
    return [Choice(one.code, reader.say(one.name)) for one in several]


async def programmes_of(place: Place) -> list[Choice]:
    known = await place.service.followed()
    there = (await place.catalogue.programmes(known)).listed
    return [Choice(one.code, place.reader.say(one.name)) for one in there if one.rules]


async def open_programme(place: Place, step: Step) -> str:
    """The first in which the step can be taken today; none where there is no such."""
    for one in await programmes_of(place):
        programme = await programme_of(place.service, one.value)
        try:
            check_phase(programme, step, place.service.ledger.today(programme.rules.zone))
        except Refusal:
            continue
        return one.value
    return ""


async def _category(place: Place) -> list[Choice]:
    return _named(place.reader, place.programme.rules.categories) if place.has_rules and place.programme else []


async def _milestone(place: Place) -> list[Choice]:
    return _named(place.reader, place.programme.rules.milestones) if place.has_rules and place.programme else []


async def _phase(place: Place) -> list[Choice]:
    return _named(place.reader, place.programme.rules.phases) if place.has_rules and place.programme else []


async def _honour(place: Place) -> list[Choice]:
    rules = place.programme.rules if place.has_rules and place.programme else None
    return _named(place.reader, [one for one in rules.quotas if is_honour(one)]) if rules else []


async def _criterion(place: Place) -> list[Choice]:
    return (
        _named(place.reader, place.programme.rules.evaluation.criteria) if place.has_rules and place.programme else []
    )


async def _source(place: Place) -> list[Choice]:
    return [Choice(code.value, place.reader.say(words)) for code, words in SOURCE.items()]


async def _district(place: Place) -> list[Choice]:
    """Of the programme, else of any: those in force."""
    known = await place.service.followed()
    there = await place.catalogue.programmes(known)
    code = place.programme.code if place.has_rules and place.programme else None
    found = [Choice(code, place.reader.say(name)) for code, name in there.districts_now(code).items()]
    own = place.who.district
    is_register = place.target in (Target.ORGANISATION, Target.NOTHING)
    return [one for one in found if one.value == own] if own and is_register and len(found) > 1 else found


async def _scheme(place: Place) -> list[Choice]:
    return [Choice(code, place.reader.say(words)) for code, words in SCHEMES.items()]


async def _grade(place: Place) -> list[Choice]:
    return [Choice(str(grade), f"{grade}A") for grade in range(5, 0, -1)]


async def _organisation(place: Place) -> list[Choice]:
    """One's own, or those of one's district."""
    if own := place.who.organisation:
        events = await organisation_events(place.service, own)
        return [Choice(str(own), state(ORGANISATION, own, events).name)]
    known = await place.service.followed("listing")
    async with place.service.pool.connection() as connection:
        rows = await catalogue_queries.organisations(
            connection,
            OrganisationFilter(known, district=place.who.district, today=place.service.ledger.today()),
            None,
            MOST,
        )
    return [Choice(str(one.organisation), one.name) for one in rows]


async def _other_organisation(place: Place) -> list[Choice]:
    return [one for one in await _organisation(place) if one.value != str(place.target_id)]


async def _identifier(place: Place) -> list[Choice]:
    assert place.organisation is not None
    return [
        Choice(json.dumps(one.model_dump(mode="json"), sort_keys=True), one.id, place.reader.say(SCHEMES[one.scheme]))
        for one in place.organisation.in_force
        if one.scheme in SCHEMES
    ]


async def _body(place: Place) -> list[Choice]:
    """Of whom somebody is appointed: a district, or an organisation."""
    if place.who.role is Role.ORGANISATION:
        return await _organisation(place)
    organisations = await _organisation(place)
    if place.who.role is Role.DISTRICT:
        return [one for one in await _district(place) if one.value == place.who.body] + organisations
    return [*await _district(place), *organisations]


async def _appointment(place: Place) -> list[Choice]:
    """Those of today that this reader may end or assign, by their positions."""
    return [
        Choice(str(one.position), one.name or one.document_number, place.reader.say(of_role(one.role)))
        for one in await _held(place)
    ]


async def _held(place: Place) -> list[HeldRole]:
    asked: list[tuple[Role | None, str | None]] = [(None, None)]
    if place.who.role in WITH_BODIES:
        asked = [(place.who.role, place.who.body)]
    elif place.who.role in END_APPOINTMENT.may:
        asked += [(Role.DISTRICT, one.value) for one in await _district(place)]
    found: list[HeldRole] = []
    for role, body in asked:
        held = await held_roles(place.service.ledger, place.who, role, body, on=None, known_at=None)
        found += held.appointments
    return found


async def _deputies(place: Place) -> list[Choice]:
    """Who stands in now or later, by the positions at which they were named."""
    found = []
    for one in await _held(place):
        for deputy in one.deputies:
            term = f"{place.reader.say(of_role(one.role))} · {place.reader.day(deputy.until).text}"
            found.append(Choice(str(deputy.position), deputy.name or one.document_number, term))
    return found


async def _judges(place: Place) -> list[Choice]:
    found = []
    for role in dict.fromkeys(JUDGES.values()):
        held = await held_roles(place.service.ledger, place.who, role, None, on=None, known_at=None)
        found += held.appointments
    return [
        Choice(str(one.position), one.name or one.document_number, place.reader.say(of_role(one.role))) for one in found
    ]


async def _nominated(place: Place) -> list[Choice]:
    """The persons who were nominated for what the project achieved, of the honours whose nominations this reader may
    know of; an organisation is the project's own."""
    assert place.project is not None
    if place.programme is None or not place.has_rules:
        return []
    found = []
    for quota in place.programme.rules.quotas:
        if not is_honour(quota) or not access.sees_nominations(place.who, quota.decided_by):
            continue
        honour = Choice(quota.code, place.reader.say(quota.name))
        stream = await place.service.ledger.veils.stream(Veiled.NOMINATIONS, place.programme.code, honour.value)
        made = state(NOMINATIONS, stream, (await place.service.store.streams([stream]))[stream]).made
        sealed = [
            (holder, one.recipient.name.commitment)
            for holder, one in made.items()
            if one.project == place.project.id and one.recipient.kind == "person"
        ]
        ledger = place.service.ledger
        opened = await ledger.vault.open([name for _, name in sealed], ledger.shown_to(place.who))
        found += [
            Choice(str(holder), opened[name]["name"] if name in opened else honour.label, honour.label)
            for holder, name in sealed
        ]
    return found


async def projects_of(place: Place, offer: Offer) -> list[Choice]:
    """Those that wait for the command; where none does, all of the programme that the reader may act on."""
    actions = {way.action for way in offer.ways_of(place.who)}
    assert place.programme is not None
    if not place.all_projects and not all(action.unasked for action in actions):
        wanted = WorklistWanted(programme=place.programme.code, limit=MOST)
        waiting = await show_worklist(place.service, place.who, wanted)
        found = {one.project: one for one in waiting.items if one.command in actions}
        if found:
            return [Choice(str(one.project), one.title, one.organisation_name) for one in found.values()]
    listed = await list_page(place.service, place.who, ListingQuery(programme=place.programme.code, limit=MOST))
    choices = []
    for row in listed.rows:
        try:
            for action in actions:
                access.check(place.who, action, organisation=row.organisation, district=row.district)
        except Refusal:
            continue
        choices.append(Choice(str(row.project), row.title, row.organisation_name or ""))
    return choices


async def _nothing(place: Place) -> list[Choice]:
    return []


# By the field, or by its model and itself.
SOURCES: dict[str, Source] = {
    "programme": programmes_of,
    "organisation": _organisation,
    "Transfer.organisation": _other_organisation,
    "into": _other_organisation,
    "category": _category,
    "milestone": _milestone,
    "phase": _phase,
    "honour": _honour,
    "criterion": _criterion,
    "source": _source,
    "district": _district,
    "districts_served": _district,
    "former": _district,
    "DistrictSucceeded.to": _district,
    "scheme": _scheme,
    "grade": _grade,
    "FurtherIdentifier.replaces": _identifier,
    "body": _body,
    "same_as": _appointment,
    "appointment": _appointment,
    "appointments": _judges,
    "deputy": _deputies,
    "nominee": _nominated,
    "AwardTerms.nominee": of_project.nominee,
    "application_version": of_project.application_version,
    "amendment": of_project.amendment,
    "report": of_project.report,
    "PublicAnswer.report": of_project.public_report,
    "order": of_project.order,
    "inspection": of_project.inspection,
    "statement": of_project.statement,
    "objection": of_project.objection,
    "ReviewDecision.request": of_project.review_request,
    "RecordedReview.request": of_project.review_request,
    "CorrectionAnswer.request": of_project.correction_request,
    "Support.request": of_project.support_request,
    "SupportDeferral.request": of_project.support_request,
    "asked": _nothing,
    "target": of_project.decision,
    "Service.target": of_project.unserved,
    "ServiceOf.target": of_project.unserved,
    "ObjectionBody.target": of_project.shown_for_objection,
    "PhotographWithdrawal.target": of_project.photograph,
    "VoidBody.target": of_project.correctable,
    "award": of_project.award,
    "record": of_project.record,
    "Confirmation.record": of_project.prepared,
    "evaluations": of_project.evaluations,
    "penalty": of_project.penalty,
    "occasion": of_project.occasion,
    "entry": of_project.entry,
}
# Whose choices are projects.
OF_PROJECTS = frozenset({"project", "projects", "entries", "replaces"})


def of_role(code: str) -> Words:
    return ROLE[Role(code)]


async def choices_of(place: Place, offer: Offer, node: Node, typed: Typed) -> dict[str, list[Choice]]:
    """Those of every field of a form, by its path. A field within what another project's row holds is that project's
    own."""
    found: dict[str, list[Choice]] = {}
    await _collect(place, offer, node, "", typed, found)
    return found


async def _collect(
    place: Place, offer: Offer, node: Node, path: str, typed: Typed, found: dict[str, list[Choice]]
) -> None:
    match node:
        case Leaf(kind=Kind.KNOWN):
            found[path] = await _of(place, offer, node)
        case Leaf():
            return
        case Group():
            chosen = next((one for one in node.fields if one.name == "project" and isinstance(one, Leaf)), None)
            for one in node.fields:
                await _collect(place, offer, one, joined(path, one.name), typed, found)
            if chosen is not None and place.target is Target.PROGRAMME:
                await _of_chosen(place, offer, node, path, typed, found)
        case Rows():
            if node.by:
                found[path] = (await _of(place, offer, node.by))[:MOST_ROWS]
            for key in row_keys(node, path, typed, found):
                inner = await place.of_project(UUID(key)) if node.by and node.by.name == "project" else place
                await _collect(inner, offer, node.item, joined(path, key), typed, found)
        case Either():
            for code, option in node.options:
                if typed.get(joined(path, node.tag)) == code:
                    await _collect(place, offer, option, path, typed, found)


async def _of_chosen(
    place: Place, offer: Offer, node: Group, path: str, typed: Typed, found: dict[str, list[Choice]]
) -> None:
    """Of fields about the one project that is chosen above them, once it is."""
    said = typed.get(joined(path, "project"), "")
    if said not in {one.value for one in found[joined(path, "project")]}:
        return
    inner = await place.of_project(UUID(said))
    for one in node.fields:
        if isinstance(one, Leaf) and one.kind is Kind.KNOWN and one.name not in (*OF_PROJECTS, "honour"):
            found[joined(path, one.name)] = await _of(inner, offer, one)


async def _of(place: Place, offer: Offer, leaf: Leaf) -> list[Choice]:
    if leaf.name in OF_PROJECTS and f"{leaf.owner}.{leaf.name}" not in SOURCES:
        return await projects_of(place, offer)
    if offer.name == "correction-requests" and leaf.name == "target":
        return await of_project.of_others(place)
    source = SOURCES.get(f"{leaf.owner}.{leaf.name}") or SOURCES[leaf.name]
    if source.__module__ == of_project.__name__ and place.project is None and place.organisation is None:
        # Of a project that is still to be chosen; or of a programme, whose own events are corrected.
        return await of_project.correctable(place) if offer.name == "corrections" else []
    return await source(place)
