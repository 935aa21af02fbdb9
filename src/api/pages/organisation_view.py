"""One organisation by the two clocks: names, identifiers, grade, lists, projects, honours, credit record, archive."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from api.archive.organisation_chapters import about_organisation, credit_table
from api.forms.typeset import Table
from api.pages.catalogue import Programmes
from api.pages.code_texts import STATUS
from api.pages.frame import Link
from api.pages.history_view import HistoryRow
from api.pages.organisation_texts import ORGANISATION
from api.pages.reader import Day, Reader
from api.pages.sentences import Naming
from api.reading.listing import Listed
from api.reading.organisation_view import OrganisationView
from api.routes.credit import CreditLineView, CreditRecord
from ledger.core.envelope import Recorded
from ledger.credit_line import CreditKind
from ledger.organisation.particulars import Renamed
from ledger.organisation.registration import OrganisationRegistered
from ledger.project.status import Status


@dataclass(frozen=True, slots=True)
class NameView:
    name: str
    since: Day
    href: str


@dataclass(frozen=True, slots=True)
class ProjectLine:
    title: str
    href: str
    status: str
    status_text: str
    programme: str


@dataclass(frozen=True, slots=True)
class CreditRow:
    """`cells`: as in the dossier, without the positions, which `events` links to."""

    cells: tuple[str, ...]
    project: str
    events: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    title: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    names: tuple[NameView, ...]
    count: str
    projects: tuple[ProjectLine, ...]
    all_projects: str
    honours: tuple[CreditRow, ...]
    credit: tuple[CreditRow, ...]
    events: tuple[HistoryRow, ...]
    archive: str
    as_of: str


def organisation_page(
    reader: Reader,
    view: OrganisationView,
    record: CreditRecord,
    listed: Listed,
    programmes: Programmes,
    counting: Sequence[Recorded],
    history: Iterable[HistoryRow],
) -> OrganisationPage:
    """`counting`: the organisation's own events as they count on the day; `history`: all that are known."""
    about = about_organisation(reader, view, programmes)
    lines = [(line, _row(reader, programmes, line)) for line in record.lines]
    return OrganisationPage(
        title=view.name,
        facts=about.facts[1:],
        tables=about.tables,
        names=tuple(_names(reader, counting)),
        count=reader.say(ORGANISATION["org_projects_count"], count=reader.number(listed.total)),
        projects=tuple(_projects(reader, listed, programmes)),
        all_projects=reader.link("/projects", organisation=view.id),
        honours=tuple(row for line, row in lines if line.kind is CreditKind.HONOUR),
        credit=tuple(row for _, row in lines),
        events=tuple(history),
        archive=reader.file(f"/v1/organisations/{view.id}/archive", **_moment(reader)),
        as_of=reader.say(ORGANISATION["org_as_of"], position=reader.number(view.known), day=reader.day(view.on).text),
    )


def _moment(reader: Reader) -> Mapping[str, str | None]:
    """The chosen moment as the interface asks for it."""
    return {"known_at": reader.known_at, "on": reader.effective_on}


def _names(reader: Reader, counting: Sequence[Recorded]) -> Iterable[NameView]:
    """Each name since the day on which it was taken, the present one first."""
    for event in reversed(counting):
        if isinstance(event.fact, OrganisationRegistered | Renamed):
            yield NameView(
                event.fact.name, reader.day(event.event.effective_on), reader.link(f"/events/{event.position}")
            )


def _projects(reader: Reader, listed: Listed, programmes: Programmes) -> Iterable[ProjectLine]:
    for row in listed.rows:
        programme = programmes.get(row.programme)
        yield ProjectLine(
            row.title,
            reader.link(f"/projects/{row.project}"),
            row.status,
            reader.say(STATUS[Status(row.status)]),
            reader.say(programme.name) if programme else "",
        )


def _row(reader: Reader, programmes: Programmes, line: CreditLineView) -> CreditRow:
    programme = programmes.get(line.programme) if line.programme else None
    naming = Naming(reader, programme.rules if programme else None)
    *cells, _ = credit_table(naming, "", [line])[0].rows[0]
    return CreditRow(
        tuple(cells),
        reader.link(f"/projects/{line.project}") if line.project else "",
        tuple(Link(reader.number(position), reader.link(f"/events/{position}")) for position in line.positions),
    )


def machine_links(reader: Reader, organisation: UUID) -> tuple[Link, ...]:
    base = f"/v1/organisations/{organisation}"
    names = (("json_organisation", ""), ("json_credit", "/credit"), ("json_organisation_history", "/history"))
    return tuple(Link(reader.say(ORGANISATION[key]), reader.at(base + path)) for key, path in names)
