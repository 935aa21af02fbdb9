"""The forms over HTTP, as PDF, for anyone who may see what they show."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from api.door import ServiceDep, Who
from api.forms.printing import Printer
from api.pages.reader import reader_of
from api.problems import PROBLEM_RESPONSES
from api.reading.times import KnownAt, On
from api.routes.briefing import BriefingWanted
from api.routes.statistics import Since, Until
from ledger.project.status import Status
from ledger.values import Code

PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}, "description": "The form on A4."}}
router = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES | PDF, default_response_class=Response)


async def printer(
    request: Request,
    service: ServiceDep,
    who: Who,
    lang: Annotated[Literal["zh", "en"], Query(description="The language of the form.")] = "zh",
) -> Printer:
    return Printer(service, who, reader_of(lang), str(request.base_url).rstrip("/"))


PrinterDep = Annotated[Printer, Depends(printer)]


@router.get("/programmes/{programme}/forms/application.pdf")
async def blank_application(printer: PrinterDep, programme: Code) -> Response:
    """A blank application form 申报表 to be filled in by hand (N6)."""
    return _pdf(await printer.blank_application(programme))


@router.get("/programmes/{programme}/forms/summary.pdf")
async def summary(
    printer: PrinterDep,
    programme: Code,
    district: Annotated[Code | None, Query()] = None,
    status: Annotated[Status | None, Query()] = None,
    known_at: KnownAt = None,
) -> Response:
    """The list of projects 汇总表, of a district or of all, as far as the reader may see them (N9)."""
    return _pdf(await printer.summary(programme, district, status, known_at))


@router.get("/programmes/{programme}/forms/briefing.pdf")
async def briefing(
    request: Request,
    printer: PrinterDep,
    programme: Code,
    district: Annotated[Code | None, Query()] = None,
    since: Since = None,
    until: Until = None,
    known_at: KnownAt = None,
    on: On = None,
) -> Response:
    """The briefing 简报 of a period, of the city or a district, with charts and what it rests on (N24)."""
    wanted = BriefingWanted.model_construct(district=district, since=since, until=until, known_at=known_at, on=on)
    return _pdf(await printer.briefing(programme, wanted, request.url.query))


@router.get("/projects/{project_id}/forms/application.pdf")
async def application(printer: PrinterDep, project_id: UUID) -> Response:
    """The application form 申报表 as it reads now (N6). The contact stands in it for those who may read it."""
    return _pdf(await printer.application(project_id))


@router.get("/projects/{project_id}/forms/progress.pdf")
async def progress(
    printer: PrinterDep,
    project_id: UUID,
    report: Annotated[int | None, Query(ge=1, description="The version of the report; none: a blank form.")] = None,
) -> Response:
    """A progress form 进度表: a report as it was made, or a blank one (N13)."""
    return _pdf(await printer.progress(project_id, report))


@router.get("/projects/{project_id}/forms/contract.pdf")
async def contract(printer: PrinterDep, project_id: UUID) -> Response:
    """The contract 合同文本 as it reads now (N11)."""
    return _pdf(await printer.contract(project_id))


@router.get("/projects/{project_id}/forms/certificate.pdf")
async def certificate(
    printer: PrinterDep,
    project_id: UUID,
    award: Annotated[int, Query(ge=1, description="The version of the award.")],
) -> Response:
    """The certificate of an honour 荣誉证书, with the code that leads to its event (N20, N21)."""
    return _pdf(await printer.certificate(project_id, award))


def _pdf(content: bytes) -> Response:
    return Response(content, media_type="application/pdf")
