"""docs/follow.md: its program follows a ledger, counts each event once, and goes on where it was."""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from tests.docs.documents import DOCS, blocks
from tests.projections.streams import applied, open_writer, streams_of

from ledger.database import Database


def follow(database: Database, folder: Path) -> dict[str, int]:
    """Runs the program of the guide; what its view has counted."""
    [program] = [block.text for block in blocks(DOCS / "follow.md") if block.words == ("python", "follow")]
    environment = os.environ | {"DATABASE_URL": database.login}
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    with closing(sqlite3.connect(folder / "counts.db")) as view:
        return dict(view.execute("SELECT fact, number FROM counts").fetchall())


def test_the_program_counts_each_event_once(database: Database, tmp_path: Path) -> None:
    with open_writer(database) as writer:
        (first, _) = writer.write(streams_of([applied("0")], [applied("1")]))
        assert follow(database, tmp_path) == {"Applied": 2}
        writer.redact(first.stream, 1, "form.content")
        writer.write(streams_of([applied("2")]))
        assert follow(database, tmp_path) == {"Applied": 3, "Redacted": 1}
    assert follow(database, tmp_path) == {"Applied": 3, "Redacted": 1}
