"""The organisation in its dossier: what it is, its own credit lines, the list of its projects."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from api.archive.words import CREDIT_STATUS, DOSSIER, KIND, LIST, RESULT
from api.forms.typeset import Chapter, Table
from api.pages.briefing_texts import KIND as ORGANISATION_KIND
from api.pages.catalogue import Programmes
from api.pages.code_texts import ENDED, PENALTY
from api.pages.reader import Reader
from api.pages.sentences import Naming
from api.reading.organisation_view import OrganisationView
from api.routes.credit import CreditLineView
from ledger.authors import ROLE
from ledger.core.fact import Role
from ledger.credit_line import CreditKind
from ledger.organisation.oversight import PenaltyKind
from ledger.organisation.registration import OrganisationKind


@dataclass(frozen=True, slots=True)
class Listed:
    """A project as the list of the first volume names it."""

    id: UUID
    title: str
    programme: str
    status: str
    volume: int


def say(reader: Reader, key: str, **values: Any) -> str:
    return reader.say(DOSSIER[key], **values)


def table(reader: Reader, title: str, columns: Sequence[tuple[str, int]], rows: Iterable[Sequence[str]]) -> list[Table]:
    """With the headings that these keys name, and their widths; none without rows."""
    found = tuple(map(tuple, rows))
    header = tuple(say(reader, key) for key, _ in columns)
    widths = tuple(width for _, width in columns)
    return [Table(say(reader, title) if title else "", header, widths, found)] if found else []


def about_organisation(reader: Reader, view: OrganisationView, programmes: Programmes) -> Chapter:
    name = programmes.districts(None).get(view.district) if view.district else None
    district = reader.say(name) if name else view.district or say(reader, "city")
    facts = [
        ("name", view.name),
        ("former_names", "、".join(view.former_names)),
        ("kind", reader.say(ORGANISATION_KIND[OrganisationKind(view.kind)])),
        ("district", district),
        ("supervisor", view.supervisor or ""),
        ("contract_body", view.contract_body or ""),
        ("standing", _standing(reader, view)),
        ("grade", _grade(reader, view)),
        ("lists", "；".join(_lists(reader, view)) or say(reader, "none")),
    ]
    rows = (
        (
            one.scheme,
            one.id,
            reader.day(one.since).text if one.since else say(reader, "registration_day"),
            f"{one.replaced_by.scheme} {one.replaced_by.id}" if one.replaced_by else "",
        )
        for one in view.identifiers
    )
    columns = [("scheme", 2), ("number", 4), ("since", 3), ("replaced_by", 4)]
    return Chapter(
        say(reader, "organisation"),
        tuple((say(reader, key), value) for key, value in facts if value),
        tuple(table(reader, "identifiers", columns, rows)),
    )


def _standing(reader: Reader, view: OrganisationView) -> str:
    if merged := view.merged:
        day = reader.day(merged.since).text
        return say(reader, "merged", day=day, into=merged.into_name, document=merged.document_number)
    if ended := view.deregistered:
        day = reader.day(ended.since).text
        how = reader.say(ENDED[ended.kind or "not_recorded"]).capitalize()
        return say(reader, "deregistered", day=day, ended=how, document=ended.document_number, reason=ended.reason)
    return say(reader, "active")


def _grade(reader: Reader, view: OrganisationView) -> str:
    if view.grade is None:
        return say(reader, "none")
    start, end = reader.day(view.grade.valid_from).text, reader.day(view.grade.valid_until).text
    return say(reader, "grade_line", grade=view.grade.grade, start=start, end=end, document=view.grade.document_number)


def _lists(reader: Reader, view: OrganisationView) -> Iterable[str]:
    for one in view.lists:
        day = reader.day(one.since).text
        name = reader.say(LIST[one.list])
        yield say(reader, "list_line", list=name, day=day, document=one.document_number, reason=one.reason)


def credit_table(naming: Naming, title: str, lines: Sequence[CreditLineView]) -> list[Table]:
    reader = naming.reader
    columns = [
        ("credit_kind", 4),
        ("credit_what", 7),
        ("credit_result", 3),
        ("credit_status", 3),
        ("authority", 5),
        ("document", 5),
        ("since", 6),
        ("records", 3),
    ]
    rows = (
        (
            reader.say(KIND[line.kind]),
            _what(naming, line),
            reader.say(RESULT[line.result]) if line.result in RESULT else line.result or "",
            reader.say(CREDIT_STATUS[line.status]),
            _authority(reader, line.authority),
            line.document_number or "",
            reader.day(line.since).text,
            "、".join(map(str, line.positions)),
        )
        for line in lines
    )
    return table(reader, title, columns, rows)


def _authority(reader: Reader, authority: str | None) -> str:
    """A body by its name; one that acted in a role without a body is said by the role."""
    role = next((one for one in Role if one.value == authority), None)
    return reader.say(ROLE[role]) if role else authority or ""


def _what(naming: Naming, line: CreditLineView) -> str:
    match line.kind:
        case CreditKind.LIST:
            return naming.reader.say(LIST[line.what])
        case CreditKind.PENALTY:
            return naming.reader.say(PENALTY[PenaltyKind(line.what)]).capitalize()
        case CreditKind.TIMELINESS:
            return naming.milestone(line.what)
        case CreditKind.HONOUR:
            return naming.honour(line.what)
        case _:
            return line.what


def about_credit(reader: Reader, lines: Sequence[CreditLineView]) -> Chapter:
    """Of the organisation itself; what is of a project stands with the project."""
    own = [one for one in lines if not one.project]
    return Chapter(say(reader, "credit"), (), tuple(credit_table(Naming(reader, None), "", own)))


def list_of_projects(reader: Reader, projects: Sequence[Listed]) -> Chapter:
    columns = [("title_of", 8), ("programme", 6), ("status", 3), ("volume_of", 1)]
    rows = ((one.title, one.programme, one.status, str(one.volume)) for one in projects)
    tables = table(reader, "", columns, rows)
    facts = () if tables else ((say(reader, "projects"), say(reader, "none")),)
    return Chapter(say(reader, "projects"), facts, tuple(tables))
