"""What a page is asked for, read from its address; what is wrong in it is told on a page."""

from datetime import date, datetime

from fastapi import Request
from pydantic import ValidationError

from api.pages import problem_pages
from api.pages.reader import Reader, reader_for
from api.reading.listing import ListingQuery
from api.reading.times import read_moment
from api.reading.visible import known_position
from api.service import Service
from ledger.accounts import ANYONE
from ledger.clock import LEDGER_ZONE
from ledger.values import Frozen

PAGE_LENGTH = 25
# A page is of so many projects, and its day is that of the chosen moment.
NOT_ASKED = ("limit", "on")


def given(request: Request, model: type[Frozen]) -> dict[str, str]:
    """What was filled in; a form sends its empty fields too."""
    return {
        name: value.strip()
        for name, value in request.query_params.items()
        if name in model.model_fields and name not in NOT_ASKED and value.strip()
    }


async def day_of(service: Service, reader: Reader) -> date | None:
    """The day of the chosen moment; None for now. Raises PositionUnknown."""
    if reader.effective_on:
        return date.fromisoformat(reader.effective_on)
    if reader.known_at is None:
        return None
    moment = read_moment(reader.known_at)
    if moment is not None:
        return moment.astimezone(LEDGER_ZONE).date() if isinstance(moment, datetime) else moment
    known = await known_position(service.ledger, ANYONE, reader.known_at)
    return (await service.store.told_at(known)).astimezone(LEDGER_ZONE).date()


async def asked_listing(request: Request) -> ListingQuery:
    """What was late is so on the day of the chosen moment."""
    asked = given(request, ListingQuery)
    asked.pop("cursor", None)
    # No form sends a cursor, so an empty one is a wrong one.
    cursor = request.query_params.get("cursor")
    asked["limit"] = str(PAGE_LENGTH)
    try:
        wanted = ListingQuery.model_validate(asked)
    except ValidationError as error:
        raise problem_pages.invalid(reader_for(request), error) from error
    day = await day_of(request.app.state.service, reader_for(request))
    return wanted.model_copy(update={"on": day} | ({"cursor": cursor} if cursor is not None else {}))
