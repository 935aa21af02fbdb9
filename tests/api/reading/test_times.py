"""Wrong dates, instants, positions and bases, at every operation that takes them: a coded refusal that names the
nearest that can be asked for, which is then answered."""

import threading
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

import pytest
from tests.api.bodies import PROGRAMME
from tests.api.client import Town, check_problem, connect
from tests.support import MASTER, HandClock

from api.reading.times import meant_by
from api.service import open_service
from ledger.core.history import FOLD_VERSION
from ledger.database import Database

BACK = "bases_reversed"
# Nobody signs in this town, so there is no archive.
UNSIGNED = "log_not_signed"
KNOWN, DAYS = {"known_at", "from", "to"}, {"effective_on", "on", "from_effective_on", "to_effective_on"}
# Where `from` and `to` are days.
OF_A_PERIOD = ("/statistics", "/briefing", "/briefing.pdf", "/credit", "/credit/changes")

# It is 1 March 2010 in the ledger, which began on 1 February; the day or instant that each is taken for.
WRONG_KNOWN = {
    # Other ways of writing, and days that are not there.
    "20100215": ("position_unknown", "2010-02-15"),
    "20100301": ("position_unknown", "2010-03-01"),
    "2010-02-30": ("known_at_invalid", "2010-02-28"),
    "2010-2-3": ("known_at_invalid", "2010-02-03"),
    "2010/02/03": ("known_at_invalid", "2010-02-03"),
    "2010-02": ("known_at_invalid", "2010-02-28"),
    "2010年2月3日": ("known_at_invalid", "2010-02-03"),
    "２０１０-０２-０３": ("known_at_invalid", "2010-02-03"),
    "2010-W06": ("known_at_invalid", "2010-02-14"),
    "2010-W05-1": ("known_at_invalid", "2010-02-01"),
    "2010-060": ("known_at_invalid", "2010-03-01"),
    "民国99年2月3日": ("known_at_invalid", "2010-02-03"),
    "民国99年": ("known_at_invalid", "2010-03-01"),
    "2010-02-03T10:00": ("known_at_invalid", "2010-02-03T02:00:00.000000Z"),
    "2010-02-03T10:00:00 08:00": ("known_at_invalid", "2010-02-03T02:00:00.000000Z"),
    "2010-02-03 10:00:00Z": ("known_at_invalid", "2010-02-03T10:00:00.000000Z"),
    "20100203T100000Z": ("known_at_invalid", "2010-02-03T10:00:00.000000Z"),
    "2010-02-03T23:59:60Z": ("known_at_invalid", "2010-02-03T23:59:59.000000Z"),
    "2010-02-03T10:00+99:00": ("known_at_invalid", "2010-02-02T20:00:00.000000Z"),
    # Before and after.
    "2010-01-31": ("nothing_known_yet", "2010-02-01"),
    "1431-03-15": ("nothing_known_yet", "2010-02-01"),
    "0001-01-01": ("nothing_known_yet", "2010-02-01"),
    "2010-01-31T10:00:00Z": ("nothing_known_yet", None),
    "2010-03-02": ("known_in_future", "2010-03-01"),
    "9999-12-31": ("known_in_future", "2010-03-01"),
    "2010-03-01T01:00:01Z": ("known_in_future", "2010-03-01T01:00:00.000000Z"),
    "9999-12-31T23:59:59.999999Z": ("known_in_future", "2010-03-01T01:00:00.000000Z"),
    # No time at all.
    "9999-12-31T23:59:59-14:00": ("known_at_invalid", "2010-03-01"),
    "99999999": ("position_unknown", None),
    "9" * 30: ("known_at_invalid", "2010-03-01"),
    "-1": ("known_at_invalid", "2010-03-01"),
    "१७": ("known_at_invalid", "2010-03-01"),
    "yesterday": ("known_at_invalid", "2010-03-01"),
    "": ("known_at_invalid", "2010-03-01"),
}
WRONG_DAY = {
    "20100301": "2010-03-01",
    "2010-02-30": "2010-02-28",
    "2010-W06": "2010-02-14",
    "2010-060": "2010-03-01",
    "民国99年3月1日": "2010-03-01",
    "2010-03-01T00:00:00": "2010-03-01",
    "1431-03-15": "1900-01-01",
    "1899-12-31": "1900-01-01",
    "9999-12-31": "2199-12-31",
    "0": None,
    "86400": None,
    "": None,
}


