"""Notes who was refused what, once a refusal is about who asked (`/v1/audit/refusals`)."""

import logging

import psycopg
from fastapi import Request
from starlette.routing import Route

from api.protocol.proxies import client_network
from api.service import Service
from ledger.accounts import ANYONE, Account
from ledger.core.refusal import Kind, Refusal
from ledger.refused_attempts import note_refused

log = logging.getLogger(__name__)
NOTED = (Kind.UNAUTHENTICATED, Kind.FORBIDDEN)
WHO = "minsheng.account"


def remember_who(request: Request, who: Account) -> None:
    """For a refusal that may follow."""
    request.scope[WHO] = who


async def note(request: Request, refusal: Refusal) -> None:
    """Raises nothing: a database that is out of reach must not turn a refusal into a failure."""
    if refusal.kind not in NOTED:
        return
    service: Service = request.app.state.service
    who: Account = request.scope.get(WHO, ANYONE)
    route = request.scope.get("route")
    # The pattern, not the address: that may hold codes and ids of what nobody may see.
    address = route.path if isinstance(route, Route) else "-"
    origin = service.ledger.vault.pseudonym("refused", client_network(request.scope))
    try:
        async with service.pool.connection() as connection:
            attempt = f"{request.method} {address}"
            await note_refused(connection, who, refusal.code, attempt, origin, service.ledger.clock())
    except psycopg.Error as error:
        log.warning("a refusal was not noted: %s", type(error).__name__)
