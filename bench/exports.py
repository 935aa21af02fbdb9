"""What taking everything away costs: each export of 100,000 public projects with whole lives, from a serving process of
its own, by a reader that reads as fast as it can. Takes minutes and 10 GB."""

import http.client
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg

from api.files.exports.registry import export_registry
from api.files.exports.writers import Format
from bench import filled
from bench.listing_page import serving
from bench.many_projects import fill
from bench.report import Line
from bench.server import fresh_database, running
from ledger.database import Database, Role
from ledger.memory import collect_rarely
from projections.registry import Cut

PROJECTS = 100_000
# What streams at the same pace from its beginning to its end is not read to the end.
SECONDS = 60.0
READ = 1 << 16
WANTED = "< 200 MB"
# Each with the bytes by which its first entry is known; None: the first byte.
ASKED: dict[str, tuple[str, bytes | None]] = {
    "OCDS records": ("/ocds/records.json", b'{"ocid"'),
    "OCDS releases, the first 1,000": ("/ocds/releases.json?limit=1000", b'{"ocid"'),
    "OCDS releases, 1,000 from the middle": ("/ocds/releases.json?limit=1000&after={middle}", b'{"ocid"'),
    "360Giving": ("/360giving.json", b'"recipientOrganization"'),
    "CSV of projects": ("/exports/projects.csv", None),
    "CSV of money": ("/exports/money.csv", None),
    "Excel of projects": ("/exports/projects.xlsx", None),
    "Parquet of projects": ("/exports/projects.parquet", None),
    "registry.zip": ("/exports/registry.zip", None),
}


@dataclass
class Watched:
    """The most memory that a process has, in MB, looked at every 5 ms."""

    pid: int
    before: float = 0
    most: float = 0
    _stop: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        process = psutil.Process(self.pid)
        self.before = process.memory_info().rss / 1e6
        while not self._stop.wait(0.005):
            try:
                self.most = max(self.most, process.memory_info().rss / 1e6)
            except psutil.NoSuchProcess:
                return

    @classmethod
    @contextmanager
    def over(cls, pid: int) -> Iterator["Watched"]:
        watched = cls(pid)
        thread = threading.Thread(target=watched.watch)
        thread.start()
        try:
            yield watched
        finally:
            watched._stop.set()
            thread.join()


@dataclass(frozen=True)
class Download:
    first: float
    seconds: float
    megabytes: float
    whole: bool


def download(port: int, path: str, mark: bytes | None, seconds: float) -> Download:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    begun = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    assert answer.status == 200, answer.read(500)
    size, first, tail, until = 0, 0.0, b"", float("inf")
    # What is made before it is sent takes as long as it takes.
    while (took := time.perf_counter() - begun) < until and (part := answer.read1(READ)):
        size += len(part)
        if not first and (mark is None or mark in tail + part):
            first = time.perf_counter() - begun
            until = first + seconds
        tail = part[-100:]
    connection.close()
    assert first, path
    return Download(first, took, size / 1e6, took < until)


def measure(projects: int = PROJECTS, seconds: float = SECONDS, source: int | None = None) -> Iterator[Line]:
    """`source`: see `filled.fill`."""
    with running() as server, fresh_database(server) as database:
        begun = time.perf_counter()
        filled.fill(database, source)
        public, events = fill(database, projects)
        yield Line(f"filling {public:,} public projects of {events:,} events", time.perf_counter() - begun, "s")
        for name, (path, mark) in ASKED.items():
            yield from _exported(database, name, path.format(middle=_middle(database)), mark, seconds)
        for form in Format:
            yield from _at_the_machine(database, form)


def _middle(database: Database) -> int:
    with psycopg.connect(database.login) as connection:
        row = connection.execute("SELECT size / 2 FROM ledger.head").fetchone()
    assert row
    return int(row[0])


def _exported(database: Database, name: str, path: str, mark: bytes | None, seconds: float) -> Iterator[Line]:
    with serving(database) as (process, port), Watched.over(process.pid) as memory:
        found = download(port, path, mark, seconds)
    end = "" if found.whole else f", the first {seconds:.0f} s"
    yield Line(f"{name}: first entry", found.first * 1000, "ms")
    yield Line(
        f"{name}: {found.megabytes:.0f} MB in {found.seconds:.1f} s{end}", found.megabytes / found.seconds, "MB/s"
    )
    yield Line(f"{name}: memory at most ({memory.before:.0f} MB before)", memory.most, "MB", wanted=WANTED)


def _at_the_machine(database: Database, form: Format) -> Iterator[Line]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "bench.exports", database.conninfo(Role.SERVICE), folder, form]
        begun = time.perf_counter()
        process = subprocess.Popen(command)
        with Watched.over(process.pid) as memory:
            assert process.wait() == 0
        took = time.perf_counter() - begun
        size = sum(path.stat().st_size for path in Path(folder).iterdir()) / 1e6
    name = f"registry at the machine as {form}"
    yield Line(f"{name}: {size:.0f} MB in {took:.1f} s", size / took, "MB/s")
    yield Line(f"{name}: memory at most", memory.most, "MB", wanted=WANTED)


def export(conninfo: str, folder: Path, form: Format) -> None:
    collect_rarely()
    with psycopg.connect(conninfo) as connection:
        row = connection.execute("SELECT min(next_position) - 1 FROM projections.tracking").fetchone()
        assert row
        export_registry(connection, folder, Cut(row[0]), form)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        export(sys.argv[1], Path(sys.argv[2]), Format(sys.argv[3]))
    else:
        for line in measure():
            print(line, flush=True)
