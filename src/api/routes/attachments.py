"""Files over HTTP: upload, download, and which belong to a project or are disclosed (N6, N12)."""

import asyncio
import base64
import binascii
import re
from collections.abc import Awaitable, Callable, Collection
from hashlib import sha256
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response

from api.command_route import CommandRoute
from api.door import ServiceDep, SignedIn, Who
from api.files.file_types import TYPES, check_content, taken_type
from api.problems import PROBLEM_RESPONSES
from api.reading.visible import VisibleHistory, see_project
from api.service import Service
from ledger import access
from ledger.accounts import Account
from ledger.aggregates import PROJECT
from ledger.attachments import check_not_erased, find_files
from ledger.core.fact import Role
from ledger.core.history import state
from ledger.file_names import safe_name
from ledger.refusals.attachments import AttachmentDigestWrong, AttachmentEmpty, AttachmentUnknown
from ledger.refusals.general import HeaderInvalid
from ledger.values import Digest, Document, Frozen

router = APIRouter(prefix="/v1/attachments", responses=PROBLEM_RESPONSES)
commands = APIRouter(prefix="/v1/projects", responses=PROBLEM_RESPONSES, route_class=CommandRoute)
# RFC 9530: `sha-256=:…:`, in base64, among others.
CONTENT_DIGEST = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):\s*(?=,|$)")
BINARY = {"schema": {"type": "string", "format": "binary"}}
IN_BODY = {"requestBody": {"required": True, "content": dict.fromkeys(TYPES, BINARY)}}
FILE: dict[int | str, dict[str, Any]] = {200: {"content": dict.fromkeys(TYPES, BINARY), "description": "The file."}}


class UploadedFile(Frozen):
    """`bytes` is its size; commands cite the file by `sha256`."""

    sha256: Digest
    bytes: int
    media_type: str


@router.post("", status_code=201, openapi_extra=IN_BODY)
async def upload(
    request: Request,
    service: ServiceDep,
    who: SignedIn,
    digest: Annotated[Digest | None, Query(alias="sha256", description="What the content must hash to.")] = None,
    content_digest: Annotated[str | None, Header(description="The same as RFC 9530 has it: sha-256=:base64:")] = None,
) -> UploadedFile:
    """Upload a file of up to 20 MB as the body; Content-Type says what it is (N6).

    Nobody may read it until a project cites it. The same content again gets the same answer."""
    access.check_uploads(who)
    media_type = taken_type(request.headers.get("content-type"))
    expected = {digest} if digest else set()
    if content_digest is not None:
        expected.add(_stated(content_digest))
    return await keep_file(service, who, media_type, request.body, expected)


async def keep_file(
    service: Service,
    who: Account,
    media_type: str,
    body: Callable[[], Awaitable[bytes]],
    expected: Collection[str] = (),
) -> UploadedFile:
    """Stores a file for this account. Raises the refusals of `ledger.refusals.attachments`."""
    use = await service.uploads.take(who, service.ledger.clock())
    try:
        content = await body()
        if not content:
            raise AttachmentEmpty()
        found = sha256(content).hexdigest()
        if set(expected) - {found}:
            raise AttachmentDigestWrong(found=found)
        await asyncio.to_thread(check_content, content, media_type)
        stored = await service.attachments.put(content, media_type, who.id)
    except Exception:
        await service.uploads.give_back(use)
        raise
    return UploadedFile(sha256=stored.sha256, bytes=stored.bytes, media_type=stored.media_type)


def _stated(content_digest: str) -> str:
    if stated := CONTENT_DIGEST.search(content_digest):
        try:
            return base64.b64decode(stated[1], validate=True).hex()
        except binascii.Error:
            pass
    raise HeaderInvalid(header="Content-Digest")


@router.get("/{sha256}", response_class=Response, responses=FILE)
async def download(
    service: ServiceDep,
    who: Who,
    sha256: Digest,
    project: Annotated[UUID, Query(description="A project that cites the file.")],
) -> Response:
    """A file that a project cites: for those who take part in it; for everybody once it is disclosed."""
    cited = _cited(await see_project(service.ledger, who, project), sha256)
    if cited is not None:
        await check_not_erased(service.pool, sha256, project)
    stored = (await find_files(service.pool, [sha256])).get(sha256)
    if cited is None or stored is None:
        raise AttachmentUnknown(sha256=sha256)
    name = safe_name(cited.name, stored.media_type)
    headers = {
        "Content-Type": stored.media_type,
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(await service.attachments.get(sha256), headers=headers)


def _cited(seen: VisibleHistory, digest: str) -> Document | None:
    """How the project names the file for this reader, last of all; None when it is not for this reader."""
    return next((file for file in reversed(files_for(seen)) if file.sha256 == digest), None)


def files_for(seen: VisibleHistory, known: int | None = None) -> list[Document]:
    """The files of the project that this reader may read, as known at the position, in the order of their citations."""
    project_id = seen.events[0].stream
    project = state(PROJECT, project_id, seen.events)
    holder = project.holder
    if holder and access.takes_part(seen.who, holder.organisation, holder.district):
        within = (recorded for recorded in seen.visible if known is None or recorded.position <= known)
        return [document for recorded in within for document in recorded.fact.citations()]
    if project.is_public:
        then = state(PROJECT, project_id, seen.events, known)
        # The jury scores what it reads.
        entry = then.proposal_document if seen.who.role is Role.JUROR else None
        files = (*then.disclosed, *([entry.fact.file] if entry else []))
        return [Document(name=file.name, sha256=file.sha256) for file in files]
    return []
