"""A project in the dossier of its organisation: facts, course, milestones, money, evaluations, honours, files."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from api.archive.files import Filed
from api.archive.organisation_chapters import credit_table, say, table
from api.forms.typeset import Chapter, Table
from api.pages.briefing_texts import SOURCE, STAGE
from api.pages.code_texts import HONOUR_STANDING, STATUS
from api.pages.deliveries import evaluations, milestones
from api.pages.history_view import HistoryRow
from api.pages.listing_view import district_name, districts_served
from api.pages.sentences import Naming
from api.routes.credit import CreditLineView
from ledger.project.chosen import HonourStanding
from ledger.project.money import parts
from ledger.project.state import Project


@dataclass(frozen=True, slots=True)
class ProjectPapers:
    """What the dossier says of one project. `status`: by all events, also those that the reader does not see."""

    title: str
    programme: str
    status: str
    project: Project
    course: Sequence[HistoryRow]
    credit: Sequence[CreditLineView]
    files: Sequence[Filed]


def about_project(naming: Naming, papers: ProjectPapers, on: date) -> Chapter:
    """`on`: the day by which a report is overdue."""
    tables = [
        *_course(naming, papers.course),
        *_milestones(naming, papers.project, on),
        *_money(naming, papers.project, papers.course),
        *_evaluations(naming, papers.project),
        *_honours(naming, papers.project),
        *credit_table(naming, "credit", papers.credit),
        *_files(naming, papers.files),
    ]
    facts = tuple((say(naming.reader, key), value) for key, value in _facts(naming, papers) if value)
    return Chapter(papers.title, facts, tuple(tables), new_page=True)


def _facts(naming: Naming, papers: ProjectPapers) -> Iterable[tuple[str, str]]:
    reader, rules, project = naming.reader, naming.rules, papers.project
    yield "id", str(project.id)
    yield "programme", papers.programme
    yield "status", papers.status
    if holder := project.holder:
        yield "holder", holder.organisation_name
        yield "district", district_name(reader, rules, holder.district) or ""
    if form := project.form:
        category = rules.category(form.category) if rules else None
        yield "category", reader.say(category.name) if category else form.category
        yield "content", form.content
        yield "place", form.place or ""
        yield "districts_served", districts_served(reader, rules, form.districts_served)
        yield "legal_representative", form.legal_representative or ""
        yield "supervising_unit", form.supervising_unit or ""
        yield "schedule", reader.period(form.schedule)
        count = reader.number(form.beneficiaries.count)
        yield "people", say(reader, "people_line", group=form.beneficiaries.group, count=count)
    if project.approved:
        yield "approval", project.approved.fact.document_number
    if (contract := project.contract) and (terms := project.terms):
        yield (
            "contract",
            say(
                reader,
                "contract_line",
                number=terms.number,
                authority=contract.authority,
                party=contract.party,
                signed=reader.day(terms.signed_on).text,
                period=reader.period(terms.period),
            ),
        )
        yield "amount", reader.money(terms.amount) if terms.amount else say(reader, "none")
    if earlier := project.earlier:
        yield "holder", earlier.organisation_name
        yield "content", earlier.content or ""
        yield "place", earlier.place or ""
        yield "schedule", f"{reader.day(earlier.started_on).text} – {reader.day(earlier.ended_on).text}"
        yield "amount", reader.money(earlier.granted) if earlier.granted else ""
    if grant := project.grant:
        yield "funder", grant.funder_name
        yield "amount", reader.money(grant.amount)
        yield "content", grant.description or ""


def _course(naming: Naming, rows: Sequence[HistoryRow]) -> list[Table]:
    def told(row: HistoryRow) -> str:
        marks = (row.late, row.redacted, row.corrects and row.corrects.text, row.corrected and row.corrected.text)
        return " ".join((row.sentence, *(f"〔{mark}〕" for mark in marks if mark)))

    columns = [("position", 2), ("day", 4), ("what", 13), ("by", 4)]
    cells = ((row.position, row.effective_on.text, told(row), row.by) for row in rows)
    return table(naming.reader, "course", columns, cells)


def _milestones(naming: Naming, project: Project, on: date) -> list[Table]:
    if not project.contract:
        return []
    columns = [("milestone", 3), ("due", 4), ("reported", 4), ("state", 4), ("spent", 4), ("work", 6)]
    rows = (
        (
            one.name,
            one.due.text if one.due else "",
            one.reported.text if one.reported else "",
            " · ".join(filter(None, (one.state_text, one.people))),
            one.spent or "",
            " ".join(filter(None, (one.work_done, one.summary))),
        )
        for one in milestones(naming, project, on)
    )
    return table(naming.reader, "milestones", columns, rows)


def _money(naming: Naming, project: Project, course: Sequence[HistoryRow]) -> list[Table]:
    reader, positions = naming.reader, {row.version: row.position for row in course}
    columns = [("stage", 2), ("source", 3), ("amount", 3), ("records", 1)]
    rows = (
        (
            reader.say(STAGE[part.stage]),
            reader.say(SOURCE[part.source]),
            reader.money(part.amount),
            positions[part.version],
        )
        for part in parts(project)
    )
    return table(reader, "money", columns, rows)


def _evaluations(naming: Naming, project: Project) -> list[Table]:
    columns = [("by_whom", 3), ("scores", 6), ("conclusion", 8)]
    rows = (
        (one.by, "；".join((*(f"{name} {score}" for name, score, _ in one.scores), *one.surveys)), one.conclusion)
        for one in evaluations(naming, project)
    )
    return table(naming.reader, "evaluations", columns, rows)


def _honours(naming: Naming, project: Project) -> list[Table]:
    columns = [("honour", 4), ("recipient", 5), ("deed", 6), ("document", 4), ("status", 2)]
    rows = (
        (
            naming.honour(one.fact.honour),
            one.fact.recipient.told(naming),
            one.fact.deed,
            one.fact.document_number,
            naming.reader.say(
                HONOUR_STANDING[HonourStanding.AWARDED if project.is_honoured(one.version) else HonourStanding.REVOKED]
            ),
        )
        for one in project.honours
    )
    return table(naming.reader, "honours", columns, rows)


def _files(naming: Naming, files: Sequence[Filed]) -> list[Table]:
    def where(one: Filed) -> str:
        # A place to break, which a digest has none of.
        return one.path.replace("/", "/\u200b") if one.path else say(naming.reader, "not_there")

    columns = [("file", 3), ("file_path", 8)]
    return table(naming.reader, "files", columns, ((one.name, where(one)) for one in files))


def status_of(naming: Naming, status: str) -> str:
    return next(naming.reader.say(words) for code, words in STATUS.items() if code.value == status)
