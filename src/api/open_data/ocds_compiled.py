"""A public project as OCDS 1.1.5 says it: call, awards, contracts, delivery, payments.

An honour is no OCDS award, which is the decision on a bid; a third party's evaluation of what was done is none of the
`evaluationReports`, which are on bids. Both stand where the extension puts them (ocds_extension.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any
from uuid import UUID

from api.open_data.public import Directory
from ledger.clock import LEDGER_ZONE
from ledger.core.envelope import Recorded
from ledger.identifiers import Identifier
from ledger.project.delivery import Report
from ledger.project.earlier import EarlierProjectRecorded
from ledger.project.fact import Occurrence
from ledger.project.grant import GrantImported
from ledger.project.nominations import OrganisationRecipient
from ledger.project.payments import PaidUnder, is_superseded
from ledger.project.people import served
from ledger.project.state import Project
from ledger.project.status import Status
from ledger.rules import Rules
from ledger.values import FundingSource, Money, Period

Object = dict[str, Any]
EVALUATIONS = {
    "self": "x_selfEvaluation",
    "beneficiaries": "x_beneficiaryEvaluation",
    "third_party": "x_thirdPartyEvaluation",
}


def filled(**fields: Any) -> Object:
    """Without what is not known: the standard has no empty values."""
    return {name: value for name, value in fields.items() if value is not None and value != [] and value != {}}


@lru_cache(4096)
def moment(day: date | None) -> str | None:
    """The standard wants a time and a zone: the first instant of the day. The same few days are said again and again,
    and a zone's offset costs more than all the rest of an entry."""
    return datetime.combine(day, time(), LEDGER_ZONE).isoformat() if day else None


def _money(money: Money | None) -> Object | None:
    return {"amount": money.amount, "currency": money.currency} if money else None


def _period(period: Period | None) -> Object | None:
    return {"startDate": moment(period.start), "endDate": moment(period.end)} if period else None


def _reference(party: Object) -> Object:
    return {"id": party["id"], "name": party["name"]}


def identifiers_of(identifiers: Sequence[Identifier]) -> Object:
    """The first as `identifier`, the others as additional ones; a scheme that no register knows is left out."""
    shown = [{"scheme": one.scheme, "id": one.id} for one in identifiers if one.scheme != "other"]
    return filled(identifier=shown[0] if shown else None, additionalIdentifiers=shown[1:])


def org_id(identifier: Identifier) -> str:
    """`GB-CHC-327114`; what has no scheme as it is."""
    return identifier.id if identifier.scheme == "other" else f"{identifier.scheme}-{identifier.id}"


