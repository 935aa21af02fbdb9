"""What `doctor` looks at around the ledger: disk, roles and what is between, witnesses, backups."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from api.settings import Settings
from api.transparency.witnesses import keys_of, witnesses_of
from ledger.backup.last import last_backup
from ledger.database import Database, DatabaseProblem, Role
from ledger.transparency.notes import Note, NoteWrong
from ledger.transparency.witness_policy import PolicyWrong

LITTLE = 2 << 30
OVERDUE = timedelta(days=2)
NEWEST = "SELECT note FROM ledger.checkpoints ORDER BY size DESC LIMIT 1"
GIB = 1 << 30


def disk(settings: Settings) -> str:
    """Of the folders that the settings name; the disk of a database elsewhere is not seen from here."""
    places = [settings.minsheng_data, settings.files]
    free = [shutil.disk_usage(place).free for place in places if isinstance(place, Path) and place.exists()]
    if not free:
        return "not seen from here"
    said = f"{min(free) / GIB:.1f} GiB free"
    return said if min(free) >= LITTLE else f"{said}, which is little; below 64 MiB no command is taken"


def roles(database: Database) -> str:
    """Each role by a connection of its own."""
    wrong = []
    for role in Role:
        try:
            database.connect(role).close()
        except DatabaseProblem as problem:
            wrong.append(str(problem))
    return "; ".join(wrong) or f"{', '.join(role.removeprefix('minsheng_') for role in Role)}: each as it should be"


def witnesses(settings: Settings, database: Database) -> str:
    try:
        keys = keys_of(witnesses_of(settings.minsheng_witnesses))
    except PolicyWrong as wrong:
        return str(wrong)
    if not keys:
        return "none; name them in the file of MINSHENG_WITNESSES"
    with database.connect(Role.SERVICE) as connection:
        row = connection.execute(NEWEST).fetchone()
    try:
        cosigned = Note.parse(row[0]).verified_by(keys) if row else []
    except NoteWrong as wrong:
        return f"the newest checkpoint cannot be trusted: {wrong}"
    missing = [key.name for key in keys if key not in cosigned]
    said = f"{len(cosigned)} of {len(keys)} cosigned the newest checkpoint"
    return f"{said}; not {', '.join(missing)}" if missing and row else said


def backups(settings: Settings, size: int, now: datetime) -> str:
    last = last_backup(settings.last_backup)
    if last is None:
        return "none from here; minsheng backup DEST --keys KEYS"
    age = now - last.made_at
    said = f"{age.days} days and {age.seconds // 3600} hours old, without the last {size - last.size} events"
    return said if age < OVERDUE else f"{said}; it is time for: minsheng backup DEST --keys KEYS"
