"""The application with every rule of HTTP around it, also around what answers an error of the service."""

from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from api.problems import host_problem
from api.protocol.compression import Compressed
from api.protocol.conditional import Conditional
from api.protocol.cross_origin import CrossOrigin
from api.protocol.envelope import Envelope
from api.protocol.head import BodilessHead
from api.protocol.proxies import Forwarded, Proxies, has_clear_host


class Application(FastAPI):
    """FastAPI adds its middleware inside the handler of unforeseen errors; these rules hold for its answer too."""

    def __init__(self, proxies: Proxies, **settings: Any) -> None:
        super().__init__(**settings)
        self._proxies = proxies

    def build_middleware_stack(self) -> ASGIApp:
        # From the inside out: a validator belongs to the bytes before they are compressed, HEAD has the headers of the
        # compressed answer.
        app: ASGIApp = Conditional(super().build_middleware_stack())
        app = BodilessHead(Compressed(app))
        public = self._proxies.public
        https = public is not None and public.scheme == "https"
        answers = Forwarded(Envelope(CrossOrigin(app), https=https), self._proxies)
        refuses = Forwarded(Envelope(BodilessHead(_refuse_host), https=https), self._proxies)

        async def outermost(scope: Scope, receive: Receive, send: Send) -> None:
            unclear = scope["type"] == "http" and not has_clear_host(scope)
            await (refuses if unclear else answers)(scope, receive, send)

        return outermost


async def _refuse_host(scope: Scope, receive: Receive, send: Send) -> None:
    await host_problem(Request(scope))(scope, receive, send)
