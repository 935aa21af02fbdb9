"""Read models: how far they are, and rebuilding them."""

import json
from typing import Annotated, Any

import typer
from psycopg.rows import class_row
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from api.cli.opening import opened_database
from ledger.core.fact import instant_text
from ledger.memory import collect_rarely
from projections import side_by_side
from projections.read_models import READ_MODELS
from projections.schemas import connect
from projections.tracking import STANDING, Standing

app = typer.Typer(no_args_is_help=True, add_completion=False)
console = Console()
PROJECTIONS = {model.name: model for model in READ_MODELS}


@app.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False) -> None:
    """How many events each read model has seen, and where one has stopped. Example: minsheng projections status"""
    with opened_database() as (_, database), connect(database) as connection:
        standings = connection.cursor(row_factory=class_row(Standing)).execute(STANDING).fetchall()
    if as_json:
        print(json.dumps([_told(one) for one in standings]))
        return
    if not standings:
        console.print("no read model has been made yet; minsheng serve makes them")
    for one in standings:
        said = f"{one.name}: {one.next_position} of {one.next_position + one.lag} events"
        if one.broken_since:
            said += f", stopped at position {one.broken_position} since {instant_text(one.broken_since)}"
            said += f": {one.broken_error}"
        console.print(said, highlight=False, soft_wrap=True)


def _told(one: Standing) -> dict[str, Any]:
    """`broken`: None where it goes on."""
    broken = one.broken_since and {
        "position": one.broken_position,
        "error": one.broken_error,
        "since": instant_text(one.broken_since),
    }
    return {"name": one.name, "seen": one.next_position, "of": one.next_position + one.lag, "broken": broken}


@app.command()
def rebuild(
    names: Annotated[list[str] | None, typer.Argument(help="The read models; all of them without a name.")] = None,
) -> None:
    """Fold all events into fresh tables, in two processes, and switch to them; readers and followers go on.
    Example: minsheng projections rebuild listing due"""
    wanted = list(dict.fromkeys(names or PROJECTIONS))
    if unknown := [name for name in wanted if name not in PROJECTIONS]:
        raise typer.BadParameter(f"there is no read model {unknown[0]}; choose from {', '.join(PROJECTIONS)}")
    collect_rarely()
    bar = Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with opened_database() as (_, database), bar:
        task = bar.add_task(", ".join(wanted), total=None)
        models = [PROJECTIONS[name] for name in wanted]
        side_by_side.rebuild(database, models, lambda done, size: bar.update(task, completed=done, total=size))
