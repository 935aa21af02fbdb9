"""Whatever is sent to any operation of the reference, the service answers as the reference says, and never fails."""

import asyncio
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import positive_data_acceptance
from tests.api.client import move_in
from tests.api.openapi.reference import document
from tests.conftest import fresh_database
from tests.support import MASTER, HandClock, free_port

from api.app import create_app
from api.files.file_types import TYPES
from api.service import Signing, open_service
from ledger.database import Database
from ledger.database.embedded import EmbeddedServer
from ledger.transparency.keys import KeyFile
from ledger.transparency.signed_file import SignedFile

EXAMPLES = 12 if "CI" in os.environ else 6


@schemathesis.serializer(*(kind for kind in TYPES if not kind.startswith("text/")))
def as_it_is(_: Any, value: Any) -> Any:
    return value if isinstance(value, bytes) else str(value).encode()


class Running:
    """The service with its town on a loop and a port of its own; what an account may depends on its token."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        keys = KeyFile(folder / "log.key")
        keys.make("ledger.example/log")
        self._signing = Signing(keys, SignedFile(folder / "log.checkpoint"))
        self.tokens: list[str] = []
        self.ids: list[str] = []
        self.port = free_port()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))

    def __enter__(self) -> "Running":
        self._thread.start()
        while not self.tokens:
            time.sleep(0.05)
            assert self._thread.is_alive()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()

    async def _serve(self) -> None:
        clock = HandClock()
        opened = open_service(self._database, MASTER, clock, start=threading.Thread, signing=self._signing)
        async with opened as service:
            app = create_app(service)
            async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://ledger") as http:
                town = await move_in(service, http, clock)
                self.ids = [(await town.published()).rsplit("/", 1)[1], str(town.local_id)]
            self._server = uvicorn.Server(uvicorn.Config(app, port=self.port, log_level="critical"))
            serving = asyncio.create_task(self._server.serve())
            while not self._server.started:
                await asyncio.sleep(0.01)
            callers = (town.office, town.local, town.district, town.leaders, town.members[0], town.auditor)
            self.tokens = [str(caller.token) for caller in callers]
            await serving


@pytest.fixture(scope="module")
def running(server: EmbeddedServer, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("log")
    with fresh_database(server, template) as database, Running(database, folder) as there:
        yield there


@pytest.fixture(scope="module")
def described(running: Running) -> Any:
    return schemathesis.openapi.from_url(f"http://127.0.0.1:{running.port}/openapi.json")


def operations() -> list[tuple[str, str]]:
    paths = document()["paths"]
    # The stream has no end; tests/api/routes/test_feed.py listens to it.
    return [
        (method.upper(), path) for path, methods in paths.items() if path != "/v1/feed/stream" for method in methods
    ]


@pytest.mark.parametrize(("method", "path"), operations(), ids=lambda part: part)
def test_the_answer_is_one_that_the_reference_names(method: str, path: str, described: Any, running: Running) -> None:
    """What is of the right form may still break a rule, and is refused for that: positive data need not be taken."""

    @given(described[path][method].as_strategy())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    def ask(case: Any) -> None:
        for name in ("project_id", "organisation_id"):
            if name in case.path_parameters:
                case.path_parameters[name] = running.ids[name == "organisation_id"]
        token = running.tokens[len(str(case.body)) % len(running.tokens)]
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, excluded_checks=[positive_data_acceptance])

    ask()
