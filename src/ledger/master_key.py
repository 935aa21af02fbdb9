"""The master key: it wraps the keys of subjects and the secrets of the service, and can be changed for a new one.

What people and veiled streams are recognised by comes from keys of their own, which never change: after a change of
the master key the same person is still the same.
"""

import hmac
import logging
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from ledger.operator_problem import OperatorProblem

log = logging.getLogger(__name__)
KEY_BYTES = 32
IDENTITY = "identity"


class MasterKeyError(OperatorProblem):
    """The master key cannot be used; the message says what to do."""


def _derived(key: bytes, use: str) -> bytes:
    return hmac.digest(key, f"minsheng/{use}/v1".encode(), "sha256")


@dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """What streams of which only one may exist, people and cursors are recognised by. It never changes."""

    streams: bytes
    pseudonyms: bytes
    cursors: bytes

    @classmethod
    def of(cls, key: bytes) -> "Identity":
        return cls(_derived(key, "stream"), _derived(key, "pseudonym"), _derived(key, "cursors"))


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """`keys`: the present one, which wraps, and former ones, which still open. As text: a key of 64 hexadecimal digits
    a line; once it was changed, before them `identity` and three keys, because those no longer follow from the present
    one. In this order a file that was cut off is refused, or still knows everybody."""

    keys: tuple[bytes, ...]
    identity: Identity

    @classmethod
    def made(cls) -> "Keys":
        key = secrets.token_bytes(KEY_BYTES)
        return cls((key,), Identity.of(key))

    @classmethod
    def of_text(cls, text: str, origin: str) -> "Keys":
        """Raises MasterKeyError, which names the origin."""
        lines = [line.split() for line in text.splitlines() if line.strip()]
        named = [line[1:] for line in lines if line[0] == IDENTITY]
        try:
            keys = [bytes.fromhex(one) for line in lines if line[0] != IDENTITY for one in line]
            parts = [bytes.fromhex(one) for line in named for one in line]
        except ValueError as error:
            raise MasterKeyError(f"{origin} holds no key of 64 hexadecimal digits") from error
        if not keys or any(len(one) != KEY_BYTES for one in (*keys, *parts)):
            raise MasterKeyError(f"{origin} holds no key of 64 hexadecimal digits")
        if len(named) > 1 or len(parts) != 3 * len(named) or (not named and len(keys) > 1):
            raise MasterKeyError(f"{origin} lacks its line `{IDENTITY}` with three keys, without which nobody is known")
        return cls(tuple(keys), Identity(*parts) if parts else Identity.of(keys[0]))

    @property
    def text(self) -> str:
        lines = [one.hex() for one in self.keys]
        if self.identity != Identity.of(self.keys[0]):
            identity = self.identity
            parts = (identity.streams, identity.pseudonyms, identity.cursors)
            lines.insert(0, " ".join([IDENTITY, *(one.hex() for one in parts)]))
        return "\n".join(lines) + "\n"

    def with_new(self) -> "Keys":
        return Keys((secrets.token_bytes(KEY_BYTES), *self.keys), self.identity)

    def without_former(self) -> "Keys":
        return Keys(self.keys[:1], self.identity)


@dataclass(frozen=True, slots=True, repr=False)
class _Wrapping:
    """What one master key wraps with."""

    subjects: bytes
    secrets: bytes

    @classmethod
    def of(cls, key: bytes) -> "_Wrapping":
        return cls(_derived(key, "wrap"), _derived(key, "signing-secret"))


