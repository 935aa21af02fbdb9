"""What a project's page shows, ready for its template: the state by the two clocks, and the history."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from api.pages.answer_texts import ANSWER
from api.pages.catalogue import ListedProgramme
from api.pages.code_texts import SOURCE, STATUS, SUPPORT
from api.pages.deliveries import EvaluationView, MilestoneView, evaluations, milestones
from api.pages.draw_texts import DRAW
from api.pages.frame import Link
from api.pages.history_folds import Fold, FoldedHistory, fold_history
from api.pages.history_view import HistoryRow
from api.pages.listing_view import district_name, districts_served
from api.pages.participate_texts import PARTICIPATE
from api.pages.project_summary import Adverse, MoneyRow, PeopleView, Verdict, adverse, money, people, verdict
from api.pages.project_texts import PROJECT
from api.pages.publicity_view import PublicityView
from api.pages.reader import Day, Reader
from api.pages.sentences import Naming
from api.pages.texts import PAGE
from api.pages.time_texts import TIME
from ledger.core.envelope import Recorded
from ledger.identifiers import organisation_stream
from ledger.project.application import ApplicationForm
from ledger.project.clauses import Instalment
from ledger.project.contract import ContractAmended, ContractSigned
from ledger.project.earlier import EarlierProjectRecorded
from ledger.project.fact import Occurrence
from ledger.project.grant import GrantImported
from ledger.project.honours import Awarded
from ledger.project.instalments import paid_for
from ledger.project.payments import PaidUnder
from ledger.project.purchase import PurchaseContractSigned
from ledger.project.review import Approved
from ledger.project.state import Project
from ledger.project.status import Status
from ledger.rules import Rules
from ledger.values import Money


@dataclass(frozen=True, slots=True)
class ChosenMoment:
    """The two dates as the address gives them."""

    known_at: str | None
    effective_on: date | None

    @property
    def is_now(self) -> bool:
        return self.known_at is None and self.effective_on is None

    @property
    def parameters(self) -> dict[str, str | None]:
        effective = self.effective_on.isoformat() if self.effective_on else None
        return {"known_at": self.known_at, "effective_on": effective}


@dataclass(frozen=True, slots=True)
class LabelledValues:
    """A line of facts: its label and its values, one under the other."""

    label: str
    values: tuple[str, ...]
    long: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    title: str
    entries: tuple[LabelledValues, ...]


@dataclass(frozen=True, slots=True)
class HonourView:
    honour: str
    recipient: str
    deed: str
    document_number: str
    place: str
    certificate: str


@dataclass(frozen=True, slots=True)
class ProjectView:
    title: str
    organisation: Link | None
    programme: Link | None
    category: Link | None
    district: Link | None
    verdict: Verdict
    adverse: tuple[Adverse, ...]
    adverse_text: str
    money: tuple[MoneyRow, ...]
    money_rows: str
    people: PeopleView | None
    empty: bool
    grant: bool
    earlier: bool
    basis: tuple[str, ...]
    blocks: tuple[Block, ...]
    milestones: tuple[MilestoneView, ...]
    has_due_dates: bool
    evaluations: tuple[EvaluationView, ...]
    honours: tuple[HonourView, ...]
    publicity: PublicityView
    history: FoldedHistory
    path: str
    ways: tuple[Link, ...]


def project_view(
    naming: Naming,
    project: Project,
    programme: ListedProgramme | None,
    asked: ChosenMoment,
    *,
    name: str,
    known: int,
    known_on: Day,
    today: date,
    publicity: PublicityView,
    history: Sequence[HistoryRow],
    within: Sequence[Recorded],
    shown: Fold,
    answers: bool,
) -> ProjectView:
    """`name`: what the project is called where the day chosen knows no title. `known`, `known_on`: the
    position and the day of the basis. `history` shows the events `within`, in the same order.
    `answers`: those whom it served may answer on a page of its own."""
    reader, rules = naming.reader, naming.rules
    path = f"/projects/{project.id}"
    form, grant, earlier = project.form, project.grant, project.earlier
    kept = grant or earlier
    category = rules.category(form.category) if rules and form else None
    district = project.holder.district if project.holder else earlier.district if earlier else None
    where = district_name(reader, rules, district) if project.applied or district else None
    steps = () if kept or not project.exists else milestones(naming, project, today)
    against = adverse(reader, steps, history, within)
    return ProjectView(
        title=form.title if form else kept.title if kept else name,
        organisation=_organisation(reader, project),
        programme=Link(reader.say(programme.name), reader.link(f"/programmes/{programme.code}")) if programme else None,
        category=Link(reader.say(category.name), reader.link("/projects", category=category.code))
        if category
        else None,
        district=Link(where, reader.link("/projects", district=district) if district else "") if where else None,
        verdict=verdict(reader, project, steps),
        adverse=against,
        adverse_text=reader.say(PROJECT["adverse"], count=reader.number(len(against))),
        money=money(reader, project, path),
        money_rows=f"{reader.link(path, show=Fold.MONEY)}#history",
        people=people(reader, project),
        empty=not project.exists,
        grant=grant is not None,
        earlier=earlier is not None,
        basis=_basis(reader, known, asked, known_on),
        blocks=tuple(_blocks(reader, rules, project)),
        milestones=steps,
        has_due_dates=project.contract is not None,
        evaluations=evaluations(naming, project),
        honours=tuple(
            _honour(naming, project, honour) for honour in project.honours if project.is_honoured(honour.version)
        ),
        publicity=publicity,
        history=fold_history(reader, path, history, within, shown),
        path=path,
        ways=(
            Link(reader.say(TIME["time_title"]), reader.link(f"{path}/time")),
            Link(reader.say(PARTICIPATE["part_report"]), reader.link("/participate/report", project=project.id)),
            *((Link(reader.say(ANSWER["answer_title"]), reader.link(f"{path}/answer")),) if answers else ()),
            # Who reported has people whom a sample may be drawn from.
            *((Link(reader.say(DRAW["draw_title"]), reader.link(f"{path}/draw")),) if project.reports else ()),
        ),
    )


def machine_links(reader: Reader, project: Project, asked: ChosenMoment) -> tuple[Link, ...]:
    base = f"/v1/projects/{project.id}"
    printed = [("print_application", "application")] if project.applied else []
    printed += [("print_contract", "contract")] if project.contract else []
    query = "&".join(f"{name}={value}" for name, value in asked.parameters.items() if value)
    return (
        *(Link(reader.say(PAGE[key]), reader.file(f"{base}/forms/{form}.pdf")) for key, form in printed),
        Link(reader.say(PAGE["json_project"]), reader.at(base)),
        Link(reader.say(PAGE["json_history"]), reader.at(f"{base}/history")),
        Link(reader.say(PAGE["json_state"]), reader.at(f"{base}/state?{query}" if query else f"{base}/state")),
    )


def _organisation(reader: Reader, project: Project) -> Link | None:
    if holder := project.holder:
        return Link(holder.organisation_name, reader.link(f"/organisations/{holder.organisation}"))
    if earlier := project.earlier:
        return Link(earlier.organisation_name, reader.link("/projects", organisation=earlier.organisation))
    if project.grant:
        recipient = project.grant.recipient
        known = organisation_stream(recipient) if recipient else None
        return Link(project.grant.recipient_name, reader.link("/projects", organisation=known) if known else "")
    return None


def _basis(reader: Reader, known: int, asked: ChosenMoment, known_on: Day) -> tuple[str, ...]:
    """Empty for the present state."""
    parts = []
    if asked.known_at:
        position = reader.number(known)
        parts.append(reader.say(PAGE["basis_known"], position=position, day=known_on.text))
    if asked.effective_on:
        parts.append(reader.say(PAGE["basis_effective"], day=reader.day(asked.effective_on).text))
    return tuple(parts)


def _blocks(reader: Reader, rules: Rules | None, project: Project) -> Iterable[Block]:
    if project.grant:
        yield Block(reader.say(PAGE["grant"]), tuple(_grant(reader, project.grant)))
    if project.earlier:
        yield Block(reader.say(STATUS[Status.CARRIED_OVER]), tuple(_earlier(reader, project.earlier)))
    if project.form:
        yield Block(reader.say(PAGE["facts"]), tuple(_form(reader, rules, project.form)))
    if project.approved:
        yield Block(reader.say(PAGE["approval"]), tuple(_approval(reader, project.approved.fact)))
    if project.contract and project.terms:
        notice = project.published.fact.notice if project.published else None
        yield Block(
            reader.say(PAGE["contract"]), tuple(_contract(reader, project, project.contract, project.terms, notice))
        )
    if bought := project.purchase_contract:
        yield Block(reader.say(PAGE["purchase_contract"]), tuple(_purchase_contract(reader, project, bought.fact)))


def _entry(reader: Reader, key: str, *values: str | None, long: bool = False) -> Iterable[LabelledValues]:
    given = tuple(value for value in values if value)
    if given:
        yield LabelledValues(reader.say(PAGE[key]), given, long)


def _form(reader: Reader, rules: Rules | None, form: ApplicationForm) -> Iterable[LabelledValues]:
    yield from _entry(reader, "content", form.content, long=True)
    yield from _entry(reader, "plan", form.plan, long=True)
    count = reader.number(form.beneficiaries.count)
    yield from _entry(
        reader, "beneficiaries", reader.say(PAGE["expected"], group=form.beneficiaries.group, count=count)
    )
    yield from _entry(reader, "place", form.place)
    yield from _entry(reader, "districts_served", districts_served(reader, rules, form.districts_served))
    yield from _entry(reader, "legal_representative", form.legal_representative)
    yield from _entry(reader, "supervising_unit", form.supervising_unit)
    yield from _entry(reader, "schedule", reader.period(form.schedule))
    lines = (f"{reader.say(SOURCE[line.source])} {reader.money(line.money)}" for line in form.budget)
    yield from _entry(reader, "budget", *lines)
    asked = (reader.say(SUPPORT[one.kind]) + reader.say(PAGE["colon"]) + one.reason for one in form.support)
    yield from _entry(reader, "support", *asked, long=True)
    yield from _entry(reader, "fit", form.fit, long=True)


def _approval(reader: Reader, approved: Approved) -> Iterable[LabelledValues]:
    yield from _entry(reader, "document_number", approved.document_number)
    yield from _entry(reader, "approved_amount", reader.money(approved.amount) if approved.amount else None)


def _contract(
    reader: Reader,
    project: Project,
    contract: ContractSigned,
    terms: ContractSigned | ContractAmended,
    notice: str | None,
) -> Iterable[LabelledValues]:
    yield from _entry(reader, "contract_number", terms.number)
    yield from _entry(reader, "authority", contract.authority)
    yield from _entry(reader, "party", contract.party)
    yield from _entry(reader, "signed_on", reader.day(terms.signed_on).text)
    yield from _entry(reader, "period", reader.period(terms.period))
    yield from _entry(reader, "contract_amount", reader.money(terms.amount) if terms.amount else None)
    yield from _entry(reader, "services", terms.services, long=True)
    if clauses := terms.clauses:
        yield from _entry(reader, "managed_services", clauses.managed_services, long=True)
        parts = enumerate(clauses.instalments or (), 1)
        yield from _entry(reader, "rights_and_duties", clauses.rights_and_duties, long=True)
        yield from _entry(
            reader, "instalments", *(instalment(reader, project, PaidUnder.SUPPORT, *one) for one in parts)
        )
        yield from _entry(reader, "liability", clauses.liability, long=True)
    yield from _entry(reader, "notice", notice, long=True)


def _purchase_contract(reader: Reader, project: Project, contract: PurchaseContractSigned) -> Iterable[LabelledValues]:
    yield from _entry(reader, "contract_number", contract.number)
    yield from _entry(reader, "signed_on", reader.day(contract.signed_on).text)
    yield from _entry(reader, "period", reader.period(contract.period))
    yield from _entry(reader, "contract_amount", reader.money(contract.amount))
    yield from _entry(reader, "services", contract.services, long=True)
    parts = enumerate(contract.instalments or (), 1)
    yield from _entry(reader, "instalments", *(instalment(reader, project, PaidUnder.PURCHASE, *one) for one in parts))


def instalment(reader: Reader, project: Project, under: PaidUnder, number: int, one: Instalment) -> str:
    paid = Money(amount=paid_for(project, under, number), currency=one.money.currency)
    when = (reader.day(one.due_on).text if one.due_on else None, one.condition)
    return reader.say(
        PAGE["instalment"],
        number=number,
        amount=reader.money(one.money),
        when=reader.say(PAGE["comma"]).join(filter(None, when)),
        paid=reader.money(paid),
    )


def _grant(reader: Reader, grant: GrantImported) -> Iterable[LabelledValues]:
    yield from _entry(reader, "funder", grant.funder_name, f"{grant.funder.scheme}-{grant.funder.id}")
    recipient = f"{grant.recipient.scheme}-{grant.recipient.id}" if grant.recipient else None
    yield from _entry(reader, "recipient", grant.recipient_name, recipient)
    yield from _entry(reader, "amount", reader.money(grant.amount))
    yield from _entry(reader, "awarded_on", reader.day(grant.awarded_on).text)
    yield from _entry(reader, "schedule", reader.period(grant.planned) if grant.planned else None)
    yield from _entry(reader, "content", grant.description, long=True)
    yield from _entry(reader, "grant_programme", grant.grant_programme)
    yield from _entry(reader, "grant_number", grant.grant)
    yield from _entry(reader, "source", grant.source_sha256, long=True)


def _earlier(reader: Reader, earlier: EarlierProjectRecorded) -> Iterable[LabelledValues]:
    yield from _entry(reader, "earlier_number", earlier.number)
    yield from _entry(reader, "earlier_result", reader.say(STATUS[Status(earlier.result.value)]))
    yield from _entry(
        reader, "schedule", f"{reader.day(earlier.started_on).text} – {reader.day(earlier.ended_on).text}"
    )
    yield from _entry(reader, "earlier_category", earlier.category)
    yield from _entry(reader, "content", earlier.content, long=True)
    yield from _entry(reader, "place", earlier.place)
    served = earlier.people_served
    yield from _entry(reader, "earlier_people", None if served is None else reader.number(served))
    yield from _entry(reader, "approved_amount", reader.money(earlier.granted) if earlier.granted else None)
    yield from _entry(reader, "earlier_spent", reader.money(earlier.spent) if earlier.spent else None)
    yield from _entry(reader, "earlier_evaluation", earlier.evaluation)
    yield from _entry(reader, "earlier_honour", earlier.honour)
    yield from _entry(reader, "document_number", earlier.document_number)
    yield from _entry(reader, "source", earlier.source_sha256, long=True)


def _honour(naming: Naming, project: Project, honour: Occurrence[Awarded]) -> HonourView:
    fact = honour.fact
    return HonourView(
        honour=naming.honour(fact.honour),
        recipient=fact.recipient.told(naming),
        deed=fact.deed,
        document_number=fact.document_number,
        place=naming.reader.say(PAGE["honour_place"], place=fact.place, places=fact.places),
        certificate=naming.reader.link(f"/certificates/{project.id}/{honour.version}"),
    )
