"""The listing for a frame in somebody else's page (N25): the one page that may be framed."""

from dataclasses import dataclass

from api.pages.catalogue import Programmes
from api.pages.listing_view import Card, ListingView, listing_view, parameters
from api.pages.reader import Day, Reader
from api.pages.texts import PAGE
from api.reading.listing import Listed, ListingQuery

LENGTH = 8


@dataclass(frozen=True, slots=True)
class EmbedView:
    title: str
    cards: tuple[Card, ...]
    count: str
    as_of: str
    all: str


def embed_view(
    reader: Reader, wanted: ListingQuery, found: Listed, programmes: Programmes, as_of: tuple[str, Day | None]
) -> EmbedView:
    listing: ListingView = listing_view(reader, wanted, found, None, programmes, as_of)
    programme = programmes.get(wanted.programme) if wanted.programme else None
    return EmbedView(
        title=reader.say(programme.name) if programme else reader.say(PAGE["listing_title"]),
        cards=listing.cards,
        count=listing.count,
        as_of=listing.as_of,
        all=reader.link("/projects", **parameters(wanted)),
    )
