"""Proposing nominees for honours by their rank, or saying why not by it (N20, N21)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from ledger.core.action import GRANTING, Action
from ledger.core.changed import changed
from ledger.core.correctable import CorrectionRule
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Teller, Words
from ledger.project.fact import Occurrence, ProjectFact, ProjectState
from ledger.project.finality import check_honourable
from ledger.project.nominations import Nominated, OrganisationRecipient, PersonRecipient
from ledger.project.ranking import Ranked, ranking_of
from ledger.refusals.general import AlreadyHonoured, QuotaFull, StepOutOfOrder
from ledger.rules import Quota, Rules
from ledger.terms import notice_ends
from ledger.values import CivilDate, Code, Label, Line, Text

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

PROPOSE_HONOUR = Action("propose_honour", GRANTING, Words("拟定表彰", "propose honours"), judging=True)


class NotNominated(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此项目没有以此对象参评 {honour}。", "Nobody nominated this recipient for {honour} with this project."


class AlreadyProposed(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此对象已列入 {honour} 的拟表彰名单。", "This recipient is proposed for {honour} already."


class DepartureMissing(Refusal):
    kind = Kind.CONFLICT
    zh = "排名第 {rank}，越过了排名第 {passed_over} 的参评对象，须说明理由。"
    en = "Rank {rank} would be proposed before rank {passed_over}, which is passed over; say why."


class DepartureNotNeeded(Refusal):
    kind = Kind.INVALID
    zh = "排名第 {rank}，没有越过任何参评对象，不写不按排名的理由。"
    en = "Rank {rank} passes nobody over; a reason for departing from the ranking does not belong there."


class ProposalMissing(Refusal):
    kind = Kind.CONFLICT
    zh, en = "授予 {honour} 前须先拟定名单并公示。", "An honour {honour} is proposed and shown for objection first."


class ProposalStillShown(Refusal):
    kind = Kind.CONFLICT
    zh, en = "公示至 {until}，期满方可授予。", "The proposal is open to objection until {until}."


class ProposalObjected(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "尚有异议未处理（版本 {objection}）。",
        "The objection of version {objection} against the proposal is not resolved.",
    )


class HonourProposed(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(
        fixed=("honour", "recipient", "formula", "score", "rank", "nominated", "objections_until")
    ),
    named=Words("拟表彰", "proposal of an honour"),
    credit=False,
    ocds="implementationUpdate",
    audit=Audit.EXAMINED,
    consents=True,
):
    """N20, N21: shown for objection 公示 until the end of that day. `score` is a decimal of two places by the
    programme's weights and the ranking's formula of that number, null where the project had none yet; `rank` is the
    place among the nominated; `departure` says why one is proposed whom the ranking would not have chosen."""

    sentence: ClassVar[Words] = Words(
        "拟授予{recipient}{title}称号（排名第 {rank}），公示期至{day}（含当日）。",
        "Proposed {recipient} as {title} (rank {rank}), open to objection until the end of {day}.",
    )
    cited: ClassVar[Words] = Words("拟授予{title}称号", "the proposal of {title}")
    also: ClassVar[Mapping[str, Words]] = {
        "departure": Words("不按排名的理由：{departure}", "Why not by rank: {departure}")
    }

    type: Literal["HonourProposed"] = "HonourProposed"
    honour: Code
    recipient: Annotated[OrganisationRecipient | PersonRecipient, Field(discriminator="kind")]
    deed: Text
    formula: Annotated[int, Field(ge=1)]
    score: Line | None
    rank: Annotated[int, Field(ge=1)]
    nominated: Annotated[int, Field(ge=1)]
    departure: Text | None
    notice: Label
    objections_until: CivilDate

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, proposals=(*project.proposals, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> HonourProposed:
        check_proposable(project, ground.rules, ground.day(recorded))
        if standing_proposal(project, self.honour, self.recipient.holder):
            raise AlreadyProposed(honour=self.honour)
        return self

    def told(self, tell: Teller) -> str:
        recipient, title = self.recipient.told(tell), tell.title(self.honour)
        proposed = tell.say(self.sentence, recipient=recipient, title=title, rank=self.rank, day=self.objections_until)
        return tell.joined(proposed, *self.also_told(tell))

    def cited_as(self, tell: Teller, day: date) -> str:
        return tell.say(self.cited, title=tell.title(self.honour))


@dataclass(frozen=True)
class ProposalsState(ProjectState):
    proposals: tuple[Occurrence[HonourProposed], ...] = ()


def standing_proposal(project: Project, honour: str, holder: UUID) -> Occurrence[HonourProposed] | None:
    """The newest that no honour was granted on yet; each grant needs a proposal of its own."""
    granted = max(
        (one.version for one in project.honours if (one.fact.honour, one.fact.recipient.holder) == (honour, holder)),
        default=0,
    )
    found = [
        one
        for one in project.proposals
        if (one.fact.honour, one.fact.recipient.holder) == (honour, holder) and one.version > granted
    ]
    return max(found, key=lambda one: one.version, default=None)


def check_proposal(project: Project, rule: Quota, holder: UUID, today: date) -> None:
    """It stands, its notice period is over, and no objection to it is open."""
    proposal = standing_proposal(project, rule.code, holder)
    if proposal is None:
        raise ProposalMissing(honour=rule.code)
    if today <= proposal.fact.objections_until:
        raise ProposalStillShown(until=proposal.fact.objections_until.isoformat())
    for objection in project.objections:
        if objection.fact.target == proposal.version and objection.resolution is None:
            raise ProposalObjected(objection=objection.version)


@dataclass(frozen=True, slots=True)
class Slate:
    """An honour before more are proposed for it: who was nominated and how they stand, who is proposed and not
    honoured yet, who holds a place, and the best of the nominated who was and will be passed over."""

    rule: Quota
    nominated: Mapping[UUID, Nominated]
    ranking: Sequence[Ranked]
    proposed: frozenset[UUID]
    holders: Collection[UUID]
    passed_over: Ranked | None


def slate_of(
    rule: Quota,
    nominated: Mapping[UUID, Nominated],
    projects: Mapping[UUID, Project],
    holders: Collection[UUID],
    named: Collection[UUID],
    rules: Rules,
) -> Slate:
    """`named` are those who shall be proposed now. Nobody is passed over who ever got the honour. `projects` as
    `ranking_of` asks for them."""
    proposed, chosen = set[UUID](), {*holders, *named}
    for holder, nomination in nominated.items():
        project = projects[nomination.project]
        if standing_proposal(project, rule.code, holder):
            proposed.add(holder)
        if any((one.fact.honour, one.fact.recipient.holder) == (rule.code, holder) for one in project.honours):
            chosen.add(holder)
    ranking = ranking_of(nominated.values(), projects, rules)
    passed_over = next((found for found in ranking if found.recipient not in chosen | proposed), None)
    return Slate(rule, nominated, ranking, frozenset(proposed), holders, passed_over)


def propose(
    slate: Slate,
    project: Project,
    holder: UUID,
    *,
    deed: str | None,
    departure: str | None,
    notice: str,
    rules: Rules,
    today: date,
) -> tuple[HonourProposed, Slate]:
    """One of the nominated, and the slate with it. Who stands below one that is passed over needs a reason for it."""
    honour = slate.rule.code
    nomination = slate.nominated.get(holder)
    if nomination is None or nomination.project != project.id:
        raise NotNominated(honour=honour)
    check_proposable(project, rules, today)
    if holder in slate.holders:
        raise AlreadyHonoured(quota=honour)
    if holder in slate.proposed:
        raise AlreadyProposed(honour=honour)
    if len(slate.holders) + len(slate.proposed) >= slate.rule.places:
        raise QuotaFull(quota=honour, places=slate.rule.places)
    found = next(one for one in slate.ranking if one.recipient == holder)
    _check_departure(found, slate.passed_over, departure)
    fact = HonourProposed(
        honour=honour,
        recipient=nomination.recipient,
        deed=deed or nomination.deed,
        formula=rules.ranking.formula,
        score=None if found.standing.score is None else str(found.standing.score),
        rank=found.rank,
        nominated=len(slate.ranking),
        departure=departure,
        notice=notice,
        objections_until=notice_ends(rules, today),
    )
    return fact, replace(slate, proposed=slate.proposed | {holder})


def check_proposable(project: Project, rules: Rules, today: date) -> None:
    """Achieved, and evaluated for good."""
    if not project.is_achieved:
        raise StepOutOfOrder(status=project.status, command=PROPOSE_HONOUR)
    check_honourable(project, rules, today)


def _check_departure(found: Ranked, passed_over: Ranked | None, departure: str | None) -> None:
    departs = passed_over is not None and passed_over.standing.key < found.standing.key
    if passed_over and departs and not departure:
        raise DepartureMissing(rank=found.rank, passed_over=passed_over.rank)
    if departure and not departs:
        raise DepartureNotNeeded(rank=found.rank)
