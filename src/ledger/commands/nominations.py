"""Nominating for honours, and proposing the nominated by their rank (N20, N21)."""

from uuid import UUID

from pydantic import Field

from ledger import access
from ledger.access import Command
from ledger.aggregates import NOMINATIONS, PROJECT, QUOTA
from ledger.commands.entry import Body, check_holder_eligible, load_programme
from ledger.commands.honours import holder_of, load_of_programme, recipient_of
from ledger.core.refusal import Kind, Refusal
from ledger.identifiers import quota_stream
from ledger.programme import check_phase
from ledger.project import honours, nominations, proposals
from ledger.refusals.general import BatchRefused
from ledger.rules import Quota, Rules
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext, Receipt, UnitOfWork
from ledger.values import Code, Frozen, Line, PersonName, Text
from ledger.veils import Veiled


class Nomination(Body):
    """For what was achieved in `project`; with a `person` when the honour is for people."""

    project: UUID
    honour: Code
    person: PersonName | None = None
    deed: Text


async def nominate(ledger: Ledger, context: CommandContext, programme_code: str, body: Nomination) -> Receipt:
    """By the organisation itself, or recommended by its district; by the office for organisations of the city."""
    veil = await ledger.veils.of(Veiled.NOMINATIONS, programme_code, body.honour)

    async def decide(work: UnitOfWork) -> None:
        project, rules = await load_of_programme(work, programme_code, body.project, Command.NOMINATE, "nominate")
        await check_holder_eligible(work, project, rules)
        rule = honours.find_honour(rules, body.honour)
        recipient = await recipient_of(work, programme_code, project, body.person)
        honours.check_recipient(project, rule, recipient, "nominate")
        fact = nominations.nominate(
            await work.load(NOMINATIONS, work.veiled(veil)),
            recipient,
            programme=programme_code,
            honour=rule.code,
            project=body.project,
            deed=body.deed,
        )
        work.write(veil.stream, fact)

    async with ledger.lock(veil.stream):
        return await ledger.transact(context, decide)


class ProposedNominee(Frozen):
    """The deed is that of the nomination unless another is given; `departure` says why not by rank."""

    project: UUID
    person: PersonName | None = None
    deed: Text | None = None
    departure: Text | None = None


class HonourProposals(Body):
    """The receipt speaks of the first."""

    honour: Code
    proposals: tuple[ProposedNominee, ...] = Field(min_length=1, max_length=500)
    notice: Line


async def propose(ledger: Ledger, context: CommandContext, programme_code: str, body: HonourProposals) -> Receipt:
    """By who decides on the honour; all or none."""
    stream = quota_stream(programme_code, body.honour)

    async def decide(work: UnitOfWork) -> None:
        access.check_role(context.who, Command.PROPOSE_HONOUR)
        programme = await load_programme(work, programme_code)
        check_phase(programme, "propose", work.today)
        rule = honours.honour_rule(programme.rules, body.honour, context.who.role, "propose")
        await _propose(work, programme_code, rule, programme.rules, body)

    async with ledger.lock(stream):
        return await ledger.transact(context, decide)


async def _propose(work: UnitOfWork, programme_code: str, rule: Quota, rules: Rules, body: HonourProposals) -> None:
    stream = await work.ledger.veils.stream(Veiled.NOMINATIONS, programme_code, rule.code)
    nominated = (await work.load(NOMINATIONS, stream)).made
    holders = (await work.load(QUOTA, quota_stream(programme_code, rule.code))).holders
    ids = {one.project for one in nominated.values()} | {said.project for said in body.proposals}
    await work.load_all(PROJECT, list(ids))
    projects = {one: await work.load(PROJECT, one) for one in ids}
    named = {
        holder_of(work.ledger, programme_code, projects[said.project], said.person)
        for said in body.proposals
        if projects[said.project].holder
    }
    slate = proposals.slate_of(rule, nominated, projects, holders, named, rules)
    reasons: dict[str, Refusal] = {}
    for number, said in enumerate(body.proposals):
        try:
            project, _ = await load_of_programme(work, programme_code, said.project, Command.PROPOSE_HONOUR, "propose")
            fact, slate = proposals.propose(
                slate,
                project,
                holder_of(work.ledger, programme_code, project, said.person),
                deed=said.deed,
                departure=said.departure,
                notice=body.notice,
                rules=rules,
                today=work.today,
            )
            work.write(said.project, fact)
        except Refusal as refusal:
            if refusal.kind in (Kind.UNAVAILABLE, Kind.STALE):
                raise
            reasons[f"proposals.{number} {said.project}"] = refusal
    if reasons:
        raise BatchRefused(reasons)
