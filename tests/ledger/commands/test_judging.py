"""Who may not judge a project: who declared an interest in it, who reviewed it, who decided what is looked at again."""

from collections.abc import Awaitable, Callable
from datetime import date
from uuid import UUID

import pytest
from tests.ledger.commands.town import DISTRICT, Town, as_role, open_town
from tests.ledger.forms import EVALUATIONS
from tests.ledger.project.given import form_body
from tests.support import LEADING_GROUP, MEMBERS, OFFICE, account, veiled

from ledger.accounts import Account
from ledger.aggregates import PROJECT
from ledger.commands.application import Amendment
from ledger.commands.evaluation import EvaluationBody
from ledger.commands.interests import Interest
from ledger.commands.reconsideration import ReviewDecision, ReviewRequest
from ledger.core.fact import Role
from ledger.core.history import state
from ledger.core.refusal import Refusal
from ledger.database import Database
from ledger.project.interests import InterestAlreadyDeclared, InterestStands
from ledger.project.reconsideration import OwnDecision, RequestOutcome, ReviewDecidedElsewhere
from ledger.project.review import ReviewerMayNotDecide
from ledger.project.screening import ScreeningResult
from ledger.project.state import Project
from ledger.project.status import Status
from ledger.refusals.general import EffectiveTooEarly, RoleMayNot
from ledger.unit_of_work import CommandContext, Receipt
from ledger.veils import Veiled

Step = Callable[[Town, UUID, Account], Awaitable[Receipt]]
OTHER_LEADER = account(Role.LEADING_GROUP)


async def declare(town: Town, project: UUID, who: Account) -> Receipt:
    return await town.ledger.transact(CommandContext(who), Interest(nature="曾任理事。").on(project))


async def screen(town: Town, project: UUID, who: Account) -> Receipt:
    return await town.screen(project, who=who)


async def review(town: Town, project: UUID, who: Account) -> Receipt:
    return await town.review(project, who)


async def approve(town: Town, project: UUID, who: Account) -> Receipt:
    return await town.approve(project, who)


async def reject(town: Town, project: UUID, who: Account) -> Receipt:
    return await town.reject(project, who)


async def evaluate(town: Town, project: UUID, who: Account) -> Receipt:
    body = EvaluationBody(evaluation=EVALUATIONS["third_party"])
    return await town.ledger.transact(CommandContext(who), body.on(project))


async def request(town: Town, project: UUID, target: int) -> int:
    body = ReviewRequest(target=target, reason="请复核。")
    return (await town.ledger.transact(CommandContext(town.own), body.on(project))).version


async def decide(town: Town, project: UUID, request: int, who: Account) -> Receipt:
    body = ReviewDecision(request=request, result=RequestOutcome.SET_ASIDE, reason="示例。")
    return await town.ledger.transact(CommandContext(who), body.on(project))


async def project_of(town: Town, project: UUID) -> Project:
    return state(PROJECT, project, (await town.ledger.store.streams([project]))[project])


async def refused(town: Town, refusal: type[Refusal], step: Awaitable[Receipt]) -> Refusal:
    size = (await town.ledger.store.head()).size
    with pytest.raises(refusal) as said:
        await step
    assert (await town.ledger.store.head()).size == size
    return said.value


@pytest.mark.parametrize(
    ("step", "who"), [(review, MEMBERS[3]), (approve, LEADING_GROUP), (reject, LEADING_GROUP), (evaluate, MEMBERS[3])]
)
async def test_who_declared_an_interest_judges_no_more(database: Database, step: Step, who: Account) -> None:
    async with open_town(database) as town:
        project, another = await town.reviewed(), await town.reviewed()
        version = (await project_of(town, project)).form_version
        town.clock.to(3, 1)
        await declare(town, project, who)
        await refused(town, InterestStands, step(town, project, who))
        assert (await project_of(town, project)).form_version == version
        if step is not evaluate:
            await step(town, another, who)


async def test_a_district_that_declared_an_interest_does_not_screen(database: Database) -> None:
    async with open_town(database) as town:
        project = await town.apply()
        await declare(town, project, DISTRICT)
        await refused(town, InterestStands, screen(town, project, DISTRICT))
        await screen(town, project, account(Role.DISTRICT, "110101"))


