"""Document numbers: the next of the decider's register, in the same append; given ones that are free or listed."""

import asyncio
from datetime import date, timedelta
from uuid import UUID

import pytest
from tests.ledger.commands.town import CODE, Town, open_town
from tests.ledger.store.appends import written
from tests.support import LEADING_GROUP, refuses, small_programme

from ledger.commands.document_numbers import document_number
from ledger.commands.documents import DocumentRegistration
from ledger.commands.review import Approval
from ledger.core.envelope import encode
from ledger.database import Database
from ledger.identifiers import register_stream
from ledger.project.review import Approved, Rejected
from ledger.refusals.general import DatedInFuture, DocumentNumberMissing, StepOutOfOrder
from ledger.register import (
    DocumentDetails,
    DocumentDiffers,
    DocumentNumberForm,
    DocumentNumberTaken,
    NumberIssued,
)
from ledger.rules import read_rules
from ledger.stream_locks import HeldLocks
from ledger.unit_of_work import CommandContext, UnitOfWork

REGISTER = register_stream(CODE, "leading_group")
DAY = date(2010, 2, 1)


async def number_of(town: Town, project: UUID) -> str:
    event = (await town.ledger.store.streams([project]))[project][-1]
    assert isinstance(event.fact, Approved | Rejected)
    return event.fact.document_number


async def test_decisions_are_numbered_in_order(database: Database) -> None:
    async with open_town(database) as town:
        first, second, third = [await town.reviewed() for _ in range(3)]
        receipt = await town.approve(first)
        assert (receipt.id, receipt.version) == (first, 7)
        await town.reject(second)
        await town.approve(third)
        assert [await number_of(town, one) for one in (first, second, third)] == [
            "京民服发〔2010〕1号",
            "京民服发〔2010〕内1号",
            "京民服发〔2010〕2号",
        ]


async def test_the_register_skips_numbers_given_by_hand(database: Database) -> None:
    async with open_town(database) as town:
        projects = [await town.reviewed() for _ in range(4)]
        await town.approve(projects[0], number="京民服发[2010]2号")
        await town.approve(projects[1])
        await town.approve(projects[2])
        await town.reject(projects[3], number="京民服发（２０１０）４号")
        another = await town.reviewed()
        await town.approve(another)
        assert [await number_of(town, one) for one in (*projects, another)] == [
            "京民服发[2010]2号",
            "京民服发〔2010〕1号",
            "京民服发〔2010〕3号",
            "京民服发（２０１０）４号",
            "京民服发〔2010〕5号",
        ]


@pytest.mark.parametrize(
    "given", ["京民服发〔2010〕1号", "京民服发[2010]1号", "京民服发【2010】 01 号", "京民服发（２０１０）１号"]
)
async def test_every_spelling_of_a_number_is_taken_once(database: Database, given: str) -> None:
    async with open_town(database) as town:
        first, second = await town.reviewed(), await town.reviewed()
        await town.approve(first)
        with refuses(DocumentNumberTaken, number=given):
            await town.approve(second, number=given)


@pytest.mark.parametrize(
    "given", ["示例〔2010〕1号", "京民服发〔2010〕特1号", "京民服发〔2011〕1号", "京民服发〔2008〕1号"]
)
async def test_a_number_must_read_as_the_registers(database: Database, given: str) -> None:
    async with open_town(database) as town:
        project = await town.reviewed()
        with refuses(DocumentNumberForm, number=given, form="京民服发〔2010〕N号", first=2009, last=2010):
            await town.approve(project, number=given)


async def test_a_document_stands_for_the_projects_it_lists(database: Database) -> None:
    async with open_town(database) as town:
        one, other, third = [await town.reviewed() for _ in range(3)]
        details = DocumentDetails(title="关于示例项目的决定", dated_on=DAY)
        body = DocumentRegistration(document_number="京民服发〔2010〕9号", document=details, projects=(one, other))
        await town.ledger.transact(CommandContext(LEADING_GROUP), body.on(CODE))
        await town.approve(one, number="京民服发[2010]9号")
        await town.approve(other, number="京民服发〔2010〕9号")
        with refuses(DocumentNumberTaken, number="京民服发〔2010〕9号"):
            await town.approve(third, number="京民服发〔2010〕9号")
        with refuses(DocumentNumberTaken, number=body.document_number):
            await town.ledger.transact(CommandContext(LEADING_GROUP), body.on(CODE))
        changed = details.model_copy(update={"title": "另一标题"})
        approval = Approval(
            application_version=1, document_number="京民服发〔2010〕9号", document=changed, reason="同意。"
        )
        with refuses(DocumentDiffers, number="京民服发〔2010〕9号"):
            await town.ledger.transact(CommandContext(LEADING_GROUP), approval.on(one))


