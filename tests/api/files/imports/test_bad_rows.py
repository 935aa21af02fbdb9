"""Bad rows go to the report with place and reason, the good ones into the ledger."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.api.files.imports.grants import Write, grants, row, run
from tests.support import open_ledger

from api.files.imports.threesixtygiving import import_file
from ledger.database import Database
from ledger.refusals.general import FileRefused

NUL, HALF_PAIR = "\0", "\ud800"
TWO = [{"id": "GB-CHC-1", "name": "One"}, {"id": "GB-CHC-2", "name": "Two"}]


@pytest.mark.parametrize(
    ("bad", "place", "reason"),
    [
        (17, "grants[1]", "a grant is an object"),
        (row("", title="x"), "grants[1]", "id: it is missing"),
        (row("b", title=" "), "grants[1] (b)", "title: it is missing"),
        (row("b", title=7), "grants[1] (b)", "title: it is no text"),
        (row("b", title=f"a{NUL}b"), "grants[1] (b)", "title: text holds a control character"),
        (row("b", description=HALF_PAIR), "grants[1] (b)", "description: text holds a control character or half"),
        (row(f"b{NUL}"), "grants[1] (b?)", "id: text holds a control character"),
        (row("b" * 201), "grants[1] (", "id: String should have at most 200 characters"),
        (row("b", currency="pounds"), "grants[1] (b)", "currency: "),
        (row("b", currency=None), "grants[1] (b)", "currency: "),
        (row("b", amountAwarded=None), "grants[1] (b)", "amountAwarded: it is no number"),
        (row("b", amountAwarded="1500"), "grants[1] (b)", "amountAwarded: it is no number"),
        (row("b", amountAwarded=True), "grants[1] (b)", "amountAwarded: it is no number"),
        (row("b", amountAwarded=-1), "grants[1] (b)", "amountAwarded: it is negative"),
        (row("b", amountAwarded=0.00001), "grants[1] (b)", "amountAwarded: it has more than"),
        (row("b", amountAwarded=10**15), "grants[1] (b)", "amountAwarded: it has more than 15 digits"),
        (row("b", awardDate=None), "grants[1] (b)", "awardDate: it is missing"),
        (row("b", awardDate="10/06/2015"), "grants[1] (b)", "awardDate: it is no date"),
        (row("b", awardDate="2015"), "grants[1] (b)", "awardDate: it is no date"),
        (row("b", awardDate="2015-02-30"), "grants[1] (b)", "awardDate: there is no such day"),
        (row("b", awardDate="2015-02-28T25:00:00Z"), "grants[1] (b)", "awardDate: there is no such day or time"),
        (row("b", awardDate="0015-06-10"), "grants[1] (b)", "awardDate: a date lies between"),
        (row("b", fundingOrganization=[]), "grants[1] (b)", "fundingOrganization: it is missing"),
        (row("b", fundingOrganization=[{"name": "x"}]), "grants[1] (b)", "fundingOrganization.id: it is missing"),
        (row("b", fundingOrganization=TWO), "grants[1] (b)", "fundingOrganization: there are 2"),
        (row("b", recipientOrganization=None), "grants[1] (b)", "recipientOrganization: it is missing"),
        (row("b", recipientOrganization=TWO), "grants[1] (b)", "recipientOrganization: there are 2"),
        (row("b", recipientOrganization=["x"]), "grants[1] (b)", "recipientOrganization: it is no object"),
        (
            row("b", recipientOrganization=[{"id": "CN-ORGCODE-123456789", "name": "x"}]),
            "grants[1] (b)",
            "recipientOrganization.id: 123456789 is no valid CN-ORGCODE",
        ),
        (row("b", recipientIndividual={"name": "Ann"}), "grants[1] (b)", "recipientIndividual: grants to individuals"),
        (row("a", title="Other"), "grants[1] (a)", "the same file states this grant before, with other content"),
    ],
)
async def test_bad_rows_are_located_while_good_ones_land(
    database: Database, write: Write, tmp_path: Path, bad: Any, place: str, reason: str
) -> None:
    report = tmp_path / "bad.jsonl"
    async with open_ledger(database) as ledger:
        result = await run(ledger, write([row("a"), bad, row("c")]), report)
        assert [fact.grant for fact in await grants(ledger)] == ["a", "c"]
    (line,) = report.read_text("utf-8").splitlines()
    reported = json.loads(line)
    assert reported["place"].startswith(place)
    assert reported["reason"].startswith(reason)
    assert "Ann" not in line
    assert (result.new, result.bad, result.left_out) == (2, 1, 0)
    amount = bad.get("amountAwarded") if isinstance(bad, dict) else None
    told = type(amount) is int and 0 <= amount < 10**15 and bad.get("currency") == "GBP"
    assert (dict(result.refused), result.unreadable) == (({"GBP": amount}, 0) if told else ({}, 1))
    assert [(found.place, found.reason) for found in result.first_bad] == [(reported["place"], reported["reason"])]


PLANNED: list[tuple[Any, str]] = [
    ([{"startDate": "2020-06-01", "endDate": "2019-06-01"}], "plannedDates: a period ends on or after"),
    ([{"startDate": "2015-13-01", "endDate": "2016-01-01"}], "plannedDates.startDate: there is no such day"),
    ([{"startDate": "01/05/2020", "endDate": "01/06/2020"}], "plannedDates.startDate: it is no date"),
    ({"startDate": "2015"}, "plannedDates: it is no array"),
]


@pytest.mark.parametrize(("planned", "reason"), PLANNED)
async def test_wrong_planned_dates_cost_no_money(
    database: Database, write: Write, tmp_path: Path, planned: Any, reason: str
) -> None:
    report = tmp_path / "bad.jsonl"
    async with open_ledger(database) as ledger:
        result = await run(ledger, write([row("a", plannedDates=planned)]), report)
        [grant] = await grants(ledger)
    assert (str(grant.amount.amount), grant.planned) == ("1500", None)
    assert (result.new, result.bad, result.left_out, dict(result.refused)) == (1, 0, 1, {})
    reported = json.loads(report.read_text("utf-8"))
    assert reported["place"] == "grants[0] (a)"
    assert reported["reason"].startswith(f"kept without {reason}")


async def test_other_optional_fields_cost_no_money(database: Database, write: Write) -> None:
    rows = [row("a", grantProgramme={"title": "A"}), row("b", recipientIndividual={})]
    async with open_ledger(database) as ledger:
        result = await run(ledger, write(rows))
        assert [grant.grant_programme for grant in await grants(ledger)] == [None, None]
    assert (result.new, result.bad, result.left_out) == (2, 0, 1)
    assert result.first_bad[0].reason == "kept without grantProgramme: it is no array of objects"


@pytest.mark.parametrize("currency", ["gbp", "GBP ", "GBP"])
async def test_a_currency_in_another_spelling_is_kept(database: Database, write: Write, currency: str) -> None:
    async with open_ledger(database) as ledger:
        await run(ledger, write([row(currency=currency)]))
        assert [grant.amount.currency for grant in await grants(ledger)] == ["GBP"]


async def test_all_money_of_a_file_is_kept_or_counted(database: Database, write: Write) -> None:
    rows = [
        row("a", amountAwarded=100),
        row("b", amountAwarded=20, title=" "),
        row("c", amountAwarded=3, currency="eur", awardDate="05/06/2014"),
        row("d", amountAwarded=0.4, recipientOrganization=TWO),
        row("a", amountAwarded=7),
        row("e", amountAwarded="1000"),
        "no row",
    ]
    async with open_ledger(database) as ledger:
        result = await run(ledger, write(rows))
        kept = sum(grant.amount.amount for grant in await grants(ledger))
    assert (kept, result.new, result.bad, result.unreadable) == (100, 1, 6, 2)
    assert {unit: str(amount) for unit, amount in result.refused.items()} == {"GBP": "27.4", "EUR": "3"}


async def test_the_report_cannot_overwrite_the_file_or_go_nowhere(database: Database, write: Write) -> None:
    path = write([row()])
    async with open_ledger(database) as ledger:
        with pytest.raises(FileRefused, match="would overwrite"):
            await run(ledger, path, path)
        with pytest.raises(FileRefused, match="No such file"):
            await run(ledger, path, path.parent / "none" / "bad.jsonl")
        assert (await run(ledger, path)).new == 1


async def test_bad_rows_are_reported_during_the_import(database: Database, write: Write, tmp_path: Path) -> None:
    report = tmp_path / "bad.jsonl"
    seen: list[int] = []
    rows = [row("a", amountAwarded=-1), *(row(f"360G-{number}") for number in range(2_000))]
    async with open_ledger(database) as ledger:
        path = write(rows)
        result = await import_file(
            ledger, path, report, lambda done, total, settled: seen.append(len(report.read_text().splitlines()))
        )
    assert result.bad == 1
    assert set(seen) == {1}
