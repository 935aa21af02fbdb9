"""360Giving: imported grants are exported unchanged, together with those awarded here."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.api.client import Town
from tests.api.files.imports.grants import row, run
from tests.api.open_data.standards import GRANTS, grants_validator, needs
from tests.api.routes.test_audit_money import bought
from tests.api.routes.test_organisations import USCI

PATH = "/360giving.json"


async def read(town: Town, **query: Any) -> dict[str, Any]:
    answer = await town.public.get(PATH, **query)
    assert answer.status_code == 200, answer.text
    return dict(json.loads(answer.text, parse_float=Decimal))


async def imported(town: Town, folder: Path, rows: list[dict[str, Any]]) -> int:
    path = folder / "grants.json"
    path.write_text(json.dumps({"grants": rows}), "utf-8")
    result = await run(town.service.ledger, path)
    assert result.bad == 0
    return await town.followed()


def check_valid(package: dict[str, Any]) -> None:
    grants = package["grants"]
    # To compare each grant with each other takes the library too long: that they differ follows from their ids.
    assert len({one["id"] for one in grants}) == len(grants)
    for start in range(0, len(grants), 50):
        part = package | {"grants": grants[start : start + 50]}
        errors = [f"{error.json_path}: {error.message}"[:300] for error in grants_validator().iter_errors(part)]
        assert not errors, "\n".join(errors)


def essence(grant: dict[str, Any]) -> tuple[Any, ...]:
    """Texts without the spaces around them, and identifiers without any, as the importer takes them."""
    [recipient], [funder] = grant["recipientOrganization"], grant["fundingOrganization"]
    planned = grant.get("plannedDates") or [{}]
    return (
        grant["id"],
        grant["title"].strip(),
        grant.get("description", grant["title"]).strip(),
        Decimal(grant["amountAwarded"]),
        grant["currency"],
        grant["awardDate"][:10],
        tuple(str(planned[0].get(day))[:10] for day in ("startDate", "endDate")),
        (recipient["id"].replace(" ", ""), recipient["name"].strip()),
        (funder["id"], funder["name"].strip()),
        [one["title"] for one in grant.get("grantProgramme", [])],
    )


@needs(GRANTS)
async def test_a_real_file_round_trips(town: Town, tmp_path: Path) -> None:
    result = await run(town.service.ledger, GRANTS)
    await town.followed()
    package = await read(town)
    check_valid(package)
    there = json.loads(GRANTS.read_text("utf-8"), parse_float=Decimal)["grants"]
    assert len(package["grants"]) == len(there) - result.bad
    said = {one["id"]: essence(one) for one in package["grants"]}
    assert [said[grant["id"]] for grant in there] == [essence(grant) for grant in there]
    path = tmp_path / "again.json"
    path.write_bytes((await town.public.get(PATH)).content)
    again = await run(town.service.ledger, path)
    # What the standard requires and the funder left out, we say, and the importer takes us at our word.
    without = sum("description" not in grant for grant in there)
    assert (again.new, again.bad, again.restated, again.unchanged) == (0, 0, without, len(there) - without)


@needs(GRANTS)
async def test_only_publicly_funded_projects_are_grants(town: Town, tmp_path: Path) -> None:
    await town.approved(town.city, title="示例：未公布的项目")
    project = await bought(town)
    await town.office.done(f"/v1/organisations/{town.local_id}/identifiers", {"identifier": USCI})
    await imported(town, tmp_path, [row(), row("360G-2", amountAwarded=7)])
    package = await read(town)
    check_valid(package)
    by_id = {one["id"]: one for one in package["grants"]}
    assert len(by_id) == 3
    own = by_id[f"360G-unregistered-{project.rsplit('/', 1)[1]}"]
    assert (own["amountAwarded"], own["currency"]) == (Decimal("30000.00"), "CNY")
    assert own["recipientOrganization"][0]["id"] == f"CN-USCI-{USCI['id']}"
    # What was bought is a contract for a service, and so is what was paid under it.
    assert "amountDisbursed" not in own
    assert "未公布" not in json.dumps(package, ensure_ascii=False, default=str)


async def test_amounts_come_out_with_the_digits_they_have(town: Town, tmp_path: Path) -> None:
    path = tmp_path / "grants.json"
    text = json.dumps({"grants": [row("360G-1", amountAwarded=1.5)]})
    path.write_text(text.replace("1.5", "999999999999999.9999"))
    assert (await run(town.service.ledger, path)).new == 1
    await town.followed()
    assert '"amountAwarded":999999999999999.9999,' in (await town.public.get(PATH)).text


@needs(GRANTS)
async def test_what_the_funder_left_out_is_made_good_visibly(town: Town, tmp_path: Path) -> None:
    unnamed = [{"name": "A charity without a number"}]
    await imported(town, tmp_path, [row(description=None, recipientOrganization=unnamed)])
    package = await read(town)
    check_valid(package)
    [grant] = package["grants"]
    assert (grant["description"], grant["recipientOrganization"][0]["id"]) == ("A kitchen", "360G-1-recipient")


async def test_an_earlier_position_keeps_the_first_statement(town: Town, tmp_path: Path) -> None:
    known = await imported(town, tmp_path, [row()])
    before = await town.public.get(PATH, known_at=known)
    await imported(town, tmp_path, [row(amountAwarded=99)])
    assert (await town.public.get(PATH, known_at=known)).content == before.content
    assert before.headers["ledger-position"] == str(known)
    assert before.json()["identifier"].endswith(f"known_at={known}")
    assert [one["amountAwarded"] for one in (await read(town))["grants"]] == [99]
