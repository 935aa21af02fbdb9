"""Sealed values: personal data outside the log, so that erasing it breaks no proof.

The log holds a commitment, SHA-256("minsheng/sealed/v1" 00 purpose 00 salt32 RFC8785(value)). Value and salt lie
in the vault, encrypted with AES-256-GCM under a key of the subject and purpose; that key lies wrapped
(RFC 3394) by the master key, which is kept outside the database. Destroying the subject's key erases the value.
"""

import json
import secrets
from collections.abc import Iterable, Sequence
from enum import StrEnum
from hashlib import sha256
from typing import Any, TypeVar
from uuid import UUID

import rfc8785
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel

from ledger.core.fact import Role, Sealed
from ledger.master_key import MasterKey
from ledger.refusals.storage import SubjectErased
from ledger.sealed_reads import Reading, note_read
from ledger.store import SealedRow, Store

T = TypeVar("T", bound=BaseModel)
OWN_KEY = "INSERT INTO ledger.vault_keys (subject, purpose, wrapped_key) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
SUBJECT = "SELECT subject FROM ledger.sealed_values WHERE commitment = %s"
FIND_VALUES = """
SELECT v.commitment, v.subject, v.purpose, v.nonce, v.ciphertext, k.wrapped_key
FROM ledger.sealed_values v JOIN ledger.vault_keys k USING (subject, purpose)
WHERE v.commitment = ANY(%s) AND v.purpose = ANY(%s) AND k.wrapped_key IS NOT NULL
"""


class Purpose(StrEnum):
    """Why a value is kept; one key each, so that one purpose can end without the others."""

    CONTACT = "contact"
    ACCOUNT = "account"
    HONOUR = "honour"
    COMPLAINANT = "complainant"
    OBJECTOR = "objector"
    RESPONDENT = "respondent"
    ANSWERS = "answers"
    APPOINTEE = "appointee"
    OFFICE_HOLDER = "office_holder"
    PHOTOGRAPH = "photograph"


EVERYBODY = frozenset(Role)
# Who may open what, once they may read the fact that carries it. Auditors open one by one, with a reason (`open_one`).
OPENERS: dict[Purpose, frozenset[Role]] = {
    Purpose.CONTACT: frozenset({Role.ORGANISATION, Role.DISTRICT, Role.OFFICE}),
    # Who pays reads where to.
    Purpose.ACCOUNT: frozenset({Role.ORGANISATION, Role.DISTRICT, Role.OFFICE, Role.TREASURY}),
    Purpose.HONOUR: EVERYBODY,
    Purpose.COMPLAINANT: frozenset({Role.DISTRICT, Role.OFFICE}),
    Purpose.OBJECTOR: frozenset({Role.OFFICE, Role.LEADING_GROUP}),
    Purpose.RESPONDENT: frozenset({Role.DISTRICT, Role.OFFICE}),
    Purpose.ANSWERS: frozenset({Role.OFFICE}),
    # The name of somebody appointed; of a role whose names the programme makes public, for everybody.
    Purpose.APPOINTEE: frozenset({Role.ORGANISATION, Role.DISTRICT, Role.OFFICE, Role.LEADING_GROUP}),
    Purpose.OFFICE_HOLDER: EVERYBODY,
    # Lies apart from the vault (ledger/photographs.py); the picture is shown, and nobody reads its digest.
    Purpose.PHOTOGRAPH: frozenset(),
}


def commitment(purpose: Purpose, salt: bytes, value: Any) -> bytes:
    """`value` is JSON data without floats; `salt` has 32 bytes."""
    return _commitment(purpose, salt, rfc8785.dumps(value))


def _commitment(purpose: Purpose, salt: bytes, text: bytes) -> bytes:
    return sha256(b"minsheng/sealed/v1\0" + purpose.encode() + b"\0" + salt + text).digest()


