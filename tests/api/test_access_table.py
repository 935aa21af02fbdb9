"""Every operation, asked with each kind of token that opens nothing any more, and every command, given by each role."""

import re
from collections.abc import AsyncIterator

import httpx2
import pytest
from tests.api.bodies import ANY_ID, COMMANDS, PROGRAMME
from tests.api.client import Caller, Town

from api.app import create_app
from ledger.accounts import OPERATOR, open_account
from ledger.administration import close_account
from ledger.core.action import ACTIONS
from ledger.core.fact import Role
from ledger.tokens import issue_token, revoke_tokens_of

IN_PATH = {"programme": PROGRAMME}
# A form without a token in its header, by which programs get one.
TAKES_NO_TOKEN = {("POST", "/v1/token")}


@pytest.fixture
async def tokens(town: Town) -> AsyncIterator[dict[str, str]]:
    """Tokens that open nothing, by what became of them."""
    async with town.service.pool.connection() as connection, connection.transaction():
        office, revoked, closed = [await open_account(connection, Role.OFFICE, None, "office") for _ in range(3)]
        yield_these = {
            "made up": "msl_" + "A" * 43,
            "expired": await issue_token(connection, office.id, days=-1),
            "revoked": await issue_token(connection, revoked.id),
            "closed": await issue_token(connection, closed.id),
            "client": await issue_token(connection, office.id, client=True),
        }
        await revoke_tokens_of(connection, revoked.id)
        await close_account(connection, closed.id, OPERATOR, town.clock())
    yield yield_these


def operations(town: Town) -> list[tuple[str, str]]:
    """Method and address of everything that looks at who asks."""
    paths = create_app(town.service).openapi()["paths"]
    return [
        (method.upper(), re.sub(r"\{(\w+)\}", lambda found: IN_PATH.get(found[1], ANY_ID), path))
        for path, methods in paths.items()
        for method, operation in methods.items()
        if operation.get("security")
    ]


async def asked(town: Town, method: str, path: str, token: str | None) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    body: dict[str, str] | None = {} if method in ("POST", "PUT", "PATCH") else None
    return await town.public.http.request(method, path, json=body, headers=headers)


async def test_what_opens_nothing_opens_no_operation(town: Town, tokens: dict[str, str]) -> None:
    found = [one for one in operations(town) if one not in TAKES_NO_TOKEN]
    assert len(found) > 150
    wrong = [
        (kind, method, path, answer.status_code)
        for method, path in found
        for kind, token in tokens.items()
        if (answer := await asked(town, method, path, token)).status_code != 401
    ]
    assert wrong == []


async def test_who_reads_alone_gives_no_command(town: Town) -> None:
    async with town.service.pool.connection() as connection:
        account = await open_account(connection, Role.OFFICE, None, "office")
        token = await issue_token(connection, account.id, reads=True)
    wrong = [
        (method, path, answer.status_code)
        for method, path in operations(town)
        if method != "GET" and (method, path) not in TAKES_NO_TOKEN
        if (answer := await asked(town, method, path, token)).status_code != 403
    ]
    assert wrong == []


async def test_a_command_is_given_by_its_roles_alone(town: Town) -> None:
    """Those of other roles, of another organisation and of another district are refused, and nothing is written."""
    project = await town.applied()
    own = project.rsplit("/", 1)[1]
    everybody: dict[str, Caller] = {role.value: await town.account(role.value) for role in WITHOUT_BODY}
    everybody |= {"another district": town.elsewhere, "another organisation": town.neighbour}
    size = await town.size()
    wrong = []
    for name, (_, path, body) in COMMANDS.items():
        action = ACTIONS.get(name)
        for who, caller in everybody.items():
            role = {"another district": Role.DISTRICT, "another organisation": Role.ORGANISATION}.get(who) or Role(who)
            if action is None or (role in action.may and who == role.value):
                continue
            valid = {key: [own] if key == "projects" else value for key, value in body.items()}
            answer = await caller.post(path.format(project=project), valid)
            # 404 where the role does not learn that there is such a project; a batch says what is in its way.
            if answer.status_code not in (403, 404) and answer.json().get("code") != "batch_refused":
                wrong.append((name, who, answer.status_code, answer.json().get("code")))
    assert wrong == []
    assert await town.size() == size


WITHOUT_BODY = (
    Role.OFFICE,
    Role.COMMITTEE,
    Role.JUROR,
    Role.LEADING_GROUP,
    Role.PROMOTION_ASSOCIATION,
    Role.TREASURY,
    Role.BENEFICIARY,
    Role.AUDITOR,
    Role.CREDIT_SYSTEM,
    Role.ADMINISTRATOR,
)
