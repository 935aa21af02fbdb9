"""Drafts: encrypted, one for each form of an account, and gone when they are sent, left or the account is closed."""

from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag
from tests.support import MASTER, HandClock

from ledger.accounts import open_account
from ledger.administration import close_account
from ledger.core.fact import Role
from ledger.database import Database
from ledger.database import Role as DatabaseRole
from ledger.drafts import (
    KEPT,
    LARGEST,
    MOST,
    drafts_of,
    erase_draft,
    find_draft,
    keep_draft,
)
from ledger.refusals.drafts import DraftTooLarge, TooManyDrafts

FORM, SECRET = "/do/apply", "王示例 13800138000"
ROWS = "SELECT form, encrypted FROM ledger.drafts"


async def test_draft_is_kept_encrypted_until_erased(database: Database) -> None:
    clock = HandClock()
    async with await database.connect_async(DatabaseRole.SERVICE) as connection:
        own = await open_account(connection, Role.OFFICE, None, "示例")
        other = await open_account(connection, Role.OFFICE, None, "示例乙")

        async def found(account: object = own.id, form: str = FORM) -> dict[str, str] | None:
            draft = await find_draft(connection, MASTER, account, form, clock())  # type: ignore[arg-type]
            return draft.typed if draft else None

        await keep_draft(connection, MASTER, own.id, FORM, {"contact.name": SECRET}, clock())
        assert await found() == {"contact.name": SECRET}
        assert await found(other.id) is None
        [(_, encrypted)] = await (await connection.execute(ROWS)).fetchall()
        assert SECRET.encode() not in encrypted
        # A row under another name does not open.
        await connection.execute("UPDATE ledger.drafts SET form = '/do/other'")
        with pytest.raises(InvalidTag):
            await found(form="/do/other")
        await erase_draft(connection, own.id, "/do/other")
        assert await drafts_of(connection, own.id, clock()) == []

        await keep_draft(connection, MASTER, own.id, FORM, {"a": "1"}, clock())
        clock.forward(seconds=KEPT.total_seconds())
        assert await found() is None
        await keep_draft(connection, MASTER, other.id, FORM, {"a": "1"}, clock())
        assert len(await (await connection.execute(ROWS)).fetchall()) == 1
        await close_account(connection, other.id, own, clock())
        assert await (await connection.execute(ROWS)).fetchall() == []


async def test_drafts_are_bounded(database: Database) -> None:
    clock = HandClock()
    async with await database.connect_async(DatabaseRole.SERVICE) as connection:
        own = await open_account(connection, Role.OFFICE, None, "示例")
        with pytest.raises(DraftTooLarge):
            await keep_draft(connection, MASTER, own.id, FORM, {"a": "一" * LARGEST}, clock())
        for number in range(MOST):
            await keep_draft(connection, MASTER, own.id, f"/do/{number}", {}, clock())
        with pytest.raises(TooManyDrafts):
            await keep_draft(connection, MASTER, own.id, FORM, {}, clock())
        await keep_draft(connection, MASTER, own.id, "/do/0", {"a": "2"}, clock() + timedelta(seconds=1))
        assert (await drafts_of(connection, own.id, clock()))[0][0] == "/do/0"
