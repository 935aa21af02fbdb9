"""Government purchase by competition (N15) over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from api.command_route import CommandRoute
from api.door import DoorDep, ReceiptBody
from api.problems import PROBLEM_RESPONSES
from ledger.commands import purchases
from ledger.values import Code

commands = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES, route_class=CommandRoute)


@commands.post("/projects/{project_id}/competition-entry", status_code=201)
async def enter_competition(door: DoorDep, project_id: UUID, body: purchases.Entry) -> ReceiptBody:
    """A confirmed project enters the competition with its proposal 策划方案 (N15)."""
    return await door.run(purchases.enter, project_id, body=body)


@commands.post("/projects/{project_id}/competition-scores", status_code=201)
async def score_entry(door: DoorDep, project_id: UUID, body: purchases.JurorScore) -> ReceiptBody:
    """A juror's score of an entry (N15)."""
    return await door.run(purchases.score, project_id, body=body)


@commands.post("/programmes/{programme}/purchases", status_code=201)
async def select_purchases(door: DoorDep, programme: Code, body: purchases.Selections) -> ReceiptBody:
    """The leading group selects entries within the places of the quota, all or none (N15)."""
    return await door.run(purchases.select, programme, body=body)


@commands.post("/projects/{project_id}/forfeiture", status_code=201)
async def forfeit_purchase(door: DoorDep, project_id: UUID, body: purchases.Forfeiture) -> ReceiptBody:
    """Give a selection up before the purchase contract is signed; the place goes on by decision (N15)."""
    return await door.run(purchases.forfeit, project_id, body=body)


@commands.post("/projects/{project_id}/purchase-contract", status_code=201)
async def sign_purchase(door: DoorDep, project_id: UUID, body: purchases.PurchaseContract) -> ReceiptBody:
    """The purchase contract 政府购买服务合同 of a selected project (N15)."""
    return await door.run(purchases.sign, project_id, body=body)
