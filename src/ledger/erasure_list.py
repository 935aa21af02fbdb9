"""The list of erasures outside the database: a restore of what was stored before them carries them out again.

A line of JSON each, only added to: whose values of which purposes, or which file, from a project or altogether. It
names pseudonyms and digests, never anybody.
"""

import fcntl
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from ledger.operator_problem import OperatorProblem

NAME = "erasures.jsonl"


class ErasureListProblem(OperatorProblem):
    """The list of erasures cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class ErasedValues:
    subject: UUID
    purposes: tuple[str, ...]

    @property
    def line(self) -> str:
        return json.dumps({"subject": str(self.subject), "purposes": sorted(self.purposes)})


@dataclass(frozen=True, slots=True)
class ErasedBytes:
    """`project`: from which alone; None for altogether."""

    sha256: str
    project: UUID | None = None

    @property
    def line(self) -> str:
        return json.dumps({"file": self.sha256} | ({"project": str(self.project)} if self.project else {}))


Erased = ErasedValues | ErasedBytes


def note_erased(path: Path, erased: Iterable[Erased]) -> None:
    """Adds what is not there yet, and returns once it is on the disk. Raises ErasureListProblem."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            there = file.read()
            known = set(there.decode().splitlines())
            # A line that a power cut left without its end.
            file.write(b"\n" if there and not there.endswith(b"\n") else b"")
            file.write("".join(f"{one.line}\n" for one in erased if one.line not in known).encode())
            file.flush()
            os.fsync(descriptor)
    except OSError as error:
        raise ErasureListProblem(f"the list of erasures {path} cannot be written: {error.strerror}") from error


def read_erased(path: Path) -> list[Erased]:
    """Raises ErasureListProblem; nothing of a list that cannot be read is passed over."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise ErasureListProblem(f"the list of erasures {path} cannot be read: {error}") from error
    try:
        return [_parsed(json.loads(line)) for line in lines if line.strip()]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ErasureListProblem(f"the list of erasures {path} holds a line that is none") from error


def _parsed(line: dict[str, str | list[str]]) -> Erased:
    if "file" in line:
        project = line.get("project")
        return ErasedBytes(bytes.fromhex(str(line["file"])).hex(), UUID(str(project)) if project else None)
    return ErasedValues(UUID(str(line["subject"])), tuple(line["purposes"]))
