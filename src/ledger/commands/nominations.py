"""Nominating for honours, and proposing the nominated by their rank (N20, N21)."""

from uuid import UUID

from pydantic import Field

from ledger.aggregates import NOMINATIONS, PROJECT, QUOTA
from ledger.commands.command import ProgrammeCommand
from ledger.commands.honours import Individual, recipient_of
from ledger.commands.loading import check_holder_eligible, load_of_programme, load_programme
from ledger.commands.served import Giver, served
from ledger.core.refusal import Kind, Refusal
from ledger.identifiers import quota_stream
from ledger.programme import check_phase
from ledger.project import honours, nominations, proposals
from ledger.project.nominations import NOMINATE
from ledger.project.proposals import PROPOSE_HONOUR, Slate
from ledger.project.state import Project
from ledger.refusals.general import BatchRefused
from ledger.rules import Quota, Rules
from ledger.unit_of_work import UnitOfWork
from ledger.values import Code, Frozen, Line, Text
from ledger.veils import Veiled


@served(
    Giver.ORGANISATION,
    "nominations",
    "nominate",
    "Nominate for an honour",
    at="/v1/programmes/{programme}/nominations?honour={body.honour}",
)
class Nomination(ProgrammeCommand, action=NOMINATE):
    """Nominate an organisation or one of its people, or recommend one's district's (N20).

    By the organisation itself, or recommended by its district; by the office for organisations of the city. For what
    was achieved in `project`; with a `person` when the honour is for people, who has to have consented."""

    project: UUID
    honour: Code
    person: Individual | None = None
    consent: bool = False
    deed: Text

    async def decide(self, work: UnitOfWork, code: str) -> None:
        veil = await work.ledger.veils.of(Veiled.NOMINATIONS, code, self.honour)
        await work.lock_stream(veil.stream)
        project, programme = await load_of_programme(work, code, self.project, NOMINATE, "nominate")
        await check_holder_eligible(work, project, programme)
        rule = honours.find_honour(programme.rules, self.honour)
        if self.person and not self.consent:
            raise nominations.ConsentMissing()
        recipient = await recipient_of(work, code, project, self.person)
        honours.check_recipient(project, rule, recipient, NOMINATE)
        fact = nominations.nominate(
            await work.load(NOMINATIONS, work.veiled(veil)),
            recipient,
            programme=code,
            honour=rule.code,
            project=self.project,
            deed=self.deed,
        )
        work.write(veil.stream, fact)


class ProposedNominee(Frozen):
    """The deed is that of the nomination unless another is given; `departure` says why not by rank. `nominee`: the
    person, by the id that the nomination gives."""

    project: UUID
    nominee: UUID | None = None
    deed: Text | None = None
    departure: Text | None = None


@served(Giver.HONOURS, "honour-proposals", "propose_honours", "Propose honours")
class HonourProposals(ProgrammeCommand, action=PROPOSE_HONOUR):
    """Propose nominees together, all or none, and show them for objection (N20, N21). The receipt speaks of the first.

    By the body that decides on the honour."""

    honour: Code
    proposals: tuple[ProposedNominee, ...] = Field(min_length=1, max_length=500)
    notice: Line

    async def decide(self, work: UnitOfWork, code: str) -> None:
        await work.lock_stream(quota_stream(code, self.honour))
        programme = await load_programme(work, code)
        check_phase(programme, "propose", work.today)
        rule = honours.honour_rule(programme.rules, self.honour, work.context.who.role, PROPOSE_HONOUR)
        slate = await self._slate(work, code, rule, programme.rules)
        reasons: dict[str, Refusal] = {}
        for number, said in enumerate(self.proposals):
            try:
                project, _ = await load_of_programme(work, code, said.project, PROPOSE_HONOUR, "propose")
                fact, slate = proposals.propose(
                    slate,
                    project,
                    _holder(project, said),
                    deed=said.deed,
                    departure=said.departure,
                    notice=self.notice,
                    rules=programme.rules,
                    today=work.today,
                )
                work.write(said.project, fact)
            except Refusal as refusal:
                if refusal.kind in (Kind.UNAVAILABLE, Kind.STALE):
                    raise
                reasons[f"proposals.{number} {said.project}"] = refusal
        if reasons:
            raise BatchRefused(reasons)

    async def _slate(self, work: UnitOfWork, code: str, rule: Quota, rules: Rules) -> Slate:
        stream = await work.ledger.veils.stream(Veiled.NOMINATIONS, code, rule.code)
        nominated = (await work.load(NOMINATIONS, stream)).made
        holders = (await work.load(QUOTA, quota_stream(code, rule.code))).holders
        ids = {one.project for one in nominated.values()} | {said.project for said in self.proposals}
        if rules.ranking.formula != 1:
            ids.update(await work.ledger.portfolio(code, {one.recipient.organisation for one in nominated.values()}))
        await work.load_all(PROJECT, list(ids))
        projects = {one: await work.load(PROJECT, one) for one in ids}
        named = {_holder(projects[said.project], said) for said in self.proposals if projects[said.project].holder}
        return proposals.slate_of(rule, nominated, projects, holders, named, rules)


def _holder(project: Project, said: ProposedNominee) -> UUID:
    assert project.holder is not None
    return said.nominee or project.holder.organisation
