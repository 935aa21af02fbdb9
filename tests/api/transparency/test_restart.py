"""After a loss: what the service refuses and shows, how the log goes on, and what a stranger can check of it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.api.bodies import application
from tests.api.client import Caller, check_problem, connect
from tests.api.transparency.logs import ORIGIN, checkpoint_of, open_signed_town, signed, text
from tests.ledger.transparency.backups import Backups, backups_of
from tests.support import MASTER, HandClock
from tests.verify.running import accepted
from typer.testing import CliRunner, Result

from api.cli.main import app
from api.service import Service, Signing, open_service
from api.transparency.export import export_log
from ledger.database import Database, Role
from ledger.database.embedded import EmbeddedServer
from ledger.transparency.keys import KeyFile
from ledger.transparency.restart import begin, survey
from ledger.transparency.signed_file import SignedFile

NEW = f"{ORIGIN}/restart-2"


@dataclass
class Lost:
    """A ledger over an older backup, with `kept` events of the `signed`. `apply` sends a command to a service."""

    database: Database
    folder: Path
    backups: Backups
    token: str
    organisation: UUID
    kept: int = 0
    signed: int = 0

    @asynccontextmanager
    async def service(self) -> AsyncIterator[tuple[Service, Caller, Caller]]:
        """With a caller from an organisation, and one who is not signed in."""
        signing = Signing(KeyFile(self.keys / "log.key"), SignedFile(self.keys / "log.checkpoint"))
        opened = open_service(self.database, MASTER, HandClock(), start=threading.Thread, signing=signing)
        async with opened as service, connect(service) as http:
            yield service, Caller(http, self.token), Caller(http)

    @property
    def keys(self) -> Path:
        return self.folder / "keys"

    @property
    def memory(self) -> Path:
        return self.folder / "memory.json"

    async def apply(self, caller: Caller) -> tuple[int, dict[str, Any]]:
        answer = await caller.post("/v1/projects", application(self.organisation))
        return answer.status_code, answer.json()

    async def applied(self, caller: Caller) -> dict[str, Any]:
        """The receipt, as soon as the service has looked at the history again."""
        while True:
            status, answer = await self.apply(caller)
            if status == 201:
                return answer
            assert (status, answer["code"]) == (503, "history_refused"), answer
            await asyncio.sleep(0.05)

    async def command(self, *arguments: str) -> Result:
        environment = {"DATABASE_URL": self.database.login, "MINSHENG_DATA": str(self.folder), "COLUMNS": "240"}
        return await asyncio.to_thread(CliRunner().invoke, app, list(arguments), env=environment)

    async def restart(self) -> str:
        done = await self.command("log", "restart", "--reason", "示例：磁盘损坏。", "--yes")
        assert done.exit_code == 0, done.output
        return done.output


async def export(service: Service, folder: Path) -> Path:
    assert service.log_keys is not None
    await export_log(service.ledger, service.log, service.log_keys.read(), folder)
    return folder


@pytest.fixture
def backups(server: EmbeddedServer, database: Database) -> Iterator[Backups]:
    with backups_of(server, database) as found:
        yield found


@pytest.fixture
async def lost(database: Database, tmp_path: Path, backups: Backups, anyio_backend: str) -> Lost:
    """Three applications are lost, which strangers hold a checkpoint of."""
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "master.key").write_text(MASTER.keys.text)
    (tmp_path / "keys" / "master.key").chmod(0o600)
    async with open_signed_town(database, tmp_path / "keys") as town:
        await town.city.done("/v1/projects", application(town.city_id), {"Idempotency-Key": "kept"})
        found = Lost(database, tmp_path, backups, town.city.token or "", town.city_id, await signed(town))
        accepted("checkpoint", await export(town.service, tmp_path / "kept"), "--memory", tmp_path / "early.json")
    backups.take("older")
    async with found.service() as (service, city, _):
        for _ in range(3):
            await found.applied(city)
        assert service.signer is not None
        found.signed = (await service.signer.sign()).size
        accepted("checkpoint", await export(service, tmp_path / "whole"), "--memory", found.memory)
    backups.restore("older")
    return found


async def test_over_an_older_backup_everything_says_so(lost: Lost) -> None:
    async with lost.service() as (service, city, public):
        status, problem = await lost.apply(city)
        assert (status, problem["code"]) == (503, "history_refused")
        details = {"place": str(lost.kept), "position": lost.kept, "until": lost.kept, "signed": lost.signed}
        assert problem["details"] == details | {"cause": "history_shorter"}
        # A repeated request as well: its answer would be of a history that is not the signed one.
        again = {"Idempotency-Key": "kept"}
        body = application(lost.organisation)
        check_problem(await city.post("/v1/projects", body, again), 503, "history_refused")
        ready = await public.get("/readyz")
        assert (ready.status_code, ready.json()["status"]) == (503, "history_refused")
        assert ready.json()["history"]["position"] == lost.kept
        assert (await checkpoint_of(public)).size == lost.signed
        # What is kept is still served; what is lost is refused by name.
        check_problem(await public.get(f"/log/proof/{lost.kept}"), 503, "history_refused")
        check_problem(await public.get(f"/log/tile/entries/000.p/{lost.signed}"), 503, "history_refused")
        assert (await public.get(f"/log/tile/entries/000.p/{lost.kept}")).status_code == 200
        assert (await service.store.head()).size == lost.kept
        told = " ".join((await lost.command("doctor")).output.split())
        assert f"not what was signed, position {lost.kept}" in told and "minsheng log restart" in told


async def test_two_services_refuse_and_go_on_after_a_restart(lost: Lost) -> None:
    async with lost.service() as (_, city, public), lost.service() as (_, other, _):
        for caller in (city, other):
            assert (await lost.apply(caller))[1]["code"] == "history_refused"
        said = await lost.restart()
        assert f"Positions {lost.kept} to {lost.signed - 1} are lost; nothing before them changed" in said
        assert f"recorded at position {lost.kept}" in said
        receipts = [await lost.applied(caller) for caller in (city, other)]
        assert [receipt["position"] for receipt in receipts] == [lost.kept + 1, lost.kept + 2]
        while (await checkpoint_of(public)).size < lost.kept + 3:
            await asyncio.sleep(0.05)
        assert (await checkpoint_of(public)).origin == NEW
        (told,) = await public.read("/log/previous")
        assert (told["generation"], told["position"], told["fork"]) == (2, lost.kept, lost.kept)
        assert told["previous"].startswith(f"{ORIGIN}\n{lost.signed}\n")
        assert len((await public.get("/log/lost/2")).content) == 32 * (lost.signed - lost.kept)
        check_problem(await public.get("/log/lost/3"), 422, "log_path_invalid")
        assert [line.split("+")[0] for line in (await text(public, "/log/key")).splitlines()] == [NEW, ORIGIN]
        assert (await public.get("/readyz")).json()["history"] is None
    assert "nothing is wrong" in (await lost.command("log", "check")).output


async def restarted(lost: Lost) -> Path:
    """A copy of the log as it went on, with an event more."""
    await lost.restart()
    async with lost.service() as (service, city, _):
        await lost.applied(city)
        assert service.signer is not None
        await service.signer.sign()
        await service.log.newest(0)
        return await export(service, lost.folder / "new")


async def test_a_broken_off_restart_is_finished_later(lost: Lost) -> None:
    """Between its two steps nobody may take the position where the log is to say what happened."""
    keys, file = KeyFile(lost.keys / "log.key"), SignedFile(lost.keys / "log.checkpoint")
    async with await lost.database.connect_async(Role.SERVICE, autocommit=True) as connection:
        loss = await survey(connection, keys, file)
    assert loss is not None
    assert (loss.fork, loss.until, loss.is_exact) == (lost.kept, lost.kept, True)
    with closing(lost.database.connect(Role.OWNER, autocommit=True)) as owner:
        begin(owner, loss, file)
    async with lost.service() as (_, city, public):
        assert (await lost.apply(city))[1]["details"]["cause"] == "restart_unfinished"
        assert f"recorded at position {lost.kept}" in await lost.restart()
        assert (await lost.applied(city))["position"] == lost.kept + 1
        assert len(await public.read("/log/previous")) == 1


async def test_nothing_that_was_remembered_outlives_a_loss(lost: Lost) -> None:
    """Restored under a service that has seen what is lost, and has it in memory."""
    lost.backups.take("before")
    async with lost.service() as (service, city, public):
        await lost.restart()
        receipt = await lost.applied(city)
        stream = UUID(str(receipt["id"]))
        await service.store.streams([stream])
        assert (await city.post(f"/v1/projects/{stream}/withdrawal", {"reason": "示例"})).status_code == 201
        assert service.signer is not None
        size = (await service.signer.sign()).size
        path = f"/log/tile/entries/000.p/{size}"
        assert (await public.get(path)).status_code == 200
        assert service.ledger.cached(stream) is not None
        lost.backups.restore("before")
        assert (await lost.apply(city))[1]["code"] == "history_refused"
        assert service.ledger.cached(stream) is None
        check_problem(await public.get(path), 503, "history_refused")
        said = await lost.restart()
        assert f"{NEW}: {size} events were signed, there are {lost.kept}." in said
        assert f"The log goes on as {ORIGIN}/restart-3" in said
        assert (await lost.applied(city))["origin"] == f"{ORIGIN}/restart-3"


async def test_a_stranger_is_told_of_an_honest_loss(lost: Lost) -> None:
    new = await restarted(lost)
    said = accepted("checkpoint", new, "--memory", lost.memory)
    assert f"the log {ORIGIN} was restarted after a loss" in said.out
    assert f"entries {lost.kept} to {lost.signed - 1} are no longer vouched for" in said.out
    assert f"the first {lost.kept} entries are the same" in said.out
    # Who held an older checkpoint than the fork, who knows nothing, and each of the other questions.
    assert "restarted" in accepted("checkpoint", new, "--memory", lost.folder / "early.json").out
    assert "restarted" in accepted("all", new, "--memory", lost.folder / "none.json").out
    kept = lost.folder / "whole" / "checkpoint"
    told = accepted("consistency", kept, new, "--memory", lost.memory, "--json").json
    assert told["continues"]["kept"] == lost.kept
    assert "LogRestarted" in accepted("inclusion", new, lost.kept, "--memory", lost.memory).out
