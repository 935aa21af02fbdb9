"""The four forms as data, from a project's state or from rows of the listing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from api.forms.typeset import Box, Form, Line, Table
from api.forms.words import FORM
from api.pages.code_texts import SOURCE, STATUS, SUPPORT
from api.pages.listing_view import districts_served
from api.pages.reader import Reader
from ledger.organisation.state import Organisation
from ledger.project.clauses import Clauses
from ledger.project.delivery import Report
from ledger.project.state import Project
from ledger.project.status import Status
from ledger.rules import Rules
from ledger.values import FundingLine, Money
from projections.listing_queries import Row


@dataclass(frozen=True, slots=True)
class Around:
    """What all forms of one programme have in common. `base` is the address that links begin with."""

    reader: Reader
    rules: Rules
    base: str

    def say(self, key: str, **values: Any) -> str:
        return self.reader.say(FORM[key], **values)

    def form(
        self,
        key: str,
        record: tuple[UUID, int] | None,
        lines: Sequence[Line],
        tables: Sequence[Table],
        boxes: Sequence[Box],
    ) -> Form:
        code = self.say("record", id=record[0], version=record[1]) if record else self.rules.code
        return Form(
            language=self.reader.language,
            title=self.say(key),
            programme=self.reader.say(self.rules.name),
            code=code,
            link=self.base + (f"/projects/{record[0]}" if record else f"/?programme={self.rules.code}"),
            lines=tuple(lines),
            tables=tuple(tables),
            boxes=tuple(boxes),
            signature=self.say("signature"),
            seal=self.say("seal"),
            day=self.say("day"),
            note=self.say("note"),
            synthetic=self.say("synthetic") if self.rules.synthetic else None,
        )

    def line(self, *pairs: tuple[str, str], tall: bool = False) -> Line:
        return Line(tuple((self.say(key), value) for key, value in pairs), tall)

    def district(self, code: str | None) -> str:
        found = self.rules.district(code) if code else None
        return self.reader.say(found.name) if found else self.say("city")

    def bureau(self, code: str) -> str:
        found = self.rules.district(code)
        return self.reader.bureau(found.name) if found else code

    def category(self, code: str) -> str:
        found = self.rules.category(code)
        return self.reader.say(found.name) if found else code

    def milestone(self, code: str) -> str:
        found = next((rule for rule in self.rules.milestones if rule.code == code), None)
        return self.reader.say(found.name) if found else code

    def money(self, money: Money | None) -> str:
        return self.reader.money(money) if money else ""

    def funds(self, key: str, lines: Sequence[FundingLine]) -> Table:
        """Every source, also those without an amount, since the form is filled in by hand too."""
        given = {line.source: line.money for line in lines}
        rows = tuple((self.reader.say(words), self.money(given.get(source))) for source, words in SOURCE.items())
        return Table(self.say(key), (self.say("source"), self.say("amount")), (1, 2), rows)


def application_form(
    around: Around,
    project: Project | None,
    organisation: Organisation | None,
    contact: dict[str, Any] | None,
    account: dict[str, Any] | None,
) -> Form:
    """申报表 (N6, N7); blank without a project. Contact and account only for those who may open them."""
    form, holder = (project.form, project.holder) if project else (None, None)
    reader, blank = around.reader, form is None
    identifiers = ", ".join(f"{one.scheme} {one.id}" for one in organisation.identifiers) if organisation else ""
    lines = (
        around.line(("title", form.title if form else "")),
        around.line(("organisation", holder.organisation_name if holder else ""), ("identifiers", identifiers)),
        around.line(
            ("legal_representative", form.legal_representative or "" if form else ""),
            ("district", around.district(holder.district) if holder else ""),
        ),
        around.line(("supervising_unit", form.supervising_unit or "" if form else "")),
        around.line(
            ("contact", contact["name"] if contact else ""), ("telephone", contact["telephone"] if contact else "")
        ),
        around.line(("account", around.say("account_line", **account) if account else "")),
        around.line(
            ("category", around.category(form.category) if form else ""),
            ("schedule", reader.period(form.schedule) if form else ""),
        ),
        around.line(
            ("beneficiaries", form.beneficiaries.group if form else ""),
            ("people", reader.number(form.beneficiaries.count) if form else ""),
        ),
        around.line(
            ("place", form.place or "" if form else ""),
            (
                "districts_served",
                districts_served(reader, around.rules, form.districts_served) if form else "",
            ),
        ),
        around.line(("content", form.content if form else ""), tall=blank),
        around.line(("plan", form.plan or "" if form else ""), tall=blank),
        around.line(("fit", form.fit or "" if form else "")),
    )
    asked = {one.kind: one.reason for one in form.support} if form else {}
    support = Table(
        around.say("support"),
        (around.say("kind"), around.say("reason")),
        (1, 4),
        tuple((reader.say(words), asked.get(kind, "")) for kind, words in SUPPORT.items()),
    )
    boxes = [Box(around.say("applicant"))]
    if around.rules.screening:
        screened = project.screening.fact.reason if project and project.screening else ""
        boxes.append(Box(around.say("screening"), screened))
    boxes.append(Box(around.say("committee")))
    decision = project.approved or project.rejected if project else None
    decided = f"{decision.fact.document_number} {decision.fact.reason}" if decision else ""
    boxes.append(Box(around.say("leading_group"), decided))
    record = (project.id, project.form_version) if project and project.form_version else None
    return around.form(
        "application", record, lines, (around.funds("budget", form.budget if form else ()), support), boxes
    )


def progress_form(around: Around, project: Project, report: Report | None) -> Form:
    """进度表 (N13): the report, or a blank one for this project."""
    reader, fact, terms = around.reader, report.fact if report else None, project.terms
    holder = project.holder
    lines = (
        around.line(("title", project.form.title if project.form else "")),
        around.line(
            ("contractor", holder.organisation_name if holder else ""),
            ("contract_number", terms.number if terms else ""),
        ),
        around.line(
            ("milestone", around.milestone(fact.milestone) if fact else ""),
            ("people_served", reader.number(fact.people_served) if fact else ""),
        ),
        around.line(
            ("due_on", reader.day(fact.due_on).text if fact else ""),
            ("reported_on", reader.day(report.on).text if report else ""),
        ),
        around.line(("work_done", fact.work_done if fact else ""), tall=fact is None),
        around.line(("summary_of_work", fact.summary or "" if fact else ""), tall=fact is None),
    )
    tables = [around.funds("spent", fact.spent if fact else ())]
    if fact and fact.documents:
        rows = tuple((document.name, document.sha256) for document in fact.documents)
        tables.append(Table(around.say("documents"), (around.say("document"), around.say("digest")), (1, 2), rows))
    said = ""
    if report and report.returned:
        said = around.say("returned", reason=report.returned.fact.reason)
    elif report and report.accepted:
        said = around.say("accepted") + (report.accepted.fact.note or "")
    boxes = (Box(around.say("contractor")), Box(around.say("acceptance"), said))
    return around.form("progress", (project.id, report.version if report else 0), lines, tables, boxes)


def contract_form(around: Around, project: Project, version: int) -> Form:
    """合同文本 (N11) as it reads now."""
    contract, terms, reader = project.contract, project.terms, around.reader
    assert contract and terms
    amount = around.money(terms.amount) or around.say("no_amount")
    lines = (
        around.line(("contract_number", terms.number), ("signed_on", reader.day(terms.signed_on).text)),
        around.line(("party_a", contract.authority), ("party_b", contract.party)),
        around.line(("title", project.form.title if project.form else "")),
        around.line(
            ("period", reader.period(terms.period)),
            ("contract_amount", amount),
        ),
        around.line(("services", terms.services)),
        *_clauses(around, terms.clauses),
    )
    rows = tuple(
        (str(number), around.milestone(item.milestone), reader.day(item.due_on).text)
        for number, item in enumerate(terms.due, 1)
    )
    header = (around.say("number"), around.say("milestone"), around.say("due_on"))
    tables = [*_instalments(around, terms.clauses), Table(around.say("due"), header, (1, 4, 4), rows)]
    boxes = (Box(around.say("party_a")), Box(around.say("party_b")))
    return around.form("contract", (project.id, version), lines, tables, boxes)


def _clauses(around: Around, clauses: Clauses | None) -> Iterator[Line]:
    if clauses:
        said = {
            "managed_services": clauses.managed_services,
            "rights_and_duties": clauses.rights_and_duties,
            "liability": clauses.liability,
        }
        yield from (around.line((key, text)) for key, text in said.items() if text)


def _instalments(around: Around, clauses: Clauses | None) -> Iterator[Table]:
    if clauses and clauses.instalments:
        header = tuple(map(around.say, ("number", "amount", "instalment_day", "condition")))
        rows = tuple(
            (
                str(number),
                around.money(one.money),
                around.reader.day(one.due_on).text if one.due_on else "",
                one.condition or "",
            )
            for number, one in enumerate(clauses.instalments, 1)
        )
        yield Table(around.say("instalments"), header, (1, 3, 3, 4), rows)


@dataclass(frozen=True, slots=True)
class Summarised:
    """A row of the list, with 登记证号 and, where a district screens, its 初审意见."""

    row: Row
    registration: str
    opinion: str


def summary_form(around: Around, district: str | None, listed: Sequence[Summarised]) -> Form:
    """汇总表 (N9): the projects that a district hands in, or all of the city's."""
    reader = around.reader
    header = tuple(
        map(
            around.say,
            (
                "number",
                "title",
                "organisation",
                "identifiers",
                "category",
                "people",
                "requested",
                "status",
                "opinion",
            ),
        )
    )
    cells = tuple(
        (
            str(number),
            row.title,
            row.organisation_name,
            one.registration,
            around.category(row.category or ""),
            "" if row.people_planned is None else reader.number(row.people_planned),
            around.money(Money(amount=row.requested, currency=row.currency or "")) if row.requested is not None else "",
            reader.say(STATUS[Status(row.status)]),
            one.opinion,
        )
        for number, one in enumerate(listed, 1)
        for row in [one.row]
    )
    lines = (
        around.line(
            ("handed_in_by", around.bureau(district) if district else around.say("city")),
            ("total", around.say("total_count", count=len(listed))),
        ),
    )
    table = Table("", header, (2, 8, 7, 5, 4, 3, 5, 4, 7), cells)
    return around.form("summary", None, lines, (table,), (Box(around.say("handed_in_by")),))
