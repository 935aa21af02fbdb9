"""The access log tells what was asked and how it ended, and nothing about who asked."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from httpx2 import ASGITransport, AsyncClient
from starlette.types import Receive, Scope, Send
from tests.api.client import Town

from api.access_log import AccessLog, AccessLogWrong, access_log
from api.app import create_app

NOW = datetime(2010, 6, 1, tzinfo=UTC)


@asynccontextmanager
async def logged(town: Town, file: Path) -> AsyncIterator[AsyncClient]:
    with access_log(str(file)) as log:
        app = AccessLog(create_app(town.service), log, lambda: NOW)
        async with AsyncClient(transport=ASGITransport(app), base_url="http://testserver") as http:
            yield http


def lines(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text().splitlines()]


async def test_each_request_is_a_line_without_anything_personal(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "access.log"
    project = await town.applied()
    async with logged(town, file) as http:
        secret = {"Authorization": f"Bearer {town.office.token}", "X-Forwarded-For": "192.0.2.7"}
        found = await http.get(f"{project}/history?known_at=2010-06-01", headers=secret)
        absent = await http.get("/no/such/path", headers=secret)
    log = lines(file)
    assert [(one["method"], one["route"], one["status"]) for one in log] == [
        ("GET", "/v1/projects/{project_id}/history", found.status_code),
        ("GET", "-", 404),
    ]
    assert [one["request"] for one in log] == [answer.headers["X-Request-Id"] for answer in (found, absent)]
    assert all(set(one) == {"at", "request", "method", "route", "status", "ms"} for one in log)
    assert log[0]["at"] == "2010-06-01T00:00:00.000000Z"


async def test_a_rotated_log_goes_on_in_a_new_file(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "access.log"
    async with logged(town, file) as http:
        await http.get("/healthz")
        file.rename(tmp_path / "access.log.1")
        await http.get("/healthz")
    assert len(lines(file)) == len(lines(tmp_path / "access.log.1")) == 1


async def test_a_failure_is_logged_under_the_id_of_its_request(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise KeyError("a secret")

    file = tmp_path / "access.log"
    with access_log(str(file)) as log:
        transport = ASGITransport(AccessLog(broken, log), raise_app_exceptions=False)
        async with AsyncClient(transport=transport, base_url="http://testserver") as http:
            await http.get("/")
    [line] = lines(file)
    assert caplog.messages == [f"request {line['request']} failed: KeyError"]


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    no_place = access_log(str(tmp_path / "no" / "access.log"))
    with pytest.raises(AccessLogWrong, match="MINSHENG_ACCESS_LOG"), no_place:
        raise AssertionError
    with access_log("") as log:
        assert log is None
