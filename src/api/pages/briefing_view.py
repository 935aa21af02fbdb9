"""What the briefing shows, ready for its page and for paper."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from api.forms.typeset import Figures
from api.pages.briefing_texts import BRIEFING, HEADING, KIND, SOURCE, STAGE, STEP, SUM
from api.pages.charts import Bar, bars
from api.pages.code_texts import STATUS
from api.pages.frame import Link
from api.pages.listing_view import Choice, Select, briefing_path
from api.pages.reader import Reader
from api.routes.audit_money import MoneyFigure
from api.routes.briefing import Briefing, Section
from api.routes.statistics import FiguresView, Group
from ledger.clock import LEDGER_ZONE
from ledger.organisation.registration import OrganisationKind
from ledger.project.money import Sum
from ledger.project.status import Status
from projections.figures import By


@dataclass(frozen=True, slots=True)
class BriefingView:
    title: str
    programme: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Figures, ...]
    empty: str
    note: str


def briefing_view(reader: Reader, shown: Briefing) -> BriefingView:
    say = _sayer(reader)
    sections = [
        table(reader, section, shown.period) for section in _telling(shown.sections) for table in (_section, _sums)
    ]
    tables = [_overview(reader, shown), *_money(reader, shown.period.money), *sections]
    return BriefingView(
        title=say("title"),
        programme=reader.say(shown.name),
        facts=(
            (say("scope"), reader.say(shown.district) if shown.district else say("whole_city")),
            (say("period"), _period(reader, shown)),
            (say("basis"), _basis(reader, shown)),
        ),
        tables=tuple(tables),
        empty="" if sections else say("nothing"),
        note=say("on", day=reader.day(shown.on).text) + say("note"),
    )


def _telling(sections: Sequence[Section]) -> Iterator[Section]:
    """Districts as they were tell nothing more where they are as they are."""
    now = next((section.groups for section in sections if section.by is By.DISTRICT_NOW), ())
    for section in sections:
        if section.groups and not (section.by is By.DISTRICT and section.groups == now):
            yield section


def _sayer(reader: Reader) -> Callable[..., str]:
    def say(key: str, **values: Any) -> str:
        return reader.say(BRIEFING[key], **values)

    return say


def _period(reader: Reader, shown: Briefing) -> str:
    say = _sayer(reader)
    first = reader.day(shown.since).text if shown.since else None
    last = reader.day(shown.until).text if shown.until else None
    if first and last:
        return say("between", first=first, last=last)
    return say("since", first=first) if first else say("until", last=last) if last else say("always")


def _basis(reader: Reader, shown: Briefing) -> str:
    say = _sayer(reader)
    if shown.recorded_at is None:
        return say("as_of_nothing")
    day = reader.day(shown.recorded_at.astimezone(LEDGER_ZONE).date()).text
    return say("as_of", position=reader.number(shown.basis.known), day=day)


def _overview(reader: Reader, shown: Briefing) -> Figures:
    say = _sayer(reader)
    columns = (shown.period,) if shown.period == shown.whole else (shown.period, shown.whole)
    heads = (say("in_all"),) if len(columns) == 1 else (say("in_period"), say("in_all"))
    rows = tuple(zip(*(_figures(reader, one) for one in columns), strict=True))
    notes = [say("small", minimum=shown.minimum_group)] if shown.minimum_group else []
    if any(step.number is None for step in shown.whole.steps):
        notes.append(say("withheld_note"))
    return Figures(
        heading=say("overview"),
        header=(say("figure"), *heads),
        rows=tuple((cells[0][0], *(cell[1] for cell in cells)) for cells in rows),
        foot=(),
        chart="",
        numbers=len(columns),
        note="".join(notes) if reader.language == "zh" else " ".join(notes),
    )


def _figures(reader: Reader, found: FiguresView) -> Iterator[tuple[str, str]]:
    say, number = _sayer(reader), reader.number
    for step in found.steps:
        yield reader.say(STEP[step.step]), say("withheld") if step.number is None else number(step.number)
    yield say("planned"), number(found.planned)
    yield say("served"), number(found.served)
    for name in Sum:
        yield reader.say(SUM[name]), _sum(reader, found, name)
    yield say("in_time"), number(found.reports.in_time)
    yield say("late"), number(found.reports.late)
    yield say("overdue"), number(found.reports.overdue)
    yield say("answered"), number(found.satisfaction.answered)
    yield say("satisfied"), _satisfied(reader, found)


def _satisfied(reader: Reader, found: FiguresView) -> str:
    told = found.satisfaction
    if told.satisfied is None:
        return reader.say(BRIEFING["too_few"]) if told.answered else "—"
    return reader.percent(told.satisfied, told.rated)


def _money(reader: Reader, found: Sequence[MoneyFigure]) -> Iterator[Figures]:
    """A table for each currency, which are never added up."""
    say = _sayer(reader)
    for currency in sorted({figure.amount.currency for figure in found}):
        own = [figure for figure in found if figure.amount.currency == currency]
        rows = [
            (
                reader.say(STAGE[figure.stage]),
                reader.say(SOURCE[part.source]),
                reader.signed(part.amount.amount, currency),
            )
            for figure in own
            for part in figure.by_source
        ]
        drawn = [
            Bar(
                reader.say(STAGE[figure.stage]),
                reader.signed(figure.amount.amount, currency),
                int(figure.amount.amount),
            )
            for figure in own
        ]
        chart = bars(say("chart_money", currency=currency), drawn)
        yield Figures(say("money"), (say("stage"), say("source"), say("amount")), tuple(rows), (), chart, 1)


def _section(reader: Reader, section: Section, total: FiguresView) -> Figures:
    say, heading = _sayer(reader), reader.say(HEADING[section.by])
    names = [_name(reader, section.by, group) for group in section.groups]
    by_month = section.by is By.MONTH
    drawn = []
    for name, group in zip(names, section.groups, strict=True):
        number = group.figures.served if by_month else group.figures.projects
        drawn.append(Bar(name, reader.number(number), number))
    title = say("chart_served") if by_month else say("chart_projects", heading=heading)
    columns = ("projects", "planned", "served", "reports", "satisfied")
    return Figures(
        heading=heading,
        header=(say("group"), *(say(column) for column in columns)),
        rows=tuple((name, *_cells(reader, group.figures)) for name, group in zip(names, section.groups, strict=True)),
        foot=(say("total"), *_cells(reader, total)),
        chart=bars(title, drawn),
        numbers=len(columns),
    )


def _cells(reader: Reader, found: FiguresView) -> Iterator[str]:
    yield reader.number(found.projects)
    yield reader.number(found.planned)
    yield reader.number(found.served)
    reports = found.reports
    due = reports.in_time + reports.late + reports.overdue
    say = _sayer(reader)
    yield say("reports_of", in_time=reader.number(reports.in_time), all=reader.number(due)) if due else "—"
    yield _satisfied(reader, found)


def _sums(reader: Reader, section: Section, total: FiguresView) -> Figures:
    """The amounts of the groups, each under its own name."""
    heading = reader.say(HEADING[section.by])

    def cells(found: FiguresView) -> tuple[str, ...]:
        return tuple(_sum(reader, found, name) for name in Sum)

    return Figures(
        heading=reader.say(BRIEFING["amounts"], heading=heading),
        header=(reader.say(BRIEFING["group"]), *(reader.say(SUM[name]) for name in Sum)),
        rows=tuple((_name(reader, section.by, group), *cells(group.figures)) for group in section.groups),
        foot=(reader.say(BRIEFING["total"]), *cells(total)),
        chart="",
        numbers=len(Sum),
    )


def _sum(reader: Reader, found: FiguresView, name: Sum) -> str:
    given = [one.amount for one in found.amounts if one.figure is name]
    return " + ".join(reader.signed(one.amount, one.currency) for one in given) or "—"


def _name(reader: Reader, by: By, group: Group) -> str:
    say = _sayer(reader)
    if group.key is None:
        return say("city" if by in (By.DISTRICT, By.DISTRICT_NOW) else "none")
    if group.name:
        return reader.say(group.name)
    if by is By.PHASE:
        return reader.say(STATUS[Status(group.key)])
    if by is By.KIND:
        return reader.say(KIND[OrganisationKind(group.key)])
    return group.key


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    label: str
    type: str
    value: str


@dataclass(frozen=True, slots=True)
class BriefingPage:
    """The briefing with what one chooses it by. `path`: its own address."""

    shown: BriefingView
    title: str
    lead: str
    path: str
    hidden: tuple[tuple[str, str], ...]
    filters: str
    fields: tuple[Field, ...]
    select: Select
    show: str
    pdf: Link


def briefing_page(reader: Reader, shown: Briefing, asked: Mapping[str, str]) -> BriefingPage:
    """`asked`: the conditions as they stand in the address."""
    say = _sayer(reader)

    def field(name: str) -> Field:
        value = asked.get(name, "")
        # A position or an instant fits into no date field.
        return Field(name, say(name), "date" if len(value) in (0, 10) else "text", value)

    chosen = asked.get("district")
    choices = (Choice(one.code, reader.say(one.name), one.code == chosen) for one in shown.districts)
    everything = Choice("", say("whole_city"), chosen is None)
    return BriefingPage(
        shown=briefing_view(reader, shown),
        title=say("title"),
        lead=say("lead"),
        path=briefing_path(shown.programme),
        hidden=tuple(reader.carried.items()),
        filters=say("filters"),
        fields=(field("from"), field("to")),
        select=Select("district", say("district"), (everything, *choices)),
        show=say("show"),
        pdf=Link(say("pdf"), reader.file(f"/v1/programmes/{shown.programme}/forms/briefing.pdf", **asked)),
    )


def machine_links(reader: Reader, shown: Briefing, asked: Mapping[str, str]) -> tuple[Link, ...]:
    query = f"?{urlencode(asked)}" if asked else ""
    return (Link(reader.say(BRIEFING["json"]), reader.at(f"/v1/programmes/{shown.programme}/briefing{query}")),)
