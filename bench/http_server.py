"""The service as it is, with one more POST that does nothing, to compare a command with. Started by bench.http."""

import sys
from pathlib import Path

import uvicorn
from fastapi import Request
from tests.support import OFFICE, HandClock

from api.app import create_app
from api.service import open_service
from ledger.accounts import issue_token, open_account
from ledger.commands import organisations, programmes
from ledger.commands.organisations import Registration
from ledger.database import Database
from ledger.events import OrganisationKind, Role
from ledger.identifiers import Identifier
from ledger.memory import collect_rarely
from ledger.rules import beijing_2010
from ledger.transaction import Ask
from ledger.vault import MasterKey


async def serve(login: str, port: int, ready: Path) -> None:
    async with open_service(Database(login), MasterKey(bytes(32)), HandClock()) as service:
        await programmes.announce(service.ledger, Ask(OFFICE), beijing_2010())
        registration = Registration(
            identifiers=(Identifier(scheme="CN-REG", id="bench"),),
            name="示例协会",
            kind=OrganisationKind.ASSOCIATION,
        )
        organisation = await organisations.register(service.ledger, Ask(OFFICE), registration)
        async with service.pool.connection() as connection:
            account = await open_account(connection, Role.ORGANISATION, str(organisation.id), "bench")
            token = await issue_token(connection, account.id)
        app = create_app(service)

        @app.post("/bench/nothing", status_code=201)
        async def nothing(request: Request) -> dict[str, str]:
            await request.body()
            return {"id": "none"}

        server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", access_log=False))
        collect_rarely()
        ready.write_text(f"{organisation.id} {token}")
        await server.serve()


if __name__ == "__main__":
    import uvloop

    uvloop.run(serve(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])))
