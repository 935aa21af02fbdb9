"""What the listing shows, ready for its template."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from api.pages.briefing_texts import SUM
from api.pages.catalogue import Programmes
from api.pages.code_texts import MARK, SERVES, STATUS
from api.pages.facets_view import FacetView, facet_views
from api.pages.frame import Link
from api.pages.honours_view import honours_link
from api.pages.public_texts import PUBLIC
from api.pages.reader import Day, Reader
from api.pages.texts import PAGE
from api.pages.wanted import NOT_ASKED
from api.reading.listing import Listed, ListingQuery
from ledger.core.words import Words
from ledger.project.districts_served import WHOLE_CITY
from ledger.project.honours import is_honour
from ledger.project.money import Sum
from ledger.project.status import Status
from ledger.rules import Rules
from ledger.values import Money
from projections.facet_queries import Facets
from projections.listing_queries import Mark, Row

SORTS = ("recent", "amount", "title")


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Select:
    name: str
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    text: str
    steps: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with what it is, where its rows are, and one more next to it."""

    label: str
    text: str
    href: str
    also: str | None


@dataclass(frozen=True, slots=True)
class Card:
    """A project in the list. `tone`: how its status is to be taken. `money`, `people`: the first of what is known."""

    href: str
    title: str
    organisation: str
    organisation_href: str | None
    programme: str
    category: str | None
    district: str | None
    place: str | None
    tone: str
    status_text: str
    marks: tuple[str, ...]
    money: Figure | None
    people: Figure | None
    facts: tuple[tuple[str, str], ...]
    progress: Progress | None
    honours: str | None
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Views:
    """How the list is shown, and the other ways."""

    table: Link
    cards: Link
    as_cards: bool


@dataclass(frozen=True, slots=True)
class ListingView:
    """`hidden`: what the search keeps; `more`: what the form of further conditions keeps."""

    q: str
    bounds: tuple[tuple[str, str, str], ...]
    hidden: tuple[tuple[str, str], ...]
    more: tuple[tuple[str, str], ...]
    selects: tuple[Select, ...]
    chips: tuple[Link, ...]
    facets: tuple[FacetView, ...]
    views: Views
    downloads: tuple[Link, ...]
    catching_up: str | None
    clear: str
    count: str
    as_of: str
    as_of_day: Day | None
    honours: tuple[Link, ...]
    cards: tuple[Card, ...]
    next: str
    first: str
    briefings: tuple[Link, ...]


def listing_view(
    reader: Reader,
    wanted: ListingQuery,
    found: Listed,
    facets: Facets | None,
    programmes: Programmes,
    as_of: tuple[str, Day | None],
    as_cards: bool = False,
    catching_up: str | None = None,
) -> ListingView:
    """`as_of`: the sentence that says what the listing rests on, and its day. `facets`: None where none are shown."""
    shown = {"view": "cards"} if as_cards else {}
    asked = parameters(wanted) | shown
    without_cursor = {name: value for name, value in asked.items() if name != "cursor"}
    selects = tuple(_selects(reader, wanted, programmes))
    count = reader.number(found.total)
    return ListingView(
        q=wanted.q or "",
        bounds=tuple((name, reader.say(PAGE[name]), asked.get(name, "")) for name in ("at_least", "at_most")),
        hidden=_kept(reader, without_cursor, {"q"}),
        more=_kept(reader, without_cursor, {"at_least", "at_most", *(select.name for select in selects)}),
        selects=selects,
        chips=tuple(_chips(reader, wanted, found.rows, programmes, without_cursor)),
        facets=facet_views(reader, wanted, facets, programmes, without_cursor) if facets else (),
        views=Views(
            Link(reader.say(PUBLIC["view_table"]), reader.link("/projects", **without_cursor | {"view": None})),
            Link(reader.say(PUBLIC["view_cards"]), reader.link("/projects", **without_cursor | {"view": "cards"})),
            as_cards,
        ),
        downloads=tuple(
            Link(form, reader.link(f"/projects.{suffix}", **parameters(wanted) | {"cursor": None}))
            for form, suffix in (("CSV", "csv"), ("Excel", "xlsx"))
        )
        + machine_links(reader, wanted, found)[-1:],
        catching_up=catching_up,
        clear=reader.link("/projects", **shown),
        count=reader.say(PAGE["result" if found.total == 1 else "results"], count=count),
        as_of=as_of[0],
        as_of_day=as_of[1],
        honours=tuple(
            honours_link(reader, one.rules)
            for one in programmes.listed
            if one.rules and wanted.programme in (None, one.code) and any(map(is_honour, one.rules.quotas))
        ),
        cards=tuple(_card(reader, row, programmes) for row in found.rows),
        next=reader.link("/projects", **asked | {"cursor": found.next_cursor}) if found.next_cursor else "",
        first=reader.link("/projects", **without_cursor) if wanted.cursor else "",
        briefings=tuple(
            Link(reader.say(PAGE["briefing_of"], programme=reader.say(one.name)), reader.link(briefing_path(one.code)))
            for one in programmes.listed
        ),
    )


