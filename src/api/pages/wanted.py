"""What a page is asked for, read from its address; what is wrong in it is told on a page."""

from fastapi import Request
from pydantic import ValidationError

from api.pages import problem_pages
from api.pages.asked import given
from api.pages.reader import reader_for
from api.reading.listing import ListingQuery

PAGE_LENGTH = 25


def asked_listing(request: Request) -> ListingQuery:
    asked = given(request, ListingQuery)
    asked.pop("cursor", None)
    # No form sends a cursor, so an empty one is a wrong one.
    cursor = request.query_params.get("cursor")
    asked["limit"] = str(PAGE_LENGTH)
    try:
        wanted = ListingQuery.model_validate(asked)
    except ValidationError as error:
        raise problem_pages.invalid(reader_for(request), error) from error
    return wanted.model_copy(update={"cursor": cursor}) if cursor is not None else wanted
