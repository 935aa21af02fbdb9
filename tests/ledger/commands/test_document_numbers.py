"""Document numbers: the next of the decider's register, in the same append; given ones stay as they are."""

import asyncio
from uuid import UUID

import pytest
from tests.ledger.commands.town import CODE, Town, open_town
from tests.ledger.project.given import recorded
from tests.support import LEADING_GROUP, small_programme

from ledger.database import Database
from ledger.errors import DocumentNumberMissing, StepOutOfOrder
from ledger.events import NumberIssued
from ledger.identifiers import register_stream
from ledger.register import Register, evolve, issue
from ledger.rules import RegisterRule
from ledger.values import Bilingual

pytestmark = pytest.mark.anyio
STREAM = register_stream(CODE, "leading_group")
RULE = RegisterRule(code="office", authority=Bilingual.same("示例"), pattern="示例发〔{year}〕{number}号")


async def issued(town: Town) -> list[str]:
    return [found.fact.text for found in (await town.ledger.store.streams([STREAM]))[STREAM]]


async def number_of(town: Town, project: UUID) -> str:
    event = (await town.ledger.store.streams([project]))[project][-1]
    return str(event.fact.document_number)


async def test_decisions_are_numbered_in_their_order_and_the_receipt_speaks_of_the_project(database: Database) -> None:
    async with open_town(database) as town:
        first, second, third = [await town.reviewed() for _ in range(3)]
        receipt = await town.approve(first)
        assert (receipt.id, receipt.version) == (first, 7)
        await town.reject(second)
        await town.approve(third, number="示例〔2010〕特1号")
        assert [await number_of(town, one) for one in (first, second, third)] == [
            "京民服发〔2010〕1号",
            "京民服发〔2010〕2号",
            "示例〔2010〕特1号",
        ]
        assert await issued(town) == ["京民服发〔2010〕1号", "京民服发〔2010〕2号"]


async def test_decisions_of_one_moment_get_numbers_of_their_own_and_none_is_lost(database: Database) -> None:
    async with open_town(database) as town:
        projects = [await town.reviewed() for _ in range(12)]
        await asyncio.gather(*(town.approve(project) for project in projects))
        numbers = [f"京民服发〔2010〕{number}号" for number in range(1, 13)]
        assert await issued(town) == numbers
        assert sorted([await number_of(town, project) for project in projects]) == sorted(numbers)


async def test_a_refused_decision_takes_no_number(database: Database) -> None:
    async with open_town(database) as town:
        project = await town.reviewed()
        await town.approve(project)
        with pytest.raises(StepOutOfOrder):
            await town.approve(project)
        assert await issued(town) == ["京民服发〔2010〕1号"]


async def test_without_a_register_the_number_is_given(database: Database) -> None:
    without = small_programme().replace('code = "leading_group"', 'code = "another"')
    async with open_town(database, without) as town:
        project = await town.reviewed()
        with pytest.raises(DocumentNumberMissing) as refused:
            await town.approve(project)
        assert refused.value.details == {"register": LEADING_GROUP.role}
        await town.approve(project, number="示例1号")


def test_a_number_follows_the_highest_one_and_is_written_as_the_register_says() -> None:
    register = Register(STREAM)
    assert issue(register, RULE, year=2011).text == "示例发〔2011〕1号"
    for number in (1, 7, 3):
        register = evolve(register, recorded(NumberIssued(authority="office", number=number, text="示例"), 1))
    assert issue(register, RULE, year=2011) == NumberIssued(authority="office", number=8, text="示例发〔2011〕8号")