def _kept(reader: Reader, asked: dict[str, str], fields: set[str]) -> tuple[tuple[str, str], ...]:
    """What a form keeps next to its own fields."""
    return tuple((name, value) for name, value in (asked | reader.carried).items() if name not in fields)


def briefing_path(programme: str) -> str:
    return f"/programmes/{programme}/briefing"


def parameters(wanted: ListingQuery) -> dict[str, str]:
    """The conditions as they stand in an address: those that were given."""
    asked = {name: getattr(wanted, name) for name in ListingQuery.model_fields if name in wanted.model_fields_set}
    return {name: str(value) for name, value in asked.items() if name not in NOT_ASKED and value is not None}


def machine_links(reader: Reader, wanted: ListingQuery, found: Listed) -> tuple[Link, ...]:
    query = urlencode(parameters(wanted) | ({"on": wanted.on.isoformat()} if wanted.on else {}))
    archive = f"/v1/organisations/{wanted.organisation}/archive"
    # Of one that was only named as the recipient of a grant there is none.
    has_archive = wanted.organisation and any(row.status != Status.GRANTED for row in found.rows)
    packed = [Link(reader.say(PAGE["archive"]), reader.file(archive, known_at=wanted.known_at))] if has_archive else []
    return (
        *packed,
        Link(reader.say(PAGE["open_data"]), reader.at(f"/v1/projects?{query}" if query else "/v1/projects")),
    )


def _chips(
    reader: Reader, wanted: ListingQuery, rows: list[Row], programmes: Programmes, asked: dict[str, str]
) -> Iterable[Link]:
    """Each condition with the way to be rid of it."""
    names = {
        "programme": {one.code: one.name for one in programmes.listed},
        "category": programmes.categories(wanted.programme),
        "district": programmes.districts(wanted.programme),
        "district_now": programmes.districts_now(wanted.programme),
        "served_district": programmes.districts(wanted.programme),
        "served_district_now": programmes.districts_now(wanted.programme),
        "status": {status.value: words for status, words in STATUS.items()},
        "marked": {mark.value: words for mark, words in MARK.items()},
    }
    for name, value in asked.items():
        if name in ("figure", "sort", "view", "known_at"):
            continue
        words = names.get(name, {}).get(value)
        text = reader.say(words) if words else value
        if name == "q":
            text = f"“{value}”"
        if name == "organisation":
            organisation = rows[0].organisation_name if rows else reader.say(PAGE["this_organisation"])
            text = reader.say(PAGE["only_organisation"], name=organisation)
        elif name in ("at_least", "at_most"):
            text = reader.say(PUBLIC["amount_from" if name == "at_least" else "amount_to"], amount=value)
        elif words and name in ("district", "district_now", "served_district"):
            text = reader.say(PAGE["colon"]).join((reader.say(PAGE[name]), text))
        yield Link(text, reader.link("/projects", **{**asked, name: None}))


def _selects(reader: Reader, wanted: ListingQuery, programmes: Programmes) -> Iterable[Select]:
    """What no facet shows."""
    offered: tuple[tuple[str, str | None, Mapping[str, Words]], ...] = (
        ("programme", wanted.programme, {one.code: one.name for one in programmes.listed}),
        ("district", wanted.district, programmes.districts(wanted.programme)),
        ("district_now", wanted.district_now, programmes.districts_now(wanted.programme)),
        ("served_district", wanted.served_district, programmes.districts(wanted.programme)),
    )
    for name, chosen, names in offered:
        labels = {code: label.in_(reader.language) for code, label in names.items()}
        if chosen:
            labels.setdefault(chosen, chosen)
        choices = (Choice(code, label, code == chosen) for code, label in labels.items())
        everything = Choice("", reader.say(PAGE["all"]), chosen is None)
        yield Select(name, reader.say(PAGE[name]), (everything, *choices))
    orders = (Choice(sort, reader.say(PAGE[f"sort_{sort}"]), sort == wanted.sort) for sort in SORTS)
    yield Select("sort", reader.say(PAGE["sort"]), tuple(orders))
    amounts = (Choice(name.value, reader.say(SUM[name]), name is wanted.figure) for name in Sum)
    yield Select("figure", reader.say(PAGE["figure"]), tuple(amounts))


