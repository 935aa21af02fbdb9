"""Nominating for honours, and proposing the nominated by their rank (N20, N21)."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from pydantic import Field

from ledger.aggregates import NOMINATIONS, PROJECT, QUOTA
from ledger.commands.command import OfProject, ProgrammeCommand
from ledger.commands.honours import Individual, recipient_of
from ledger.commands.loading import check_holder_eligible, load_of_programme, load_programme
from ledger.commands.served import Giver, served
from ledger.core.refusal import Kind, Refusal
from ledger.identifiers import quota_stream
from ledger.programme import check_phase
from ledger.project import honours, nominations, proposals
from ledger.project.nominations import NOMINATE
from ledger.project.proposals import PROPOSE_HONOUR, HonourProposed, Slate
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


class ProposalTerms(Frozen):
    nominee: UUID | None = None
    deed: Text | None = None
    departure: Text | None = None

    def propose(
        self, slate: Slate, project: Project, notice: str, rules: Rules, today: date
    ) -> tuple[HonourProposed, Slate]:
        return proposals.propose(
            slate,
            project,
            _holder(project, self.nominee),
            deed=self.deed,
            departure=self.departure,
            notice=notice,
            rules=rules,
            today=today,
        )


class ProposedNominee(ProposalTerms, OfProject):
    """The deed is that of the nomination unless another is given; `departure` says why not by rank. `nominee`: the
    person, by the id that the nomination gives."""


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
        named = [(said.project, said.nominee) for said in self.proposals]
        slate = await slate_with(work, code, rule, programme.rules, named)
        reasons: dict[str, Refusal] = {}
        for number, said in enumerate(self.proposals):
            try:
                project, _ = await load_of_programme(work, code, said.project, PROPOSE_HONOUR, "propose")
                fact, slate = said.propose(slate, project, self.notice, programme.rules, work.today)
                work.write(said.project, fact)
            except Refusal as refusal:
                if refusal.kind in (Kind.UNAVAILABLE, Kind.STALE):
                    raise
                reasons[f"proposals.{number} {said.project}"] = refusal
        if reasons:
            raise BatchRefused(reasons)


async def slate_with(
    work: UnitOfWork, code: str, rule: Quota, rules: Rules, proposed: Iterable[tuple[UUID, UUID | None]]
) -> Slate:
    """Before those are proposed, each by the project and, where it is a person, by the nominee."""
    proposed = tuple(proposed)
    stream = await work.ledger.veils.stream(Veiled.NOMINATIONS, code, rule.code)
    nominated = (await work.load(NOMINATIONS, stream)).made
    holders = (await work.load(QUOTA, quota_stream(code, rule.code))).holders
    ids = {one.project for one in nominated.values()} | {project for project, _ in proposed}
    if rules.ranking.formula != 1:
        ids.update(await work.ledger.portfolio(code, {one.recipient.organisation for one in nominated.values()}))
    await work.load_all(PROJECT, list(ids))
    projects = {one: await work.load(PROJECT, one) for one in ids}
    named = {_holder(projects[project], nominee) for project, nominee in proposed if projects[project].holder}
    return proposals.slate_of(rule, nominated, projects, holders, named, rules)


def _holder(project: Project, nominee: UUID | None) -> UUID:
    assert project.holder is not None
    return nominee or project.holder.organisation
