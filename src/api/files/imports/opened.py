"""Opening the file that is imported."""

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path

from ledger.refusals.general import FileRefused


@contextmanager
def opened(path: Path) -> Iterator[BufferedReader]:
    """Raises FileRefused."""
    try:
        # Looked at first, because opening a pipe would wait for its writer.
        if not stat.S_ISREG(path.stat().st_mode):
            raise FileRefused(place=str(path), why="this is no file")
        file = path.open("rb")
    except OSError as error:
        raise FileRefused(place=str(path), why=error.strerror or str(error)) from error
    with file:
        yield file