@dataclass(frozen=True, slots=True)
class Compiling:
    """`event`: the newest that is compiled, as of which organisations are named."""

    ocid: str
    project: Project
    event: Recorded
    directory: Directory

    def compiled(self) -> Object:
        """All that the project's public facts say, without what belongs to one release."""
        if self.project.grant:
            return _grant(self.ocid, self.project.grant)
        if self.project.earlier:
            return _earlier(self.ocid, self.project.earlier)
        if self.project.applied is None or self.project.form is None:
            return {}
        return filled(
            parties=self._parties(),
            buyer=_reference(self._buyer) if self._rules else None,
            planning=self._planning(),
            tender=self._tender(),
            awards=list(self._awards()),
            contracts=list(self._contracts()),
            welfare=self._welfare(),
        )

    @property
    def _rules(self) -> Rules | None:
        assert self.project.applied
        return self.directory.rules.get(self.project.applied.programme)

    @property
    def _buyer(self) -> Object:
        assert self._rules and self.project.applied
        return {"id": f"{self.project.applied.programme}-authority", "name": self._rules.authority.zh}

    @property
    def _authority(self) -> Object | None:
        """Who signed the first contract: an authority that has no identifier of its own here."""
        contract = self.project.contract
        return {"id": f"{self.ocid}-authority", "name": contract.authority} if contract else None

    @property
    def _suppliers(self) -> list[Object]:
        """Who carries the project, and who did before it went over."""
        applied, moved = self.project.applied, self.project.transferred
        assert applied
        found = {applied.organisation: applied.organisation_name}
        if moved:
            found[moved.organisation] = moved.organisation_name
        return [{"id": str(one), "name": name} for one, name in found.items()]

    def _parties(self) -> list[Object]:
        project = self.project
        parties = []
        for one in self._suppliers:
            roles = ["tenderer"] + ["supplier"] * bool(project.approved) + ["payee"] * bool(project.disbursed)
            at = self.event.position, self.event.event.received_at
            known = self.directory.identifiers(UUID(one["id"]), *at)
            parties.append(one | identifiers_of(known) | {"roles": roles})
        if self._rules:
            parties.append(self._buyer | {"roles": ["buyer"] + ["payer"] * bool(project.disbursed)})
        if self._authority:
            parties.append(self._authority | {"roles": ["procuringEntity"]})
        return parties

    def _planning(self) -> Object:
        project = self.project
        assert project.form
        asked = [line.money for line in project.form.budget if line.source is FundingSource.REQUESTED]
        budget = filled(
            project=project.form.title, projectID=str(project.id), amount=_money(asked[0]) if asked else None
        )
        return filled(rationale=project.form.fit, budget=budget)

    def _tender(self) -> Object:
        project = self.project
        assert project.form
        status = "withdrawn" if project.withdrawn else "complete" if project.approved else "active"
        return filled(
            id=self.ocid,
            title=project.form.title,
            description=project.form.content,
            status=status,
            procuringEntity=self._authority and _reference(self._authority),
            procurementMethod="open",
            procurementMethodDetails="公开申报",
            mainProcurementCategory="services",
            contractPeriod=_period(project.form.schedule),
            tenderers=self._suppliers,
        )

    def _awards(self) -> Iterable[Object]:
        project = self.project
        decisions = (
            ("approval", project.approved, project.withdrawn or project.lapsed),
            ("purchase", project.purchased, project.forfeited),
        )
        for name, decided, undone in decisions:
            if decided:
                yield filled(
                    id=f"{self.ocid}-{name}",
                    title=decided.fact.document_number,
                    description=decided.fact.reason,
                    status="cancelled" if undone else "active",
                    date=moment(decided.on),
                    value=_money(decided.fact.amount),
                    suppliers=self._suppliers,
                )

    def _contracts(self) -> Iterable[Object]:
        project = self.project
        ended = bool(project.closed or project.terminated)
        if project.contract and project.terms:
            amendments = [
                {"id": f"{self.ocid}-amendment-{one.version}", "date": moment(one.on), "rationale": one.fact.reason}
                for one in project.amendments
            ]
            yield filled(
                id=f"{self.ocid}-contract",
                awardID=f"{self.ocid}-approval",
                title=project.terms.number,
                description=project.terms.services,
                status="terminated" if ended or is_superseded(project) else "active",
                period=_period(project.terms.period),
                value=_money(project.terms.amount),
                dateSigned=moment(project.contract.signed_on),
                amendments=amendments,
                milestones=[self._milestone(one.milestone, one.due_on) for one in project.terms.due],
                implementation=filled(
                    transactions=list(self._transactions(PaidUnder.SUPPORT)),
                    milestones=[self._met(report) for report in project.standing_reports],
                    documents=list(self._documents()),
                ),
            )
        if purchase := project.purchase_contract:
            yield filled(
                id=f"{self.ocid}-purchase-contract",
                awardID=f"{self.ocid}-purchase",
                title=purchase.fact.number,
                description=purchase.fact.services,
                status="terminated" if ended else "active",
                period=_period(purchase.fact.period),
                value=_money(purchase.fact.amount),
                dateSigned=moment(purchase.fact.signed_on),
                implementation=filled(transactions=list(self._transactions(PaidUnder.PURCHASE))),
            )

    def _milestone(self, code: str, due: date) -> Object:
        names = {one.code: one.name.zh for one in self._rules.milestones} if self._rules else {}
        return {
            "id": f"{self.ocid}-{code}",
            "title": names.get(code, code),
            "type": "reporting",
            "code": code,
            "dueDate": moment(due),
            "status": "scheduled",
        }

    def _met(self, report: Report) -> Object:
        """Reported, and nothing said of it yet, is partly met."""
        status = "met" if report.accepted else "notMet" if report.returned else "partiallyMet"
        said = report.accepted or report.returned
        return self._milestone(report.fact.milestone, report.fact.due_on) | {
            "status": status,
            "dateMet": moment(report.on),
            "dateModified": moment(said.on if said else report.on),
        }

    def _documents(self) -> Iterable[Object]:
        for report in self.project.reports:
            yield filled(
                id=f"{self.ocid}-report-{report.version}",
                documentType="physicalProgressReport",
                title=self._milestone(report.fact.milestone, report.fact.due_on)["title"],
                description="\n".join(filter(None, (report.fact.work_done, report.fact.summary))),
                datePublished=moment(report.on),
                language="zh",
            )
        for one in self.project.evaluations:
            yield self._evaluation(one, EVALUATIONS[one.fact.evaluation.by], one.fact.evaluation.conclusion)
        if found := self.project.beneficiaries:
            yield self._evaluation(found, EVALUATIONS["beneficiaries"], found.fact.conclusion)

    def _evaluation(self, one: Occurrence[Any], kind: str, conclusion: str) -> Object:
        return {
            "id": f"{self.ocid}-evaluation-{one.version}",
            "documentType": kind,
            "title": "项目评估",
            "description": conclusion,
            "datePublished": moment(one.on),
            "language": "zh",
        }

    def _transactions(self, under: PaidUnder) -> Iterable[Object]:
        project = self.project
        holder = project.holder
        assert holder
        organisation = {"id": str(holder.organisation), "name": holder.organisation_name}
        treasury = _reference(self._buyer) if self._rules else None
        for paid in project.disbursed:
            if paid.fact.under is under:
                ends = {"payer": treasury, "payee": organisation}
                yield self._transaction(paid.version, paid.fact.paid_on, paid.fact.amount, ends)
        for back in project.refunded:
            if back.fact.under is under:
                ends = {"payer": organisation, "payee": treasury}
                yield self._transaction(back.version, back.fact.received_on, back.fact.amount, ends)

    def _transaction(self, version: int, day: date, amount: Money, ends: Object) -> Object:
        return filled(id=f"{self.ocid}-transaction-{version}", date=moment(day), value=_money(amount), **ends)

    def _welfare(self) -> Object:
        project = self.project
        holder = project.holder
        assert project.applied and project.form and holder
        return filled(
            programme=project.applied.programme,
            category=project.form.category,
            district=holder.district,
            place=project.form.place,
            districtsServed=list(project.form.districts_served or ()),
            status=project.status.value,
            beneficiaries=project.form.beneficiaries.model_dump(),
            peopleServed=served(project),
            honours=list(self._honours()),
        )

    def _honours(self) -> Iterable[Object]:
        """The name of a person who is honoured stands sealed, and stays where it can be erased."""
        for one in self.project.honours:
            recipient = one.fact.recipient
            named = isinstance(recipient, OrganisationRecipient)
            yield filled(
                id=f"{self.ocid}-honour-{one.version}",
                honour=one.fact.honour,
                date=moment(one.on),
                documentNumber=one.fact.document_number,
                recipientKind=recipient.kind,
                recipient={"id": str(recipient.organisation), "name": recipient.name} if named else None,
                status="granted" if self.project.is_honoured(one.version) else "revoked",
            )