def _card(reader: Reader, row: Row, programmes: Programmes) -> Card:
    programme = programmes.get(row.programme)
    rules = programme.rules if programme else None
    category = rules.category(row.category) if rules and row.category else None
    progress = None
    if rules:
        total = len(rules.milestones)
        said = reader.say(PAGE["milestones_of"], done=row.milestones, total=total)
        progress = Progress(said, tuple(number < row.milestones for number in range(total)))
    href = reader.link(f"/projects/{row.project}")
    return Card(
        href=href,
        title=row.title,
        organisation=row.organisation_name,
        organisation_href=reader.link("/projects", organisation=row.organisation) if row.organisation else None,
        programme=reader.say(programme.name) if programme else row.programme,
        category=reader.say(category.name) if category else row.category,
        district=district_name(reader, rules, row.district),
        place=reader.say(PAGE["place_served"], place=place)
        if (place := row.place or districts_served(reader, rules, row.serves))
        else None,
        tone=tone_of(Status(row.status), terminated=row.terminated),
        status_text=status_text(reader, Status(row.status), terminated=row.terminated),
        marks=tuple(_marks(reader, row)),
        money=_money(reader, row, href),
        people=_people(reader, row, href),
        facts=tuple(_facts(reader, row)),
        progress=progress,
        honours=reader.say(PAGE["honours_count"], count=row.honours) if row.honours else None,
        synthetic=programme.synthetic if programme else False,
    )


def status_text(reader: Reader, status: Status, *, terminated: bool) -> str:
    """Where it stands; of one that is closed, how it ended."""
    if status is Status.CLOSED:
        return reader.say(PUBLIC["ended_terminated" if terminated else "ended_completed"])
    return reader.say(STATUS[status])


def tone_of(status: Status, *, terminated: bool) -> str:
    if terminated or status in (Status.WITHDRAWN, Status.REJECTED, Status.SUSPENDED, Status.LAPSED):
        return "late"
    if status in (Status.COMPLETED, Status.CLOSED):
        return "good"
    return "run" if status in (Status.IN_DELIVERY, Status.PUBLISHED) else "plain"


def _marks(reader: Reader, row: Row) -> Iterable[str]:
    """What its status does not say."""
    if row.terminated and row.status not in (Status.TERMINATED, Status.CLOSED):
        yield reader.say(MARK[Mark.TERMINATED])
    if row.suspended and row.status != Status.SUSPENDED:
        yield reader.say(MARK[Mark.SUSPENDED])


def _money(reader: Reader, row: Row, href: str) -> Figure | None:
    """What was decided last of it, and what was paid."""
    amounts = [(name, row.amount(name)) for name in (Sum.APPROVED, Sum.CONTRACTED, Sum.PURCHASED, Sum.REQUESTED)]
    known = next(((name, amount) for name, amount in amounts if amount is not None), None)
    if known is None:
        return None
    shown = [
        (reader.say(SUM[name]), reader.money(Money.model_construct(amount=amount, currency=str(row.currency))))
        for name, amount in (known, (Sum.PAID, row.paid))
        if amount is not None
    ]
    return Figure(*shown[0], f"{href}#money", " ".join(shown[1]) if len(shown) > 1 else None)


def _people(reader: Reader, row: Row, href: str) -> Figure | None:
    planned, served = row.people_planned, row.people_served
    if planned is None and served is None:
        return None
    said = reader.say(PUBLIC["people_of"], count=reader.number(planned)) if planned is not None else None
    text = reader.say(PAGE["people_count"], count=reader.number(served or 0))
    return Figure(reader.say(PAGE["served"]), text, f"{href}#people", said)


def _facts(reader: Reader, row: Row) -> Iterable[tuple[str, str]]:
    """Each amount and each number of people of which something was said, under its own name."""
    for name in Sum:
        if (amount := row.amount(name)) is not None:
            shown = reader.money(Money.model_construct(amount=amount, currency=str(row.currency)))
            yield reader.say(SUM[name]), shown
    for label, count in (("people_planned", row.people_planned), ("served", row.people_served)):
        if count is not None:
            yield reader.say(PAGE[label]), reader.say(PAGE["people_count"], count=reader.number(count))


def districts_served(reader: Reader, rules: Rules | None, codes: Iterable[str] | None) -> str:
    def name(code: str) -> str:
        return reader.say(SERVES[WHOLE_CITY]) if code == WHOLE_CITY else district_name(reader, rules, code) or code

    return reader.say(PAGE["comma"]).join(map(name, codes or ()))


def district_name(reader: Reader, rules: Rules | None, code: str | None) -> str | None:
    """A project of no district is the city's; an imported grant, which has no rules, has no place at all."""
    if code is None:
        return reader.say(PAGE["city"]) if rules else None
    district = rules.district(code) if rules else None
    return reader.say(district.name) if district else code
