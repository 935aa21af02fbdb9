"""The log's keys, kept outside the database: in a file next to the master key, or given by the environment.

One key a line, the newest first: `PRIVATE+KEY+…` signs, a verifier key alone has ended and only stays listed. What
was signed is kept next to the file, see `signed_file.py`.
"""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from ledger.operator_problem import OperatorProblem
from ledger.transparency.notes import ED25519, NoteWrong, Signer, Verifier
from ledger.transparency.origins import name_of, parse_name


class LogKeyError(OperatorProblem):
    """The keys of the log cannot be used; the message says what to do."""


@dataclass(frozen=True)
class LogKeys:
    """`signers` is not empty, and all names are the log's origin. The file holds them under the origin of the first
    generation; `of` gives them under that of another."""

    signers: tuple[Signer, ...]
    ended: tuple[Verifier, ...] = ()

    @property
    def origin(self) -> str:
        return self.signers[0].name

    @property
    def base(self) -> str:
        """The origin of the first generation."""
        return parse_name(self.origin)[0]

    def of(self, generation: int) -> Self:
        """The same keys under the name that the log has in this generation."""
        name = name_of(self.base, generation)
        return type(self)(
            tuple(replace(signer, name=name) for signer in self.signers),
            tuple(replace(verifier, name=name) for verifier in self.ended),
        )

    def of_all(self, generation: int) -> tuple[Verifier, ...]:
        """Those of every name that the log has had, the newest first."""
        return tuple(one for number in range(generation, 0, -1) for one in self.of(number).verifiers)

    @property
    def verifiers(self) -> tuple[Verifier, ...]:
        """The newest first."""
        return (*(signer.verifier for signer in self.signers), *self.ended)

    @property
    def text(self) -> str:
        return "".join(f"{line}\n" for line in (*(s.skey for s in self.signers), *(v.vkey for v in self.ended)))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises LogKeyError, which repeats no private key."""
        signers, ended = [], []
        try:
            for line in text.split():
                if line.startswith("PRIVATE+KEY+"):
                    signers.append(Signer.parse(line))
                else:
                    ended.append(Verifier.parse(line))
        except NoteWrong as error:
            raise LogKeyError(f"the log's keys cannot be read: {error}") from error
        keys = cls(tuple(signers), tuple(ended))
        if not signers:
            raise LogKeyError("the log has no private key to sign with")
        if any(one.kind != ED25519 for one in keys.verifiers):
            raise LogKeyError("a log signs with a key of type 01; a witness's key is another")
        if len({one.name for one in keys.verifiers}) > 1:
            raise LogKeyError("all keys of a log bear its origin as their name")
        _check_base(keys.origin)
        return keys

    @classmethod
    def made(cls, origin: str) -> Self:
        _check_base(origin)
        try:
            return cls((Signer.make(origin),))
        except NoteWrong as error:
            raise LogKeyError(str(error)) from error

    def rotated(self) -> Self:
        """With a new key in front; those before go on signing until they are retired."""
        return type(self)((Signer.make(self.origin), *self.signers), self.ended)

    def retired(self) -> Self:
        """Only the newest signs; the public halves of the others stay listed."""
        return type(self)(self.signers[:1], (*(signer.verifier for signer in self.signers[1:]), *self.ended))


@dataclass(frozen=True)
class KeyFile:
    """The file, or the text that the environment gave in its place."""

    path: Path
    given: str | None = None

    @property
    def exists(self) -> bool:
        return self.given is not None or self.path.exists()

    def read(self) -> LogKeys:
        """Raises LogKeyError."""
        return LogKeys.parse(_private(self.path) if self.given is None else self.given)

    def make(self, origin: str | None) -> LogKeys:
        """The first key; the origin is made up if none is given. When another process was first, its key."""
        keys = LogKeys.made(origin or f"minsheng-ledger/{secrets.token_hex(8)}")
        return LogKeys.parse(private_file(self.path, lambda: keys.text))

    def write(self, keys: LogKeys) -> None:
        """Raises LogKeyError when the environment holds the keys."""
        if self.given is not None:
            raise LogKeyError("the keys are given by MINSHENG_LOG_KEY; change it there")
        written(self.path, keys.text).replace(self.path)
        flush_folder(self.path.parent)


def _check_base(origin: str) -> None:
    if parse_name(origin)[1] != 1:
        raise LogKeyError(f"the origin {origin} looks like that of a restarted log; the key bears the first one")


def private_file(path: Path, make: Callable[[], str]) -> str:
    """What a file holds that nobody else may read; made (mode 0600) when it is not there. Raises LogKeyError."""
    try:
        if not path.exists():
            _make_private(path, make)
    except OSError as error:
        raise LogKeyError(f"{path} cannot be made: {error.strerror}") from error
    return _private(path)


def _make_private(path: Path, make: Callable[[], str]) -> None:
    prepare_folder(path)
    fresh = written(path, make())
    try:
        # A link fails when another process was first; a rename would replace its key.
        with suppress(FileExistsError):
            os.link(fresh, path)
    finally:
        fresh.unlink()


def _private(path: Path) -> str:
    try:
        mode, text = path.stat().st_mode, path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LogKeyError(f"{path} cannot be read: {error}") from error
    if mode & 0o077:
        raise LogKeyError(f"{path} can be read by others; run: chmod 600 {path}")
    return text


def prepare_folder(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)


def written(path: Path, text: str) -> Path:
    """A temporary file next to the path, which holds the text and is synced to disk."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    return fresh


def flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
