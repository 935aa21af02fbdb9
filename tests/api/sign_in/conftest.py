"""Passwords are hashed here with the least work that argon2id takes: what is tested is what follows from them."""

from collections.abc import Iterator

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from ledger.sign_in import passwords


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),)))
    passwords._of_nobody.cache_clear()
    yield
    passwords._of_nobody.cache_clear()