def _earlier(ocid: str, earlier: EarlierProjectRecorded) -> Object:
    supplier = {"id": str(earlier.organisation), "name": earlier.organisation_name}
    award = filled(
        id=f"{ocid}-earlier",
        title=earlier.title,
        description=earlier.content,
        status="active",
        value=_money(earlier.granted) if earlier.granted else None,
        suppliers=[supplier],
        contractPeriod=_period(Period(start=earlier.started_on, end=earlier.ended_on)),
    )
    welfare = filled(programme=earlier.programme, status=Status.CARRIED_OVER.value, district=earlier.district)
    return {"parties": [supplier | {"roles": ["supplier"]}], "awards": [award], "welfare": welfare}


def _grant(ocid: str, grant: GrantImported) -> Object:
    funder = {"id": org_id(grant.funder), "name": grant.funder_name}
    recipient = {
        "id": org_id(grant.recipient) if grant.recipient else f"{ocid}-recipient",
        "name": grant.recipient_name,
    }
    award = filled(
        id=f"{ocid}-grant",
        title=grant.title,
        description=grant.description,
        status="active",
        date=moment(grant.awarded_on),
        value=_money(grant.amount),
        suppliers=[recipient],
        contractPeriod=_period(grant.planned),
    )
    parties = [
        funder | identifiers_of([grant.funder]) | {"roles": ["buyer"]},
        recipient | identifiers_of([grant.recipient] if grant.recipient else []) | {"roles": ["supplier"]},
    ]
    if funder["id"] == recipient["id"]:
        parties = [parties[0] | {"roles": ["buyer", "supplier"]}]
    welfare = filled(programme=grant.programme, status="granted", grant=grant.grant)
    return {"parties": parties, "buyer": funder, "awards": [award], "welfare": welfare}