async def asked(town: Town, document: dict[str, Any], project: str) -> list[tuple[str, str, dict[str, Any]]]:
    """Each argument that takes a time, of each reading: the address, the argument, what else is asked for."""
    first = (await town.office.read(f"{project}/history"))[0]["position"]
    filled = {
        "project_id": project.rsplit("/", 1)[1],
        "organisation_id": str(town.local_id),
        "programme": PROGRAMME,
        "honour": "top-ten",
        "version": "1",
        "table": "projects",
    }
    found = []
    for path, methods in document["paths"].items():
        for one in methods.get("get", {}).get("parameters", []):
            name = one["name"]
            if one["in"] == "query" and name in KNOWN | DAYS:
                others = {"honour": "top-ten"} if path.endswith("/nominations") else {}
                others |= {"from": str(first)} if path.endswith("/diff") and name != "from" else {}
                others |= {"from_effective_on": "1900-01-01"} if name == "to_effective_on" else {}
                found.append((path.format(**filled), name, others))
    return found


def wrong(name: str, path: str) -> Iterator[tuple[str, str, str | None]]:
    if name in DAYS or (name in ("from", "to") and path.endswith(OF_A_PERIOD)):
        yield from ((given, "date_invalid", nearest) for given, nearest in WRONG_DAY.items())
    else:
        yield from ((given, code, nearest) for given, (code, nearest) in WRONG_KNOWN.items())


async def test_every_wrong_time_is_refused_with_the_nearest(old_town: Town, subtests: pytest.Subtests) -> None:
    project = await old_town.published()
    old_town.clock.to(3, 1)
    document = await old_town.office.read("/openapi.json")
    questions = await asked(old_town, document, project)
    assert len(questions) > 25
    for path, name, others in questions:
        answered: set[str] = set()
        for given, code, nearest in wrong(name, path):
            with subtests.test(path=path, name=name, given=given):
                answer = await old_town.office.get(path, **others, **{name: given})
                check_problem(answer, 404 if code in ("position_unknown", "nothing_known_yet") else 422, code)
                named = str(answer.json()["details"]["nearest"])
                assert nearest is None or named == nearest
                if named in answered:
                    continue
                answered.add(named)
                again = await old_town.office.get(path, **others, **{name: named})
                if name == "on" and again.status_code == 404 and again.json()["code"] != UNSIGNED:
                    # An organisation cannot be shown as of a day on which there was none.
                    check_problem(again, 404, "nothing_in_force_yet")
                    named = again.json()["details"]["nearest"]
                    again = await old_town.office.get(path, **others, **{name: named})
                refused = again.status_code != 200 and again.json()["code"]
                assert refused in (False, "frame_unknown", "certificate_unknown", UNSIGNED)


async def test_a_project_not_yet_known_names_its_first_position(old_town: Town) -> None:
    await old_town.applied()
    before = await old_town.size() - 1
    old_town.clock.to(2, 8)
    project = await old_town.applied()
    for path in ("state", "history", "money", "due", "public-reports"):
        for given, nearest in ((str(before), str(before + 1)), ("2010-02-07", "2010-02-08")):
            answer = await old_town.local.get(f"{project}/{path}", known_at=given)
            check_problem(answer, 404, "nothing_known_yet")
            assert str(answer.json()["details"]["nearest"]) == nearest
            assert (await old_town.local.get(f"{project}/{path}", known_at=nearest)).status_code == 200
    # A reader who may not know of it learns nothing by asking for an earlier time.
    check_problem(await old_town.public.get(f"{project}/state", known_at=before), 404, "project_unknown")


