"""Contract, amendment, lapse, and publication of confirmed projects (N11, N12) over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from api.command_route import CommandRoute
from api.door import DoorDep, ReceiptBody
from api.problems import PROBLEM_RESPONSES
from ledger.commands import contracts
from ledger.values import Code

commands = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES, route_class=CommandRoute)


@commands.post("/projects/{project_id}/contract", status_code=201)
async def sign_contract(door: DoorDep, project_id: UUID, body: contracts.Contract) -> ReceiptBody:
    """The contract is signed, by the district for its own organisations, by the office for the city's (N11)."""
    return await door.run(contracts.sign, project_id, body=body)


@commands.post("/projects/{project_id}/contract-amendments", status_code=201)
async def amend_contract(door: DoorDep, project_id: UUID, body: contracts.ContractAmendment) -> ReceiptBody:
    """From now on the contract reads so; all of its terms (N11)."""
    return await door.run(contracts.amend, project_id, body=body)


@commands.post("/projects/{project_id}/lapse", status_code=201)
async def lapse(door: DoorDep, project_id: UUID, body: contracts.Lapse) -> ReceiptBody:
    """An approval lapses when the contract was not signed in time (N11)."""
    return await door.run(contracts.lapse, project_id, body=body)


@commands.post("/programmes/{programme}/publications", status_code=201)
async def publish(door: DoorDep, programme: Code, body: contracts.Publication) -> ReceiptBody:
    """Publish confirmed projects together, all or none (N12). The receipt speaks of the first."""
    return await door.run(contracts.publish, programme, body=body)
