"""The forms over HTTP, as PDF, for whoever may see what they show."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api.door import ServiceDep, Who
from api.forms.builders import Around, application_form, contract_form, progress_form, summary_form
from api.forms.typeset import Form, typeset
from api.pages.reader import reader_of
from api.problems import PROBLEM_RESPONSES
from api.projects import Wanted, list_page
from api.reading import Seen, history_of, see_project
from api.service import Service
from ledger.accounts import Account
from ledger.aggregates import ORGANISATION, PROGRAMME, PROJECT
from ledger.errors import CorrectionTargetUnknown, ProgrammeTakesNoCommands, ProgrammeUnknown, StepOutOfOrder
from ledger.history import state
from ledger.identifiers import programme_stream
from ledger.project.state import Project, Status
from ledger.values import Code

LONGEST_LIST = 1000
PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}, "description": "The form on A4."}}
router = APIRouter(prefix="/v1", tags=["forms"], responses=PROBLEM_RESPONSES | PDF)
commands = APIRouter()
Lang = Annotated[Literal["zh", "en"], Query(description="The language of the form.")]


@router.get("/programmes/{programme}/forms/application.pdf", response_class=Response)
async def blank_application(request: Request, service: ServiceDep, programme: Code, lang: Lang = "zh") -> Response:
    """A blank application form 申报表 to be filled in by hand (N6)."""
    around = await _around(request, service, programme, lang)
    return await _pdf(application_form(around, None, None, None), None)


@router.get("/programmes/{programme}/forms/summary.pdf", response_class=Response)
async def summary(
    request: Request,
    service: ServiceDep,
    who: Who,
    programme: Code,
    district: Annotated[Code | None, Query()] = None,
    status: Annotated[Status | None, Query()] = None,
    lang: Lang = "zh",
) -> Response:
    """The list of projects 汇总表, of a district or of all, as far as the reader may see them (N9)."""
    around = await _around(request, service, programme, lang)
    wanted = Wanted.model_construct(
        programme=programme, district=district, status=status, sort="title", limit=LONGEST_LIST
    )
    page, _ = await list_page(service, who, wanted)
    return await _pdf(summary_form(around, district, page.rows), None)


@router.get("/projects/{project_id}/forms/application.pdf", response_class=Response)
async def application(request: Request, service: ServiceDep, who: Who, project_id: UUID, lang: Lang = "zh") -> Response:
    """The application form 申报表 as it reads now (N6). The contact stands in it for those who may read it."""
    seen, project, code = await _project(service, who, project_id)
    around = await _around(request, service, code, lang)
    assert project.holder
    stream = project.holder.organisation
    organisation = state(ORGANISATION, stream, (await service.store.streams([stream]))[stream])
    [first] = await history_of(service.ledger, who, seen.events[:1])
    contact = next(iter(first.opened.values()), None)
    return await _pdf(application_form(around, project, organisation, contact), seen)


@router.get("/projects/{project_id}/forms/progress.pdf", response_class=Response)
async def progress(
    request: Request,
    service: ServiceDep,
    who: Who,
    project_id: UUID,
    report: Annotated[int | None, Query(ge=1, description="The version of the report; none: a blank form.")] = None,
    lang: Lang = "zh",
) -> Response:
    """A progress form 进度表: a report as it was made, or a blank one (N13)."""
    seen, project, code = await _project(service, who, project_id)
    found = next((one for one in project.reports if one.version == report), None)
    if report is not None and found is None:
        raise CorrectionTargetUnknown(target=report)
    around = await _around(request, service, code, lang)
    return await _pdf(progress_form(around, project, found), seen)


@router.get("/projects/{project_id}/forms/contract.pdf", response_class=Response)
async def contract(request: Request, service: ServiceDep, who: Who, project_id: UUID, lang: Lang = "zh") -> Response:
    """The contract 合同文本 as it reads now (N11)."""
    seen, project, code = await _project(service, who, project_id)
    if project.contract is None:
        raise StepOutOfOrder(status=project.status, command="print the contract")
    around = await _around(request, service, code, lang)
    return await _pdf(contract_form(around, project, seen.events[-1].version), seen)


async def _project(service: Service, who: Account, project_id: UUID) -> tuple[Seen, Project, str]:
    """The project as this reader may see it, and the code of its programme."""
    seen = await see_project(service.ledger, who, project_id)
    project = state(PROJECT, project_id, seen.visible)
    if project.applied is None:
        assert project.grant
        raise ProgrammeTakesNoCommands(programme=project.grant.programme)
    return seen, project, project.applied.programme


async def _around(request: Request, service: Service, code: str, lang: str) -> Around:
    stream = programme_stream(code)
    programme = state(PROGRAMME, stream, (await service.store.streams([stream]))[stream])
    if programme.announced is None:
        raise ProgrammeUnknown(programme=code)
    return Around(reader_of(lang), programme.rules, str(request.base_url).rstrip("/"))


async def _pdf(form: Form, seen: Seen | None) -> Response:
    """Beside the loop, since setting a form takes some tens of milliseconds. Dated by the newest event it shows."""
    at = seen.events[-1].recorded_at if seen else datetime(2010, 1, 18, tzinfo=UTC)
    return Response(await asyncio.to_thread(typeset, form, at), media_type="application/pdf")
