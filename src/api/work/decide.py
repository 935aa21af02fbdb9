"""The page about one project for those who act on it: the document, and the steps that may be taken."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import suppress

from pydantic import BaseModel

from api.pages.code_texts import STATUS
from api.pages.frame import Link
from api.pages.history_view import named_events
from api.pages.sentences import Naming
from api.pages.work_texts import WORK
from api.routes.attachments import files_for
from api.routes.worklist import WaitingItem
from api.work.answers import Answers
from api.work.choices import choices_of
from api.work.correcting import correct_link
from api.work.describe import described
from api.work.offers import OFFERS, Offer, Target, Way, offers_of
from api.work.place import Place
from api.work.probe import is_possible
from api.work.titles import form_link, title_of
from api.work.todo import item_link
from api.work.values import typed_of
from api.work.views import DecideView, EventLine, FileLink, Paper, StepLink
from api.work.widgets import blocked
from ledger import access
from ledger.commands.application import FormBody
from ledger.core.action import ACTIONS
from ledger.core.refusal import Refusal
from ledger.programme import check_phase

LAST_EVENTS = 200
FORM: type[BaseModel] = FormBody
INTEREST = OFFERS[Target.PROJECT, "interests"]


async def paper_of(place: Place, offer: Offer | None = None) -> Paper | None:
    """The application in force in words, the files that the reader may read, and what happened so far."""
    project = place.project
    if project is None or project.form is None or project.form_version is None or place.seen is None:
        return None
    node = described(FORM)
    typed = dict(typed_of(node, project.form.model_dump(mode="json")))
    choices = await choices_of(place, offer or INTEREST, node, typed)
    told = await place.told()
    lines = [
        EventLine(
            row.version,
            row.effective_on,
            row.by,
            row.sentence,
            correct_link(place, place.events[row.version - 1]),
        )
        for row in told.values()
    ]
    files = [
        FileLink(one.name, place.reader.at(f"/projects/{project.id}/files/{one.sha256}"))
        for one in files_for(place.seen)
    ]
    naming = Naming(place.reader, None, events=named_events(place.seen.visible))
    draft = naming.cited(project.form_version)
    return Paper(
        f"{draft[0].upper()}{draft[1:]}",
        list(Answers(place.reader, typed, choices, place.currency).of(node)),
        files,
        lines[-LAST_EVENTS:],
    )


async def decide_view(place: Place, waiting: list[WaitingItem]) -> DecideView:
    reader, who = place.reader, place.who
    mine = [one for one in waiting if str(one.project) == str(place.target_id)]
    links = [
        StepLink(
            reader.say(ACTIONS[one.command].named).capitalize(),
            item_link(reader, one, who, place.programme.code if place.programme else None),
            reader.day(one.until).text if one.until else "",
        )
        for one in mine
    ]
    offered = [offer async for offer in _possible(place)]
    judging = INTEREST in offered and any(way.action.judging for one in offered for way in one.ways_of(who))
    declared = place.project is not None and await place.is_interested()
    return DecideView(
        heading=heading_of(place),
        about=about_of(place),
        back=Link(reader.say(WORK["work"]), reader.link("/work")),
        paper=await paper_of(place),
        waiting=links,
        others=[
            StepLink(
                title_of(reader, offer, who),
                form_link(reader, offer, place.target_id),
                reader.say(WORK["on_behalf"]) if offer.is_behalf(who) else "",
            )
            # One's own come first.
            for offer in sorted(offered, key=lambda one: one.is_behalf(who))
        ],
        interest=form_link(reader, INTEREST, place.target_id) if judging and not declared and place.project else "",
        declared=declared,
        links=list(_links(place)),
    )


async def _possible(place: Place) -> AsyncIterator[Offer]:
    """What the reader may do here: within its scope, in an open phase, and with something to choose where that has to
    be chosen."""
    for offer in offers_of(place.target, place.who):
        if await possible_ways(place, offer):
            yield offer


async def possible_ways(place: Place, offer: Offer) -> list[Way]:
    found = []
    for way in offer.ways_of(place.who):
        try:
            check_may(place, way)
        except Refusal:
            continue
        node = described(way.model)
        # Across a programme's projects it would take long to find out, and the form itself says it.
        if place.target is not Target.PROGRAMME:
            choices = await choices_of(place, offer, node, {})
            if blocked(node, choices) is not None or not await is_possible(place, offer, way, choices):
                continue
        found.append(way)
    return found


def check_may_one(place: Place, ways: Sequence[Way]) -> None:
    """That at least one of these is open to the reader. Raises what `check_may` does, of the last."""
    for way in ways[:-1]:
        with suppress(Refusal):
            check_may(place, way)
            return
    check_may(place, ways[-1])


def check_may(place: Place, way: Way) -> None:
    """Raises RoleMayNot, OutOfScope, PhaseClosed."""
    if place.project is not None:
        access.check_project(place.who, way.action, place.project)
    elif place.organisation is not None:
        one = place.organisation
        access.check(place.who, way.action, organisation=one.id, district=one.district)
    else:
        access.check_role(place.who, way.action)
    if place.programme is not None and place.has_rules:
        check_phase(place.programme, way.step, place.today)


def heading_of(place: Place) -> str:
    if place.project is not None:
        if place.project.form:
            return place.project.form.title
        return str(place.target_id)
    if place.organisation is not None:
        return place.organisation.name
    if place.programme is not None and place.has_rules:
        return place.reader.say(place.programme.rules.name)
    return place.reader.say(WORK["work"])


def about_of(place: Place) -> str:
    if place.project is None or place.project.holder is None:
        return ""
    return f"{place.project.holder.organisation_name} · {place.reader.say(STATUS[place.project.status])}"


def _links(place: Place) -> Iterable[Link]:
    reader = place.reader
    if place.project is not None and place.project.form is not None:
        yield Link(reader.say(WORK["print_for_seal"]), reader.file(f"{place.address}/application.pdf"))
    if place.project is not None and place.project.is_public:
        yield Link(reader.say(WORK["public_page"]), reader.link(f"/projects/{place.project.id}"))
