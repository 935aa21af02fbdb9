"""What the process that reads does: bounds itself, reads a workbook from its input, answers in JSON, ends."""

import json
import sys
from dataclasses import asdict

from api.files.tables.xlsx.book import read_book
from api.files.tables.xlsx.sheet import Limits
from api.files.tables.xlsx.unreadable import Reason, Unreadable

MEMORY = 384 * 1024 * 1024
CPU_SECONDS = 6
MOST_TEXT = 2_000_000


def bound() -> None:
    """The kernel ends the process that takes more than this; without such limits the parent still counts the time."""
    if sys.platform == "win32":
        return
    import resource
    import signal

    limits = {resource.RLIMIT_CPU: CPU_SECONDS, resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: 0}
    # macOS knows it, refuses every value below the maximum, and enforces none.
    if sys.platform != "darwin":
        limits[resource.RLIMIT_AS] = MEMORY
    for limit, most in limits.items():
        _, hard = resource.getrlimit(limit)
        resource.setrlimit(limit, (most, most) if hard == resource.RLIM_INFINITY else (min(most, hard), hard))
    # Where the service was killed, nobody is left to count.
    signal.alarm(2 * CPU_SECONDS)


def main() -> None:
    bound()
    rows, columns = map(int, sys.argv[1:])
    answer: dict[str, object]
    try:
        table = read_book(sys.stdin.buffer.read(), Limits(rows, columns, MOST_TEXT))
        cells = [(one.row, one.column, one.kind, one.value) for one in table.cells]
        answer = {"sheet": table.sheet, "cells": cells}
    except Unreadable as error:
        answer = asdict(error)
    except MemoryError:
        answer = asdict(Unreadable(Reason.TOO_LARGE))
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode())
