"""How a command ends: 0 done, 1 refused or failed, 2 wrong usage, 128 + signal told to stop before it was done."""

import sys
import threading
from contextlib import suppress
from typing import NoReturn

import psycopg
from rich.console import Console
from rich.markup import escape
from typer import Typer

from ledger import stopping
from ledger.core.refusal import Refusal
from ledger.operator_problem import OperatorProblem


def run_to_the_end(app: Typer) -> NoReturn:
    with stopping.handled():
        code = _run(app)
    # A closed terminal takes no more words.
    with suppress(OSError):
        sys.stdout.flush()
    if stopping.asked() and _threads_at_work():
        stopping.exit_now(code)
    sys.exit(code)


def _run(app: Typer) -> int:
    errors = Console(stderr=True)
    try:
        app()
    except stopping.Stopped as stopped:
        return stopped.exit_code
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except (Refusal, OperatorProblem) as problem:
        errors.print(f"[red]minsheng:[/] {escape(str(problem))}", highlight=False, soft_wrap=True)
    except Exception as problem:
        said = _of_the_database(problem)
        if said is None:
            raise
        errors.print(f"[red]minsheng:[/] {escape(said)}", soft_wrap=True)
    return 1


def _of_the_database(problem: Exception) -> str | None:
    said = str(problem).strip()
    match problem:
        case psycopg.OperationalError():
            return f"the database cannot be reached: {said}"
        case psycopg.ProgrammingError():
            return f"DATABASE_URL is of no use: {said}"
        case psycopg.Error():
            return f"the database refuses: {said}"
        case _:
            return None


def _threads_at_work() -> bool:
    return any(not one.daemon for one in threading.enumerate() if one is not threading.main_thread())