def opened(master: MasterKey, digest: bytes, nonce: bytes, ciphertext: bytes, wrapped: bytes) -> Any:
    """A sealed value, by the key of its subject."""
    return json.loads(AESGCM(master.unwrap(wrapped)).decrypt(nonce, ciphertext, digest)[32:])


class Vault:
    """Seals and opens. The rows that `seal` returns go into the append that carries the commitments."""

    def __init__(self, master: MasterKey, store: Store) -> None:
        self.master = master
        self._store = store

    def pseudonym(self, *parts: object) -> UUID:
        return self.master.pseudonym(*parts)

    @property
    def cursor_key(self) -> bytes:
        return self.master.for_cursors

    def wrap_secret(self, secret: bytes) -> bytes:
        """A secret of the service's own, of 16 bytes or more and a multiple of 8; not tied to any subject."""
        return self.master.wrap_secret(secret)

    def unwrap_secret(self, wrapped: bytes) -> bytes:
        """Raises MasterKeyError."""
        return self.master.unwrap_secret(wrapped)

    async def seal(
        self, value: T, subject: UUID, purpose: Purpose, *, keep: bool = True
    ) -> tuple[Sealed[T], SealedRow]:
        """`keep`: whether a key that is new is stored; else what is sealed under it is never opened. Raises
        SubjectErased when the subject's data for this purpose was erased before."""
        key = await self._key_of(subject, purpose, keep=keep)
        salt, nonce = secrets.token_bytes(32), secrets.token_bytes(12)
        text = rfc8785.dumps(value.model_dump(mode="json"))
        digest = _commitment(purpose, salt, text)
        ciphertext = AESGCM(key).encrypt(nonce, salt + text, digest)
        return Sealed[T](commitment=digest.hex()), SealedRow(digest, subject, purpose.value, nonce, ciphertext)

    async def open(self, commitments: Iterable[str], by: Reading) -> dict[str, Any]:
        """Values by commitment: those that the role may open and that were not erased. What not everybody may open is
        on record as read before it is opened."""
        return await self._opened(commitments, by, [one for one, roles in OPENERS.items() if by.role in roles])

    async def open_one(self, commitment: str, by: Reading) -> Any | None:
        """Whatever it is kept for, for somebody who states a reason; None when it was erased or never was."""
        return (await self._opened([commitment], by, list(Purpose))).get(commitment)

    async def _opened(self, commitments: Iterable[str], by: Reading, purposes: Sequence[Purpose]) -> dict[str, Any]:
        wanted = [bytes.fromhex(text) for text in commitments]
        if not wanted or not purposes:
            return {}
        async with self._store.pool.connection() as connection:
            rows = await (await connection.execute(FIND_VALUES, [wanted, list(purposes)])).fetchall()
            private = [digest for digest, _, purpose, *_ in rows if OPENERS[Purpose(purpose)] != EVERYBODY]
            if private:
                await note_read(connection, by, private)
        return {
            digest.hex(): opened(self.master, digest, nonce, ciphertext, wrapped)
            for digest, _, _, nonce, ciphertext, wrapped in rows
        }

    async def subject_of(self, commitment: str) -> UUID:
        """Whose the sealed value with this commitment is."""
        async with self._store.pool.connection() as connection:
            row = await (await connection.execute(SUBJECT, [bytes.fromhex(commitment)])).fetchone()
        assert row is not None
        subject: UUID = row[0]
        return subject

    async def _key_of(self, subject: UUID, purpose: Purpose, *, keep: bool) -> bytes:
        found = await self._store.sealing_key(subject, purpose)
        if found is None:
            own = secrets.token_bytes(32)
            if not keep:
                return own
            # The first insert wins; both then use the stored row.
            async with self._store.pool.connection() as connection:
                await connection.execute(OWN_KEY, [subject, purpose.value, self.master.wrap(own)])
            found = await self._store.sealing_key(subject, purpose)
        assert found is not None
        if found.wrapped is None:
            raise SubjectErased()
        return self.master.unwrap(found.wrapped)
