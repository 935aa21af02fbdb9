"""Government purchase: entry, scores, selection within the quota, forfeiture, contract (N15)."""

from uuid import UUID

from pydantic import Field

from ledger import access, quota
from ledger.access import Command
from ledger.aggregates import PROJECT, QUOTA
from ledger.commands.document_numbers import document_number
from ledger.commands.entry import Body, check_holder_eligible, for_each, load_programme, load_project, member_pseudonym
from ledger.core.fact import Score
from ledger.identifiers import quota_stream
from ledger.programme import check_phase
from ledger.project import purchase
from ledger.project.application import Beneficiaries
from ledger.project.purchase import ContractRelation
from ledger.project.state import Project
from ledger.quota import Quota
from ledger.refusals.general import PlaceNotForfeited, QuotaUnknown
from ledger.refusals.tables import WrittenTwice
from ledger.rules import Rules
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext, Receipt, UnitOfWork
from ledger.values import CivilDate, Digest, Frozen, FundingLine, Line, Money, Period, Text

QUOTA_CODE = "purchase"


class Entry(Body):
    """策划方案."""

    goals: Text
    tasks: Text
    funding: tuple[FundingLine, ...] = Field(max_length=4)
    beneficiaries: Beneficiaries


async def enter(ledger: Ledger, context: CommandContext, project_id: UUID, body: Entry) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        project, rules = await load_project(work, project_id, Command.ENTER_COMPETITION, "enter_competition")
        await check_holder_eligible(work, project, rules)
        fact = purchase.enter(
            project,
            goals=body.goals,
            tasks=body.tasks,
            funding=body.funding,
            beneficiaries=body.beneficiaries,
            rules=rules,
        )
        work.write(project_id, fact)

    return await ledger.transact(context, decide)


class JurorScore(Body):
    score: Score
    reason: Text


async def score(ledger: Ledger, context: CommandContext, project_id: UUID, body: JurorScore) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        project, _ = await load_project(work, project_id, Command.SCORE, "purchase")
        juror = member_pseudonym(ledger, context, project_id)
        work.write(project_id, purchase.score(project, juror=juror, points=body.score, reason=body.reason))

    return await ledger.transact(context, decide)


class Selection(Frozen):
    """`replaces`: the project whose forfeited place goes on to this one."""

    project: UUID
    amount: Money
    reason: Text
    replaces: UUID | None = None


class Selections(Body):
    """The receipt speaks of the first project."""

    selections: tuple[Selection, ...] = Field(min_length=1, max_length=200)
    document_number: Line | None = None


async def select(ledger: Ledger, context: CommandContext, programme_code: str, body: Selections) -> Receipt:
    """N15: 中选, all or none, within the places of the quota."""
    stream = quota_stream(programme_code, QUOTA_CODE)
    selected = {selection.project: selection for selection in body.selections}

    async def decide(work: UnitOfWork) -> None:
        access.check_role(context.who, Command.PURCHASE)
        programme = await load_programme(work, programme_code)
        check_phase(programme, "purchase", work.today)
        if len(selected) < len(body.selections):
            raise WrittenTwice()
        rule = programme.rules.quota(QUOTA_CODE)
        if rule is None:
            raise QuotaUnknown(quota=QUOTA_CODE)
        number = await document_number(work, programme.rules, body.document_number, context.who.role)
        places = await work.load(QUOTA, stream)

        async def select_one(project_id: UUID, project: Project, rules: Rules) -> None:
            nonlocal places
            chosen = selected[project_id]
            free = await _freed(work, places, chosen.replaces)
            taken = quota.take(free, rule, programme=programme_code, holder=project_id, project=project_id)
            fact = purchase.select(
                project,
                amount=chosen.amount,
                document_number=number,
                reason=chosen.reason,
                place=len(free.holders) + 1,
                places=rule.places,
                replaces=chosen.replaces,
                rules=rules,
            )
            work.write(project_id, fact)
            if chosen.replaces:
                work.write_secondary(stream, quota.release(chosen.replaces, chosen.replaces, chosen.reason))
            work.write_secondary(stream, taken)
            places = Quota(stream, free.holders | {project_id: project_id})

        await for_each(work, programme_code, list(selected), Command.PURCHASE, select_one)

    async with ledger.lock(stream):
        return await ledger.transact(context, decide)


async def _freed(work: UnitOfWork, places: Quota, replaced: UUID | None) -> Quota:
    """The places as they are once the forfeited one goes on."""
    if replaced is None:
        return places
    project = await work.load(PROJECT, replaced)
    if project.forfeited is None or replaced not in places.holders:
        raise PlaceNotForfeited(project=replaced)
    return Quota(places.id, {holder: of for holder, of in places.holders.items() if holder != replaced})


class Forfeiture(Body):
    reason: Text


async def forfeit(ledger: Ledger, context: CommandContext, project_id: UUID, body: Forfeiture) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        project, _ = await load_project(work, project_id, Command.FORFEIT, None)
        work.write(project_id, purchase.forfeit(project, body.reason))

    return await ledger.transact(context, decide)


class PurchaseContract(Body):
    number: Line
    signed_on: CivilDate
    period: Period
    services: Text
    amount: Money
    relation: ContractRelation
    original_sha256: Digest | None = None


async def sign(ledger: Ledger, context: CommandContext, project_id: UUID, body: PurchaseContract) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        project, rules = await load_project(work, project_id, Command.SIGN_PURCHASE, None)
        fact = purchase.sign_purchase(
            project,
            number=body.number,
            signed_on=body.signed_on,
            period=body.period,
            services=body.services,
            amount=body.amount,
            relation=body.relation,
            original_sha256=body.original_sha256,
            rules=rules,
        )
        work.write(project_id, fact)

    return await ledger.transact(context, decide)
