"""The archive over HTTP, for anyone who may know of the organisation; it contains what that reader may see."""

from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from api.archive.contents import find_contents
from api.archive.making import Archive, make_archive
from api.door import ServiceDep, Who
from api.files.bulk import BulkRoute
from api.files.exports.sending import Sendable
from api.pages.reader import reader_of
from api.problems import PROBLEM_RESPONSES
from api.reading.times import KnownAt, On

router = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES, route_class=BulkRoute)
ZIP = "application/zip"
FILES: dict[int | str, dict[str, Any]] = {
    200: {"content": {ZIP: {}}, "description": "PDF, JSON, files, proofs and a manifest."},
    304: {"description": "As by `If-None-Match`."},
}


@router.get("/organisations/{organisation_id}/archive", response_class=StreamingResponse, responses=FILES)
async def show_archive(
    request: Request,
    service: ServiceDep,
    who: Who,
    organisation_id: UUID,
    known_at: KnownAt = None,
    on: On = None,
    lang: Annotated[Literal["zh", "en"], Query(description="The language of the dossier.")] = "zh",
) -> Response:
    """The whole electronic archive 电子档案 of an organisation as one ZIP (N22): dossier as PDF; its state, history and
    credit record and those of its projects as JSON; files; and for each event its proof, so that `minsheng-verify
    archive` checks it offline. Everybody gets it, with what each may see elsewhere; nothing sealed is opened.

    All proofs are under the first checkpoint that covers the position, which is waited for some seconds. So `known_at`
    and `on` give the same bytes again, until something in it is published or redacted."""
    contents = await find_contents(service, who, organisation_id, known_at, on)
    # One at a time, as other files.
    async with service.bulk.making:
        made = await make_archive(service, contents, reader_of(lang), str(request.base_url).rstrip("/"))
    sendable = Sendable(made.file, made.sha256)
    return sendable.answer(ZIP, {"Content-Disposition": _disposition(made, organisation_id)})


def _disposition(made: Archive, organisation: UUID) -> str:
    name = quote(f"{made.name}-电子档案-{made.known}.zip", safe="")
    return f"attachment; filename=\"archive-{organisation}-{made.known}.zip\"; filename*=UTF-8''{name}"
