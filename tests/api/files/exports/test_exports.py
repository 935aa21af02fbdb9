"""The registry over HTTP: what everybody may see, with the figures of its position."""

import csv
import json
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any
from zipfile import ZipFile

from tests.api.client import Caller, Town, check_problem
from tests.api.routes.test_audit_money import MONEY, bought

REGISTRY = "/exports/registry.zip"


async def files(who: Caller, **query: Any) -> dict[str, str]:
    answer = await who.get(REGISTRY, **query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/zip"
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert int(answer.headers["ledger-position"]) >= -1
    with ZipFile(BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text, newline="")))


async def test_sums_and_projects_equal_money_and_listing(town: Town) -> None:
    await town.approved(town.city)
    await bought(town)
    known = await town.followed()
    for query in ({}, {"known_at": known}, {"known_at": known - 1}):
        found = await files(town.public, **query)
        [group] = (await town.public.read(MONEY, **query))["groups"]
        figures = {one["stage"]: Decimal(one["amount"]["amount"]) for one in group["figures"]}
        added = dict.fromkeys(figures, Decimal(0))
        for row in rows(found["money.csv"]):
            added[row["stage"]] += Decimal(row["amount"])
        assert added == figures
        manifest = json.loads(found["manifest.json"])
        assert manifest["basis"]["known"] == query.get("known_at", known)
        listed = await town.public.read("/v1/projects", **query)
        assert [row["project"] for row in rows(found["projects.csv"])] == [one["id"] for one in listed["projects"]]
        assert sum(manifest["projects_by_status"].values()) == listed["total"] == 1


async def test_every_reader_gets_the_public_export(town: Town) -> None:
    await town.approved(town.city, title="示例：未公布的项目")
    known = await town.followed()
    answers = {(await reader.get(REGISTRY, known_at=known)).content for reader in (town.public, town.office, town.city)}
    assert len(answers) == 1
    assert "未公布" not in "".join((await files(town.auditor)).values())


async def test_a_position_always_gives_the_same_bytes(town: Town) -> None:
    project = await bought(town)
    known = await town.followed()
    first = (await town.public.get(REGISTRY, known_at=known)).content
    await town.office.done(f"{project}/suspension", {"reason": "示例。"})
    await town.followed()
    assert (await town.public.get(REGISTRY, known_at=known)).content == first
    assert (await town.public.get(REGISTRY)).content != first


async def test_a_position_that_is_not_there_is_refused(town: Town) -> None:
    check_problem(await town.public.get(REGISTRY, known_at="99999"), 404, "position_unknown")
    check_problem(await town.public.get(REGISTRY, known_at="yesterday"), 422, "known_at_invalid")
