"""The second factor: an authenticator app (TOTP, RFC 6238), and recovery codes for who has lost it."""

import base64
import secrets
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from psycopg import AsyncConnection
from pyotp.totp import TOTP

from ledger.master_key import MasterKey
from ledger.refusals.sign_in import CodeWrong

SECRET_BYTES, STEP_SECONDS = 24, 30
RECOVERY_CODES = 10
SECRET = "SELECT authenticator FROM ledger.logins WHERE person = %s"
# Each step counts once: who looks over a shoulder has nothing from a code that was used.
STEP = "UPDATE ledger.logins SET last_step = %s WHERE person = %s AND last_step < %s"
SET_UP = "UPDATE ledger.logins SET authenticator = %s, last_step = %s WHERE person = %s"
RECOVER = """
UPDATE ledger.recovery_codes SET used_at = %s WHERE person = %s AND code_sha256 = %s AND used_at IS NULL
"""
LEFT = "SELECT count(*) FROM ledger.recovery_codes WHERE person = %s AND used_at IS NULL"


def new_secret(master: MasterKey) -> bytes:
    """Wrapped, as it is stored."""
    return master.wrap_secret(secrets.token_bytes(SECRET_BYTES))


def shown_secret(master: MasterKey, wrapped: bytes) -> str:
    """As it is typed into an app."""
    return base64.b32encode(master.unwrap_secret(wrapped)).decode().rstrip("=")


def app_address(master: MasterKey, wrapped: bytes, label: str, issuer: str) -> str:
    """The otpauth: address that an app reads from a QR code."""
    return TOTP(shown_secret(master, wrapped)).provisioning_uri(name=label, issuer_name=issuer)


def step_of(master: MasterKey, wrapped: bytes, code: str, now: datetime) -> int:
    """The time step whose code this is: the present one, or one before or after it. Raises CodeWrong."""
    totp = TOTP(shown_secret(master, wrapped))
    present = int(now.timestamp()) // STEP_SECONDS
    for step in (present, present - 1, present + 1):
        if secrets.compare_digest(totp.generate_otp(step).encode(), code.encode("utf-8", "replace")):
            return step
    raise CodeWrong()


async def set_up(
    connection: AsyncConnection, master: MasterKey, person: UUID, wrapped: bytes, code: str, now: datetime
) -> list[str]:
    """From now on the person signs in with the app too. Returns fresh recovery codes, shown once. Raises CodeWrong."""
    step = step_of(master, wrapped, code, now)
    async with connection.transaction():
        await connection.execute(SET_UP, [wrapped, step, person])
        return await renew_recovery_codes(connection, person)


async def remove(connection: AsyncConnection, person: UUID) -> None:
    async with connection.transaction():
        await connection.execute(SET_UP, [None, 0, person])
        await connection.execute("DELETE FROM ledger.recovery_codes WHERE person = %s", [person])


async def renew_recovery_codes(connection: AsyncConnection, person: UUID) -> list[str]:
    """Fresh ones in place of those there were."""
    codes = [base64.b32encode(secrets.token_bytes(10)).decode().lower() for _ in range(RECOVERY_CODES)]
    async with connection.transaction():
        await connection.execute("DELETE FROM ledger.recovery_codes WHERE person = %s", [person])
        await connection.execute(
            "INSERT INTO ledger.recovery_codes (person, code_sha256) SELECT %s, unnest(%s::bytea[])",
            [person, [_digest(code) for code in codes]],
        )
    return [f"{code[:4]}-{code[4:8]}-{code[8:12]}-{code[12:]}" for code in codes]


async def recovery_codes_left(connection: AsyncConnection, person: UUID) -> int:
    row = await (await connection.execute(LEFT, [person])).fetchone()
    return row[0] if row else 0


async def check_code(connection: AsyncConnection, master: MasterKey, person: UUID, given: str, now: datetime) -> None:
    """Of the app, or a recovery code; each counts once. Raises CodeWrong."""
    code = "".join(given.split()).replace("-", "").lower()
    if len(code) == 16:
        used = await connection.execute(RECOVER, [now, person, _digest(code)])
    else:
        row = await (await connection.execute(SECRET, [person])).fetchone()
        if row is None or row[0] is None:
            raise CodeWrong()
        step = step_of(master, row[0], code, now)
        used = await connection.execute(STEP, [step, person, step])
    if used.rowcount != 1:
        raise CodeWrong()


def _digest(code: str) -> bytes:
    return sha256(code.encode("utf-8", "replace")).digest()
