"""What the page of an audit list shows, ready for its template."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from api.audit.lists import ASKED, AuditList, Found, Item, Wanted
from api.pages.audit_texts import AUDIT, EXCEPTION, GROUP, WHY
from api.pages.briefing_texts import SOURCE, STAGE
from api.pages.catalogue import Programmes
from api.pages.frame import Link
from api.pages.listing_view import Choice
from api.pages.reader import Reader
from api.routes.audit import ExceptionItem, LateItem, LateTotal, PairItem, Subject
from api.routes.audit_money import AuditedMoney, MoneyGroup, SignedMoney
from api.routes.audit_sealed import SealedReadItem
from ledger.authors import ROLE
from ledger.core.fact import Role
from ledger.facts import FACTS
from ledger.project.money import Stage
from ledger.subjects import PURPOSE
from projections.exception_kinds import CORRECTIONS, ExceptionKind
from projections.money_queries import GroupBy

# Values of one read; the files have all of them.
SHOWN = 5
# Who may have recorded something.
RECORDING = tuple(one for one in Role if one not in (Role.PUBLIC, Role.AUDITOR, Role.CREDIT_SYSTEM))


_EXCEPTION = ("exception", "what", "about", "by", "effective", "reason")
_COLUMNS: dict[AuditList, tuple[str, ...]] = {
    AuditList.LATE: ("what", "about", "by", "effective", "received", "days", "reason"),
    AuditList.EXCEPTIONS: _EXCEPTION,
    AuditList.CORRECTIONS: _EXCEPTION,
    AuditList.PAIRS: ("judge", "organisation", "judged", "favour", "scores"),
    AuditList.SEALED: ("when", "by", "why", "reason", "purpose", "values"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """`also` stands under the text; `amount`: to the right."""

    text: str
    href: str = ""
    also: str = ""
    amount: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[Cell, ...]
    records: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """Of the form that filters. `choices`: empty for a number."""

    name: str
    label: str
    value: str
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class AuditView:
    title: str
    about: str
    path: str
    tabs: tuple[Link, ...]
    fields: tuple[Field, ...]
    hidden: tuple[tuple[str, str], ...]
    sums: tuple[str, ...]
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    downloads: tuple[Link, ...]
    next: str
    first: str
    as_of: str


@dataclass(frozen=True, slots=True)
class Told:
    """How codes and records are told to one auditor. `by`: how money is grouped."""

    reader: Reader
    programmes: Programmes
    by: GroupBy | None = None

    def type(self, name: str) -> str:
        return self.reader.say(FACTS[name].named) if name in FACTS else name

    def who(self, role: Role, body: str | None) -> str:
        district = self.programmes.districts(None).get(body) if body and role is Role.DISTRICT else None
        return self.reader.bureau(district) if district else self.reader.say(ROLE[role])

    def event(self, position: int) -> Link:
        return Link(self.reader.number(position), self.reader.link(f"/audit/events/{position}"))

    def about(self, row: Subject) -> Cell:
        if row.project:
            # The page for those who are signed in: what is not published, nobody else sees.
            page = self.reader.link(f"/projects/{row.project}/decide")
            return Cell(row.title or "", page, row.organisation_name or "")
        if row.organisation:
            return Cell(row.organisation_name or "", self.reader.link(f"/organisations/{row.organisation}"))
        programme = self.programmes.get(row.programme) if row.programme else None
        return Cell(
            self.reader.say(programme.name) if programme else "",
            self.reader.link(f"/programmes/{row.programme}") if programme else "",
        )

    def money(self, money: SignedMoney) -> str:
        return self.reader.signed(money.amount, money.currency)


def audit_view(
    told: Told, name: AuditList, lists: Sequence[AuditList], wanted: Wanted, given: dict[str, str], found: Found
) -> AuditView:
    """`given`: what the address asks for."""
    reader, path = told.reader, f"/audit/{name}"
    kept = {one: value for one, value in given.items() if one not in ("cursor", "after")}
    columns, rows = _rows(told, name, found)
    following = {"after" if name is AuditList.MONEY else "cursor": found.next}
    filters = ASKED[name].filters
    hidden = {one: value for one, value in kept.items() if one not in filters} | reader.carried
    return AuditView(
        title=reader.say(AUDIT[f"audit_{name}"]),
        about=reader.say(AUDIT[f"audit_about_{name}"]),
        path=reader.at(path),
        tabs=tuple(Link(reader.say(AUDIT[f"audit_{one}"]), reader.link(f"/audit/{one}")) for one in lists),
        fields=tuple(_field(told, name, one, kept.get(one, _default(wanted, one))) for one in filters),
        hidden=tuple(hidden.items()),
        sums=tuple(_sum(told, one) for one in found.sums),
        columns=tuple(reader.say(AUDIT[one] if one in AUDIT else STAGE[Stage(one)]) for one in columns),
        rows=tuple(rows),
        downloads=tuple(
            Link(text, reader.link(f"{path}.{suffix}", **kept))
            for text, suffix in (("CSV", "csv"), ("Excel", "xlsx"), ("JSON", "json"))
        ),
        next=reader.link(path, **kept, **following) if found.next else "",
        first=reader.link(path, **kept) if kept != given else "",
        as_of=reader.say(AUDIT["audit_as_of"], position=reader.number(found.known)) if found.known is not None else "",
    )


def _default(wanted: Wanted, name: str) -> str:
    value = getattr(wanted, name)
    return "" if value is None else str(value)


def _field(told: Told, list_name: AuditList, name: str, value: str) -> Field:
    reader, programmes = told.reader, told.programmes
    match name:
        case "programme":
            found = [(one.code, reader.say(one.name)) for one in programmes.listed]
        case "district":
            found = [(code, reader.say(words)) for code, words in programmes.districts(None).items()]
        case "role":
            found = [(one.value, reader.say(ROLE[one])) for one in RECORDING]
        case "kind":
            kinds = [one for one in ExceptionKind if list_name is not AuditList.CORRECTIONS or one in CORRECTIONS]
            found = [(one.value, reader.say(EXCEPTION[one])) for one in kinds]
        case "group_by":
            found = [(one.value, reader.say(GROUP[one])) for one in GroupBy]
        case _:
            return Field(name, reader.say(AUDIT[f"audit_{name}"]), value)
    every = [("", reader.say(AUDIT["audit_all"]))] if name != "group_by" else []
    choices = tuple(Choice(code, label, code == value) for code, label in [*every, *found])
    return Field(name, reader.say(AUDIT[f"audit_{name}"]), value, choices)


def _rows(told: Told, name: AuditList, found: Found) -> tuple[tuple[str, ...], list[Row]]:
    """With the keys of the columns."""
    if found.money is not None:
        return _money(told, found.money)
    return _named(*_COLUMNS[name]), [_row(told, one) for one in found.items]


def _row(told: Told, item: Item) -> Row:
    match item:
        case LateItem():
            return _late(told, item)
        case ExceptionItem():
            return _exception(told, item)
        case PairItem():
            return _pair(told, item)
        case SealedReadItem():
            return _read(told, item)


def _named(*columns: str) -> tuple[str, ...]:
    return tuple(f"column_{one}" for one in columns)


def _late(told: Told, row: LateItem) -> Row:
    reader = told.reader
    working = row.working_days
    moved = ""
    if row.corrects is not None and row.was_effective_on is not None:
        day = reader.day(row.was_effective_on).text
        position, days = reader.number(row.corrects), row.stood_days
        moved = reader.say(AUDIT["audit_moved"], position=position, day=day, days=days)
    return Row(
        (
            Cell(told.type(row.type), also=moved),
            told.about(row),
            Cell(told.who(row.role, row.body)),
            Cell(reader.day(row.effective_on).text),
            Cell(reader.day(row.received_on).text),
            Cell(
                reader.say(AUDIT["audit_days"], days=reader.number(row.days)),
                also="" if working is None else reader.say(AUDIT["audit_working_days"], days=reader.number(working)),
            ),
            Cell(row.reason or ""),
        ),
        tuple(told.event(one) for one in (row.corrects, row.position) if one is not None),
    )


def _exception(told: Told, row: ExceptionItem) -> Row:
    reader = told.reader
    since = {"voided": "audit_corrected_since", "restated": "audit_restated_since"}.get(row.correction or "")
    return Row(
        (
            Cell(reader.say(EXCEPTION[row.kind]), also=reader.say(AUDIT[since]) if since else ""),
            Cell(told.type(row.type)),
            told.about(row),
            Cell(told.who(row.role, row.body)),
            Cell(reader.day(row.effective_on).text),
            Cell(row.reason or ""),
        ),
        tuple(told.event(one) for one in row.positions),
    )


def _pair(told: Told, row: PairItem) -> Row:
    reader = told.reader
    count = reader.say(AUDIT["audit_judgements"], count=reader.number(row.judgements))
    favour = ""
    if row.share is not None:
        favour = reader.say(AUDIT["audit_in_favour"], positive=row.positive, decided=row.decided, share=row.share)
    scores = ""
    if row.difference is not None:
        scores = reader.say(
            AUDIT["audit_scores"], own=row.mean_score, others=row.others_mean, difference=row.difference
        )
    acts = reader.listed(told.type(one) for one in row.acts)
    return Row(
        (
            Cell(told.who(row.role, row.body), also=row.label or ""),
            Cell(row.organisation_name or "", reader.link(f"/organisations/{row.organisation}")),
            Cell(
                reader.say(AUDIT["audit_projects"], count=reader.number(row.projects)), also=f"{count} {acts}".strip()
            ),
            Cell(favour),
            Cell(scores),
        ),
        tuple(told.event(one) for one in row.positions),
    )


def _read(told: Told, row: SealedReadItem) -> Row:
    reader = told.reader
    return Row(
        (
            Cell(reader.instant(row.read_at).text),
            Cell(told.who(row.role, row.body), reader.link("/audit/sealed-reads", person=row.person)),
            Cell(reader.say(WHY[row.why])),
            Cell(row.reason or ""),
            Cell(reader.listed(reader.say(PURPOSE[one]) for one in row.purposes)),
            Cell(reader.say(AUDIT["audit_opened"], count=reader.number(row.found))),
        ),
        tuple(
            Link(one[:12], reader.link("/audit/sealed-reads", commitment=one))
            for one in list(dict.fromkeys(row.commitments))[:SHOWN]
        ),
    )


def _money(told: Told, found: AuditedMoney) -> tuple[tuple[str, ...], list[Row]]:
    [*groups] = found.groups
    if len(groups) == 1 and any(figure.events is not None for figure in groups[0].figures):
        return _named("stage", "what", "source", "dated", "effective", "amount"), list(_movements(told, groups[0]))
    return (*_named("group"), *(one.value for one in Stage)), [_group(told, one) for one in groups]


def _group(told: Told, group: MoneyGroup) -> Row:
    sums = {stage: " + ".join(told.money(one.amount) for one in group.figures if one.stage is stage) for stage in Stage}
    return Row((_key(told, group), *(Cell(sums[stage] or "—", amount=True) for stage in Stage)), ())


def _key(told: Told, group: MoneyGroup) -> Cell:
    """An organisation or a project opens to what its money is made of."""
    reader, programmes, key = told.reader, told.programmes, group.key
    if key is None:
        return Cell(reader.say(AUDIT["audit_total"]))
    if group.name is not None and told.by is GroupBy.PROJECT:
        return Cell(group.name, reader.link("/audit/money", project=key))
    if group.name is not None:
        return Cell(group.name, reader.link("/audit/money", organisation=key, group_by=GroupBy.PROJECT))
    if programme := programmes.get(key):
        return Cell(reader.say(programme.name), reader.link("/projects", programme=key))
    if name := programmes.districts(None).get(key):
        return Cell(reader.say(name), reader.link("/projects", district=key))
    if name := programmes.categories(None).get(key):
        return Cell(reader.say(name), reader.link("/projects", category=key))
    return Cell(key)


def _movements(told: Told, group: MoneyGroup) -> Iterable[Row]:
    reader = told.reader
    for figure in group.figures:
        for one in figure.events or ():
            yield Row(
                (
                    Cell(reader.say(STAGE[figure.stage])),
                    Cell(told.type(one.type)),
                    Cell(reader.say(SOURCE[one.source])),
                    Cell(reader.day(one.dated_on).text if one.dated_on else ""),
                    Cell(reader.day(one.effective_on).text),
                    Cell(told.money(one.amount), amount=True),
                ),
                tuple(told.event(position) for position in (one.position, one.corrected_at) if position is not None),
            )


def _sum(told: Told, one: LateTotal) -> str:
    reader = told.reader
    return reader.say(
        AUDIT["audit_sum"],
        who=told.who(one.role, one.district),
        entries=reader.number(one.entries),
        corrections=reader.number(one.corrections),
        days=reader.number(one.days),
        most=reader.number(one.most_days),
    )
