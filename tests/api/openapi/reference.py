"""The document of the API reference, made without a database: describing itself asks nothing of the service."""

from types import SimpleNamespace
from typing import Any, cast

from fastapi import FastAPI

from api.app import create_app
from api.service import Service


def application() -> FastAPI:
    return create_app(cast(Service, SimpleNamespace(history=None)))


def document() -> dict[str, Any]:
    return application().openapi()
