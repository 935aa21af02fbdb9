"""What auditors ask, at the machine itself."""

import json
from collections.abc import Awaitable, Callable
from typing import Annotated

import typer
from rich.console import Console

from api.cli.opening import served
from api.routes.audit import ExceptionsWanted, LateWanted, PairsWanted, exception_page, late_page, pair_page
from api.service import Service
from ledger.accounts import OPERATOR
from ledger.values import Frozen

app = typer.Typer(no_args_is_help=True, add_completion=False)
console = Console()
LARGEST_PAGE = 200
KnownAt = Annotated[str | None, typer.Option(help="As known then: a date, an instant or a position.")]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
CursorOption = Annotated[str | None, typer.Option(help="The next_cursor of the page before.")]


@app.command("late-entries")
def late_entries(known_at: KnownAt = None, cursor: CursorOption = None, as_json: Json = False) -> None:
    """What was entered late, and how late. Example: minsheng audit late-entries --known-at 2010-06-30"""
    wanted = LateWanted(known_at=known_at, cursor=cursor, limit=LARGEST_PAGE)
    _answer(lambda service: late_page(service, OPERATOR, wanted), as_json=as_json)


@app.command("exceptions")
def list_exceptions(known_at: KnownAt = None, cursor: CursorOption = None, as_json: Json = False) -> None:
    """What departs from the regular course. Example: minsheng audit exceptions --known-at 2010-06-30"""
    wanted = ExceptionsWanted(known_at=known_at, cursor=cursor, limit=LARGEST_PAGE)
    _answer(lambda service: exception_page(service, OPERATOR, wanted), as_json=as_json)


@app.command()
def pairs(known_at: KnownAt = None, cursor: CursorOption = None, as_json: Json = False) -> None:
    """Who judged the same organisation more than once. Example: minsheng audit pairs --known-at 2010-06-30"""
    wanted = PairsWanted(known_at=known_at, cursor=cursor, limit=LARGEST_PAGE)
    _answer(lambda service: pair_page(service, OPERATOR, wanted), as_json=as_json)


def _answer(work: Callable[[Service], Awaitable[Frozen]], *, as_json: bool) -> None:
    """A page of the list; what comes after it, by --cursor."""
    answer = served(work)
    if as_json:
        print(answer.model_dump_json())
    else:
        console.print_json(json.dumps(answer.model_dump(mode="json"), ensure_ascii=False))
