"""Codes on invitations to answer (N17): short enough to type, too many to guess, kept only as keyed digests."""

import secrets
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from psycopg import AsyncConnection
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_37_36

from ledger.core.refusal import Kind, Refusal
from ledger.identity import in_one_way
from ledger.master_key import MasterKey

# Without 0 O, 1 I L, U V's double, and without S and Z, which are read as 5 and 2. With 28 characters the check finds
# every wrong one and nearly every exchanged pair (ISO 7064, hybrid system: 29 is prime).
ALPHABET = "23456789ABCDEFGHJKMNPQRTVWXY"
LENGTH, GROUP = 12, 4
_READ_AS = str.maketrans("SZ", "52")
# Where a page finds the project of a code. The events say what a code is worth.
REMEMBER = """
INSERT INTO ledger.invitation_codes (code, project, expires_on) SELECT unnest(%s::uuid[]), %s, %s
ON CONFLICT DO NOTHING
"""
FORGET = "DELETE FROM ledger.invitation_codes WHERE expires_on < %s"
FIND = "SELECT project FROM ledger.invitation_codes WHERE code = %s"


class CodeMistyped(Refusal):
    kind = Kind.INVALID
    zh = "号码有误，请对照邀请函或短信再核对一遍：共 12 位，字母不分大小写。"
    en = "There is a slip in the code. Compare it with the letter or message: 12 characters, in either case."


class CodeUnusable(Refusal):
    """One for all reasons, or a stranger would learn who has answered."""

    kind = Kind.NOT_FOUND
    zh = "此号码不能使用：可能已经用过、过期或换发。已经答过的无须再答；需要新号码的，请联系发出邀请的单位。"
    en = (
        "This code cannot be used: it was used, has expired or was replaced. If you have answered, there is nothing "
        "left to do; if you need another code, ask the office that invited you."
    )


class TooManyGuesses(Refusal):
    kind = Kind.TOO_MANY
    zh = "输错的次数过多，请在 {retry_after} 秒后再试。"
    en = "Too many wrong codes were tried; try again in {retry_after} seconds."


def make_code() -> str:
    """53 bits of chance and a check character."""
    chosen = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return chosen + mod_37_36.calc_check_digit(chosen, ALPHABET)


def in_groups(code: str) -> str:
    """As it is printed."""
    return "-".join(code[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def read_code(typed: str) -> str:
    """The code that somebody typed, in whichever case and width and with whichever spaces. Raises CodeMistyped."""
    code = in_one_way(typed).translate(_READ_AS)
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        raise CodeMistyped()
    try:
        mod_37_36.validate(code, ALPHABET)
    except ValidationError as error:
        raise CodeMistyped() from error
    return code


def code_digest(master: MasterKey, code: str) -> UUID:
    return master.pseudonym("invitation-code", code)


async def remember_codes(
    connection: AsyncConnection, project: UUID, codes: Iterable[UUID], expires_on: date, today: date
) -> None:
    await connection.execute(FORGET, [today])
    await connection.execute(REMEMBER, [list(codes), project, expires_on])


async def project_of_code(connection: AsyncConnection, master: MasterKey, typed: str) -> UUID:
    """Raises CodeMistyped, CodeUnusable."""
    row = await (await connection.execute(FIND, [code_digest(master, read_code(typed))])).fetchone()
    if row is None:
        raise CodeUnusable()
    project: UUID = row[0]
    return project
