"""Delivery, supervision, what ends a project early (N11 to N14, N23) over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from api.command_route import CommandRoute
from api.door import DoorDep, ReceiptBody
from api.due import router as router
from api.problems import PROBLEM_RESPONSES
from ledger.commands import contracts, delivery, endings, supervision

commands = APIRouter(prefix="/v1/projects", responses=PROBLEM_RESPONSES, route_class=CommandRoute)


@commands.post("/{project_id}/contract-amendments", status_code=201)
async def amend_contract(door: DoorDep, project_id: UUID, body: contracts.ContractAmendment) -> ReceiptBody:
    """From now on the contract reads so; all of its terms (N11)."""
    return await door.run(contracts.amend, project_id, body=body)


@commands.post("/{project_id}/lapse", status_code=201)
async def lapse(door: DoorDep, project_id: UUID, body: contracts.Lapse) -> ReceiptBody:
    """An approval lapses when the contract was not signed in time (N11)."""
    return await door.run(contracts.lapse, project_id, body=body)


@commands.post("/{project_id}/milestone-decisions", status_code=201)
async def decide_milestone(door: DoorDep, project_id: UUID, body: delivery.MilestoneDecision) -> ReceiptBody:
    """Accept a report, or give it back to be made again (N13)."""
    return await door.run(delivery.decide_milestone, project_id, body=body)


@commands.post("/{project_id}/self-checks", status_code=201)
async def check_itself(door: DoorDep, project_id: UUID, body: supervision.SelfCheck) -> ReceiptBody:
    """The organisation looks at its own work, and says what it made better (N23)."""
    return await door.run(supervision.check_itself, project_id, body=body)


@commands.post("/{project_id}/inspections", status_code=201)
async def inspect(door: DoorDep, project_id: UUID, body: supervision.Inspection) -> ReceiptBody:
    """The authority inspected the project (N14)."""
    return await door.run(supervision.inspect, project_id, body=body)


@commands.post("/{project_id}/rectifications", status_code=201)
async def rectify(door: DoorDep, project_id: UUID, body: supervision.RectificationBody) -> ReceiptBody:
    """The authority orders that something be put right, the organisation answers, the authority checks (N14)."""
    return await door.run(supervision.rectify, project_id, body=body)


@commands.post("/{project_id}/suspension", status_code=201)
async def suspend(door: DoorDep, project_id: UUID, body: supervision.Suspension) -> ReceiptBody:
    """The project rests; nothing is due and nothing is reported meanwhile (N14)."""
    return await door.run(supervision.suspend, project_id, body=body)


@commands.post("/{project_id}/resumption", status_code=201)
async def resume(door: DoorDep, project_id: UUID, body: supervision.Resumption) -> ReceiptBody:
    """A suspended project goes on (N14)."""
    return await door.run(supervision.resume, project_id, body=body)


@commands.post("/{project_id}/termination", status_code=201)
async def terminate(door: DoorDep, project_id: UUID, body: endings.Termination) -> ReceiptBody:
    """The authority ends the project early; what has to be given back is never more than what was paid (N14)."""
    return await door.run(endings.terminate, project_id, body=body)


@commands.post("/{project_id}/transfer", status_code=201)
async def transfer(door: DoorDep, project_id: UUID, body: endings.Transfer) -> ReceiptBody:
    """Another organisation carries the project on, since its own has merged or is no more."""
    return await door.run(endings.transfer, project_id, body=body)


@commands.post("/{project_id}/closure", status_code=201)
async def close(door: DoorDep, project_id: UUID, body: endings.Closing) -> ReceiptBody:
    """结项: nothing of the project is open any more."""
    return await door.run(endings.close, project_id, body=body)
