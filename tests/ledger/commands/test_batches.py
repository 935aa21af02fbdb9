"""Batches: all projects or none, and all that stands in the way."""

from uuid import UUID, uuid4

import anyio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.ledger.commands.town import CODE, DISTRICT, Town, open_town
from tests.support import LEADING_GROUP

from ledger.commands.batches import ApprovalOf, Approvals
from ledger.core.envelope import Recorded
from ledger.core.refusal import Refusal
from ledger.database import Database
from ledger.refusals.general import BatchRefused, PhaseClosed
from ledger.register import DocumentIssued
from ledger.unit_of_work import CommandContext

NUMBER = "京民服发〔2010〕5号"


def approvals(projects: list[UUID], number: str | None = None) -> Approvals:
    parts = tuple(ApprovalOf(project=one, application_version=1, reason="同意。") for one in projects)
    return Approvals(approvals=parts, document_number=number)


async def written(town: Town, size: int) -> list[Recorded]:
    head = (await town.ledger.store.head()).size
    return await town.ledger.store.range(size, head)


async def test_a_batch_is_written_whole_or_not(database: Database) -> None:
    async with open_town(database) as town:
        ready = [await town.reviewed() for _ in range(12)]
        left = set(ready)
        applied, rejected = await town.apply(), await town.reviewed()
        await town.screen(applied)
        await town.hand_in(applied)
        await town.reject(rejected)
        in_the_way = {applied: "reviews_missing", rejected: "step_out_of_order", uuid4(): "project_unknown"}

        async def check(projects: list[UUID], number: str | None) -> None:
            size = (await town.ledger.store.head()).size
            expected = {one: in_the_way.get(one, "step_out_of_order") for one in projects if one not in left}
            expected |= {one: "written_twice" for one in projects if projects.count(one) > 1}
            try:
                await town.ledger.transact(CommandContext(LEADING_GROUP), approvals(projects, number).on(CODE))
            except BatchRefused as refused:
                found = {key: one.code for key, one in refused.reasons.items() if key != "document_number"}
                assert found == expected
                assert (number is not None) == ("document_number" in refused.reasons)
                assert not await written(town, size)
            else:
                assert not expected and number is None
                *facts, last = [one.fact for one in await written(town, size)]
                document = last if isinstance(last, DocumentIssued) else None
                assert len(facts) + (document is None) == len(projects)
                assert document is None or document.projects == tuple(projects)
                left.difference_update(projects)

        anyone = st.sampled_from([*ready, *in_the_way])
        taken = "京民服发〔2010〕内1号"

        @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
        @given(st.lists(anyone, min_size=1, max_size=4), st.sampled_from([None, None, taken]))
        def holds(projects: list[UUID], number: str | None) -> None:
            anyio.from_thread.run(check, projects, number)

        await anyio.to_thread.run_sync(holds)


async def test_one_document_covers_the_batch(database: Database) -> None:
    async with open_town(database) as town:
        projects = [await town.reviewed() for _ in range(3)]
        size = (await town.ledger.store.head()).size
        await town.ledger.transact(CommandContext(LEADING_GROUP), approvals(projects, NUMBER).on(CODE))
        facts = [one.fact for one in await written(town, size)]
        assert {getattr(fact, "document_number", NUMBER) for fact in facts} == {NUMBER}
        assert isinstance(facts[-1], DocumentIssued) and facts[-1].projects == tuple(projects)


async def test_nobody_else_decides_by_batch(database: Database) -> None:
    async with open_town(database) as town:
        body = approvals([await town.reviewed()])
        for who in (DISTRICT, town.own):
            try:
                await town.ledger.transact(CommandContext(who), body.on(CODE))
            except Refusal as refusal:
                assert refusal.code == "role_may_not"
        town.clock.to(12, 1)
        with pytest.raises(PhaseClosed):
            await town.ledger.transact(CommandContext(LEADING_GROUP), body.on(CODE))
