"""What is kept longer than a programme's rules say is listed for the office, the longest kept first."""

from collections.abc import AsyncIterator
from datetime import date

import pytest
from tests.api import client
from tests.api.bodies import PROGRAMME, application
from tests.api.client import Town, check_problem, open_old_town
from tests.api.routes.test_subjects import BASIS, erased, found, reported, subject_of

from ledger.database import Database
from ledger.rules import beijing_2010, read_rules
from ledger.values import months_after

RETENTION = f"/v1/programmes/{PROGRAMME}/retention"
RULES = f"{beijing_2010()}\n[retention]\ncomplainant = 12\ncontact = 60\n"


@pytest.fixture
async def keeping(database: Database, anyio_backend: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    """A town whose programme says how long personal data is kept, in which recording goes by 2010 too."""
    monkeypatch.setattr(client, "beijing_2010", lambda: RULES)
    async with open_old_town(database) as town:
        yield town


def test_a_month_without_the_day_ends_earlier() -> None:
    assert months_after(date(2010, 8, 31), 6) == date(2011, 2, 28)
    assert months_after(date(2010, 1, 31), -2) == date(2009, 11, 30)
    assert months_after(date(2010, 12, 15), 12) == date(2011, 12, 15)


def test_programmes_without_periods_read_as_before() -> None:
    assert read_rules(beijing_2010()).retention == {}
    assert {purpose.value: months for purpose, months in read_rules(RULES).retention.items()} == {
        "complainant": 12,
        "contact": 60,
    }


async def test_what_is_kept_too_long_is_due(keeping: Town) -> None:
    town = keeping
    contact = {"contact": {"name": "示例联系人乙", "telephone": "010-2"}}
    project = await town.published()
    receipt = await town.local.done("/v1/projects", application(town.local_id) | contact)
    assert (await town.office.read(RETENTION))["periods"] == {"complainant": 12, "contact": 60}
    await reported(town, project)
    subject = await subject_of(town)
    sealed_on, due_on = date(2010, 2, 1), date(2011, 2, 1)
    assert (await town.office.read(RETENTION, on="2011-01-31"))["due"] == []
    [due] = (await town.office.read(RETENTION, on="2011-02-01"))["due"]
    assert due == {
        "subject": subject.rpartition("/")[2],
        "purpose": "complainant",
        "project": project.rpartition("/")[2],
        "sealed_on": sealed_on.isoformat(),
        "due_on": due_on.isoformat(),
        "on_hold": False,
    }
    later = (await town.office.read(RETENTION, on="2015-02-01"))["due"]
    assert [(one["purpose"], one["project"]) for one in later][-2:] == [
        ("contact", receipt["id"]),
        ("complainant", project.rpartition("/")[2]),
    ]
    walked, query = [], {"on": "2015-02-01", "limit": 1}
    while page := await town.office.read(RETENTION, **query):
        walked += page["due"]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert walked == later
    await town.office.done(f"{subject}/holds", BASIS)
    assert (await town.office.read(RETENTION, on="2011-02-01"))["due"][0]["on_hold"] is True


async def test_what_was_sealed_again_is_not_due(keeping: Town) -> None:
    """The same contact of the same organisation is one subject, kept from the last time on."""
    town = keeping
    contact = {"contact": {"name": "示例联系人丙", "telephone": "010-3"}}
    await town.local.done("/v1/projects", application(town.local_id) | contact)
    town.clock.to(2, 20)
    await town.local.done("/v1/projects", application(town.local_id) | contact)
    [one] = await found(town, "示例联系人丙")
    assert one["subject"] not in str(await town.office.read(RETENTION, on="2015-02-19"))
    due = (await town.office.read(RETENTION, on="2015-02-20"))["due"]
    due = [kept for kept in due if kept["subject"] == one["subject"]]
    assert [one["sealed_on"] for one in due] == ["2010-02-20"]
    await erased(town, f"/v1/subjects/{one['subject']}")
    assert one["subject"] not in str(await town.office.read(RETENTION, on="2015-02-20"))


async def test_retention_is_for_the_office(town: Town) -> None:
    check_problem(await town.auditor.get(RETENTION), 403, "role_may_not")
    check_problem(await town.office.get("/v1/programmes/no-such/retention"), 404, "programme_unknown")
    assert (await town.office.read(RETENTION))["due"] == []
