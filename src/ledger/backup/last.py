"""When this machine was last backed up: what `doctor` and `/metrics` tell the age by."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ledger.transparency.keys import prepare_folder, written

NAME = "backup.json"


@dataclass(frozen=True, slots=True)
class LastBackup:
    """`size`: how many events it covers."""

    made_at: datetime
    size: int


def note_backup(path: Path, last: LastBackup) -> None:
    prepare_folder(path)
    written(path, json.dumps({"made_at": last.made_at.isoformat(), "size": last.size})).replace(path)


def last_backup(path: Path) -> LastBackup | None:
    """None where there was none, or the note cannot be read."""
    try:
        said = json.loads(path.read_text("utf-8"))
        return LastBackup(datetime.fromisoformat(said["made_at"]), int(said["size"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
