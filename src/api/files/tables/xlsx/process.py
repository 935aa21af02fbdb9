"""What the process that reads does: bounds itself, reads a workbook from its input, answers in JSON, ends."""

import json
import sys
from dataclasses import asdict

from api.files.bounds import bound_process
from api.files.tables.xlsx.book import read_book
from api.files.tables.xlsx.sheet import Limits
from api.files.tables.xlsx.unreadable import Reason, Unreadable

MEMORY = 384 * 1024 * 1024
CPU_SECONDS = 6
MOST_TEXT = 2_000_000


def bound() -> None:
    bound_process(MEMORY, CPU_SECONDS)


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
