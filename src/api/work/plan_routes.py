"""The page of a year's plan: several applications in one sitting."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.pages.form_texts import FORMS
from api.pages.frame import Link, render
from api.pages.reader import LOOK
from api.protocol.query import takes
from api.sign_in.routes import go
from api.sign_in.visits import Visit, signed_in
from api.work.decide import check_may, heading_of
from api.work.form import BASIS, KEY, STEP
from api.work.form import WAY as WAY_FIELD
from api.work.form_pages import CHECK, DISCARD, SAVE, around_page, filled_in, form_page, go_further
from api.work.kept import draft_of, erase, keep
from api.work.offers import Target
from api.work.pages import place_of, private
from api.work.plan_form import OFFER, WAY, PlanForm
from api.work.sent import sent_form
from api.work.table_views import DoneLine, DoneView
from api.work.views import StepLink

router = APIRouter(include_in_schema=False)


async def _form(request: Request, visit: Visit, named: str) -> PlanForm:
    """Raises RoleMayNot, PhaseClosed."""
    place = await place_of(request, visit, Target.PROGRAMME, named)
    check_may(place, WAY)
    return PlanForm(place, OFFER, WAY)


@router.get("/programmes/{named}/plan", openapi_extra=takes("copy", *LOOK))
async def show_plan(request: Request, named: str) -> Response:
    visit = await signed_in(request)
    form = await _form(request, visit, named)
    if draft := await draft_of(visit, form.place.service, form.address):
        form.typed = dict(draft.typed)
        form.typed.pop(WAY_FIELD, None)
        await form.drop_lost_files()
        await form.choose()
        return await form_page(visit, form, saved=draft.changed_at)
    await form.open({})
    if earlier := request.query_params.get("copy"):
        await form.copy_of(earlier)
        return await form_page(visit, form)
    return await form_page(visit, form, copies=await _copies(form))


@router.post("/programmes/{named}/plan", openapi_extra=takes("copy", *LOOK))
async def take_plan(request: Request, named: str) -> Response:
    visit = await signed_in(request)
    sent = await sent_form(request, visit)
    form = await _form(request, visit, named)
    fields = sent.fields
    step, key = fields.pop(STEP, CHECK), fields.pop(KEY, "")
    for name in (WAY_FIELD, BASIS):
        fields.pop(name, None)
    if step == DISCARD:
        await erase(visit, form.place.service, form.address)
        return go(request, "/work")
    form.typed = dict(fields)
    if page := await filled_in(visit, form, sent, step):
        return page
    await keep(visit, form)
    if step == SAVE:
        return go(request, "/work")
    page, is_sent = await go_further(visit, form, step, key)
    if not is_sent:
        return page
    await erase(visit, form.place.service, form.address)
    return _filed(form)


async def _copies(form: PlanForm) -> list[StepLink]:
    """Earlier years, whose projects this plan may begin with."""
    reader = form.place.reader
    return [
        StepLink(code, reader.link(form.address, copy=code), reader.say(FORMS["plan_projects"], count=len(projects)))
        for code, projects in (await form.earlier()).items()
    ]


def _filed(form: PlanForm) -> Response:
    """One receipt for each project."""
    reader = form.place.reader
    title = reader.say(FORMS["plan_filed"], count=len(form.receipts))
    lines = [
        DoneLine(
            form.typed.get(f"applications.{nth}.form.title", str(one.id)),
            Link(reader.number(one.position), reader.link(f"/events/{one.position}")),
            reader.number(one.version),
            reader.link(f"/projects/{one.id}/decide"),
        )
        for nth, one in enumerate(form.receipts)
    ]
    view = DoneView(title, heading_of(form.place), lines, reader.link("/work"))
    return private(render("plan_filed.html", reader, around_page(form.place, form.address, title), view, 201))