async def test_a_day_before_all_facts_is_handled(old_town: Town) -> None:
    project = await old_town.published()
    answer = await old_town.public.read(f"{project}/state", effective_on="2009-12-31")
    assert (answer["status"], answer["state"]["form"]) == ("unknown", None)
    organisation = f"/v1/organisations/{old_town.local_id}"
    refused = await old_town.public.get(organisation, on="2009-12-31")
    check_problem(refused, 404, "nothing_in_force_yet")
    assert (await old_town.public.get(organisation, on=refused.json()["details"]["nearest"])).status_code == 200


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ({"from": "9", "to": "7"}, BACK),
        ({"from": "9", "to": "2010-02-01T01:00:00Z", "from_effective_on": "2010-03-01"}, BACK),
        ({"from": "7", "from_effective_on": "2010-03-01", "to_effective_on": "2010-02-28"}, BACK),
        # No day is later than every day.
        ({"from": "7", "to_effective_on": "2010-02-28"}, BACK),
        (
            {"from": "9", "to": "7", "from_effective_on": "2010-03-01", "to_effective_on": "2010-02-28"},
            "bases_reversed",
        ),
        ({"from": "7", "from_effective_on": "2010-02-28", "corrections_only": "true"}, "effective_days_differ"),
    ],
)
async def test_reversed_bases_are_refused(old_town: Town, question: dict[str, str], code: str) -> None:
    project = await old_town.published()
    first = (await old_town.office.read(f"{project}/history"))[0]["position"]
    old_town.clock.forward(seconds=1)
    placed = {"7": str(first), "9": str(first + 2)}
    given = {name: placed.get(value, value) for name, value in question.items()}
    if given.get("to", "").endswith("Z"):
        given |= {"from": str(await old_town.size() - 1), "to": str(first)}
    refused = await old_town.office.get(f"{project}/diff", **given)
    check_problem(refused, 422, code)
    kept = {name: given[name] for name in ("corrections_only",) if name in given}
    named = dict(parse_qsl(refused.json()["details"]["nearest"]))
    answer = await old_town.office.read(f"{project}/diff", **kept, **named)
    assert {str(answer[base]["known"]) for base in ("from", "to")} <= {named["from"], named["to"]}


async def test_only_the_present_way_of_folding_is_there(old_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    project = await old_town.published()
    head = await old_town.size() - 1
    questions: list[tuple[str, dict[str, Any]]] = [("state", {}), ("diff", {"from": head})]
    for path, others in questions:
        address = f"{project}/{path}"
        answer = await old_town.public.read(address, **others, fold_version=FOLD_VERSION)
        assert answer == await old_town.public.read(address, **others)
        for unknown in (FOLD_VERSION + 1, 0, -1, 10**30):
            check_problem(
                await old_town.public.get(address, **others, fold_version=unknown), 404, "fold_version_unknown"
            )
    monkeypatch.setattr("api.reading.visible.FOLD_VERSION", FOLD_VERSION + 2)
    for path, others in questions:
        for gone in (FOLD_VERSION, FOLD_VERSION + 1):
            answer = await old_town.public.get(f"{project}/{path}", **others, fold_version=gone)
            check_problem(answer, 410, "fold_version_gone")
            assert answer.json()["details"]["nearest"] == FOLD_VERSION + 2


async def test_an_empty_ledger_has_no_time_to_ask_for(database: Database) -> None:
    async with open_service(database, MASTER, HandClock(), start=threading.Thread) as service, connect(service) as http:
        for given in ("0", "2010-02-01", "yesterday"):
            for path in ("/v1/projects", "/v1/organisations", "/v1/programmes"):
                assert (await http.get(path)).status_code == 200
                check_problem(await http.get(path, params={"known_at": given}), 404, "ledger_empty")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2009-W53-7", date(2010, 1, 3)),
        ("2010-W53", date(2011, 1, 2)),
        ("2012-366", date(2012, 12, 31)),
        ("2010-366", date(2010, 12, 31)),
        ("2010-000", date(2010, 1, 1)),
        ("2012-02-30", date(2012, 2, 29)),
        ("2010-13-01", date(2010, 12, 1)),
        ("2010-00-00", date(2010, 1, 1)),
        ("民國元年", date(1912, 12, 31)),
        ("2010.3.1", date(2010, 3, 1)),
        ("2010年", date(2010, 12, 31)),
        ("2010", None),
        ("01/03/2010", None),
        ("0000-01-01", None),
        ("", None),
    ],
)
def test_equivalent_spellings_of_times_are_accepted(written: str, meant: date | None) -> None:
    assert meant_by(written) == meant
