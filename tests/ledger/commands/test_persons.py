"""One person in several accounts and appointments: interests, reviews and authorship are the person's (N3, N8)."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import date
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests.ledger.commands.town import CODE, Town, open_town
from tests.ledger.forms import review_of
from tests.support import LEADING_GROUP, MEMBERS

from ledger.accounts import Account, open_account
from ledger.commands.appointments import AppointmentBody, appointee
from ledger.commands.corrections import VoidBody, correct_project
from ledger.commands.interests import Interest
from ledger.commands.review import Approval
from ledger.core.fact import Role
from ledger.core.refusal import Refusal
from ledger.database import Database
from ledger.tokens import find_account, issue_token
from ledger.transaction import Decide
from ledger.unit_of_work import CommandContext

SEATS = (Role.COMMITTEE, Role.LEADING_GROUP)
# One of three persons in a seat; the same again is a second account of it.
Seated = tuple[int, Role]
ACCOUNTS = st.lists(st.tuples(st.integers(0, 2), st.sampled_from(SEATS)), min_size=2, max_size=6)


async def opened(town: Town, wanted: Sequence[Seated]) -> list[Account]:
    """An account for each, appointed where the person does not hold the seat yet."""
    positions: dict[Seated, int] = {}
    accounts = []
    for person, role in wanted:
        if (person, role) not in positions:
            known = next((at for (one, _), at in positions.items() if one == person), None)
            body = AppointmentBody(
                role=role,
                name=f"示例{person}",
                same_as=known,
                since=date(2010, 1, 18),
                document_number="示例任〔2010〕1号",
                reason="示例。",
            )
            receipt = await town.ledger.transact(CommandContext(LEADING_GROUP), body.on(CODE))
            positions[person, role] = receipt.position
        _, identity = await appointee(town.ledger, positions[person, role])
        async with town.ledger.store.pool.connection() as connection:
            own = await open_account(connection, role, None, "示例", identity)
            found = await find_account(connection, await issue_token(connection, own.id))
        assert found is not None
        accounts.append(found)
    return accounts


async def refusal_of(town: Town, who: Account, decide: Decide) -> str | None:
    try:
        await town.ledger.transact(CommandContext(who), decide)
    except Refusal as refusal:
        return refusal.code
    return None


async def under_review(town: Town) -> UUID:
    project = await town.apply()
    await town.screen(project)
    await town.hand_in(project)
    return project


async def check_interests(town: Town, people: Sequence[int], accounts: Sequence[Account], first: int) -> None:
    """Who declared one by any account has declared it by all."""
    project, declared = await under_review(town), set[int]()
    order = [first, *range(len(people))]
    for at in order:
        said = await refusal_of(town, accounts[at], Interest(nature="示例。").on(project))
        assert said == ("interest_already_declared" if people[at] in declared else None)
        declared.add(people[at])


async def check_authorship(town: Town, wanted: Sequence[Seated], accounts: Sequence[Account], first: int) -> None:
    """What a person reviewed, the person does not review again or decide, and alone corrects, by any account."""
    person, _ = wanted[first]
    project = await under_review(town)
    version = (await town.review(project, accounts[first])).version
    for member in MEMBERS[:2]:
        await town.review(project, member)
    void = correct_project(project, VoidBody(kind="void", target=version, reason="示例。"))
    for (other, role), account in zip(wanted, accounts, strict=True):
        if other != person:
            assert await refusal_of(town, account, void) in ("not_the_author", "correction_target_unknown")
        elif role is Role.COMMITTEE:
            assert await refusal_of(town, account, review_of(1, True).on(project)) == "already_reviewed"
        else:
            approval = Approval(application_version=1, reason="示例。").on(project)
            assert await refusal_of(town, account, approval) == "reviewer_may_not_decide"
    own = [one for seated, one in zip(wanted, accounts, strict=True) if seated == wanted[first]]
    assert await refusal_of(town, own[-1], void) is None


def test_interests_and_authorship_follow_the_person(database: Database) -> None:
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        town = runner.run(stack.enter_async_context(open_town(database)))

        async def check(wanted: Sequence[Seated], first: int) -> None:
            accounts = await opened(town, wanted)
            await check_interests(town, [person for person, _ in wanted], accounts, first)
            if wanted[first][1] is Role.COMMITTEE:
                await check_authorship(town, wanted, accounts, first)

        @settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
        @for_all(wanted=ACCOUNTS, chosen=st.integers(0, 5))
        def holds(wanted: list[Seated], chosen: int) -> None:
            runner.run(check(wanted, chosen % len(wanted)))

        try:
            holds()
        finally:
            runner.run(stack.aclose())
