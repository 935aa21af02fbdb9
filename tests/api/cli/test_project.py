"""The commands `minsheng project show`, `history`, `diff`, as an auditor at the machine types them."""

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import nullcontext, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from tests.api.bodies import report
from tests.api.client import Town
from tests.support import MASTER, open_folder

from api.cli import project as project_command
from api.cli.main import main
from ledger import stopping
from ledger.database import Database


@pytest.fixture
def folder(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The data folder that the settings name, with the key of the town."""
    with open_folder() as folder:
        key = folder / "keys" / "master.key"
        key.parent.mkdir(mode=0o700)
        key.write_text(MASTER.keys.text)
        key.chmod(0o600)
        monkeypatch.setenv("DATABASE_URL", database.login)
        monkeypatch.setenv("MINSHENG_DATA", str(folder))
        monkeypatch.setattr(project_command.console, "width", 200)
        # The process's signals are not for a thread, and not for the tests' own process.
        monkeypatch.setattr(stopping, "handled", nullcontext)
        yield folder


async def typed(*words: str) -> tuple[int, str, str]:
    """Exit code, output and errors. On a thread of its own, since the command brings a loop of its own."""
    return await asyncio.to_thread(_run, ["minsheng", "project", *words])


def _run(words: list[str]) -> tuple[int, str, str]:
    before, sys.argv = sys.argv, words
    code = 0
    try:
        with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as errors:
            try:
                main()
            except SystemExit as end:
                code = int(end.code or 0)
    finally:
        sys.argv = before
    return code, out.getvalue(), errors.getvalue()


async def corrected(town: Town) -> tuple[str, int, int]:
    """A project's path, the position of a report in March, and that of its restatement in May."""
    project = await town.published()
    town.clock.to(3, 15)
    start = await town.district.done(f"{project}/milestones", report("start"))
    town.clock.to(5, 10)
    body = {"kind": "restate", "target": start["version"], "reason": "误填。", "changes": {"people_served": 70}}
    restated = await town.corrected(project, body | {"effective_on": "2010-03-10"})
    return project, start["position"], restated["position"]


async def test_the_command_writes_the_bytes_that_http_answers(old_town: Town, folder: Path) -> None:
    project, start, restated = await corrected(old_town)
    name = project.rsplit("/", 1)[1]
    for words, path, query in (
        (["show", name, "--known-at", str(start), "--effective-on", "2010-03-14"], "state",
         {"known_at": str(start), "effective_on": "2010-03-14"}),
        (["history", name, "--axis", "effective"], "history", {"axis": "effective"}),
        (["diff", name, "--from", str(start), "--to", str(restated), "--corrections-only"], "diff",
         {"from": str(start), "to": str(restated), "corrections_only": "true"}),
    ):  # fmt: skip
        code, out, errors = await typed(*words, "--json")
        assert (code, errors) == (0, "")
        answer = json.loads((await old_town.office.get(f"{project}/{path}", **query)).content)
        assert out.rstrip("\n").encode() == (await old_town.office.get(f"{project}/{path}", **query)).content
        assert json.loads(out) == answer


async def test_tables_are_for_the_eye(old_town: Town, folder: Path) -> None:
    project, start, restated = await corrected(old_town)
    name = project.rsplit("/", 1)[1]
    code, out, _ = await typed("show", name, "--known-at", str(start))
    assert code == 0
    assert f"{name}: in_delivery" in out and "为独居老人送午餐" in out
    assert f"as known at position {start}, on any day; fold version" in out
    code, out, _ = await typed("history", name, "--known-at", str(restated))
    assert code == 0
    assert "restated by" in out and "MilestoneReported" in out and "2010-03-15 09:00:00+08:00" in out
    code, out, _ = await typed("diff", name, "--from", str(start))
    assert code == 0
    assert "/fact/people_served" in out and "90" in out and "70" in out
    assert f"position {restated}: Restated of version" in out
    code, out, _ = await typed("diff", name, "--from", str(start), "--to", str(start))
    assert (code, out.startswith("nothing changed")) == (0, True)


async def test_wrong_times_and_usage_have_exit_codes(old_town: Town, folder: Path) -> None:
    project, start, restated = await corrected(old_town)
    name = project.rsplit("/", 1)[1]
    for words, said in (
        (["show", name, "--known-at", "2010-02-30"], "known_at_invalid: --known-at is a date"),
        (["show", name, "--effective-on", "2010-02-30"], "The nearest is 2010-02-28."),
        (["history", name, "--known-at", "20100301"], "position_unknown"),
        (["diff", name, "--from", str(restated), "--to", str(start)], f"from={start}&to={restated}"),
        (["show", "00000000-0000-4000-8000-000000000000"], "project_unknown"),
    ):
        code, out, errors = await typed(*words)
        assert (code, out) == (1, ""), words
        assert errors.startswith("minsheng: ") and said in errors
    for words in (["show"], ["show", "x"], ["diff", name], ["history", name, "--axis", "sideways"], ["shew", name]):
        assert (await typed(*words))[0] == 2, words


@pytest.mark.parametrize("command", ["show", "history", "diff"])
async def test_help_gives_an_example(folder: Path, command: str) -> None:
    code, out, _ = await typed(command, "--help")
    assert code == 0 and f"minsheng project {command} ID" in out
