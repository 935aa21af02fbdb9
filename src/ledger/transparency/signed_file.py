"""What was signed, kept outside the database: a database restored from an older backup cannot know what it has
promised since.

Three files next to the keys: the last checkpoint that was signed, the last that was published with the witnesses'
lines, and the hashes of all leaves that were signed. With the last, the first difference is known exactly, and what
was lost can be proven to have been there.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ledger.transparency import tree
from ledger.transparency.keys import LogKeyError, LogKeys, flush_folder, prepare_folder, written
from ledger.transparency.notes import Checkpoint, Note, NoteWrong
from ledger.transparency.origins import parse_name
from ledger.transparency.tree import HASH_BYTES


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint of this log, in any of its generations, with its signature checked."""

    generation: int
    checkpoint: Checkpoint
    note: str

    @property
    def order(self) -> tuple[int, int]:
        return self.generation, self.checkpoint.size

    @classmethod
    def parse(cls, text: str, keys: LogKeys) -> "Signed":
        """Raises NoteWrong."""
        note = Note.parse(text)
        checkpoint = Checkpoint.parse(note.text)
        base, generation = parse_name(checkpoint.origin)
        if base != keys.base:
            raise NoteWrong(f"it is of another log, {checkpoint.origin}")
        if not note.verified_by(keys.of(generation).verifiers):
            raise NoteWrong("it is not signed by a key of this log")
        return cls(generation, checkpoint, text)


@dataclass(frozen=True)
class SignedFile:
    """`path`: of the last checkpoint that was signed; the others are in its folder."""

    path: Path

    @property
    def published_path(self) -> Path:
        return self.path.with_suffix(".published")

    @property
    def leaves_path(self) -> Path:
        return self.path.with_suffix(".leaves")

    def read(self, keys: LogKeys) -> Signed | None:
        """What was signed last; None when nothing was signed here. Raises LogKeyError when the file is not what was
        signed."""
        return _read(self.path, keys)

    def read_published(self, keys: LogKeys) -> Signed | None:
        return _read(self.published_path, keys)

    def write(self, signed: Signed, start: int = 0, leaves: bytes = b"") -> None:
        """Keeps what is signed, with its leaves from `start` on, unless something later is there already."""
        with self._alone():
            # The checkpoint comes last, so that the leaves below it are always there.
            self._write_leaves(start, leaves)
            if not _is_later(self.path, signed):
                _replace(self.path, signed.note)

    def write_published(self, signed: Signed) -> None:
        with self._alone():
            if not _is_later(self.published_path, signed):
                _replace(self.published_path, signed.note)

    def leaves_there(self) -> int:
        try:
            return self.leaves_path.stat().st_size // HASH_BYTES
        except FileNotFoundError:
            return 0

    def leaves_of(self, signed: Signed) -> bytes | None:
        """The hashes of all leaves under a checkpoint; None when they are not there, or others."""
        try:
            found = self.leaves_path.read_bytes()[: signed.checkpoint.size * HASH_BYTES]
        except FileNotFoundError:
            return None
        complete = len(found) == signed.checkpoint.size * HASH_BYTES
        return found if complete and tree.root_of(found) == signed.checkpoint.root else None

    def _write_leaves(self, start: int, leaves: bytes) -> None:
        if not leaves or start > self.leaves_there():
            return
        descriptor = os.open(self.leaves_path, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.seek(start * HASH_BYTES)
            file.write(leaves)
            file.flush()
            os.fsync(descriptor)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Processes that share the folder write one after the other."""
        prepare_folder(self.path)
        descriptor = os.open(self.path.with_suffix(".lock"), os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "wb"):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield


def _read(path: Path, keys: LogKeys) -> Signed | None:
    try:
        return Signed.parse(path.read_text("utf-8"), keys)
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise LogKeyError(f"the last signed checkpoint at {path} cannot be used: {error}") from error


def _is_later(path: Path, signed: Signed) -> bool:
    """Whether another process has kept something later meanwhile."""
    try:
        checkpoint = Checkpoint.parse(Note.parse(path.read_text("utf-8")).text)
    except (OSError, ValueError):
        return False
    base, generation = parse_name(checkpoint.origin)
    return base == parse_name(signed.checkpoint.origin)[0] and (generation, checkpoint.size) > signed.order


def _replace(path: Path, note: str) -> None:
    written(path, note).replace(path)
    flush_folder(path.parent)
