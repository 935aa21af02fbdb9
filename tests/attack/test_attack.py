"""The attacks of all sections, against one service and against two on the same database; and what a finding does."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random

import pytest
from tests.api.client import Town, open_town
from tests.attack import __main__ as command
from tests.attack.frame import Attack, Target, all_attacks, run_attacks
from tests.attack.observer import p_value
from tests.attack.services import aimed_at, started
from typer import Typer
from typer.testing import CliRunner

from ledger.database import Database


@pytest.fixture
async def town(database: Database, anyio_backend: str) -> AsyncIterator[Town]:
    async with open_town(database) as opened:
        yield opened


@pytest.mark.parametrize("services", [1, 2])
async def test_services_hold_against_all_attacks(database: Database, services: int) -> None:
    async with started(database, services) as target:
        results = await run_attacks(target, all_attacks())
    assert len(results) > 10
    assert [(one.attack.name, one.finding or one.skipped) for one in results if one.finding or one.skipped] == []


async def test_findings_and_services_that_are_gone_are_reported(town: Town) -> None:
    async def finds(target: Target) -> str | None:
        return "found"

    async def holds(target: Target) -> str | None:
        return None

    async def lacks(target: Target) -> str | None:
        return str(target.own.files)

    attacks = [Attack(1, finds), Attack(1, holds), Attack(1, lacks)]
    found = await run_attacks(Target([town.public.http], {}), attacks)
    assert [one.finding for one in found] == ["found", None, None]
    assert [one.skipped is None for one in found] == [True, True, False]
    async with aimed_at(["http://127.0.0.1:9"], {}) as nothing:
        (gone,) = await run_attacks(nothing, [Attack(1, holds)])
    assert gone.finding is not None


def test_command_reports_an_unreachable_service(tmp_path: Path) -> None:
    tokens = tmp_path / "tokens.json"
    tokens.write_text(json.dumps({"organisation": "x", "auditor": "x", "committee": "x"}))
    app = Typer()
    app.command()(command.main)
    answer = CliRunner().invoke(app, ["--url", "http://127.0.0.1:9", "--tokens", str(tokens), "--section", "1"])
    assert answer.exit_code == 1
    assert "no answer" in answer.output
    assert CliRunner().invoke(app, ["--url", "http://127.0.0.1:9"]).exit_code == 2


def test_only_fields_that_leak_are_found() -> None:
    random = Random(1)
    labels = [random.choice("abc") for _ in range(60)]
    noise = [(random.choice("0123"), "same") for _ in labels]
    assert p_value(noise, labels, random) > 0.01
    weak = [(*row, label if random.random() < 0.5 else "?") for row, label in zip(noise, labels, strict=True)]
    assert p_value(weak, labels, random) < 0.01
