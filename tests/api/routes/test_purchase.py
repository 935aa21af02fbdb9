"""The competition over HTTP (N15): entries, scores, selection within the places, money."""

import asyncio
from uuid import UUID

from tests.api.bodies import ENTRY, PROGRAMME, payment, purchase_contract, refund, selection
from tests.api.client import Town, check_problem
from tests.support import LEADING_GROUP, MASTER, OFFICE

from ledger.aggregates import QUOTA
from ledger.commands.purchase import Selections
from ledger.database import Database
from ledger.identifiers import quota_stream
from ledger.quota import PlaceTaken
from ledger.refusals.general import BatchRefused
from ledger.store import open_store
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext, Receipt, UnitOfWork
from ledger.vault import Vault

PURCHASES = f"/v1/programmes/{PROGRAMME}/purchases"


async def taken(town: Town) -> int:
    programme = await town.public.read(f"/v1/programmes/{PROGRAMME}")
    return next(int(quota["taken"]) for quota in programme["quotas"] if quota["code"] == "purchase")


async def test_a_purchase_runs_to_its_refund(town: Town) -> None:
    project = await town.entered()
    await town.leaders.done(PURCHASES, selection(project))
    assert await taken(town) == 1
    await town.leaders.done(f"{project}/purchase-contract", purchase_contract())
    await town.treasury.done(f"{project}/disbursements", payment("30000.00", "示例凭证1"))
    check_problem(
        await town.treasury.post(f"{project}/disbursements", payment("20000.01", "示例凭证2")), 409, "paid_too_much"
    )
    await town.treasury.done(f"{project}/refunds", refund("400.00", "示例凭证3"))
    money = await town.public.read(f"{project}/money")
    assert {one["stage"]: one["amount"]["amount"] for one in money["figures"]} == {
        "requested": "80000.00",
        "granted": "80000.00",
        "contracted": "80000.00",
        "paid": "30000.00",
        "spent": "0",
        "returned": "400.00",
    }
    history = await town.public.read(f"{project}/history")
    assert [event["type"] for event in history][-4:] == ["Purchased", "PurchaseContractSigned", "Disbursed", "Refunded"]
    assert next(event for event in history if event["type"] == "Purchased")["payload"]["score"] == "81.00"


async def test_single_scores_stay_confidential(town: Town) -> None:
    project = await town.entered()
    for reader in (town.public, town.local, town.district, town.jurors[0]):
        assert "Scored" not in {event["type"] for event in await reader.read(f"{project}/history")}
    assert "Scored" in {event["type"] for event in await town.office.read(f"{project}/history")}


async def test_a_juror_with_an_interest_does_not_score(town: Town) -> None:
    project = await town.published()
    town.clock.to(3, 15)
    await town.local.done(f"{project}/competition-entry", ENTRY)
    await town.jurors[0].done(f"{project}/interests", {"nature": "示例：任顾问。"})
    answer = await town.jurors[0].post(f"{project}/competition-scores", {"score": 90, "reason": "好。"})
    check_problem(answer, 403, "interest_stands")


async def test_a_batch_selects_all_or_lists_reasons(town: Town) -> None:
    good, unscored = await town.entered(), await town.published(title="示例：另一项目")
    size = await town.size()
    answer = await town.leaders.post(PURCHASES, selection(good, unscored, amount="50000.01"))
    check_problem(answer, 409, "batch_refused")
    reasons = {one["place"]: one["code"] for one in answer.json()["errors"]}
    assert reasons == {good.rsplit("/", 1)[1]: "amount_over_requested", unscored.rsplit("/", 1)[1]: "not_entered"}
    assert (await town.size(), await taken(town)) == (size, 0)
    check_problem(await town.leaders.post(PURCHASES, selection(good, good)), 409, "written_twice")


async def test_a_forfeited_place_goes_on_by_decision_only(town: Town) -> None:
    first, second = await town.entered(), await town.entered(title="示例：另一项目")
    await town.leaders.done(PURCHASES, selection(first))
    check_problem(
        await town.leaders.post(PURCHASES, selection(second, replaces=first.rsplit("/", 1)[1])), 409, "batch_refused"
    )
    given_up = await town.local.done(f"{first}/forfeiture", {"reason": "人手不足。"})
    assert await taken(town) == 1
    await town.leaders.done(PURCHASES, selection(second, replaces=first.rsplit("/", 1)[1]))
    assert await taken(town) == 1
    void = {"kind": "void", "target": given_up["version"], "reason": "误录。"}
    check_problem(await town.local.post(f"{first}/corrections", void), 409, "correction_not_possible")


async def test_a_void_purchase_frees_its_place(town: Town) -> None:
    project = await town.entered()
    bought = await town.leaders.done(PURCHASES, selection(project))
    signed = await town.leaders.done(f"{project}/purchase-contract", purchase_contract())
    void = {"kind": "void", "target": bought["version"], "reason": "误录。"}
    check_problem(await town.leaders.post(f"{project}/corrections", void), 409, "correction_not_possible")
    await town.corrected(project, void | {"target": signed["version"]})
    await town.corrected(project, void)
    assert await taken(town) == 0
    assert (await town.leaders.done(PURCHASES, selection(project)))["version"] > bought["version"]


async def test_the_last_place_has_one_winner(town: Town, database: Database) -> None:
    """Two ledgers on two stores are what two processes are to each other."""
    projects = [await town.entered(title=f"示例：第{number}项目") for number in range(6)]
    await fill_places(town.service.ledger, 99)
    async with open_store(database) as other:
        ledgers = (town.service.ledger, Ledger(other, Vault(MASTER, other), town.clock))
        asked = [
            ledgers[number % 2].transact(CommandContext(LEADING_GROUP), chosen(project).on(PROGRAMME))
            for number, project in enumerate(projects)
        ]
        answers = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(answer, Receipt) for answer in answers) == 1
    batches = [answer for answer in answers if isinstance(answer, BatchRefused)]
    assert [reason.code for batch in batches for reason in batch.reasons.values()] == ["quota_full"] * 5
    assert await taken(town) == 100


async def fill_places(ledger: Ledger, count: int) -> None:
    stream = quota_stream(PROGRAMME, "purchase")

    async def decide(work: UnitOfWork) -> None:
        await work.load(QUOTA, stream)
        for number in range(count):
            holder = UUID(int=number)
            taken = PlaceTaken(programme=PROGRAMME, quota="purchase", places=100, holder=holder, project=holder)
            work.write(stream, taken)

    await ledger.transact(CommandContext(OFFICE), decide)


def chosen(project: str) -> Selections:
    return Selections.model_validate(selection(project))
