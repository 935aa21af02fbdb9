"""Photographs of projects over HTTP: upload and picture (N25)."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from api.door import ServiceDep, SignedIn, Who
from api.files.photographs.drawing import taken_picture
from api.files.photographs.process import FORMATS
from api.problems import PROBLEM_RESPONSES
from api.reading.visible import see_project
from api.service import Service
from ledger import access
from ledger.accounts import Account
from ledger.aggregates import PROJECT
from ledger.core.history import state
from ledger.project.photographs import photograph_at
from ledger.project.publicity import PUBLICISE
from ledger.refusals.attachments import AttachmentEmpty
from ledger.refusals.photographs import PhotographUnknown
from ledger.values import Digest, Frozen

router = APIRouter(responses=PROBLEM_RESPONSES)
BINARY = {"schema": {"type": "string", "format": "binary"}}
IN_BODY = {"requestBody": {"required": True, "content": dict.fromkeys(FORMATS, BINARY)}}
PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"content": dict.fromkeys(FORMATS, BINARY), "description": "The picture."}
}


class UploadedPhotograph(Frozen):
    """`photograph`: by which the command names it, and all that the ledger says of the picture; `bytes`: its size as it
    is kept."""

    photograph: Digest
    bytes: int
    media_type: str


@router.post("/v1/photographs", status_code=201, openapi_extra=IN_BODY)
async def upload_photograph(
    request: Request,
    service: ServiceDep,
    who: SignedIn,
    strip: Annotated[bool, Query(description="Keep the picture alone, whatever else the file holds.")] = False,
) -> UploadedPhotograph:
    """Upload a photograph of up to 20 MB and 50 million pixels as the body; Content-Type says what it is (N25).

    A file that holds more than the picture (EXIF, GPS, XMP, IPTC, comments) is refused, unless `strip` takes that out.
    The picture is drawn again, at most 2560 pixels wide and high. Nobody may see it until a project shows it."""
    access.check_role(who, PUBLICISE)
    media_type = taken_picture(request.headers.get("content-type"))
    return await keep_photograph(service, who, media_type, request.body, strip=strip)


async def keep_photograph(
    service: Service, who: Account, media_type: str, body: Callable[[], Awaitable[bytes]], *, strip: bool
) -> UploadedPhotograph:
    """Stores a photograph for this account. Raises the refusals of `ledger.refusals.photographs`."""
    use = await service.uploads.take(who, service.ledger.clock())
    try:
        content = await body()
        if not content:
            raise AttachmentEmpty()
        picture = await service.drawer.draw(content, media_type, strip=strip)
        sealed = await service.photographs.put(picture, media_type, who.id)
    except Exception:
        await service.uploads.give_back(use)
        raise
    return UploadedPhotograph(photograph=sealed.commitment, bytes=len(picture), media_type=media_type)


@router.get("/v1/projects/{project_id}/photographs/{version}", response_class=Response, responses=PICTURE)
async def show_photograph(
    service: ServiceDep, who: Who, project_id: UUID, version: Annotated[int, Field(ge=1, lt=2**31)]
) -> Response:
    """A photograph of a project, by the version of its event, for everybody who sees that; 410 once it was removed."""
    seen = await see_project(service.ledger, who, project_id)
    project = state(PROJECT, project_id, seen.events)
    sealed = photograph_at(project, version)
    found = await service.photographs.get(sealed)
    if found is None or all(event.version != version for event in seen.visible):
        raise PhotographUnknown(photograph=version)
    headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Content-Type": found[1]}
    return Response(found[0], headers=headers)
