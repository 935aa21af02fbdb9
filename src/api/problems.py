"""Refusals as RFC 9457 problem documents, in the reader's language."""

import logging
import re
from functools import lru_cache
from typing import Any

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from psycopg_pool import PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Match, Mount

from api.problem_texts import OF_A_PROGRAMME, Names, field_error, names_of, sentence
from api.refusal_notes import note
from ledger.core.refusal import Kind, Refusal
from ledger.database import DatabaseProblem
from ledger.refusals.general import BatchRefused
from ledger.refusals.storage import LedgerUnavailable, ReadModelOutdated
from ledger.refusals.tables import TableRefused
from ledger.store import failures

log = logging.getLogger(__name__)
# Until a read model is rebuilt, its tables are those of the version before an upgrade.
_OUTDATED = (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn)
DATABASE_ERRORS = (psycopg.OperationalError, psycopg.InternalError, PoolTimeout, DatabaseProblem, *_OUTDATED)
STATUS = {
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.GONE: 410,
    Kind.STALE: 412,
    Kind.INVALID: 422,
    Kind.TOO_LARGE: 413,
    Kind.UNSUPPORTED: 415,
    Kind.TOO_MANY: 429,
    Kind.UNAVAILABLE: 503,
}
# What HTTP itself refuses, by status: code, Chinese, English.
HTTP_REFUSALS = {
    400: ("body_unreadable", "请求体无法读取。", "The body cannot be read."),
    404: ("not_found", "没有此地址。", "There is nothing at this address."),
    405: ("method_not_allowed", "此地址不支持该方法。", "This address does not take that method."),
    413: ("body_too_large", "请求体超过 1 MB。", "The body is larger than 1 MB."),
    415: ("media_type_unsupported", "请求体须为 application/json。", "The body must be application/json."),
    416: ("range_not_satisfiable", "所请求的范围不在文件内。", "The range lies outside the file."),
    422: ("invalid_request", "请求不符合格式。", "The request does not have the right form."),
    431: ("head_too_large", "请求头或网址过长。", "The header fields or the address are too long."),
    500: ("service_failed", "服务出错，已记录。", "The service failed; the failure has been logged."),
}
# Of a request that names no host or several (RFC 9112, section 3.2).
HOST_UNCLEAR = ("host_unclear", "请求须有且只有一个 Host 头。", "A request must have exactly one Host header.")
LONGEST_PREFERENCE = 1000
_WEIGHT = r"[ \t]*;[ \t]*q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)"
_LANGUAGE_RANGE = re.compile(rf"(\*|[a-z]{{1,8}}(?:-[a-z0-9]{{1,8}})*)(?:{_WEIGHT})?")
PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "A refusal with a stable `code`; no event is written.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}
PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "In Chinese, or in English when Accept-Language asks for it."},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable; what a program decides by."},
        "details": {"type": "object", "description": "The values that the title mentions."},
        "errors": {
            "type": "array",
            "items": {"type": "object"},
            "description": "Place, code and message: of what is wrong in a body, or of what stops a batch.",
        },
    },
}


def language(request: Request) -> str:
    """`en` when the reader gives it more weight than Chinese, else `zh-CN`."""
    return _preferred(", ".join(request.headers.getlist("accept-language"))[:LONGEST_PREFERENCE])


@lru_cache(maxsize=1000)
def _preferred(accepted: str) -> str:
    """By RFC 9110, section 12.5.4: weights decide, then the order; `*` stands for what is not named; what is malformed
    is ignored."""
    named: dict[str, tuple[float, int]] = {}
    for place, one in enumerate(accepted.lower().split(",")):
        found = _LANGUAGE_RANGE.fullmatch(one.strip())
        if found is None:
            continue
        weight = (float(found[2] or 1), -place)
        spoken = found[1].partition("-")[0]
        named[spoken] = max(named.get(spoken, weight), weight)
    other = named.get("*", (0.0, 0))
    # Nobody is left without an answer: where neither is accepted it is Chinese.
    return "en" if named.get("en", other) > named.get("zh", other) else "zh-CN"


def problem(request: Request, status: int, code: str, title: str, **more: Any) -> Response:
    headers = {"Content-Language": language(request)}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if status == 503:
        headers["Retry-After"] = "1"
    content = {"type": f"urn:minsheng:problem:{code}", "title": title, "status": status, "code": code} | more
    return JSONResponse(content, status, headers, media_type="application/problem+json")


