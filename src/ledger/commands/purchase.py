"""Government purchase: entry, scores, selection within the quota, forfeiture, contract (N15)."""

from uuid import UUID

from pydantic import Field

from ledger import quota
from ledger.aggregates import PROJECT
from ledger.commands.command import OfProject, ProgrammeCommand, ProjectCommand
from ledger.commands.contract import InstalmentsBody, stored_instalments
from ledger.commands.document_numbers import document_number
from ledger.commands.loading import check_holder_eligible, for_each, load_programme, member_pseudonym
from ledger.commands.places import PlaceFact, Places
from ledger.commands.served import Giver, served
from ledger.core.fact import Fact, Score
from ledger.programme import Programme, check_phase
from ledger.project import purchase
from ledger.project.application import Beneficiaries
from ledger.project.purchase import ENTER_COMPETITION, FORFEIT, PURCHASE, SCORE, SIGN_PURCHASE, ContractRelation
from ledger.project.state import Project
from ledger.quota import Quota
from ledger.refusals.general import PlaceNotForfeited, QuotaUnknown
from ledger.refusals.tables import WrittenTwice
from ledger.register import DocumentDetails
from ledger.rules import Quota as QuotaRule
from ledger.rules import Rules
from ledger.unit_of_work import UnitOfWork
from ledger.values import CivilDate, Digest, Frozen, FundingLine, Line, Money, Period, Text

QUOTA_CODE = "purchase"


@served(Giver.ORGANISATION, "competition-entry", "enter_competition", "Enter the competition")
class CompetitionEntry(ProjectCommand, action=ENTER_COMPETITION, step="enter_competition"):
    """A confirmed project enters the competition with its proposal 策划方案 (N15)."""

    goals: Text
    tasks: Text
    funding: tuple[FundingLine, ...] = Field(max_length=4)
    beneficiaries: Beneficiaries

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        await check_holder_eligible(work, project, programme)
        return purchase.enter(
            project,
            goals=self.goals,
            tasks=self.tasks,
            funding=self.funding,
            beneficiaries=self.beneficiaries,
            rules=programme.rules,
        )


@served(Giver.DECISIONS, "competition-scores", "score_entry", "Score a competition entry")
class JurorScore(ProjectCommand, action=SCORE, step="purchase"):
    """A juror's score of an entry (N15)."""

    score: Score
    reason: Text

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        juror = member_pseudonym(work, project.id)
        return purchase.score(project, juror=juror, points=self.score, reason=self.reason)


class SelectionTerms(Frozen):
    """`replaces`: the project whose forfeited place goes on to this one."""

    amount: Money
    reason: Text
    replaces: UUID | None = None

    async def select(
        self, work: UnitOfWork, project: Project, programme: Programme, places: Places, document_number: str
    ) -> tuple[Fact, tuple[PlaceFact, ...]]:
        """The selection, and what becomes of the places with it."""
        rule = purchase_places(programme.rules)
        free = await _freed(work, await places.of(QUOTA_CODE), self.replaces)
        taken = quota.take(free, rule, programme=programme.code, holder=project.id, project=project.id)
        fact = purchase.select(
            project,
            amount=self.amount,
            document_number=document_number,
            reason=self.reason,
            place=len(free.holders) + 1,
            places=rule.places,
            replaces=self.replaces,
            rules=programme.rules,
        )
        if self.replaces is None:
            return fact, (taken,)
        return fact, (quota.release(self.replaces, self.replaces, self.reason), taken)


class Selection(SelectionTerms, OfProject):
    """One project's part."""


def purchase_places(rules: Rules) -> QuotaRule:
    """Raises QuotaUnknown."""
    if (rule := rules.quota(QUOTA_CODE)) is None:
        raise QuotaUnknown(quota=QUOTA_CODE)
    return rule


@served(Giver.DECISIONS, "purchases", "select_purchases", "Select entries for purchase")
class Selections(ProgrammeCommand, action=PURCHASE):
    """The leading group selects entries 中选 within the places of the quota, all or none (N15).

    The receipt speaks of the first project."""

    selections: tuple[Selection, ...] = Field(min_length=1, max_length=200)
    document_number: Line | None = None
    document: DocumentDetails | None = None

    async def decide(self, work: UnitOfWork, code: str) -> None:
        places = Places(work, code)
        await places.lock([QUOTA_CODE])
        programme = await load_programme(work, code)
        check_phase(programme, "purchase", work.today)
        selected = {selection.project: selection for selection in self.selections}
        if len(selected) < len(self.selections):
            raise WrittenTwice()
        purchase_places(programme.rules)
        number = await document_number(work, programme.rules, self.document_number, tuple(selected), self.document)

        async def select_one(project: Project, programme: Programme) -> None:
            fact, taken = await selected[project.id].select(work, project, programme, places, number)
            work.write(project.id, fact)
            await places.write(QUOTA_CODE, taken)

        await for_each(work, code, selected, PURCHASE, select_one)


async def _freed(work: UnitOfWork, places: Quota, replaced: UUID | None) -> Quota:
    """The places as they are once the forfeited one goes on."""
    if replaced is None:
        return places
    project = await work.load(PROJECT, replaced)
    if project.forfeited is None or replaced not in places.holders:
        raise PlaceNotForfeited(project=replaced)
    return places.without(replaced)


@served(Giver.ORGANISATION, "forfeiture", "forfeit_purchase", "Give up a selection")
class Forfeiture(ProjectCommand, action=FORFEIT):
    """Give a selection up before the purchase contract is signed; the place goes on by decision (N15)."""

    reason: Text

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return purchase.forfeit(project, self.reason)


class PurchaseTerms(Frozen):
    number: Line
    signed_on: CivilDate
    period: Period
    services: Text
    amount: Money
    relation: ContractRelation
    original_sha256: Digest | None = None
    instalments: InstalmentsBody | None = None

    def sign(self, project: Project, rules: Rules) -> Fact:
        return purchase.sign_purchase(
            project,
            number=self.number,
            signed_on=self.signed_on,
            period=self.period,
            services=self.services,
            amount=self.amount,
            relation=self.relation,
            original_sha256=self.original_sha256,
            instalments=stored_instalments(self.instalments),
            rules=rules,
        )


@served(Giver.TREASURY, "purchase-contract", "sign_purchase_contract", "Sign a purchase contract")
class PurchaseContract(PurchaseTerms, ProjectCommand, action=SIGN_PURCHASE):
    """The purchase contract 政府购买服务合同 of a selected project (N15)."""

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return self.sign(project, programme.rules)