async def test_a_document_is_not_dated_in_the_future(database: Database) -> None:
    async with open_town(database) as town:
        details = DocumentDetails(title="示例", dated_on=DAY + timedelta(days=1))
        body = DocumentRegistration(document=details, projects=(await town.reviewed(),))
        with pytest.raises(DatedInFuture):
            await town.ledger.transact(CommandContext(LEADING_GROUP), body.on(CODE))


async def test_programmes_of_one_authority_share_its_numbers(database: Database) -> None:
    async with open_town(database) as town:
        await town.approve(await town.reviewed())
        rules = read_rules(small_programme()).model_copy(update={"code": "another"})
        work = UnitOfWork(town.ledger, CommandContext(LEADING_GROUP), town.clock(), True, HeldLocks(town.ledger.locks))
        async with work.locks:
            assert await document_number(work, rules, None, ()) == "京民服发〔2010〕2号"


async def test_rejections_leave_no_gap_in_the_numbers_of_approvals(database: Database) -> None:
    async with open_town(database) as town:
        projects = [await town.reviewed() for _ in range(4)]
        for project, decide in zip(projects, (town.approve, town.reject, town.reject, town.approve), strict=True):
            await decide(project)
        numbers = [await number_of(town, project) for project in projects]
        assert numbers == [f"京民服发〔2010〕{number}号" for number in ("1", "内1", "内2", "2")]


async def test_a_numbered_decision_is_still_one_event(database: Database) -> None:
    async with open_town(database) as town:
        first, second = await town.reviewed(), await town.reviewed()
        before = (await town.ledger.store.head()).size
        await town.reject(first)
        await town.approve(second)
        assert (await town.ledger.store.head()).size == before + 2


async def test_numbering_goes_on_where_recorded_numbers_end(database: Database) -> None:
    """Earlier versions recorded an event for each number."""
    async with open_town(database) as town:
        project = await town.reviewed()
        template = (await town.ledger.store.streams([project]))[project][0].event
        numbers = [NumberIssued(authority="leading_group", number=number, text=f"示例{number}号") for number in (1, 2)]
        recorded = [encode(template.model_copy(update={"fact": one})) for one in numbers]
        await town.ledger.store.append(written(REGISTER, 0, *recorded))
        await town.approve(project)
        assert await number_of(town, project) == "京民服发〔2010〕3号"
        again = await town.reviewed()
        await town.approve(again)
        assert await number_of(town, again) == "京民服发〔2010〕4号"


async def test_concurrent_decisions_get_distinct_numbers(database: Database) -> None:
    async with open_town(database) as town:
        projects = [await town.reviewed() for _ in range(12)]
        await asyncio.gather(*(town.approve(project) for project in projects))
        numbers = [f"京民服发〔2010〕{number}号" for number in range(1, 13)]
        assert sorted([await number_of(town, project) for project in projects]) == sorted(numbers)


async def test_a_refused_decision_takes_no_number(database: Database) -> None:
    async with open_town(database) as town:
        project = await town.reviewed()
        await town.approve(project)
        with pytest.raises(StepOutOfOrder):
            await town.approve(project)
        another = await town.reviewed()
        await town.approve(another)
        assert await number_of(town, another) == "京民服发〔2010〕2号"


async def test_without_a_register_the_number_is_given(database: Database) -> None:
    without = small_programme().replace('code = "leading_group"', 'code = "another"')
    async with open_town(database, without) as town:
        project = await town.reviewed()
        with refuses(DocumentNumberMissing, register=LEADING_GROUP.role):
            await town.approve(project)
        await town.approve(project, number="示例1号")
