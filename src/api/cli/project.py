"""One project by both clocks at the machine itself, as the office sees it: state, history, what changed."""

import json
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, Any, TypeVar
from uuid import UUID

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.cli.opening import master_key, opened_database, opened_ledger
from api.protocol.canonical import canonical_bytes
from api.reading.changes import leaves
from api.reading.diff import Bases, DiffAnswer, project_diff
from api.reading.findings import FindingsAnswer, project_findings
from api.reading.history import Axis, ProjectEvent, project_history
from api.reading.times import civil_day
from api.reading.visible import Basis, StateAnswer, VisibleHistory, known_of, project_state, see_as_known
from ledger import stopping
from ledger.accounts import OPERATOR
from ledger.clock import LEDGER_ZONE
from ledger.transaction import Ledger
from ledger.values import Frozen

T = TypeVar("T")
app = typer.Typer(no_args_is_help=True, add_completion=False)
console = Console()
ProjectId = Annotated[UUID, typer.Argument(metavar="ID", help="The project.")]
KnownAt = Annotated[str | None, typer.Option(help="As known then: a date, an instant or a position.")]
EffectiveOn = Annotated[str | None, typer.Option(help="Only what was effective by the end of this day.")]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON, the same bytes as over HTTP.")]


@app.command()
def show(
    project_id: ProjectId,
    known_at: KnownAt = None,
    effective_on: EffectiveOn = None,
    as_json: Json = False,
) -> None:
    """The state. Example: minsheng project show ID --known-at 2010-06-30 --effective-on 2010-03-31"""
    day: date | None = civil_day("--effective-on", effective_on)

    async def work(_: Ledger, seen: VisibleHistory, known: int) -> StateAnswer:
        return project_state(seen, known, day)

    answer = _asked(project_id, known_at, work)
    if as_json:
        _write(answer)
        return
    table = Table("field", "value", title=f"{answer.id}: {answer.status}", title_justify="left")
    for path, value in leaves(answer.state):
        table.add_row(path, _text(value))
    console.print(table)
    console.print(_basis("as", answer.basis), highlight=False)


@app.command()
def history(
    project_id: ProjectId,
    axis: Annotated[
        Axis, typer.Option(help="In the order of recording, or as it counts in the world.")
    ] = Axis.RECORDED,
    known_at: KnownAt = None,
    as_json: Json = False,
) -> None:
    """The events, how long after it was so each was recorded, and what became of it.

    Example: minsheng project history ID --axis effective --known-at 2010-06-30"""

    async def work(ledger: Ledger, seen: VisibleHistory, known: int) -> list[ProjectEvent]:
        return await project_history(ledger, seen, known, axis)

    events = _asked(project_id, known_at, work)
    if as_json:
        _write(events)
        return
    table = Table("version", "position", "event", "effective on", "recorded at", "days after", "by", "became")
    for event in events:
        recorded = event.recorded_at.astimezone(LEDGER_ZONE)
        table.add_row(
            str(event.version),
            str(event.position),
            event.type,
            event.effective_on.isoformat(),
            recorded.isoformat(" ", "seconds"),
            str((recorded.date() - event.effective_on).days),
            escape(" ".join(part for part in (event.role, event.body) if part)),
            _became(event),
        )
    console.print(table)


@app.command()
def diff(
    project_id: ProjectId,
    known_from: Annotated[str, typer.Option("--from", help="What was known first: a date, an instant or a position.")],
    known_to: Annotated[str | None, typer.Option("--to", help="What was known last; now without it.")] = None,
    effective_on: Annotated[
        str | None, typer.Option(help="Only what was effective by the end of this day, on both sides.")
    ] = None,
    from_effective_on: Annotated[str | None, typer.Option(help="Another such day for what was known first.")] = None,
    to_effective_on: Annotated[str | None, typer.Option(help="Another such day for what was known last.")] = None,
    corrections_only: Annotated[
        bool, typer.Option("--corrections-only", help="Only what changed by corrections of what was known first.")
    ] = False,
    as_json: Json = False,
) -> None:
    """What changed between two bases. Example: minsheng project diff ID --from 2010-03-31 --to 2010-06-30"""
    first: date | None = civil_day("--from-effective-on", from_effective_on or effective_on)
    last: date | None = civil_day("--to-effective-on", to_effective_on or effective_on)

    async def work(ledger: Ledger, seen: VisibleHistory, end: int) -> DiffAnswer:
        start = await known_of(ledger, seen, known_from, "--from")
        return project_diff(seen, Bases(start, end, first, last), corrections_only=corrections_only)

    answer = _asked(project_id, known_to, work, "--to")
    if as_json:
        _write(answer)
        return
    table = Table("field", "before", "after")
    for change in answer.changes:
        table.add_row(escape(change.path), _text(change.before), _text(change.after))
    console.print(table if answer.changes else "nothing changed")
    for event in answer.events:
        about = f" of version {event.target}" if event.target else ""
        console.print(
            f"position {event.position}: {event.type}{about}, effective on {event.effective_on}", highlight=False
        )
    console.print(_basis("from", answer.from_), highlight=False)
    console.print(_basis("to", answer.to), highlight=False)


@app.command()
def findings(
    project_id: ProjectId,
    known_at: KnownAt = None,
    effective_on: EffectiveOn = None,
    as_json: Json = False,
) -> None:
    """What the rules would have refused of its history, by both clocks. Example: minsheng project findings ID"""
    day: date | None = civil_day("--effective-on", effective_on)

    async def work(ledger: Ledger, seen: VisibleHistory, known: int) -> FindingsAnswer:
        return await project_findings(ledger, seen, known, day)

    answer = _asked(project_id, known_at, work)
    if as_json:
        _write(answer)
        return
    for one in answer.findings:
        fact, *named = one.events
        rests = "".join(f", {event.version} {event.type}" for event in named)
        console.print(f"{fact.version} {fact.type}{rests}: {one.code}", highlight=False, markup=False)
        console.print(f"  {one.zh}\n  {one.en}", highlight=False, markup=False)
    console.print(f"findings: {len(answer.findings)}", highlight=False)


def _asked(
    project_id: UUID,
    known_at: str | None,
    work: Callable[[Ledger, VisibleHistory, int], Awaitable[T]],
    argument: str = "--known-at",
) -> T:
    with opened_database() as (settings, database):

        async def ask() -> T:
            async with opened_ledger(database, master_key(settings, database)) as ledger:
                return await work(ledger, *await see_as_known(ledger, OPERATOR, project_id, known_at, argument))

        return stopping.run(ask())


def _write(answer: Frozen | list[ProjectEvent]) -> None:
    print(canonical_bytes(answer).decode())


def _text(value: Any) -> str:
    if value is None:
        return "–"
    return escape(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _became(event: ProjectEvent) -> str:
    if event.voided_by:
        return f"void by {event.voided_by}"
    return f"restated by {event.restated_by}" if event.restated_by else ""


def _basis(what: str, basis: Basis) -> str:
    day = f"effective by {basis.effective_on}" if basis.effective_on else "on any day"
    return f"{what} known at position {basis.known}, {day}; fold version {basis.fold_version}"
