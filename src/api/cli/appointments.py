"""The first appointment, made at the machine itself, and who holds which role."""

import json
from datetime import date
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.cli.opening import master_key, opened_database, opened_ledger
from api.protocol.canonical import canonical_bytes
from api.reading.appointments import HeldRoles, held_roles
from api.reading.times import civil_day
from ledger import stopping
from ledger.accounts import OPERATOR
from ledger.appointments import Term
from ledger.commands.appointments import Nominee, first_appointment
from ledger.core.fact import Role
from ledger.unit_of_work import CommandContext, Receipt

app = typer.Typer(no_args_is_help=True, add_completion=False)
console = Console()


@app.command()
def first(
    name: Annotated[str, typer.Argument(help="The person's name, which is sealed.")],
    document: Annotated[str, typer.Option(help="The paper by which it was decided.")],
    reason: Annotated[str, typer.Option(help="For everybody to read.")],
    since: Annotated[str | None, typer.Option(help="The first day of the term; else today.")] = None,
    until: Annotated[str | None, typer.Option(help="The last day of the term.")] = None,
    same_as: Annotated[UUID | None, typer.Option(help="An account that the person has already.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON.")] = False,
) -> None:
    """Appoint the first member of the leading group, who appoints all others. Everybody can read that it was made.

    Example: minsheng appointment first 示例组长 --document 示例任〔2010〕1号 --reason 成立领导小组。"""
    begin, end = civil_day("--since", since), civil_day("--until", until)

    with opened_database() as (settings, database):

        async def work() -> Receipt:
            async with opened_ledger(database, master_key(settings, database)) as ledger:
                nominee = Nominee(name, same_as, Term(since=begin or ledger.today(), until=end), document, reason)
                return await ledger.transact(CommandContext(OPERATOR), first_appointment(nominee))

        receipt = stopping.run(work())
    if as_json:
        print(json.dumps({"position": receipt.position}))
    else:
        console.print(f"appointed at position {receipt.position}", highlight=False)


@app.command("list")
def list_appointments(
    role: Annotated[Role | None, typer.Option(help="One role; else all that are one body each.")] = None,
    body: Annotated[str | None, typer.Option(help="An organisation's id, or a district's code.")] = None,
    on: Annotated[str | None, typer.Option(help="The day; else today.")] = None,
    known_at: Annotated[str | None, typer.Option(help="As known then: a date, an instant or a position.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON, the same bytes as over HTTP.")] = False,
) -> None:
    """Who held which role on a day. Example: minsheng appointment list --role committee --on 2010-06-30"""
    day: date | None = civil_day("--on", on)

    with opened_database() as (settings, database):

        async def work() -> HeldRoles:
            async with opened_ledger(database, master_key(settings, database)) as ledger:
                return await held_roles(ledger, OPERATOR, role, body, on=day, known_at=known_at)

        answer = stopping.run(work())
    if as_json:
        print(canonical_bytes(answer).decode())
        return
    table = Table("position", "role", "body", "name", "since", "until", "programme", "document")
    for one in answer.appointments:
        held = (one.position, one.role, one.body, one.name, one.since, one.until, one.programme, one.document_number)
        stand_in = [(two.position, "deputy", None, two.name, two.since, two.until, None, None) for two in one.deputies]
        for cells in (held, *stand_in):
            table.add_row(*("" if cell is None else escape(str(cell)) for cell in cells))
    console.print(table)
