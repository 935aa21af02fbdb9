"""Refusals as pages, in the language of the page that was asked for."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError
from starlette.exceptions import HTTPException

from api.pages.frame import Link, frame, render
from api.pages.reader import LOOK, Reader, reader_for
from api.pages.texts import PAGE
from api.problem_texts import sentence
from api.problems import DATABASE_ERRORS, HTTP_REFUSALS, STATUS, methods, names_for, of_database
from api.protocol.proxies import route_path
from api.refusal_notes import note
from api.sign_in.visits import SignInFirst, asked_page
from ledger.core.refusal import Refusal
from ledger.core.words import Words
from ledger.refusals.general import ProjectUnknown

Handler = Callable[[Request, Exception], Response | Awaitable[Response]]
PAGES = {
    "",
    "account",
    "admin",
    "audit",
    "certificates",
    "components",
    "data",
    "do",
    "events",
    "figures",
    "honours",
    "organisations",
    "participate",
    "programmes",
    "projects",
    "sign-in",
    "work",
}


class ConditionsInvalid(Exception):
    """The sentence that names the conditions which are not understood."""


@dataclass(frozen=True, slots=True)
class ProblemView:
    heading: str
    sentence: str
    code: str
    home: Link


def _label(name: str) -> Words:
    return PAGE.get(f"field_{name}") or PAGE[name]


def invalid(reader: Reader, error: ValidationError, label: Callable[[str], Words] = _label) -> ConditionsInvalid:
    """Names the conditions that were refused; their values are not repeated. `label`: of a field."""
    names = dict.fromkeys(str(found["loc"][0]) for found in error.errors())
    fields = reader.listed(reader.say(label(name)) for name in names)
    return ConditionsInvalid(reader.say(PAGE["problem_fields"], fields=fields))


def install(app: FastAPI) -> None:
    """Puts pages before what the application answers to programs."""
    for kind in (Refusal, RequestValidationError, HTTPException, *DATABASE_ERRORS, Exception):
        app.add_exception_handler(kind, _page_or(app.exception_handlers[kind]))
    app.add_exception_handler(ConditionsInvalid, _page)
    app.add_exception_handler(SignInFirst, _to_sign_in)


def is_page(request: Request) -> bool:
    """An address of a page, or one where there is nothing when a browser asks."""
    # Of `OPTIONS *` the path does not begin with a slash.
    segment = route_path(request.scope).removeprefix("/").partition("/")[0]
    if segment in PAGES:
        return True
    nothing_there = "endpoint" not in request.scope and segment != "v1"
    return nothing_there and "text/html" in request.headers.get("accept", "")


def _page_or(answer: Handler) -> Handler:
    async def handle(request: Request, error: Exception) -> Response:
        if is_page(request) and request.method != "OPTIONS":
            return await _page(request, error)
        answered: Any = answer(request, error)
        response: Response = await answered
        return response

    return handle


async def _to_sign_in(request: Request, _: Exception) -> Response:
    """And back to the page that was asked for; what a form sent is sent again by its reader."""
    back = {"next": asked_page(request)} if request.method in ("GET", "HEAD") else {}
    return RedirectResponse(reader_for(request).now.link("/sign-in", **back), 303)


async def _page(request: Request, error: Exception) -> Response:
    # The moment may be what is wrong: no link leads back to it.
    reader = reader_for(request).now
    if isinstance(error, DATABASE_ERRORS):
        error = of_database(error)
    if isinstance(error, Refusal):
        await note(request, error)
        names = await names_for(request, error)
        status, code, said = STATUS[error.kind], error.code, sentence(error, reader.language, names)
        if isinstance(error, ProjectUnknown):
            said = reader.say(PAGE["problem_project"])
    else:
        status = _status(error)
        code, zh, en = HTTP_REFUSALS.get(status, HTTP_REFUSALS[422])
        said = str(error) if isinstance(error, ConditionsInvalid) else en if reader.language == "en" else zh
    heading = reader.say(PAGE["not_found" if status == 404 else "problem"])
    view = ProblemView(heading, said, code, Link(reader.say(PAGE["problem_home"]), reader.link("/projects")))
    parameters = {name: value for name, value in request.query_params.items() if name not in LOOK}
    around = frame(reader, route_path(request.scope), parameters, title=heading)
    response = render("problem.html", reader, around, view, status)
    if status == 503:
        response.headers["Retry-After"] = "1"
    if status == 405:
        response.headers["Allow"] = ", ".join(sorted(methods(request)))
    return response


def _status(error: Exception) -> int:
    if isinstance(error, HTTPException):
        return error.status_code
    return 422 if isinstance(error, ConditionsInvalid | RequestValidationError) else 500
