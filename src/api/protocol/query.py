"""Each parameter in the query of an address is one that is known there, and is given once."""

import inspect
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from ledger.refusals.addresses import AddressMalformed, ParameterRepeated, ParameterUnknown

_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
SHOWN = 40


def takes(*names: str) -> dict[str, Any]:
    """`openapi_extra` of a route that reads these parameters from the request itself."""
    return {"parameters": [{"name": name, "in": "query", "schema": {"type": "string"}} for name in names]}


# `openapi_extra` of a route that a standard lets others add parameters to.
TAKES_ANY: dict[str, Any] = {"x-takes-any-parameter": True}


def install(app: FastAPI) -> None:
    """For every route that the application has by now."""
    for route in app.routes:
        # Routes are shared by all applications of a process.
        takes_any = isinstance(route, APIRoute) and route.openapi_extra == TAKES_ANY
        if isinstance(route, Route) and not isinstance(route.app, OnlyKnown) and not takes_any:
            route.app = OnlyKnown(route.app, names_of(route))


def names_of(route: Route) -> tuple[str, ...]:
    """In the order in which the route declares them."""
    if not isinstance(route, APIRoute):
        return ()
    names = dict.fromkeys(_declared(route.dependant))
    extra: Iterable[dict[str, Any]] = (route.openapi_extra or {}).get("parameters", ())
    names |= dict.fromkeys(one["name"] for one in extra if one["in"] == "query")
    return tuple(names)


def _declared(dependant: Dependant) -> Iterator[str]:
    for field in dependant.query_params:
        annotation = field.field_info.annotation
        if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
            yield from (info.alias or name for name, info in annotation.model_fields.items())
        else:
            yield field.alias
    for inner in dependant.dependencies:
        yield from _declared(inner)


class OnlyKnown:
    """Raises AddressMalformed, ParameterUnknown, ParameterRepeated before the route sees the request."""

    def __init__(self, app: ASGIApp, names: tuple[str, ...]) -> None:
        self._app = app
        self._names = names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if query := scope["query_string"]:
            self._check(query)
        await self._app(scope, receive, send)

    def _check(self, query: bytes) -> None:
        if _BROKEN_ESCAPE.search(query) or not query.isascii() or b"\0" in (plain := unquote_to_bytes(query)):
            raise AddressMalformed()
        try:
            plain.decode()
        except UnicodeDecodeError:
            raise AddressMalformed() from None
        given = [name for name, _ in parse_qsl(query.decode(), keep_blank_values=True)]
        for name in given:
            if name not in self._names:
                raise ParameterUnknown(parameter=name[:SHOWN], choices=", ".join(self._names) or "-")
            if given.count(name) > 1:
                raise ParameterRepeated(parameter=name)