async def test_an_interest_is_declared_once_by_judges(database: Database) -> None:
    async with open_town(database) as town:
        project = await town.apply()
        receipt = await declare(town, project, MEMBERS[0])
        assert receipt.id == veiled(Veiled.INTERESTS, project)
        await refused(town, InterestAlreadyDeclared, declare(town, project, MEMBERS[0]))
        for who in (OFFICE, town.own):
            await refused(town, RoleMayNot, declare(town, project, who))
        assert (await declare(town, project, MEMBERS[1])).version == 2
        assert len((await town.ledger.store.streams([project]))[project]) == 1


# Who reviewed, in the role in which they come back, and what they then may not do.
@pytest.mark.parametrize("step", [approve, reject])
@pytest.mark.parametrize("reviewer", [0, 1, 2])
async def test_who_reviewed_does_not_decide(database: Database, step: Step, reviewer: int) -> None:
    async with open_town(database) as town:
        project = await town.reviewed()
        await refused(town, ReviewerMayNotDecide, step(town, project, as_role(MEMBERS[reviewer], Role.LEADING_GROUP)))
        await step(town, project, as_role(MEMBERS[3], Role.LEADING_GROUP))


async def test_reconsideration_needs_another_leading_group_account(database: Database) -> None:
    async with open_town(database) as town:
        project = await town.reviewed()
        rejected = await town.reject(project)
        asked = await request(town, project, rejected.version)
        await refused(town, OwnDecision, decide(town, project, asked, LEADING_GROUP))
        await refused(town, ReviewDecidedElsewhere, decide(town, project, asked, OFFICE))
        await declare(town, project, OTHER_LEADER)
        await refused(town, InterestStands, decide(town, project, asked, OTHER_LEADER))
        await decide(town, project, asked, account(Role.LEADING_GROUP))
        assert (await project_of(town, project)).status is Status.UNDER_REVIEW
        await town.approve(project)
        assert (await project_of(town, project)).status is Status.APPROVED


async def test_reconsideration_excludes_the_original_reviewer(database: Database) -> None:
    async with open_town(database) as town:
        project = await town.apply()
        screened = await town.screen(project, ScreeningResult.REFUSED)
        asked = await request(town, project, screened.version)
        await refused(town, ReviewDecidedElsewhere, decide(town, project, asked, LEADING_GROUP))
        await refused(town, OwnDecision, decide(town, project, asked, as_role(DISTRICT, Role.OFFICE)))
        await decide(town, project, asked, OFFICE)
        assert (await project_of(town, project)).status is Status.APPLIED
        await town.screen(project)
        await town.hand_in(project)


async def test_a_decision_cannot_precede_its_request(database: Database) -> None:
    async with open_town(database) as town:
        project = await town.apply()
        screened = await town.screen(project, ScreeningResult.REFUSED)
        town.clock.to(2, 10)
        yesterday = town.clock.now.date().replace(day=9)
        asked = await request(town, project, screened.version)
        body = ReviewDecision(request=asked, result=RequestOutcome.UPHELD, reason="示例。")
        early = CommandContext(OFFICE, effective_on=yesterday, late_reason="补录。")
        step = town.ledger.transact(early, body.on(project))
        assert (await refused(town, EffectiveTooEarly, step)).details == {
            "effective_on": "2010-02-09",
            "earliest": "2010-02-10",
        }


async def test_an_amendment_does_not_hold_before_the_application(database: Database) -> None:
    async with open_town(database) as town:
        project = await town.apply()
        body = Amendment(form=form_body(title="示例：送餐"), reason="补录。")
        early = CommandContext(OFFICE, effective_on=date(2010, 1, 31), late_reason="补录。")
        await refused(town, EffectiveTooEarly, town.ledger.transact(early, body.on(project)))
        await town.ledger.transact(CommandContext(OFFICE, date(2010, 2, 1), "补录。"), body.on(project))
        assert (await project_of(town, project)).form_version == 2
