"""Read models: how far they are, and making them anew."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from api.cli.opening import opened_database
from ledger.memory import collect_rarely
from ledger.store.statements import HEAD
from projections.read_models import READ_MODELS
from projections.runner import Runner, connect

app = typer.Typer(help="Read models.", no_args_is_help=True)
console = Console()
PROJECTIONS = {model.name: model for model in READ_MODELS}


@app.command()
def status(as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False) -> None:
    """How many events each read model has seen. Example: minsheng projections status"""
    with opened_database() as (_, database), connect(database) as connection:
        head = connection.execute(HEAD).fetchone()
        rows = connection.execute("SELECT name, next_position FROM projections.tracking ORDER BY name").fetchall()
    assert head is not None
    if not rows and not as_json:
        console.print("no read model has been made yet; minsheng serve makes them")
    found = [{"name": name, "seen": seen, "of": head[0]} for name, seen in rows]
    if as_json:
        print(json.dumps(found))
    else:
        for one in found:
            console.print(f"{one['name']}: {one['seen']} of {one['of']} events", highlight=False)


@app.command()
def rebuild(
    name: Annotated[str | None, typer.Argument(help="The read model; all of them without a name.")] = None,
) -> None:
    """Fold all events into fresh tables and switch to them; readers go on. Example: minsheng projections rebuild"""
    if name is not None and name not in PROJECTIONS:
        raise typer.BadParameter(f"there is no read model {name}; choose from {', '.join(PROJECTIONS)}")
    collect_rarely()
    bar = Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with opened_database() as (_, database), bar:
        for wanted in [name] if name else list(PROJECTIONS):
            task = bar.add_task(wanted, total=None)
            runner = Runner(database, PROJECTIONS[wanted]())
            try:
                runner.prepare()
                runner.rebuild(lambda done, size, task=task: bar.update(task, completed=done, total=size))  # type: ignore[misc]
            finally:
                runner.close()
