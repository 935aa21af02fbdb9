"""How the service stands: webhooks with what waits, reminders that were sent, health."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.admin.places import check_place
from api.admin.views import Cell, Desk, Field, Part, Sending, Sheet, desk_of, page, sent_to
from api.pages.asked import id_of
from api.pages.frame import Link
from api.pages.reader import LOOK
from api.protocol.query import takes
from api.reminders.reminder import KINDS, ReminderKind
from api.reminders.sent import sent_reminders
from api.sign_in.visits import service_in
from api.webhooks import delivery_log
from api.webhooks.routes import (
    end_webhook,
    list_deliveries,
    list_webhooks,
    replay_dead_letters,
    send_test,
    show_webhook,
)
from api.webhooks.views import Replay
from ledger.access import SETS_WEBHOOKS
from ledger.core.refusal import Refusal
from ledger.refusals.webhooks import WebhookUnknown

router = APIRouter(include_in_schema=False)
WEBHOOKS, REMINDERS, HEALTH = "/admin/webhooks", "/admin/reminders", "/admin/health"
MOST = 50


@router.get(WEBHOOKS, openapi_extra=takes(*LOOK))
async def show_webhooks(request: Request) -> Response:
    desk = await desk_of(request)
    found = (await list_webhooks(service_in(request), desk.who)).webhooks
    rows = tuple(
        (
            Cell(one.label, desk.link(f"{WEBHOOKS}/{one.id}")),
            Cell(desk.say(f"content_{one.content}")),
            Cell(one.url),
            Cell(desk.say(f"ended_by_{one.ended_by}") if one.ended_by else desk.say("goes_on")),
        )
        for one in found
    )
    header = tuple(desk.say(key) for key in ("receiver", "content", "address", "state"))
    part = Part("", desk.say("webhooks_lead"), Sheet(header, rows))
    return await page(desk, WEBHOOKS, desk.say("webhooks"), [part])


@router.get(WEBHOOKS + "/{webhook}", openapi_extra=takes("cursor", *LOOK))
async def show_one(request: Request, webhook: str) -> Response:
    return await _webhook(await desk_of(request), _uuid(webhook))


@router.post(WEBHOOKS + "/{webhook}", openapi_extra=takes(*LOOK))
async def act_on_one(request: Request, webhook: str) -> Response:
    desk, fields = await sent_to(request)
    service, id, notice = service_in(request), _uuid(webhook), ""
    try:
        match fields.get("act"):
            case "test":
                await send_test(service, desk.who, id)
                notice = desk.say("test_sent")
            case "replay":
                count = (await replay_dead_letters(service, desk.who, id, Replay())).replayed
                notice = desk.say("replayed", count=count)
            case "end":
                await end_webhook(service, desk.who, id)
                notice = desk.say("webhook_ended")
    except Refusal as refusal:
        return await _webhook(replace(desk, error=refusal), id)
    return await _webhook(replace(desk, notice=(notice, "") if notice else None), id)


async def _webhook(desk: Desk, id: UUID) -> Response:
    service = service_in(desk.request)
    one = await show_webhook(service, desk.who, id)
    found = await list_deliveries(service, desk.who, id, None, desk.request.query_params.get("cursor"), MOST)
    path = f"{WEBHOOKS}/{id}"
    rows = []
    for delivery in found.deliveries:
        last = delivery.attempts[-1] if delivery.attempts else None
        at = Cell(desk.reader.instant(delivery.created_at).text)
        next_at = desk.reader.instant(delivery.next_at).text if delivery.next_at else "—"
        said = f"{last.status or ''} {last.said}".strip()[:120] if last else "—"
        state = Cell(desk.say(f"delivery_{delivery.state}"))
        rows.append((at, state, Cell(desk.reader.number(len(delivery.attempts))), Cell(next_at), Cell(said)))
    header = tuple(desk.say(key) for key in ("at", "state", "attempts", "next_at", "last_answer"))
    more = desk.link(path, cursor=found.next_cursor) if found.next_cursor else ""
    forms: tuple[Sending, ...] = ()
    if desk.who.role in SETS_WEBHOOKS and one.ended_at is None:
        forms = tuple(
            Sending(desk.link(path), desk.say(key), (Field("act", "", "hidden", act),))
            for act, key in (("test", "send_test"), ("replay", "replay_dead"), ("end", "end_webhook"))
        )
    standing = desk.say(f"ended_by_{one.ended_by}") if one.ended_by else desk.say("goes_on")
    parts = [
        Part("", f"{one.url} · {standing}", forms=forms),
        Part(desk.say("deliveries"), sheet=Sheet(header, tuple(rows), more)),
    ]
    return await page(desk, path, one.label, parts, back=Link(desk.say("webhooks"), desk.link(WEBHOOKS)))


@router.get(REMINDERS, openapi_extra=takes(*LOOK))
async def show_reminders(request: Request) -> Response:
    desk = await desk_of(request)
    check_place(desk.who, REMINDERS)
    async with service_in(request).pool.connection() as connection:
        found = await sent_reminders(connection, MOST)
    rows = tuple(
        (
            Cell(desk.reader.instant(one.sent_at).text),
            Cell(desk.reader.say(KINDS[ReminderKind(one.kind)])),
            Cell(desk.reader.day(one.due_on).text),
            Cell(one.channel),
            Cell(str(one.project), desk.link(f"/projects/{one.project}/decide")),
        )
        for one in found
    )
    header = tuple(desk.say(key) for key in ("at", "reminder", "due_day", "channel", "project_id"))
    part = Part("", desk.say("reminders_lead"), Sheet(header, rows))
    return await page(desk, REMINDERS, desk.say("reminders"), [part])


@router.get(HEALTH, openapi_extra=takes(*LOOK))
async def show_health(request: Request) -> Response:
    desk = await desk_of(request)
    check_place(desk.who, HEALTH)
    service = service_in(request)
    failing = await service.readiness.failing()
    standings = await service.standings()
    async with service.pool.connection() as connection:
        waiting = await delivery_log.standing(connection, service.ledger.clock())
    signer = service.signer
    differs = service.history is not None and service.history.differs is not None
    facts = (
        (
            "health_parts",
            desk.reader.listed(f"{name}: {why}" for name, why in failing.items()) or desk.say("all_answer"),
        ),
        ("health_events", desk.reader.number((await service.store.head()).size)),
        ("health_log", desk.say("log_unsigned") if signer is None else str(signer.status.size)),
        ("health_history", desk.say("history_differs" if differs else "history_agrees")),
        ("health_pending", desk.reader.number(waiting.pending)),
        ("health_dead", desk.reader.number(waiting.dead)),
    )
    models = tuple(
        (
            Cell(name),
            Cell(desk.reader.number(one.next_position)),
            Cell(desk.reader.number(one.lag)),
            Cell(desk.say("model_stopped" if one.is_broken else "goes_on")),
        )
        for name, one in standings.items()
    )
    header = tuple(desk.say(key) for key in ("model", "next_position", "behind", "state"))
    parts = [
        Part(
            "",
            desk.say("health_lead"),
            Sheet(
                (desk.say("what"), desk.say("value")), tuple((Cell(desk.say(key)), Cell(text)) for key, text in facts)
            ),
        ),
        Part(desk.say("models"), sheet=Sheet(header, models)),
    ]
    return await page(desk, HEALTH, desk.say("health"), parts)


def _uuid(text: str) -> UUID:
    """Raises WebhookUnknown."""
    return id_of(text, WebhookUnknown(webhook=text[:40]))
