"""OCDS 1.1.5: release packages in the order of becoming public, a record package of all projects, the extension."""

from collections.abc import AsyncIterator
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, PlainTextResponse, StreamingResponse
from starlette.exceptions import HTTPException

from api.door import ServiceDep
from api.files.bulk import BulkRoute
from api.open_data.numbers import exact_json
from api.open_data.ocds_extension import CODELISTS, EXTENSION, PATH, SCHEMAS
from api.open_data.ocds_parts import part_behind, releases_as_json
from api.open_data.ocds_releases import Release, ocid_of, releases_of
from api.open_data.public import BEFORE_ALL, AsOf, PublicProject, PublicProjects, as_of
from api.open_data.publisher import Publisher
from api.problems import PROBLEM_RESPONSES
from api.reading.times import KnownAt

router = APIRouter(prefix="/ocds", responses=PROBLEM_RESPONSES)
bulk = APIRouter(prefix="/ocds", responses=PROBLEM_RESPONSES, route_class=BulkRoute)
JSON: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {}}}}
After = Annotated[int, Query(ge=-1, le=10**15, description="Only what became public after this position.")]
AfterProject = Annotated[UUID, Query(description="Only projects behind this one, in the order of their ids.")]
Limit = Annotated[int, Query(ge=1, le=1000, description="The next part begins when this many are there.")]
Most = Annotated[int | None, Query(ge=1, le=100_000, description="At most this many; all of them without it.")]


@bulk.get("/releases.json", response_class=StreamingResponse, responses=JSON)
async def releases(
    service: ServiceDep, request: Request, after: After = -1, limit: Limit = 500, known_at: KnownAt = None
) -> StreamingResponse:
    """A release for each public event, in the order of becoming public: a project's history does so with its
    publication. `links.next` is the next part, as of the same position; after the last one, ask later with
    `after` set to `basis.known`."""
    await service.check_place("after", after)
    cut = await as_of(service, known_at)
    projects = PublicProjects(service, cut.known)
    part = await part_behind(projects, after, limit)
    base = _base(request)
    asked = {"known_at": cut.known, "after": after, "limit": limit}
    following = f"{base}/ocds/releases.json?{urlencode(asked | {'after': part.last})}"

    async def parts() -> AsyncIterator[str]:
        yield _package(_head(service.publisher, cut, base, f"releases.json?{urlencode(asked)}"), "releases")
        first = True
        async for texts in releases_as_json(projects, service.publisher, part.places):
            yield ("" if first else ",") + ",".join(texts)
            first = False
        yield _end({} if part.last is None else {"links": {"next": following}})

    return StreamingResponse(parts(), media_type="application/json", headers=cut.headers(base))


@bulk.get("/records.json", response_class=StreamingResponse, responses=JSON)
async def records(
    service: ServiceDep,
    request: Request,
    after: AfterProject = BEFORE_ALL,
    limit: Most = None,
    known_at: KnownAt = None,
) -> StreamingResponse:
    """A record for each public project: links to its releases, and the compiled release that they make. All projects
    in one stream, or with `limit` in parts."""
    cut = await as_of(service, known_at)
    projects = PublicProjects(service, cut.known)
    base = _base(request)
    asked = {"known_at": cut.known, "after": str(after)} | ({"limit": limit} if limit else {})

    async def parts() -> AsyncIterator[str]:
        yield _package(_head(service.publisher, cut, base, f"records.json?{urlencode(asked)}"), "records")
        count, last, more = 0, after, False
        async for batch in projects.batches(after):
            # One more than wanted says that there is another part.
            wanted = batch if limit is None else batch[: limit - count]
            more = len(wanted) < len(batch)
            texts = await service.bulk.run(_records, wanted, projects, service.publisher, base, cut.known)
            if texts:
                yield ("," if count else "") + ",".join(texts)
            count += len(texts)
            last = wanted[-1].id if wanted else last
            if more:
                break
        next_part = f"{base}/ocds/records.json?{urlencode(asked | {'after': str(last)})}"
        yield _end({"links": {"next": next_part}} if more else {})

    return StreamingResponse(parts(), media_type="application/json", headers=cut.headers(base))


def _records(
    batch: list[PublicProject], projects: PublicProjects, publisher: Publisher, base: str, known: int
) -> list[str]:
    texts = []
    for project in batch:
        found, compiled = releases_of(project, publisher.ocid_prefix, projects.directory)
        linked = [{"url": _url(base, release, known)} | release.link for release in found]
        texts.append(
            exact_json(
                {"ocid": ocid_of(publisher.ocid_prefix, project), "releases": linked, "compiledRelease": compiled}
            )
        )
    return texts


def _url(base: str, release: Release, known: int) -> str:
    """The smallest package that holds the release; the fragment is its id."""
    asked = urlencode({"known_at": known, "after": release.public_at - 1, "limit": 1})
    return f"{base}/ocds/releases.json?{asked}#{release.body['id']}"


def _head(publisher: Publisher, cut: AsOf, base: str, uri: str) -> dict[str, Any]:
    return {
        "uri": f"{base}/ocds/{uri}",
        "version": "1.1",
        "extensions": [f"{base}{PATH}/extension.json"],
        "publishedDate": cut.published,
        "publisher": {"name": publisher.name},
        "basis": {"known": cut.known, "ocidPrefixRegistered": publisher.registered},
    }


def _package(head: dict[str, Any], name: str) -> str:
    return f'{exact_json(head)[:-1]},"{name}":['


def _end(links: dict[str, Any]) -> str:
    return "]" + (f",{exact_json(links)[1:-1]}" if links else "") + "}"


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")


@router.get("/extension/extension.json", response_class=JSONResponse)
async def extension() -> JSONResponse:
    """What the packages say beyond the standard, as an OCDS extension."""
    return JSONResponse(EXTENSION)


@router.get("/extension/{schema}", response_class=JSONResponse)
async def extension_schema(schema: str) -> JSONResponse:
    """A schema of the extension, as a JSON merge patch of the standard's (RFC 7396)."""
    if schema not in SCHEMAS:
        raise HTTPException(404)
    return JSONResponse(SCHEMAS[schema])


@router.get("/extension/codelists/{codelist}", response_class=PlainTextResponse)
async def extension_codelist(codelist: str) -> PlainTextResponse:
    """A codelist of the extension as CSV; one that begins with a plus adds to the standard's."""
    if codelist not in CODELISTS:
        raise HTTPException(404)
    return PlainTextResponse(CODELISTS[codelist], media_type="text/csv")


router.routes.extend(bulk.routes)
