"""Passwords, as argon2id hashes."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from ledger.refusals.sign_in import PasswordTooPlain, PasswordTooShort

LEAST, MOST, LEAST_KINDS = 12, 200, 6
_HASHER = PasswordHash((Argon2Hasher(),))
# A hash takes 64 MB and a core for a while: a third one waits.
_AT_ONCE = ThreadPoolExecutor(2, "passwords")


def check_password(password: str, name: str | None = None) -> None:
    """By length rather than by kinds of characters (NIST SP 800-63B). Raises PasswordTooShort, PasswordTooPlain."""
    if not LEAST <= len(password) <= MOST:
        raise PasswordTooShort(least=LEAST, most=MOST)
    if (name and name.casefold() in password.casefold()) or len(set(password)) < LEAST_KINDS:
        raise PasswordTooPlain()


async def hash_password(password: str) -> str:
    return await asyncio.get_running_loop().run_in_executor(_AT_ONCE, _HASHER.hash, password)


async def verify_password(password: str, stored: str | None) -> bool:
    """Takes as long where nothing is stored, so that nobody learns from it who has a login."""
    if len(password) > MOST:
        return False
    hashed = stored or _of_nobody()
    fits = await asyncio.get_running_loop().run_in_executor(_AT_ONCE, _HASHER.verify, password, hashed)
    return fits and stored is not None


@lru_cache(1)
def _of_nobody() -> str:
    return _HASHER.hash("of nobody")
