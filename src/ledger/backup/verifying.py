"""Whether a backup can be restored, tried in a scratch folder with a PostgreSQL of its own, which goes afterwards.

The log's private keys are never written there, so nothing can sign; no service is started, so nothing sends or reminds.
"""

import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ledger.attachments import open_files
from ledger.backup.manifest import Manifest
from ledger.backup.parts import Parts
from ledger.backup.restoring import Restored, restore
from ledger.backup.sealed import SealedPart
from ledger.database import Database, Role, open_database
from ledger.erasure_list import Erased
from ledger.key_rotation import unopened
from ledger.master_key import Keys, MasterKey
from ledger.transparency.check import check as check_log
from ledger.transparency.keys import LogKeys
from ledger.transparency.origins import RESTARTS, Origins
from ledger.transparency.signed_file import Signed


@dataclass(frozen=True, slots=True)
class Verified:
    """`faults`: what is wrong, one sentence each."""

    restored: Restored
    faults: tuple[str, ...]


def verify(
    parts: Parts, manifest: Manifest, sealed: SealedPart, erased: Sequence[Erased], show: Callable[[str], None]
) -> Verified:
    with tempfile.TemporaryDirectory(prefix="minsheng-verify-") as name:
        folder = Path(name)
        # PostgreSQL may run as another user, who passes through; what lies within is closed by itself.
        folder.chmod(0o711)
        with open_database(None, folder / "data") as database:
            restored = restore(database, open_files(folder / "files"), parts, manifest, sealed, erased, show)
            show("log")
            return Verified(restored, tuple(_faults(database, manifest, sealed)))


def _faults(database: Database, manifest: Manifest, sealed: SealedPart) -> list[str]:
    keys = LogKeys.parse(sealed.log) if sealed.log else LogKeys.made("minsheng-ledger/unsigned")
    held = [Signed.parse(manifest.checkpoint, keys)] if manifest.checkpoint else []
    faults = [f"{key} is not in the backup" for key in manifest.missing]
    with closing(database.connect(Role.SERVICE)) as connection:
        origins = Origins.of(connection.execute(RESTARTS).fetchall())
        connection.rollback()
        faults += [str(fault) for fault in check_log(connection, keys, origins, held, lambda done, total: None).faults]
    with closing(database.connect(Role.OWNER)) as connection:
        for table, count in unopened(connection, MasterKey(Keys.of_text(sealed.master, "the backup"))).items():
            faults.append(f"{count} keys of {table} open with no master key of the backup")
    return faults