async def on_refusal(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    await note(request, refusal)
    details = {name: _plain(value) for name, value in refusal.details.items()}
    spoken = language(request)
    names = await names_for(request, refusal)
    title = sentence(refusal, spoken, names)
    more: dict[str, Any] = {}
    if isinstance(refusal, BatchRefused):
        more["errors"] = _reasons(spoken, refusal, names)
    if isinstance(refusal, TableRefused):
        more["errors"] = refusal.errors
    answer = problem(request, STATUS[refusal.kind], refusal.code, title, details=details, **more)
    if "retry_after" in details:
        answer.headers["Retry-After"] = str(details["retry_after"])
    return answer


async def names_for(request: Request, refusal: Refusal) -> Names:
    """What programmes call their codes, for a refusal that may hold some; the programme of the address counts
    for more than others."""
    reasons = refusal.reasons.values() if isinstance(refusal, BatchRefused) else (refusal,)
    if not any(OF_A_PROGRAMME & set(one.details) for one in reasons):
        return {}
    try:
        size = (await request.app.state.service.store.head()).size
        programmes = await request.app.state.catalogue.programmes(size - 1)
    except (*DATABASE_ERRORS, Refusal):
        # The refusal is told all the same, with the codes.
        return {}
    here = str(request.path_params.get("programme"))
    all_rules = sorted((one.rules for one in programmes.listed if one.rules), key=lambda rules: rules.code == here)
    return {code: name for rules in all_rules for code, name in names_of(rules).items()}


def _reasons(spoken: str, batch: BatchRefused, names: Names) -> list[dict[str, Any]]:
    return [
        {
            "place": str(place),
            "code": refusal.code,
            "message": sentence(refusal, spoken, names),
            "details": {name: _plain(value) for name, value in refusal.details.items()},
        }
        for place, refusal in batch.reasons.items()
    ]


async def on_invalid(request: Request, error: Exception) -> Response:
    """What pydantic refused: each place with its code. The given values are not repeated, they may be personal."""
    assert isinstance(error, RequestValidationError)
    errors = [
        {
            "place": _place(found["loc"]),
            "code": found["type"],
            "message": field_error(found, language(request)),
        }
        for found in error.errors()[:100]
    ]
    if any(one["code"] == "json_invalid" for one in errors):
        return http_problem(request, 400)
    return http_problem(request, 422, errors=errors)


async def on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code != 405:
        return http_problem(request, error.status_code)
    allowed = {"Allow": ", ".join(sorted(methods(request)))}
    if request.method == "OPTIONS":
        return Response(status_code=204, headers=allowed)
    answer = http_problem(request, 405)
    answer.headers.update(allowed)
    return answer


def methods(request: Request) -> set[str]:
    """What the address takes. One address may be several routes, of which Starlette names the first."""
    # Inside a mount the scope is that of the part below it.
    scope = {**request.scope, "root_path": request.scope.get("app_root_path", request.scope.get("root_path", ""))}
    routes = [route for route in request.app.routes if route.matches(scope)[0] is not Match.NONE]
    taken = {method for route in routes for method in getattr(route, "methods", None) or ()}
    if "GET" in taken or any(isinstance(route, Mount) for route in routes):
        taken |= {"GET", "HEAD"}
    return taken | {"OPTIONS"}


async def on_disconnect(request: Request, gone: Exception) -> Response:
    """The client went away while it sent its body: nobody reads this, and nothing is wrong."""
    return Response(status_code=400)


async def on_failure(request: Request, error: Exception) -> Response:
    """An error of the service itself. The server logs it with its traceback, of which nothing is told."""
    return http_problem(request, 500)


def of_database(error: Exception) -> Refusal:
    """One of DATABASE_ERRORS as a refusal. Their words may hold what was asked, and are not told."""
    refusal = ReadModelOutdated() if isinstance(error, _OUTDATED) else failures.refusal(error) or LedgerUnavailable()
    log.warning("the database answered %s: %s", type(error).__name__, refusal.code)
    return refusal


async def on_database_error(request: Request, error: Exception) -> Response:
    return await on_refusal(request, of_database(error))


def http_problem(request: Request, status: int, **more: Any) -> Response:
    code, zh, en = HTTP_REFUSALS.get(status, ("refused", "请求被拒绝。", "The request was refused."))
    return problem(request, status, code, en if language(request) == "en" else zh, **more)


def host_problem(request: Request) -> Response:
    code, zh, en = HOST_UNCLEAR
    return problem(request, 400, code, en if language(request) == "en" else zh)


def _place(loc: tuple[int | str, ...]) -> str:
    return ".".join(str(part).encode("ascii", "backslashreplace").decode() for part in loc)


def _plain(value: Any) -> Any:
    return value if isinstance(value, int) else str(value).encode("utf-8", "backslashreplace").decode()


def install(app: FastAPI) -> None:
    app.add_exception_handler(Refusal, on_refusal)
    app.add_exception_handler(RequestValidationError, on_invalid)
    app.add_exception_handler(HTTPException, on_http)
    app.add_exception_handler(ClientDisconnect, on_disconnect)
    app.add_exception_handler(Exception, on_failure)
    for kind in DATABASE_ERRORS:
        app.add_exception_handler(kind, on_database_error)