class MasterKey:
    """Wraps, opens, and derives pseudonyms. Never printed. Of a file it uses what the file holds at the moment, so that
    all processes wrap with a new key as soon as it is there. While the file is away or damaged it goes on with the keys
    that it has."""

    def __init__(self, keys: bytes | Keys, file: Path | None = None) -> None:
        self._file = file
        self._seen = _version(file) if file else None
        self._use(keys if isinstance(keys, Keys) else Keys((keys,), Identity.of(keys)))

    def _use(self, keys: Keys) -> None:
        self._keys = keys
        self._wrappings = [_Wrapping.of(one) for one in keys.keys]

    @classmethod
    def of_file(cls, path: Path) -> "MasterKey":
        """Reads the key, or makes it on first use (mode 0600). Raises MasterKeyError."""
        try:
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                _create(path, Keys.made().text)
        except OSError as error:
            raise _unusable(path, error) from error
        return cls(_read(path), path)

    @property
    def keys(self) -> Keys:
        """To be written again with another one. Raises MasterKeyError when the file is damaged."""
        if self._file and self._file.exists():
            self._use(self._again_from(self._file))
        return self._keys

    def _wrapping(self) -> list[_Wrapping]:
        """Of the present key first."""
        if self._file and (version := _version(self._file)) not in (None, self._seen):
            self._seen = version
            try:
                self._use(self._again_from(self._file))
            except MasterKeyError as error:
                log.error("the keys in use stay: %s", error)
        return self._wrappings

    def _again_from(self, file: Path) -> Keys:
        found = _read(file)
        if found.identity != self._keys.identity:
            raise MasterKeyError(f"{file} holds another identity than before, by which nobody would be known")
        return found

    @property
    def for_cursors(self) -> bytes:
        return self._keys.identity.cursors

    def wrap(self, key: bytes) -> bytes:
        return aes_key_wrap(self._wrapping()[0].subjects, key)

    def unwrap(self, wrapped: bytes) -> bytes:
        found = _unwrapped([one.subjects for one in self._wrapping()], wrapped)
        if found is None:
            raise MasterKeyError("the master key is not the one that sealed this ledger's values")
        return found

    def wrap_secret(self, secret: bytes) -> bytes:
        """By a key of its own, so that what signs messages never passes for a subject's key."""
        return aes_key_wrap(self._wrapping()[0].secrets, secret)

    def unwrap_secret(self, wrapped: bytes) -> bytes:
        found = _unwrapped([one.secrets for one in self._wrapping()], wrapped)
        if found is None:
            raise MasterKeyError("the master key is not the one that wrapped this secret")
        return found

    def rewrapped(self, wrapped: bytes) -> bytes | None:
        """The same subject's key under the present master key; None where it lies under that one already."""
        return self._again([one.subjects for one in self._wrapping()], wrapped)

    def rewrapped_secret(self, wrapped: bytes) -> bytes | None:
        return self._again([one.secrets for one in self._wrapping()], wrapped)

    @staticmethod
    def _again(wrappings: list[bytes], wrapped: bytes) -> bytes | None:
        if _unwrapped(wrappings[:1], wrapped) is not None:
            return None
        found = _unwrapped(wrappings[1:], wrapped)
        if found is None:
            raise MasterKeyError("a key in the database lies under none of the master keys; it stays as it is")
        return aes_key_wrap(wrappings[0], found)

    def pseudonym(self, *parts: object) -> UUID:
        """An id that stands for the same parts always and cannot be guessed from them without the key."""
        message = "\0".join(str(part) for part in parts).encode()
        return UUID(bytes=hmac.digest(self._keys.identity.pseudonyms, message, "sha256")[:16], version=5)

    def stream_salt(self, *parts: object) -> bytes:
        """The salt of the one veiled stream that these parts stand for."""
        message = "\0".join(str(part) for part in parts).encode()
        return hmac.digest(self._keys.identity.streams, message, "sha256")


def replace_keys(path: Path, keys: Keys) -> None:
    """In one step: a reader finds the former keys or these. Raises OSError."""
    fresh = _written_beside(path, keys.text)
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _unwrapped(wrappings: list[bytes], wrapped: bytes) -> bytes | None:
    for one in wrappings:
        try:
            return aes_key_unwrap(one, wrapped)
        except InvalidUnwrap:
            continue
    return None


def _version(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    # Other rights change no other time.
    return found.st_ino, found.st_ctime_ns, found.st_size


def _read(path: Path) -> Keys:
    """Raises MasterKeyError."""
    try:
        if path.stat().st_mode & 0o077:
            raise MasterKeyError(f"{path} can be read by others; run: chmod 600 {path}")
        return Keys.of_text(path.read_text(), str(path))
    except OSError as error:
        raise _unusable(path, error) from error
    except UnicodeDecodeError as error:
        raise MasterKeyError(f"{path} holds no key of 64 hexadecimal digits") from error


def _unusable(path: Path, error: OSError) -> MasterKeyError:
    return MasterKeyError(f"the master key at {path} cannot be used: {error.strerror}")


def _create(path: Path, text: str) -> None:
    fresh = _written_beside(path, text)
    try:
        # A link fails when another process was first; a rename would replace its key.
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def _written_beside(path: Path, text: str) -> Path:
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return fresh
