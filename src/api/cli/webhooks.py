"""Webhooks at the machine itself: which there are, what became of what was sent, dead letters again."""

import json
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
import typer
from rich.console import Console

from api.cli.opening import opened_database
from api.webhooks import deliveries, delivery_log, subscriptions
from api.webhooks.deliveries import State
from api.webhooks.views import DeliveryView, WebhookView
from ledger import stopping
from ledger.clock import utc_now
from ledger.database import Database, Role

app = typer.Typer(no_args_is_help=True, add_completion=False)
console = Console()
T = TypeVar("T")
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
Id = Annotated[UUID, typer.Argument(help="The webhook.")]


def _done(work: Callable[[psycopg.AsyncConnection], Awaitable[T]]) -> T:
    async def connected(database: Database) -> T:
        async with await database.connect_async(Role.SERVICE, autocommit=True) as connection:
            return await work(connection)

    with opened_database() as (_, database):
        return stopping.run(connected(database))


@app.command("list")
def list_webhooks(as_json: Json = False) -> None:
    """Which webhooks there are, the newest first; of an address the host alone. Example: minsheng webhooks list"""
    found = _done(subscriptions.all_of)
    if as_json:
        print(json.dumps([_without_path(WebhookView.of(one)) for one in found]))
        return
    for one in found:
        standing = f"ended on {one.ended_at:%Y-%m-%d} ({one.ended_by})" if one.ended_at else "active"
        said = f"{one.id}  {one.content}  {_host(one.url)}  {one.label}  {standing}"
        console.print(said, highlight=False, markup=False, soft_wrap=True)
    if not found:
        console.print("no webhooks")


@app.command("deliveries")
def list_deliveries(
    webhook: Id,
    state: Annotated[State | None, typer.Option(help="Only those; dead lists the dead letters.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    as_json: Json = False,
) -> None:
    """What was sent or waits, the newest first. Example: minsheng webhooks deliveries 7f2c… --state dead"""

    async def work(connection: psycopg.AsyncConnection) -> list[DeliveryView]:
        await subscriptions.one_of(connection, webhook)
        found = await deliveries.page(connection, webhook, state, None, limit)
        attempts = await delivery_log.attempts_of(connection, [one.number for one in found])
        return [DeliveryView.of(one, attempts[one.number]) for one in found]

    shown = _done(work)
    if as_json:
        print(json.dumps([one.model_dump(mode="json") for one in shown]))
        return
    for one in shown:
        last = one.attempts[-1] if one.attempts else None
        answer = "" if last is None else f"  {last.status or last.said}"
        said = f"{one.message}  {one.state}  {len(one.attempts)} attempts{answer}"
        console.print(said, highlight=False, markup=False, soft_wrap=True)
    if not shown:
        console.print("nothing was sent")


@app.command("replay")
def replay(
    webhook: Id,
    message: Annotated[str | None, typer.Argument(help="The id of one dead letter; all of them without it.")] = None,
) -> None:
    """Send dead letters again, under the same ids; a running service sends them. Example: minsheng webhooks replay
    7f2c…"""
    replayed = _done(lambda connection: deliveries.replay(connection, webhook, message, utc_now()))
    console.print(f"{replayed} to be sent again", highlight=False)


def _host(url: str) -> str:
    # The path may be the receiver's secret.
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _without_path(webhook: WebhookView) -> dict[str, Any]:
    return webhook.model_dump(mode="json") | {"url": _host(webhook.url)}
