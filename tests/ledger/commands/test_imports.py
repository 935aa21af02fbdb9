"""Grants are written once, restated when their file says otherwise, and never undone by repetition."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from tests.support import account, open_ledger

from ledger.accounts import OPERATOR, Account
from ledger.aggregates import PROJECT
from ledger.commands.corrections import RestateBody, correct_project
from ledger.commands.imports import ImportCount, import_grants
from ledger.commands.programme import open_register
from ledger.core.envelope import Recorded, Restated
from ledger.core.fact import Role
from ledger.core.history import state
from ledger.database import Database
from ledger.identifiers import Identifier, grant_stream, programme_stream, register_code
from ledger.programme import FundingRegisterOpened
from ledger.project.grant import GrantImported
from ledger.project.state import Project
from ledger.project.status import Status
from ledger.refusals.general import ProgrammeAlreadyAnnounced, ReasonMissing, RoleMayNot
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext
from ledger.values import Money

FUNDER = Identifier(scheme="GB-CHC", id="327114")
FIRST_FILE, SECOND_FILE = "1" * 64, "2" * 64
ASK = CommandContext(OPERATOR, late_reason="360Giving: grants.json")


def grant(
    name: str = "360G-1", amount: str = "1500.50", file: str = FIRST_FILE, funder: Identifier = FUNDER
) -> GrantImported:
    return GrantImported(
        programme=register_code(funder),
        grant=name,
        title="A kitchen",
        description=None,
        amount=Money(amount=Decimal(amount), currency="GBP"),
        awarded_on=date(2015, 6, 10),
        planned=None,
        recipient=None,
        recipient_name="A charity",
        funder=funder,
        funder_name="A foundation",
        grant_programme=None,
        source_sha256=file,
    )


async def stored(ledger: Ledger, name: str = "360G-1") -> list[Recorded]:
    stream = grant_stream(FUNDER, name)
    return (await ledger.store.streams([stream]))[stream]


async def project(ledger: Ledger, name: str = "360G-1", known: int | None = None) -> Project:
    return state(PROJECT, grant_stream(FUNDER, name), await stored(ledger, name), known)


async def size(ledger: Ledger) -> int:
    return (await ledger.store.head()).size


def amount_of(project: Project) -> Decimal:
    assert project.grant is not None
    return project.grant.amount.amount


async def test_a_new_grant_is_dated_by_its_award(database: Database) -> None:
    async with open_ledger(database) as ledger:
        assert await import_grants(ledger, ASK, [grant()]) == ImportCount(new=1)
        (event,) = await stored(ledger)
        assert event.event.effective_on == date(2015, 6, 10)
        assert event.event.late_reason == "360Giving: grants.json"
        assert event.event.actor.role is Role.OFFICE
        assert event.fact == grant()
        assert (await project(ledger)).status is Status.GRANTED


async def test_the_first_grant_opens_its_funders_programme(database: Database) -> None:
    async with open_ledger(database) as ledger:
        await import_grants(ledger, ASK, [grant()])
        await import_grants(ledger, ASK, [grant("360G-2")])
        stream = programme_stream("360g-gb-chc-327114")
        (opened,) = (await ledger.store.streams([stream]))[stream]
        assert opened.fact == FundingRegisterOpened(
            code="360g-gb-chc-327114", funder=FUNDER, funder_name="A foundation", standard="360Giving"
        )
        assert opened.position == 0
        assert opened.event.late_reason is None


async def test_the_same_grants_again_write_nothing(database: Database) -> None:
    async with open_ledger(database) as ledger:
        grants = [grant(f"360G-{number}") for number in range(500)]
        assert await import_grants(ledger, ASK, grants) == ImportCount(new=500)
        before = await size(ledger)
        assert await import_grants(ledger, ASK, grants) == ImportCount(unchanged=500)
        assert await size(ledger) == before == 501


async def test_the_same_content_from_another_file_writes_nothing(database: Database) -> None:
    async with open_ledger(database) as ledger:
        await import_grants(ledger, ASK, [grant()])
        assert await import_grants(ledger, ASK, [grant(file=SECOND_FILE)]) == ImportCount(unchanged=1)


async def test_nothing_to_import_is_nothing_done(database: Database) -> None:
    async with open_ledger(database) as ledger:
        assert await import_grants(ledger, ASK, []) == ImportCount()
        assert await size(ledger) == 0


async def test_other_content_restates_and_the_old_statement_stays_known(database: Database) -> None:
    async with open_ledger(database) as ledger:
        await import_grants(ledger, ASK, [grant(), grant("360G-2")])
        before = await size(ledger)
        changed = grant(amount="0", file=SECOND_FILE)
        assert await import_grants(ledger, ASK, [changed, grant("360G-3")]) == ImportCount(new=1, restated=1)
        _, correction = await stored(ledger)
        assert isinstance(correction.fact, Restated)
        assert (correction.fact.target, correction.fact.reason) == (1, "360Giving: grants.json")
        assert amount_of(await project(ledger)) == 0
        assert amount_of(await project(ledger, known=before - 1)) == Decimal("1500.50")
        assert await import_grants(ledger, ASK, [changed]) == ImportCount(unchanged=1)


async def test_a_later_file_may_revert_an_earlier_one(database: Database) -> None:
    async with open_ledger(database) as ledger:
        for amount, file in (("1", FIRST_FILE), ("2", SECOND_FILE), ("1", FIRST_FILE)):
            await import_grants(ledger, ASK, [grant(amount=amount, file=file)])
        assert len(await stored(ledger)) == 3
        assert amount_of(await project(ledger)) == 1


async def test_a_manual_correction_survives_the_same_file(database: Database) -> None:
    async with open_ledger(database) as ledger:
        await import_grants(ledger, ASK, [grant()])
        body = RestateBody(kind="restate", target=1, changes={"title": "A canteen"}, reason="The funder wrote to us")
        await ledger.transact(CommandContext(OPERATOR), correct_project(grant_stream(FUNDER, "360G-1"), body))
        assert await import_grants(ledger, ASK, [grant()]) == ImportCount(unchanged=1)
        assert await import_grants(ledger, ASK, [grant(file=SECOND_FILE)]) == ImportCount(restated=1)


@pytest.mark.parametrize("chunks", [1, 2])
async def test_of_two_statements_in_one_file_the_first_stands(database: Database, chunks: int) -> None:
    rows = [grant(), grant(), grant(amount="7")]
    async with open_ledger(database) as ledger:
        for repetition in range(2):
            counts: Sequence[ImportCount]
            if chunks == 1:
                counts = [await import_grants(ledger, ASK, rows)]
            else:
                counts = [await import_grants(ledger, ASK, [row]) for row in rows]
            assert sum(count.new for count in counts) == (0 if repetition else 1)
            assert sum(count.unchanged for count in counts) == (2 if repetition else 1)
            assert counts[-1].contradicting == ((2,) if chunks == 1 else (0,))
        (event,) = await stored(ledger)
        assert event.fact == grant()


async def test_imported_grants_are_not_kept_in_memory(database: Database) -> None:
    async with open_ledger(database) as ledger:
        await import_grants(ledger, ASK, [grant()])
        assert ledger.cached(grant_stream(FUNDER, "360G-1")) is None
        assert ledger.cached(programme_stream(register_code(FUNDER))) is not None


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OFFICE])
async def test_only_the_office_imports(database: Database, role: Role) -> None:
    who: Account = account(role)
    async with open_ledger(database) as ledger:
        with pytest.raises(RoleMayNot):
            await import_grants(ledger, CommandContext(who, late_reason="a file"), [grant()])
        assert await size(ledger) == 0


async def test_dates_of_award_need_their_reason(database: Database) -> None:
    async with open_ledger(database) as ledger:
        with pytest.raises(ReasonMissing):
            await import_grants(ledger, CommandContext(OPERATOR), [grant()])


async def test_a_code_that_is_another_funders_is_refused(database: Database) -> None:
    other = Identifier(scheme="GB-CHC", id="1")
    async with open_ledger(database) as ledger:
        opened = open_register(register_code(FUNDER), other, "Another", "360Giving")
        await ledger.transact(CommandContext(OPERATOR), opened)
        with pytest.raises(ProgrammeAlreadyAnnounced):
            await import_grants(ledger, ASK, [grant()])


@pytest.mark.parametrize(
    ("scheme", "name", "code"),
    [
        ("GB-CHC", "327114", "360g-gb-chc-327114"),
        ("GB-CHC", "327114a", "360g-gb-chc-327114a_"),
        ("other", "https://funder.example/我们", "360g-other-https-funder-example-_"),
        ("other", "x" * 200, "360g-other-" + "x" * 34 + "_"),
    ],
)
async def test_any_funder_has_a_code(scheme: str, name: str, code: str) -> None:
    funder = Identifier(scheme=scheme, id=name)
    assert register_code(funder).startswith(code)
    assert grant(funder=funder).programme == register_code(funder)


async def test_no_two_funders_share_a_code_or_a_stream() -> None:
    names = ["A-1", "a-1", "A 1", "A/1", "A_1", "A%2F1"]
    funders = [Identifier(scheme=scheme, id=name) for scheme in ("GB-CHC", "GB-CHC-A", "other") for name in names]
    assert len({register_code(funder) for funder in funders}) == len(funders)
    assert grant_stream(Identifier(scheme="other", id="a/b"), "c") != grant_stream(
        Identifier(scheme="other", id="a"), "b/c"
    )
