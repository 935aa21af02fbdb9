"""A programme's rules as known at a position, for what is worked out by its calendar when it is asked for."""

from api.service import Service
from ledger.aggregates import PROGRAMME
from ledger.core.history import state
from ledger.identifiers import programme_stream
from ledger.rules import Rules


async def rules_known(service: Service, programme: str, known: int) -> Rules | None:
    """None of a funder's register, which has none."""
    stream = programme_stream(programme)
    found = state(PROGRAMME, stream, (await service.store.streams([stream]))[stream], known)
    return found.rules if found.announced else None
