"""What importing 100 MB of grants costs: grants a second and the memory of the importing process.

The file is the real one repeated under new ids; the import runs in a process of its own, against an
embedded PostgreSQL that is made for it, so that the figures are the import's alone.

    PYTHONPATH=src python bench/import_grants.py [FILE] [--megabytes 100]
"""

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from api.importing.threesixtygiving import import_file
from ledger.database import Database, migrate, open_database
from ledger.store import open_store
from ledger.transaction import Ledger
from ledger.vault import MasterKey, Vault

REAL = Path(__file__).parents[2] / "shared" / "data" / "360giving" / "lloyds-bank-foundation.json"


def repeat(source: Path, target: Path, megabytes: int) -> int:
    """Writes the grants again and again under new ids; answers how many there are."""
    rows = json.loads(source.read_bytes())["grants"]
    count = 0
    with target.open("w", encoding="utf-8") as file:
        file.write('{"grants": [')
        while file.tell() < megabytes * 1_000_000:
            for row in rows:
                text = json.dumps(row | {"id": f"{row['id']}-{count}"}, ensure_ascii=False)
                file.write(f", {text}" if count else text)
                count += 1
        file.write("]}")
    return count


async def measure(database: Database, path: Path, key: Path) -> dict[str, float]:
    async with open_store(database) as store:
        ledger = Ledger(store, Vault(MasterKey.of_file(key), store.pool))
        started = time.perf_counter()
        result = await import_file(ledger, path, None, lambda done, total, grants: None)
        seconds = time.perf_counter() - started
    # Linux counts in KiB, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return {
        "new": result.new,
        "unchanged": result.unchanged,
        "bad": result.bad,
        "seconds": round(seconds, 1),
        "grants_per_second": round((result.new + result.unchanged) / seconds),
        "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1_000_000),
    }


def run_child(login: str, path: Path, key: Path) -> dict[str, float]:
    command = [sys.executable, __file__, "--child", login, str(path), str(key)]
    answer: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="?", default=REAL)
    parser.add_argument("--megabytes", type=int, default=100)
    parser.add_argument("--child", nargs=3, metavar=("LOGIN", "FILE", "KEY"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        login, path, key = given.child
        print(json.dumps(asyncio.run(measure(Database(login), Path(path), Path(key)))))
        return
    with tempfile.TemporaryDirectory(prefix="minsheng-bench-") as name:
        folder = Path(name)
        # As root the server runs under an account of its own, which must be able to reach its data.
        folder.chmod(0o755)
        path = folder / "grants.json"
        count = repeat(given.file, path, given.megabytes)
        print(f"{count} grants, {path.stat().st_size / 1_000_000:.0f} MB")
        with open_database(None, folder / "data") as database:
            migrate(database)
            for what in ("first import", "the same file again"):
                print(f"{what}: {run_child(database.login, path, folder / 'master.key')}")


if __name__ == "__main__":
    main()
