"""What importing 100 MB of grants costs: grants a second and the memory of the importing process.

The file is the real one repeated under new ids.
"""

import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from api.files.imports.threesixtygiving import import_file
from bench.report import Line
from bench.server import fresh_database, running
from ledger.database import Database
from ledger.master_key import MasterKey
from ledger.store import open_store
from ledger.transaction import Ledger
from ledger.vault import Vault

REAL = Path(__file__).parents[2] / "shared" / "data" / "360giving" / "lloyds-bank-foundation.json"
MEGABYTES = 100


def repeat(source: Path, target: Path, megabytes: float) -> int:
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


async def import_once(database: Database, path: Path, key: Path) -> dict[str, float]:
    async with open_store(database) as store:
        ledger = Ledger(store, Vault(MasterKey.of_file(key), store))
        started = time.perf_counter()
        result = await import_file(ledger, path, None, lambda done, total, grants: None)
        seconds = time.perf_counter() - started
    # Linux counts in KiB, macOS in bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return {
        "grants": result.new + result.unchanged,
        "seconds": seconds,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1_000_000,
    }


def in_a_process(database: Database, path: Path, key: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.import_grants", database.login, str(path), str(key)]
    answer: dict[str, float] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return answer


def measure(source: Path = REAL, megabytes: float = MEGABYTES) -> list[Line]:
    if not source.exists():
        return []
    lines = []
    with running() as server, fresh_database(server) as database, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "grants.json"
        repeat(source, path, megabytes)
        for what in ("import", "the same file again"):
            found = in_a_process(database, path, Path(folder) / "master.key")
            rate, memory = found["grants"] / found["seconds"], found["megabytes"]
            size = f"{found['grants']:.0f} grants of {path.stat().st_size / 1e6:.0f} MB"
            lines.append(Line(f"{what}, {size}", rate, "grants/s", wanted="2,000"))
            lines.append(Line(f"{what}, largest memory of the process", memory, "MB", wanted="< 300 MB"))
    return lines


if __name__ == "__main__":
    if len(sys.argv) > 1:
        login, file, master = sys.argv[1:]
        print(json.dumps(asyncio.run(import_once(Database(login), Path(file), Path(master)))))
    else:
        for line in measure():
            print(line)
