"""From an HTTP request to a command and back: who asks, under which conditions, and the receipt."""

import re
import time
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Annotated, Self
from uuid import UUID

from fastapi import Depends, Header, Query, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import Field

from api.protocol.proxies import client_network, route_path
from api.refusal_notes import remember_who
from api.service import Service
from ledger.accounts import ANYONE, Account
from ledger.cache import BoundedCache
from ledger.commands.command import Command
from ledger.core.fact import Instant
from ledger.refusals.general import HeaderInvalid, SignInNeeded, TokenReadsOnly
from ledger.tokens import find_account
from ledger.transaction import Decide
from ledger.unit_of_work import CommandContext, Receipt
from ledger.values import Frozen

# A revoked token works less than this longer; asking the database at each request would cost more than it protects.
REMEMBERED_SECONDS = 0.9
CACHED_TOKENS = 10_000
# What an ETag of a project or an organisation begins with, which is as good as the whole. A weak one is taken too: a
# proxy that compresses makes the tags weak that it passes on.
ETAG = re.compile(r'(?:W/)?"(\d{1,9})(?:-[0-9a-f]{16})?"|(\d{1,9})')
MOST_ETAGS = 100
KEY = re.compile(r"[\x21-\x7e]{1,200}")


class ReceiptBody(Frozen):
    """What was written: the stream, its new version, the event's position in the ledger, when it was recorded, and the
    `origin` of the log that the position is in. `behind`, with `?wait=1` alone: the read models that have not seen it
    yet, so lists and figures lack it; it is written all the same."""

    id: UUID
    version: int
    position: int
    recorded_at: Instant
    origin: str | None
    behind: Annotated[tuple[str, ...], Field(exclude_if=lambda names: not names)] = ()

    @classmethod
    def of(cls, receipt: Receipt, behind: tuple[str, ...] = ()) -> Self:
        return cls(
            id=receipt.id,
            version=receipt.version,
            position=receipt.position,
            recorded_at=receipt.recorded_at,
            origin=receipt.origin,
            behind=behind,
        )


class Tokens:
    """Accounts by bearer token, remembered for less than a second."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._known: BoundedCache[str, tuple[float, date, Account]] = BoundedCache(CACHED_TOKENS)

    async def account(self, authorization: str | None, method: str) -> Account:
        """Raises SignInNeeded, TokenReadsOnly."""
        if authorization is None:
            return ANYONE
        account = await self._account(authorization)
        if account.reads and method not in ("GET", "HEAD"):
            raise TokenReadsOnly()
        return account

    async def _account(self, authorization: str) -> Account:
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token.isascii():
            raise SignInNeeded()
        now, today = time.monotonic(), self._service.ledger.today()
        known = self._known.get(token)
        # A term ends at midnight.
        if known and known[0] > now and known[1] == today:
            return known[2]
        async with self._service.pool.connection() as connection:
            account = await find_account(connection, token)
        if account is None:
            self._known.discard(token)
            raise SignInNeeded()
        # Raises where no term holds today.
        await self._service.ledger.appointments_of(account)
        self._known[token] = (now + REMEMBERED_SECONDS, today, account)
        return account


async def service_of(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


# For the API reference, whose readers can then give their token once; the header is read by Tokens.
Bearer = Annotated[
    HTTPAuthorizationCredentials | None,
    Security(HTTPBearer(auto_error=False, description="A token from `minsheng account open` or `token issue`.")),
]


async def who_asks(request: Request, bearer: Bearer) -> Account:
    tokens: Tokens = request.app.state.tokens
    who = await tokens.account(request.headers.get("authorization"), request.method)
    remember_who(request, who)
    return who


async def signed_in(who: Annotated[Account, Depends(who_asks)]) -> Account:
    """Raises SignInNeeded, for what nobody reads or does without an account."""
    if who is ANYONE:
        raise SignInNeeded()
    return who


ServiceDep = Annotated[Service, Depends(service_of)]
Who = Annotated[Account, Depends(who_asks)]
SignedIn = Annotated[Account, Depends(signed_in)]


@dataclass(frozen=True, slots=True)
class Door:
    """Runs one command for one request; `headers` are those of its answer, `client` the network it came from,
    `root` the path in front of every address of the service."""

    service: Service
    context: CommandContext
    wait: bool
    headers: dict[str, str]
    client: str
    root: str = ""

    async def is_repeated(self) -> bool:
        """Whether the request was answered before, under its idempotency key. Raises KeyReused."""
        key = self.context.idempotency
        return key is not None and await self.service.store.answered(key) is not None

    async def run(
        self, decide: Decide, command: Command, at: str = "/v1/projects/{id}", **target: UUID | str
    ) -> ReceiptBody:
        """Answers with the receipt, its ETag and where to look, see `Operation.at`."""
        receipt = await self.service.ledger.transact(command.context(self.context), decide)
        behind = await self.service.unseen_by(receipt.position) if self.wait else ()
        self.headers["ETag"] = f'"{receipt.version}"'
        self.headers["Location"] = self.root + at.format(id=receipt.id, body=command, **target)
        return ReceiptBody.of(receipt, behind)


async def open_door(request: Request, headers: dict[str, str], *, takes_anyone: bool = False) -> Door:
    """Who asks and under which conditions, from the headers that `conditions` describes."""
    tokens: Tokens = request.app.state.tokens
    who = await tokens.account(headers.get("authorization"), request.method)
    remember_who(request, who)
    if who is ANYONE and not takes_anyone:
        raise SignInNeeded()
    if_match, key = headers.get("if-match"), headers.get("idempotency-key")
    digest = b""
    if key is not None:
        if not KEY.fullmatch(key):
            raise HeaderInvalid(header="Idempotency-Key")
        said = f"{request.method} {route_path(request.scope)}\0{if_match or ''}\0".encode() + await request.body()
        digest = sha256(said).digest()
        if who is ANYONE:
            # Strangers share an account, and may choose the same key for requests of their own.
            key = f"{key} {digest.hex()}"
    context = CommandContext(who, if_match=_versions(if_match), key=key, request_sha256=digest)
    root: str = request.scope.get("root_path", "")
    wait = bool(request.scope["query_string"]) and request.query_params.get("wait") in ("1", "true")
    return Door(request.app.state.service, context, wait, {}, client_network(request.scope), root)


def _versions(if_match: str | None) -> tuple[int, ...] | None:
    """None for any: a command about what is not there is refused anyway."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = [ETAG.fullmatch(one.strip()) for one in if_match.split(",", MOST_ETAGS)]
    versions = tuple(int(one[1] or one[2]) for one in found if one)
    if len(versions) < len(found):
        raise HeaderInvalid(header="If-Match")
    return versions


async def conditions(
    bearer: Bearer,
    if_match: Annotated[
        str | None, Header(description="The ETag or the version that this is based on, or several; else 412.")
    ] = None,
    idempotency_key: Annotated[
        str | None, Header(description="Repeat a request under the same key and get the first answer, for 30 days.")
    ] = None,
    wait: Annotated[
        bool, Query(description="Answer when the read models have seen it, or after 10 s; see `behind`.")
    ] = False,
) -> Door:
    """Describes to the API reference what `open_door` reads; command routes do not call it."""
    raise NotImplementedError


DoorDep = Annotated[Door, Depends(conditions)]
