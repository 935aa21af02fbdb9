"""A witness: cosigns what continues the log that it has seen, and nothing else (C2SP tlog-witness, add-checkpoint)."""

import fcntl
import os
import re
import secrets
from base64 import b64decode
from binascii import Error as NoBase64
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from ledger.transparency.notes import LARGEST_NOTE, Checkpoint, Note, NoteWrong, Signer, Verifier
from ledger.transparency.tree import EMPTY_ROOT, HASH_BYTES, verifies_consistency

MOST_PROOF_LINES = 63
LARGEST_BODY = LARGEST_NOTE + 4096
_OLD = re.compile(r"old (0|[1-9][0-9]{0,17})")


@dataclass(frozen=True)
class Reply:
    """What HTTP answers."""

    status: int
    body: str
    media_type: str = "text/plain"


class _Refused(Exception):
    def __init__(self, status: int, why: str, media_type: str = "text/plain") -> None:
        self.reply = Reply(status, why, media_type)


@dataclass(frozen=True)
class Witness:
    """Keeps for each log the checkpoint that it cosigned last, a file each in the folder. `logs`: the keys of each
    log by its origin. Several threads and processes may share a folder."""

    folder: Path
    signer: Signer
    logs: Mapping[str, Sequence[Verifier]]

    def add_checkpoint(self, body: str) -> Reply:
        """The answer is given after what was cosigned is on the disk."""
        try:
            old, proof, text = _request(body)
            note, checkpoint = self._trusted(text)
            if old > checkpoint.size:
                raise _Refused(400, "the old size is larger than the new one\n")
            with self._alone(checkpoint.origin):
                self._check(old, proof, checkpoint)
                cosignature = self.signer.signature(note.text)
                self._write(checkpoint.origin, f"{note.text}\n{self._own_lines(note)}{cosignature}")
        except _Refused as refused:
            return refused.reply
        return Reply(200, cosignature)

    def latest(self, origin_hash: str) -> str | None:
        """The checkpoint that was cosigned last for the log whose origin has this SHA-256."""
        known = {sha256(origin.encode()).hexdigest(): origin for origin in self.logs}
        return self._read(known[origin_hash]) if origin_hash in known else None

    def _trusted(self, text: str) -> tuple[Note, Checkpoint]:
        try:
            note = Note.parse(text)
            checkpoint = Checkpoint.parse(note.text)
        except NoteWrong as wrong:
            raise _Refused(400, f"{wrong}\n") from wrong
        keys = self.logs.get(checkpoint.origin)
        if keys is None:
            raise _Refused(404, "this log is not known here\n")
        try:
            if not note.verified_by(keys):
                raise NoteWrong("no key of the log signed it")
        except NoteWrong as wrong:
            raise _Refused(403, f"{wrong}\n") from wrong
        return note, checkpoint

    def _check(self, old: int, proof: Sequence[bytes], checkpoint: Checkpoint) -> None:
        text = self._read(checkpoint.origin)
        seen = Checkpoint.parse(Note.parse(text).text) if text else Checkpoint(checkpoint.origin, 0, EMPTY_ROOT)
        if seen.size != old:
            raise _Refused(409, f"{seen.size}\n", "text/x.tlog.size")
        if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
            raise _Refused(422, "the root is not that of the empty tree\n")
        follows = (
            not proof if old == 0 else verifies_consistency(old, checkpoint.size, seen.root, checkpoint.root, proof)
        )
        if not follows:
            raise _Refused(422, f"this does not continue the log of {old} that was seen\n")

    def _own_lines(self, note: Note) -> str:
        """The lines of the log's keys; those of others were not verified."""
        keys = {(key.name, key.id) for keys in self.logs.values() for key in keys}
        return "".join(one.line for one in note.signatures if (one.name, one.key_id) in keys)

    def _file(self, origin: str) -> Path:
        return self.folder / sha256(origin.encode()).hexdigest()

    def _read(self, origin: str) -> str | None:
        try:
            return self._file(origin).read_text("utf-8")
        except FileNotFoundError:
            return None

    def _write(self, origin: str, note: str) -> None:
        fresh = self.folder / f".{secrets.token_hex(8)}"
        with fresh.open("x", encoding="utf-8") as file:
            file.write(note)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._file(origin))
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    @contextmanager
    def _alone(self, origin: str) -> Iterator[None]:
        """Comparing with what was seen and writing what is seen now go together."""
        handle = os.open(self._file(origin).with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _request(body: str) -> tuple[int, list[bytes], str]:
    if len(body) > LARGEST_BODY:
        raise _Refused(400, "the body is too long\n")
    head, blank, text = body.partition("\n\n")
    first, *lines = head.split("\n")
    matched = _OLD.fullmatch(first)
    if not blank or matched is None or len(lines) > MOST_PROOF_LINES:
        raise _Refused(400, "a request is old SIZE, up to 63 hashes, an empty line, a checkpoint\n")
    try:
        proof = [b64decode(line, validate=True) for line in lines]
    except (NoBase64, ValueError) as error:
        raise _Refused(400, "a line of the proof is not Base 64\n") from error
    if any(len(one) != HASH_BYTES for one in proof):
        raise _Refused(400, "a line of the proof is no SHA-256\n")
    return int(matched[1]), proof, text
