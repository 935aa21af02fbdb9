"""Tables over HTTP: out as Excel, and in again, all rows or each by itself."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from api.door import ServiceDep, SignedIn, Who, open_door
from api.files.tables import exchange
from api.files.tables.incoming import Manner, TableDone
from api.problems import PROBLEM_RESPONSES, language
from ledger.access import check_role
from ledger.accounts import Account
from ledger.core.action import Action
from ledger.project.application import APPLY
from ledger.project.contract import CONTRACT
from ledger.project.delivery import DECIDE_MILESTONE, REPORT
from ledger.project.review import APPROVE
from ledger.unit_of_work import CommandContext
from ledger.values import Code, Line

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEET: dict[int | str, dict[str, Any]] = {200: {"content": {XLSX: {}}, "description": "An Excel workbook."}}
IN_BODY = {"requestBody": {"required": True, "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}}}}
router = APIRouter(prefix="/v1/programmes", responses=PROBLEM_RESPONSES)
Lang = Annotated[Literal["zh", "en"], Query(description="The language of the headings.")]
DocumentNumber = Annotated[
    Line | None, Query(description="Of the document that decides; by default the next of the register.")
]
AllOrNone = Annotated[bool, Query(description="False: each row by itself; the others are written all the same.")]


@router.get("/{programme}/tables/applications.xlsx", response_class=Response, responses=SHEET)
async def applications_out(service: ServiceDep, who: Who, programme: Code, lang: Lang = "zh") -> Response:
    """The applications that the account takes part in, one a row; empty rows below are for new ones (N6)."""
    return Response(await exchange.applications_out(service, who, programme, lang), media_type=XLSX)


@router.post("/{programme}/tables/applications", status_code=201, openapi_extra=IN_BODY)
async def applications_in(
    request: Request, service: ServiceDep, who: SignedIn, programme: Code, all_or_none: AllOrNone = True
) -> TableDone:
    """Apply with each row that has no project id; amend those that have one and read otherwise (N6).

    Errors come by row and cell. By default all rows are written or none."""
    context, said = await _authorised(request, who, APPLY)
    return await exchange.applications_in(service, context, programme, said, Manner(language(request), all_or_none))


@router.get("/{programme}/tables/progress.xlsx", response_class=Response, responses=SHEET)
async def progress_out(service: ServiceDep, who: Who, programme: Code, lang: Lang = "zh") -> Response:
    """The next report of each project under way that the account takes part in (N13)."""
    return Response(await exchange.progress_out(service, who, programme, lang), media_type=XLSX)


@router.post("/{programme}/tables/progress", status_code=201, openapi_extra=IN_BODY)
async def progress_in(
    request: Request, service: ServiceDep, who: SignedIn, programme: Code, all_or_none: AllOrNone = True
) -> TableDone:
    """Report progress with each row that says what was done (N13). Errors come by row and cell."""
    context, said = await _authorised(request, who, REPORT)
    return await exchange.progress_in(service, context, programme, said, Manner(language(request), all_or_none))


@router.get("/{programme}/tables/decisions.xlsx", response_class=Response, responses=SHEET)
async def decisions_out(service: ServiceDep, who: Who, programme: Code, lang: Lang = "zh") -> Response:
    """The projects under review that the account takes part in, one a row, for the leading group to decide (N10)."""
    return Response(await exchange.decisions_out(service, who, programme, lang), media_type=XLSX)


@router.post("/{programme}/tables/decisions", status_code=201, openapi_extra=IN_BODY)
async def decisions_in(
    request: Request, service: ServiceDep, who: SignedIn, programme: Code, document_number: DocumentNumber = None
) -> TableDone:
    """Approve or reject with each row that says which, all rows or none, by one document (N10).

    Errors come by row and cell."""
    context, said = await _authorised(request, who, APPROVE)
    return await exchange.decisions_in(
        service, context, programme, said, Manner(language(request), number=document_number)
    )


@router.get("/{programme}/tables/contracts.xlsx", response_class=Response, responses=SHEET)
async def contracts_out(service: ServiceDep, who: Who, programme: Code, lang: Lang = "zh") -> Response:
    """The approved projects without a contract that the account takes part in, one a row (N11)."""
    return Response(await exchange.contracts_out(service, who, programme, lang), media_type=XLSX)


@router.post("/{programme}/tables/contracts", status_code=201, openapi_extra=IN_BODY)
async def contracts_in(
    request: Request, service: ServiceDep, who: SignedIn, programme: Code, all_or_none: AllOrNone = True
) -> TableDone:
    """Sign the contract of each row that has a number, each number once (N11). Errors come by row and cell."""
    context, said = await _authorised(request, who, CONTRACT)
    return await exchange.contracts_in(service, context, programme, said, Manner(language(request), all_or_none))


@router.get("/{programme}/tables/acceptances.xlsx", response_class=Response, responses=SHEET)
async def acceptances_out(service: ServiceDep, who: Who, programme: Code, lang: Lang = "zh") -> Response:
    """The first report that waits of each project that the account takes part in, one a row (N13)."""
    return Response(await exchange.acceptances_out(service, who, programme, lang), media_type=XLSX)


@router.post("/{programme}/tables/acceptances", status_code=201, openapi_extra=IN_BODY)
async def acceptances_in(
    request: Request, service: ServiceDep, who: SignedIn, programme: Code, all_or_none: AllOrNone = True
) -> TableDone:
    """Accept or return the report of each row that says which (N13). Errors come by row and cell."""
    context, said = await _authorised(request, who, DECIDE_MILESTONE)
    return await exchange.acceptances_in(service, context, programme, said, Manner(language(request), all_or_none))


async def _authorised(request: Request, who: Account, action: Action) -> tuple[CommandContext, bytes]:
    """Who asks, and the file, of which nothing is read for a role that could write no row of it."""
    check_role(who, action)
    return (await open_door(request, dict(request.headers))).context, await request.body()
