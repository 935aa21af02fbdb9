"""Opening forms and reading answers through leaves no trace: no key of a subject, no read of what is sealed."""

from typing import Any

from psycopg import sql
from tests.api import bodies
from tests.api.client import Town
from tests.api.routes.test_evaluation import drawn
from tests.api.work.clerk import Clerk, clerk

from ledger.database import Database, Role

# Who is signed in and what was typed, which is kept for who typed it.
OF_THE_PAGES = {"sessions", "drafts"}


def stored(database: Database) -> dict[str, list[Any]]:
    """All that the ledger holds, but for what was shown to somebody who may read it."""
    with database.connect(Role.OWNER) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'ledger'").fetchall()
        found = {}
        for (name,) in names:
            table = sql.Identifier("ledger", name)
            rows = connection.execute(sql.SQL("SELECT t::text FROM {} t ORDER BY 1").format(table)).fetchall()
            found[name] = rows
        found["sealed_reads"] = connection.execute("SELECT * FROM ledger.sealed_reads WHERE why <> 'shown'").fetchall()
    return {name: rows for name, rows in found.items() if name not in OF_THE_PAGES}


async def opens_all(person: Clerk, path: str) -> None:
    page = await person.open(f"{path}/decide")
    links = {link for link in page.links if link.startswith(f"{path}/do/")}
    assert links
    for link in sorted(links):
        await person.open(link)
        assert person.status == 200, (link, person.page.text)


async def checks(person: Clerk, path: str, values: dict[str, str]) -> None:
    await person.open(path)
    person.fill(values)
    page = await person.press("check")
    assert person.status == 200, page.errors
    assert "send" in page.buttons


async def test_opened_and_checked_forms_leave_no_trace(town: Town, database: Database) -> None:
    at, entries = await drawn(town)
    project = at.removeprefix("/v1")
    for entry in entries[:8]:
        await town.district.done(f"{at}/feedback", bodies.answer(entry))
    await town.followed()
    people = [town.office, town.district, town.local, town.members[3], town.leaders, town.treasury]
    office, district, *_ = clerks = [await clerk(town, one) for one in people]
    before = stored(database)
    for person in clerks:
        await opens_all(person, project)
    await checks(office, f"{project}/do/evaluations?way=beneficiaries", {"conclusion": "达到目标。"})
    answered = {"means": "visit", "entry": entries[8], "answers.satisfaction": "4"}
    named = {"respondent.name": "赵示例", "respondent.identity": "示例护照1"}
    await checks(district, f"{project}/do/feedback?way=visit", answered | named)
    await checks(
        office,
        "/do/register-organisation",
        {
            "name": "示例社",
            "kind": "community",
            "identifiers.0.scheme": "CN-REG",
            "identifiers.0.id": "示例字第9号",
            **{f"contact.{name}": value for name, value in bodies.CONTACT.items()},
        },
    )
    assert stored(database) == before
