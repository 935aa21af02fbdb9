"""Places at which a reader goes on: none lies behind the end of the ledger."""

from api.service import Service
from ledger.refusals.addresses import CursorAhead


async def check_place(service: Service, field: str, position: int) -> None:
    """A place behind the end is of a part of the ledger that was lost. Raises CursorAhead."""
    size = (await service.store.head()).size
    if position >= size:
        raise CursorAhead(field=field, size=size)
