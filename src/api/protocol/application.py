"""The application with every rule of HTTP around it, also around what answers an error of the service."""

from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp

from api.protocol.compression import Compressed
from api.protocol.conditional import Conditional
from api.protocol.cross_origin import CrossOrigin
from api.protocol.envelope import Envelope
from api.protocol.head import BodilessHead
from api.proxies import Forwarded, Proxies


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
        app = Envelope(CrossOrigin(app), https=public is not None and public.scheme == "https")
        return Forwarded(app, self._proxies)
