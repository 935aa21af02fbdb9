"""The transparency log over HTTP (C2SP tlog-tiles, tlog-proof), for verifiers, monitors and witnesses."""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from api.door import ServiceDep, Who
from api.problems import PROBLEM_RESPONSES
from api.service import Service
from ledger.refusals.log import LogNotSigned, LogPathInvalid
from ledger.transparency.origins import read_origins
from ledger.transparency.published import PublishedLog
from ledger.transparency.tile_paths import Part, PathWrong, parse_index, parse_tile
from ledger.transparency.tree import WIDTH

router = APIRouter(prefix="/log", responses=PROBLEM_RESPONSES)
# A partial tile is soon part of a wider one, which is what readers ask for then.
FOR_SHORT = {"Cache-Control": "public, max-age=60"}
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}
FOR_A_MOMENT = {"Cache-Control": "no-cache"}
_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")
Bundle = Annotated[str, Path(description="Which 256 positions, as `067` or `x001/x234/067`; `.p/W`: the first W.")]
Number = Annotated[str, Path(description="Digits.")]


def _path(description: str) -> dict[str, Any]:
    """Described to the API reference and read from the request: declared, it would cost as much as all the rest."""
    schema = {"type": "string"}
    return {
        "parameters": [{"name": "path", "in": "path", "required": True, "description": description, "schema": schema}]
    }


class Bytes(Response):
    media_type = "application/octet-stream"


class JsonLines(Response):
    media_type = "application/jsonl"


class TimestampReply(Response):
    media_type = "application/timestamp-reply"


class Payload(Response):
    media_type = "application/json"


# Tiles are what is asked for most, and routes are tried in their order.
@router.get("/tile/entries/{path:path}", response_class=Bytes, openapi_extra=_path("Such as `x001/234`, `000.p/7`."))
async def show_entries(request: Request) -> Response:
    """A bundle of up to 256 entries, each behind its length in two bytes."""
    log, path = _log(request), request.path_params["path"]
    cache = log.cached_bundles
    found = cache.get(path)
    if found is None:
        found = cache[path] = await log.entries(_part(path))
    return Bytes(found, headers=_lasting(path))


@router.get("/tile/{path:path}", response_class=Bytes, openapi_extra=_path("Level and index, such as `0/x001/234`."))
async def show_tile(request: Request) -> Response:
    """The hashes of a tile."""
    log, path = _log(request), request.path_params["path"]
    cache = log.cached_tiles
    found = cache.get(path)
    if found is None:
        try:
            level, part = parse_tile(path)
        except PathWrong as error:
            raise LogPathInvalid(path=_shown(path)) from error
        found = cache[path] = await log.tile(level, part)
    return Bytes(found, headers=_lasting(path))


@router.get("/checkpoint", response_class=PlainTextResponse)
async def show_checkpoint(service: ServiceDep) -> Response:
    """The newest signed checkpoint with what witnesses added to it: origin, size, root."""
    return PlainTextResponse((await service.log.newest()).note, headers=FOR_A_MOMENT)


@router.get("/key", response_class=PlainTextResponse)
async def show_key(service: ServiceDep) -> Response:
    """The keys that the log signs and signed with, as C2SP verifier keys, one a line, the newest first. A verifier
    takes them from elsewhere too, once."""
    if service.log_keys is None:
        raise LogNotSigned()
    async with service.pool.connection() as connection:
        generation = (await read_origins(connection)).generation
    lines = "".join(f"{verifier.vkey}\n" for verifier in service.log_keys.read().of_all(generation))
    return PlainTextResponse(lines, headers=FOR_A_MOMENT)


@router.get("/proof/{position}", response_class=PlainTextResponse)
async def show_proof(service: ServiceDep, position: Number) -> Response:
    """That the entry at this position is in the newest checkpoint: a C2SP tlog-proof with the entry as extra data."""
    return PlainTextResponse(await service.log.proof(_number(position)), headers=FOR_A_MOMENT)


@router.get(
    "/events/{position}",
    response_class=Payload,
    responses={200: {"content": {"application/json": {"schema": {"type": "object"}}}}},
)
async def show_event(service: ServiceDep, who: Who, position: Number) -> Response:
    """The stored bytes of an event, whose SHA-256 stands in its entry, for those who may read it."""
    number = _number(position)
    await service.log.covering(number + 1, f"events/{number}")
    return Payload(await service.payloads.one(who, number), headers=FOR_A_MOMENT)


@router.get("/openings/{position}")
async def show_opening(service: ServiceDep, who: Who, position: Number) -> JSONResponse:
    """What opens the entry of an event in a veiled stream, for those who may read the event: `salt` of its stream and
    `payload_sha256` (32 bytes each, Base 64), `version`, `recorded_at`."""
    number = _number(position)
    await service.log.covering(number + 1, f"openings/{number}")
    return JSONResponse(await service.payloads.opening(who, number), headers=FOR_A_MOMENT)


@router.get("/payloads/{path:path}", response_class=JsonLines)
async def show_payloads(service: ServiceDep, path: Bundle) -> Response:
    """JSON lines, one for each of up to 256 positions: the stored bytes that everybody may read, in Base 64, or that
    they are withheld. Without `.p/W` as many as are signed. What is published later is then there."""
    part = _part(path)
    start = part.index * WIDTH
    if part.width == WIDTH:
        newest = await service.log.covering(start + 1, f"payloads/{path}")
        part = Part(part.index, min(WIDTH, newest.size - start))
    else:
        newest = await service.log.covering(start + part.width, f"payloads/{path}")
    service.log.check_there(start + part.width)
    return JsonLines(await service.payloads.bundle(part, newest.size), headers=FOR_A_MOMENT)


@router.get(
    "/previous",
    response_class=Payload,
    responses={200: {"content": {"application/json": {"schema": {"type": "array", "items": {"type": "object"}}}}}},
)
async def show_previous(service: ServiceDep) -> Response:
    """The restarts of the log after a loss, the first one first: `previous`, the last checkpoint of the log before;
    `fork`, the first position that is not what it was, below which nothing changed; `position`, of the event that says
    so; `lost`, whether `/log/lost/{generation}` has what stood there. Empty for a log that was never restarted."""
    return Payload(await service.log.previous(), headers=FOR_A_MOMENT)


@router.get("/lost/{generation}", response_class=Bytes)
async def show_lost(service: ServiceDep, generation: Number) -> Response:
    """The leaf hashes from `fork` on of the log before this restart, 32 bytes each. With the entries below, they give
    the root of every checkpoint that was signed before."""
    number = _number(generation)
    found = dict(await service.log.lost(number)) if number < 2**31 else {}
    if number not in found:
        raise LogPathInvalid(path=_shown(f"lost/{generation}"))
    return Bytes(found[number], headers=FOR_EVER)


@router.get("/timestamps/{size}", response_class=TimestampReply)
async def show_timestamp(service: ServiceDep, size: Number) -> Response:
    """RFC 3161: what a time-stamping authority answered over the text of the checkpoint of this size."""
    return TimestampReply(await service.log.timestamp(_number(size)), headers=FOR_EVER)


def _log(request: Request) -> PublishedLog:
    service: Service = request.app.state.service
    return service.log


def _part(path: str) -> Part:
    try:
        return parse_index(path)
    except PathWrong as error:
        raise LogPathInvalid(path=_shown(path)) from error


def _lasting(path: str) -> dict[str, str]:
    return FOR_SHORT if ".p/" in path else FOR_EVER


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise LogPathInvalid(path=_shown(text))
    return int(text)


def _shown(path: str) -> str:
    return path[:80]
