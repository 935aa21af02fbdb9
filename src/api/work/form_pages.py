"""What the pages of one form show: its fields, the answers read through, the receipt; and which of them comes next."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from fastapi.responses import Response

from api.pages.frame import Frame, Link, frame, render
from api.pages.sentences import Naming
from api.pages.work_texts import WORK
from api.problems import STATUS
from api.refusal_notes import note
from api.sign_in.visits import Visit
from api.work.answers import Answers
from api.work.decide import about_of, heading_of, paper_of
from api.work.form import BASIS, KEY, LATE, SELECTED, STEP, WAY, Form, fresh_key
from api.work.offers import OFFERS, Offer, Target, Way
from api.work.pages import private
from api.work.place import Place
from api.work.sent import Sent
from api.work.titles import form_link, title_of, way_words
from api.work.views import CheckView, FormView, ReceiptView, StepLink
from api.work.widgets import Option
from ledger.core.refusal import Kind, Refusal
from ledger.project.interests import DECLARE_INTEREST

CHECK, SEND, CHANGE, SAVE, DISCARD = "check", "send", "change", "save", "discard"


async def filled_in(visit: Visit, form: Form, sent: Sent, step: str) -> Response | None:
    """The form once more, where it is not finished: a row more, a file stored, something to change."""
    form.share()
    await form.choose()
    await form.keep_files(sent)
    if ":" in step or form.errors or step == CHANGE:
        form.change(step)
        await form.choose()
        return await form_page(visit, form)
    return None


async def go_further(visit: Visit, form: Form, step: str, key: str) -> tuple[Response, bool]:
    """What is wrong, the answers to read through, or, once it is sent, the receipt, which is told apart."""
    body = form.body()
    if body is None:
        return await form_page(visit, form, 422), False
    try:
        if step != SEND or not key:
            await form.check(body)
            return _check_page(visit, form), False
        receipt = await form.submit(body, key)
    except Refusal as refusal:
        if refusal.kind in (Kind.UNAVAILABLE, Kind.UNAUTHENTICATED):
            raise
        await note(form.place.request, refusal)
        await form.refuse(refusal)
        if refusal.kind is Kind.STALE:
            # Looked at again, as it is now.
            form.basis = str(form.place.version)
        return await form_page(visit, form, STATUS[refusal.kind]), False
    return await _receipt_page(form, receipt.position, receipt.version), True


async def form_page(
    visit: Visit, form: Form, status: int = 200, *, saved: datetime | None = None, copies: Sequence[StepLink] = ()
) -> Response:
    place, reader = form.place, form.place.reader
    blocked = form.blocked
    view = FormView(
        heading=form.title,
        about=form.about or _about(place),
        back=back_of(place),
        action=reader.link(form.address),
        token=visit.token,
        hidden=_hidden(form),
        ways=(),
        way_name=WAY,
        step_name=STEP,
        widgets=form.widgets(),
        late=form.late_widgets(),
        late_is_open=any(name.startswith(f"{LATE}.") and value for name, value in form.typed.items()),
        lines=form.lines,
        problem=reader.say(WORK["errors_there"], count=len(form.lines)) if form.lines else "",
        blocked=reader.say(WORK["nothing_to_choose"], what=blocked) if blocked else "",
        paper=await paper_of(place, form.offer) if form.shows_paper else None,
        interest=await _interest(place, form.offer),
        saved=reader.say(WORK["draft_saved"], at=reader.instant(saved).text) if saved else "",
        copies=copies,
        keeps_drafts=form.keeps_drafts,
    )
    return private(render("do.html", reader, around_page(place, form.address, form.title), view, status))


async def way_page(place: Place, offer: Offer, visit: Visit, ways: Sequence[Way], given: Mapping[str, str]) -> Response:
    """Of a form that is about several things, while none is chosen."""
    reader = place.reader
    title = title_of(reader, offer, place.who)
    address = f"{place.address}/do/{offer.name}"
    view = FormView(
        heading=title,
        about=_about(place),
        back=back_of(place),
        action=reader.link(address),
        token=visit.token,
        hidden=list(given.items()),
        ways=[
            Option(way.code, reader.say(way_words(way.code, way.action.named)).capitalize(), "", False) for way in ways
        ],
        way_name=WAY,
        step_name=STEP,
        widgets=(),
        late=(),
        late_is_open=False,
        lines=(),
        problem="",
        blocked="" if ways else reader.say(WORK["not_now"]),
        paper=await paper_of(place, offer),
        interest=await _interest(place, offer),
        saved="",
        copies=(),
        keeps_drafts=False,
    )
    return private(render("do.html", reader, around_page(place, address, title), view))


async def _interest(place: Place, offer: Offer) -> str:
    """The form by which an interest is declared, for who is about to judge a project."""
    is_judge = any(way.action.judging for way in offer.ways_of(place.who)) and place.who.role in DECLARE_INTEREST.may
    if place.project is None or not is_judge:
        return ""
    return form_link(place.reader, OFFERS[Target.PROJECT, "interests"], place.target_id)


def _check_page(visit: Visit, form: Form) -> Response:
    place, reader = form.place, form.place.reader
    answers = Answers(reader, form.typed, form.choices, place.currency)
    late = form.late
    changes = form.changes()
    view = CheckView(
        heading=form.title,
        about=form.about or _about(place),
        back=back_of(place),
        action=reader.link(form.address),
        token=visit.token,
        hidden=[*_hidden(form), (KEY, fresh_key()), *form.typed.items()],
        step_name=STEP,
        changes=changes,
        answers=[*answers.of(form.shown_to_check), *(answers.of(late, LATE) if late else ())],
    )
    return private(render("check.html", reader, around_page(place, form.address, form.title), view))


async def _receipt_page(form: Form, position: int, version: int) -> Response:
    place, reader = form.place, form.place.reader
    [event] = await place.service.store.range(position, position + 1)
    naming = Naming(reader, place.programme.rules if place.programme and place.has_rules else None)
    named = reader.say(type(event.fact).named)
    # Some facts are told by no sentence, or name an event that only a project's history has words for.
    has_words = hasattr(type(event.fact), "sentence") and not event.fact.naming
    sentence = event.fact.told(naming) if has_words else named
    links = [
        Link(reader.say(WORK["back_to_work"]), reader.link("/work")),
        Link(reader.say(WORK["to_record"]), reader.link(f"/events/{position}")),
    ]
    if place.target is not Target.NOTHING:
        # Of a project, to the event among all that happened.
        behind = f"#v{version}" if place.target is Target.PROJECT else ""
        links.append(Link(heading_of(place), reader.link(f"{place.address}/decide") + behind))
    elif form.offer.operation == "apply":
        printed = reader.file(f"/projects/{event.stream}/application.pdf")
        links.append(Link(reader.say(WORK["print_for_seal"]), printed))
        links.append(Link(reader.say(WORK["back_to_project"]), reader.link(f"/projects/{event.stream}/decide")))
    view = ReceiptView(
        heading=reader.say(WORK["receipt"]),
        about=named,
        sentence=sentence,
        position=str(position),
        version=version,
        recorded=reader.instant(event.recorded_at),
        links=links,
    )
    return private(render("receipt.html", reader, around_page(place, form.address, view.heading), view, 201))


def _hidden(form: Form) -> list[tuple[str, str]]:
    """What is sent again with the form and stands in none of its fields."""
    selected = [(SELECTED, "on")] if form.selected else []
    return [(WAY, form.way.code), (BASIS, form.basis or str(form.place.version)), *selected]


def _about(place: Place) -> str:
    return f"{heading_of(place)} {about_of(place)}".strip() if place.target is not Target.NOTHING else ""


def back_of(place: Place) -> Link:
    if place.target is Target.NOTHING:
        return Link(place.reader.say(WORK["work"]), place.reader.link("/work"))
    return Link(heading_of(place), place.reader.link(f"{place.address}/decide"))


def around_page(place: Place, address: str, title: str) -> Frame:
    return frame(place.reader, address, {}, title=title, synthetic=place.is_synthetic)
