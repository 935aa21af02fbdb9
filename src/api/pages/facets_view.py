"""The facets next to the list of projects: what each further filter would leave."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from api.pages.catalogue import Programmes
from api.pages.code_texts import MARK, STATUS
from api.pages.public_texts import PUBLIC
from api.pages.reader import Reader
from api.reading.listing import ListingQuery
from ledger.core.words import Words
from ledger.project.districts_served import WHOLE_CITY
from ledger.project.status import Status
from projections.facet_queries import Band, Facet, Facets, bands_of_amounts

# What a published project can be; the other states are over before publication.
PUBLIC_STATUSES = (
    Status.PUBLISHED,
    Status.IN_DELIVERY,
    Status.SUSPENDED,
    Status.COMPLETED,
    Status.TERMINATED,
    Status.CLOSED,
    Status.GRANTED,
    Status.CARRIED_OVER,
)
SHOWN = 6


@dataclass(frozen=True, slots=True)
class FacetChoice:
    """`href`: the list with it, or without it where it is chosen."""

    text: str
    count: str
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class FacetView:
    """`more`: what is folded away, under `more_text`."""

    title: str
    choices: tuple[FacetChoice, ...]
    more: tuple[FacetChoice, ...]
    more_text: str


def facet_views(
    reader: Reader, wanted: ListingQuery, facets: Facets, programmes: Programmes, asked: dict[str, str]
) -> tuple[FacetView, ...]:
    """`asked`: the conditions as they stand in the address."""
    names: dict[Facet, Mapping[str, Words]] = {
        Facet.SERVED: programmes.districts_now(wanted.programme),
        Facet.CATEGORY: programmes.categories(wanted.programme),
        Facet.STATUS: {status.value: STATUS[status] for status in PUBLIC_STATUSES},
        Facet.MARKED: {mark.value: words for mark, words in MARK.items()},
    }

    def choice(text: str, count: int, parameters: dict[str, str | None]) -> FacetChoice:
        given = {name: value for name, value in parameters.items() if value is not None}
        chosen = bool(given) and all(asked.get(name) == value for name, value in parameters.items())
        href = reader.link("/projects", **{**asked, **(dict.fromkeys(parameters) if chosen else parameters)})
        return FacetChoice(text, reader.number(count), href, chosen)

    def named(facet: Facet) -> Iterable[FacetChoice]:
        counts = {value: count for value, count in facets.of(facet).items() if value != WHOLE_CITY}
        known = names.get(facet, {})
        if (now := asked.get(facet.value)) is not None:
            counts.setdefault(now, 0)
        order = {value: place for place, value in enumerate(known)}
        for value in sorted(counts, key=lambda value: (order.get(value, len(order)), value)):
            text = reader.say(known[value]) if value in known else value
            yield choice(text, counts[value], {facet.value: value})

    def years() -> Iterable[FacetChoice]:
        return sorted(named(Facet.YEAR), key=lambda one: one.text, reverse=True)

    def amounts() -> Iterable[FacetChoice]:
        counts = facets.of(Facet.AMOUNT)
        for number, band in enumerate(bands_of_amounts()):
            ends = {"at_least": _plain(band.at_least), "at_most": _plain(band.at_most)}
            one = choice(_band(reader, band), counts.get(str(number), 0), ends)
            if one.chosen or counts.get(str(number)):
                yield one

    found = {
        Facet.SERVED: named(Facet.SERVED),
        Facet.CATEGORY: named(Facet.CATEGORY),
        Facet.STATUS: named(Facet.STATUS),
        Facet.MARKED: named(Facet.MARKED),
        Facet.YEAR: years(),
        Facet.AMOUNT: amounts(),
    }
    return tuple(_view(reader, facet, tuple(choices)) for facet, choices in found.items())


def _view(reader: Reader, facet: Facet, choices: tuple[FacetChoice, ...]) -> FacetView:
    """The chosen one is never folded away; one more line is not worth folding."""
    first = choices[:SHOWN] if len(choices) > SHOWN + 1 else choices
    first += tuple(one for one in choices[len(first) :] if one.chosen)
    more = tuple(one for one in choices if one not in first)
    return FacetView(
        reader.say(PUBLIC[f"facet_{facet}"]),
        first,
        more,
        reader.say(PUBLIC["facet_more"], count=reader.number(len(more))),
    )


def _plain(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)


def _band(reader: Reader, band: Band) -> str:
    above = band.at_most + Decimal("0.01") if band.at_most is not None else None
    least, most = (amount and _round(reader, amount) for amount in (band.at_least, above))
    key = "band_below" if least is None else "band_above" if most is None else "band_between"
    return reader.say(PUBLIC[key], **{name: text for name, text in (("least", least), ("above", most)) if text})


def _round(reader: Reader, amount: Decimal) -> str:
    """Chinese counts money by ten thousands."""
    whole = int(amount)
    text = f"{whole / 10_000:g}" if reader.language == "zh" else reader.number(whole)
    return reader.say(PUBLIC["ten_thousand"], amount=text)
