"""The service as it is, with one more POST that does nothing, to compare a command with. Started by bench.http."""

import asyncio
import sys
from pathlib import Path

import uvicorn
from fastapi import Request
from tests.support import HandClock

from api.app import create_app
from api.service import open_service
from bench.programme import open_programme, publish_one
from ledger.accounts import open_account
from ledger.core.fact import Role
from ledger.daily_limits import UNLIMITED
from ledger.database import Database
from ledger.master_key import MasterKey
from ledger.memory import collect_rarely
from ledger.tokens import issue_token


async def serve(login: str, port: int, ready: Path, projects: int) -> None:
    clock = HandClock()
    clock.to(3, 1)  # the day on which application, review and delivery are all open
    async with open_service(Database(login), MasterKey(bytes(32)), clock, limits=UNLIMITED) as service:
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
        published = await asyncio.gather(*(publish_one(service.ledger, account) for _ in range(projects)))
        written = ready.with_suffix(".part")
        written.write_text(" ".join(map(str, (organisation, token, *published))))
        written.replace(ready)
        await server.serve()


if __name__ == "__main__":
    import uvloop

    uvloop.run(serve(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])))
