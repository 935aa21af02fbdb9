"""Findings over HTTP and at the command line: who reads them, and by which clocks."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any

from tests.api.bodies import report
from tests.api.client import Town, check_problem
from tests.support import MASTER, open_folder

from ledger.core.history import FOLD_VERSION
from ledger.database import Database

VOID = {"kind": "void", "reason": "示例：误录。"}


async def codes(reader: Any, project: str, **query: Any) -> list[tuple[str, str]]:
    answer = await reader.read(f"{project}/findings", **query)
    return [(one["events"][0]["type"], one["code"]) for one in answer["findings"]]


async def version_of(town: Town, project: str, kind: str) -> int:
    events = await town.office.read(f"{project}/history")
    return max(int(event["version"]) for event in events if event["type"] == kind)


async def test_a_void_contract_leaves_findings_for_participants(town: Town) -> None:
    project = await town.published()
    town.clock.to(3, 1)
    reported = await town.local.done(f"{project}/milestones", report("start"))
    size = await town.size()
    contract = await version_of(town, project, "ContractSigned")
    await town.corrected(project, VOID | {"target": contract})
    expected = [("Published", "step_out_of_order"), ("MilestoneReported", "step_out_of_order")]
    for reader in (town.office, town.leaders, town.auditor, town.local, town.district, town.members[0], town.treasury):
        assert await codes(reader, project) == expected
    assert await codes(town.office, project, known_at=str(size - 1)) == []
    assert await codes(town.office, project, effective_on="2010-02-28") == expected[:1]
    answer = await town.office.read(f"{project}/findings")
    found = answer["findings"][1]
    assert found["events"] == [
        {"version": reported["version"], "position": reported["position"], "type": "MilestoneReported"}
    ]
    assert (found["zh"], found["en"]) == (
        "项目状态为 已公布，不能执行 报送进度。",
        'The status of the project is "Published"; you cannot report progress now.',
    )
    assert (answer["basis"]["known"], answer["basis"]["fold_version"]) == (await town.size() - 1, FOLD_VERSION)
    check_problem(await town.public.get(f"{project}/findings"), 401, "sign_in_needed")
    for stranger in (town.neighbour, town.elsewhere, town.association, town.jurors[0]):
        check_problem(await stranger.get(f"{project}/findings"), 403, "role_may_not")


async def test_findings_on_reviews_need_review_rights(town: Town) -> None:
    """The organisation may not learn that a review was void, by whatever way."""
    project = await town.published()
    reviewed = await version_of(town, project, "Reviewed")
    before = [await reader.get(f"{project}/findings") for reader in (town.local, town.district, town.members[0])]
    await town.corrected(project, VOID | {"target": reviewed})
    for reader in (town.office, town.leaders, town.auditor):
        assert await codes(reader, project) == [("Approved", "reviews_missing")]
    after = [await reader.get(f"{project}/findings") for reader in (town.local, town.district, town.members[0])]
    assert [one.json()["findings"] for one in after] == [one.json()["findings"] for one in before] == [[], [], []]


async def test_findings_reveal_no_unpublished_project(town: Town) -> None:
    hidden = await town.applied()
    check_problem(await town.public.get(f"{hidden}/findings"), 401, "sign_in_needed")
    for stranger in (town.neighbour, town.elsewhere):
        check_problem(await stranger.get(f"{hidden}/findings"), 404, "project_unknown")
    assert await codes(town.local, hidden) == []
    check_problem(await town.office.get(f"{hidden}/findings", known_at="0"), 404, "nothing_known_yet")
    check_problem(await town.office.get(f"{hidden}/findings", known_at="soon"), 422, "known_at_invalid")
    check_problem(await town.office.get(f"{hidden}/findings", effective_on="2010-02-30"), 422, "date_invalid")


async def test_findings_are_printed_at_the_machine_itself(town: Town, database: Database) -> None:
    project = await town.published()
    contract = await version_of(town, project, "ContractSigned")
    await town.corrected(project, VOID | {"target": contract})
    with open_folder() as folder:
        key = folder / "keys" / "master.key"
        key.parent.mkdir(mode=0o700)
        key.write_text(MASTER.keys.text)
        key.chmod(0o600)
        environment = os.environ | {"DATABASE_URL": database.login, "MINSHENG_DATA": str(folder)}

        async def run(*options: str) -> str:
            command = [str(Path(sys.executable).with_name("minsheng")), "project", "findings", project[-36:], *options]
            process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=PIPE)
            out, _ = await process.communicate()
            assert process.returncode == 0
            return out.decode()

        assert await run() == (
            f"{contract + 1} Published: step_out_of_order\n"
            "  项目状态为 已通过，不能执行 公布项目。\n"
            '  The status of the project is "Approved"; you cannot publish projects now.\n'
            "findings: 1\n"
        )
        assert json.loads(await run("--json")) == await town.office.read(f"{project}/findings")
        known = str(await town.size() - 2)
        assert await run("--known-at", known, "--effective-on", "2010-12-31") == "findings: 0\n"
