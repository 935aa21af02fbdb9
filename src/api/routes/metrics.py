"""What Prometheus asks for: how far the read models are, and what webhooks wait for."""

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest
from starlette.responses import Response

from api.door import ServiceDep
from api.webhooks import delivery_log
from ledger.backup.last import NAME as LAST_BACKUP
from ledger.backup.last import last_backup
from ledger.clock import utc_now


async def metrics(service: ServiceDep) -> Response:
    """Figures of operation in the text format of Prometheus."""
    registry = CollectorRegistry()

    def gauge(name: str, said: str, *labels: str) -> Gauge:
        return Gauge(f"minsheng_{name}", said, labels, registry=registry)

    gauge("ledger_events", "Events in the ledger.").set((await service.store.head()).size)
    refused = service.history is not None and service.history.differs is not None
    gauge("history_refused", "1 while the database does not hold what was signed, and no command is taken.").set(
        refused
    )
    gauge("follower_up", "1 while read models are followed.").set(service.follower.is_alive)
    position = gauge("projection_next_position", "The first event that the read model has not seen.", "projection")
    lag = gauge("projection_lag_events", "Events that the read model has not seen.", "projection")
    seconds = gauge("projection_lag_seconds", "Since the oldest of them was recorded.", "projection")
    broken = gauge("projection_broken", "1 while the read model has stopped at an event.", "projection")
    for name, one in (await service.standings()).items():
        position.labels(name).set(one.next_position)
        lag.labels(name).set(one.lag)
        seconds.labels(name).set(one.lag_seconds)
        broken.labels(name).set(one.is_broken)
    async with service.pool.connection() as connection:
        waiting = await delivery_log.standing(connection, service.ledger.clock())
        row = await (await connection.execute("SELECT max(size) FROM ledger.checkpoints")).fetchone()
    gauge("log_signed_events", "Events that the newest checkpoint covers.").set(row[0] or 0 if row else 0)
    gauge("webhook_pending", "Messages that wait to be sent.").set(waiting.pending)
    gauge("webhook_dead", "Messages that were given up and wait to be replayed.").set(waiting.dead)
    gauge("webhook_oldest_pending_seconds", "Since the oldest message that waits was taken.").set(
        waiting.oldest_seconds
    )
    last = last_backup(service.signed.path.with_name(LAST_BACKUP)) if service.signed else None
    if last is not None:
        age = gauge("backup_age_seconds", "Since the database was last backed up from this machine.")
        age.set((utc_now() - last.made_at).total_seconds())
    return Response(generate_latest(registry), headers={"Cache-Control": "no-store"}, media_type=CONTENT_TYPE_LATEST)
