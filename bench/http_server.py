"""The service as it is, with one more POST that does nothing, to compare a command with. Started by bench.http."""

import asyncio
import sys
from datetime import date
from pathlib import Path
from uuid import UUID

import uvicorn
from fastapi import Request
from tests.support import LEADING_GROUP, MEMBERS, OFFICE, HandClock

from api.app import create_app
from api.service import open_service
from bench.http import PROJECTS, application
from ledger.accounts import Account, issue_token, open_account
from ledger.commands import applications, contracts, organisations, programmes, reviews
from ledger.commands.organisations import Registration
from ledger.database import Database
from ledger.events import Judgement, Milestone, MilestoneDue, OrganisationKind, Role, ScoredJudgement
from ledger.identifiers import Identifier
from ledger.memory import collect_rarely
from ledger.rules import beijing_2010
from ledger.transaction import Ask, Ledger
from ledger.values import Period
from ledger.vault import MasterKey


async def contract_one(ledger: Ledger, organisation: Account) -> UUID:
    """A project that may be published."""
    body = applications.Application.model_validate_json(application(str(organisation.body), contact=False))
    project = (await applications.apply(ledger, Ask(organisation), body)).id
    passed = Judgement(passed=True, reason="示例")
    for member in MEMBERS[:3]:
        opinion = reviews.ReviewBody(
            application_version=1,
            public_benefit=passed,
            non_profit=passed,
            feasibility=ScoredJudgement(score=80, reason="示例"),
        )
        await reviews.review(ledger, Ask(member), project, opinion)
    approval = reviews.Approval(application_version=1, document_number="示例1号", reason="示例")
    await reviews.approve(ledger, Ask(LEADING_GROUP), project, approval)
    day = date(2010, 3, 1)
    signed = contracts.Contract(
        number="示例1号",
        signed_on=day,
        period=Period(start=day, end=date(2010, 11, 30)),
        services="示例",
        due=tuple(MilestoneDue(milestone=milestone, due_on=day) for milestone in Milestone),
    )
    await contracts.sign(ledger, Ask(OFFICE), project, signed)
    return project


async def publish_one(ledger: Ledger, organisation: Account) -> UUID:
    """A project that may report."""
    project = await contract_one(ledger, organisation)
    publication = contracts.Publication(projects=(project,), notice="示例公告")
    await contracts.publish(ledger, Ask(OFFICE), "beijing-2010", publication)
    return project


async def open_programme(ledger: Ledger) -> UUID:
    """Beijing 2010 with one organisation of the city."""
    await programmes.announce(ledger, Ask(OFFICE), beijing_2010())
    registration = Registration(
        identifiers=(Identifier(scheme="CN-REG", id="bench"),),
        name="示例协会",
        kind=OrganisationKind.ASSOCIATION,
    )
    return (await organisations.register(ledger, Ask(OFFICE), registration)).id


async def serve(login: str, port: int, ready: Path) -> None:
    clock = HandClock()
    clock.to(3, 1)  # the day on which application, review and delivery are all open
    async with open_service(Database(login), MasterKey(bytes(32)), clock) as service:
        organisation = await open_programme(service.ledger)
        async with service.pool.connection() as connection:
            account = await open_account(connection, Role.ORGANISATION, str(organisation), "bench")
            token = await issue_token(connection, account.id)
        app = create_app(service)

        @app.post("/bench/nothing", status_code=201)
        async def nothing(request: Request) -> dict[str, str]:
            await request.body()
            return {"id": "none"}

        server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", access_log=False))
        collect_rarely()
        projects = await asyncio.gather(*(publish_one(service.ledger, account) for _ in range(PROJECTS)))
        ready.write_text(" ".join(map(str, (organisation, token, *projects))))
        await server.serve()


if __name__ == "__main__":
    import uvloop

    uvloop.run(serve(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])))
