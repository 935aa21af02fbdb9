"""Evaluation by the organisation, by beneficiaries, by a third party, and objections to it (N16 to N19)."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ledger.events.base import Audience, Count, Fact, Score, Sealed, Version
from ledger.events.correctable import CorrectionRule, never
from ledger.values import Bilingual, CivilDate, Code, Digest, Frozen, Line, Text

# Others than the objector and the author decide on it; a void by the authority would go round them.
_OBJECTION = Bilingual(zh="异议及其处理不能作废。", en="an objection and its resolution stand.")


class CriterionScore(Frozen):
    criterion: Code
    score: Score


class SelfEvaluation(Frozen):
    """N16."""

    by: Literal["self"] = "self"
    scores: tuple[CriterionScore, ...]
    conclusion: Text


class BeneficiaryEvaluation(Frozen):
    """N17, N18: counts of a survey; `satisfied` of `answered` were satisfied, of `invited` people asked."""

    by: Literal["beneficiaries"] = "beneficiaries"
    invited: Count
    answered: Count
    satisfied: Count
    conclusion: Text


class ThirdPartyEvaluation(Frozen):
    """N19: by members of the committee who did not review; `member` is a pseudonym within the project."""

    by: Literal["third_party"] = "third_party"
    member: UUID
    scores: tuple[CriterionScore, ...]
    conclusion: Text


# What was shown for objection is evaluated again, not rewritten.
class Evaluated(Fact, audience=Audience.FROM_PUBLICATION, correction=CorrectionRule(fixed=("evaluation", "scale"))):
    """N16, N17, N19."""

    type: Literal["Evaluated"] = "Evaluated"
    evaluation: Annotated[SelfEvaluation | BeneficiaryEvaluation | ThirdPartyEvaluation, Field(discriminator="by")]
    scale: Annotated[int, Field(ge=1, le=100)]

    @property
    def evaluator(self) -> tuple[str, UUID | None]:
        """Who evaluated: of the committee each member for itself."""
        member = self.evaluation.member if isinstance(self.evaluation, ThirdPartyEvaluation) else None
        return self.evaluation.by, member


class FrameRegistered(
    Fact,
    audience=Audience.AT_ONCE,
    correction=never(
        "抽样值公布之前可另报名册取代之，其后不再更改。",
        "until the random value is known another frame takes its place; then it stays as it is.",
    ),
):
    """N17: those who can be drawn, one salted commitment each, in ascending order; kept in a stream of its own.

    `digest` is the SHA-256 of the entries, each followed by a line feed. `source` names the public random value that
    will be published on `announced_on`, after this: a lottery draw, a beacon. `share` is in percent, `least` the
    smallest number that is drawn if there are so many."""

    type: Literal["FrameRegistered"] = "FrameRegistered"
    project: UUID
    entries: tuple[Digest, ...] = Field(min_length=1, max_length=10_000)
    digest: Digest
    people_served: Count
    source: Line
    announced_on: CivilDate
    share: Annotated[int, Field(ge=1, le=100)]
    least: Count


class SampleDrawn(
    Fact,
    audience=Audience.AT_ONCE,
    correction=never("抽样人人可复算，不能更改。", "anybody can recompute the draw; it stays as it is."),
):
    """N17: seed = SHA-256 of the frame's digest (its 64 hexadecimal digits) and `value` in UTF-8; the entries with the
    lowest SHA-256 of seed and entry (64 hexadecimal digits each) are drawn, in that order."""

    type: Literal["SampleDrawn"] = "SampleDrawn"
    project: UUID
    value: Line
    seed: Digest
    drawn: tuple[Digest, ...] = Field(min_length=1, max_length=10_000)


class FeedbackMeans(StrEnum):
    VISIT = "visit"
    QUESTIONNAIRE = "questionnaire"
    ONLINE = "online"


class Respondent(Frozen):
    """Who answered; `guardian` answers for a minor."""

    name: Line
    identity: Line
    guardian: Line | None


class Answers(Frozen):
    """`satisfaction` from 1 (not at all) to 5 (very)."""

    satisfaction: Annotated[int, Field(ge=1, le=5)]
    comment: Text | None


class FeedbackReceived(
    Fact,
    audience=Audience.CONFIDENTIAL,
    correction=never(
        "受益人的答复只计一次，不能收回；请在评价结论中说明。",
        "what a beneficiary answered is counted once and taken back by nobody; say in the conclusion what is so.",
    ),
):
    """N17, N18: one person's answer, in the project's own stream of answers. `person` is a pseudonym within the
    project: the drawn entry's, or that of the identity given online. One person, one answer per project and means
    of asking; `entry` is null online."""

    type: Literal["FeedbackReceived"] = "FeedbackReceived"
    project: UUID
    means: FeedbackMeans
    person: UUID
    entry: Digest | None
    respondent: Sealed[Respondent] | None
    answers: Sealed[Answers]


class Measured(Frozen):
    """Counts of one way of asking. `low` and `high` bound the satisfied share in percent with one decimal, by the
    Wilson interval at 95 %; both are null, as is `satisfied`, where fewer answered than the smallest group."""

    invited: Count
    answered: Count
    satisfied: Count | None
    low: Line | None
    high: Line | None


# Counted from the answers: void it and count again.
class BeneficiariesEvaluated(
    Fact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("no_identifiable", "frame", "minimum_group", "sample", "online")),
):
    """N17 to N19: what beneficiaries said; the sample and those who came online are never pooled. With
    `no_identifiable` nobody could be asked, and the ranking puts other weights visibly."""

    type: Literal["BeneficiariesEvaluated"] = "BeneficiariesEvaluated"
    no_identifiable: bool
    frame: Count
    minimum_group: Count
    sample: Measured | None
    online: Measured | None
    conclusion: Text


class EvaluationPublished(
    Fact, audience=Audience.FROM_PUBLICATION, correction=CorrectionRule(fixed=("evaluations", "objections_until"))
):
    """N19: the evaluations at these versions are shown for objection 公示 until the end of that day."""

    type: Literal["EvaluationPublished"] = "EvaluationPublished"
    evaluations: tuple[Version, ...] = Field(min_length=1, max_length=10)
    notice: Line
    objections_until: CivilDate


class ObjectionRaised(Fact, audience=Audience.NEVER, correction=CorrectionRule(void=_OBJECTION, fixed=("target",))):
    """N19, N20: against an evaluation or a proposed honour, at version `target`, while it is shown."""

    type: Literal["ObjectionRaised"] = "ObjectionRaised"
    target: Version
    reason: Text


class ObjectionResolved(
    Fact,
    audience=Audience.AS_TARGET,
    correction=CorrectionRule(void=_OBJECTION, fixed=("objection", "target", "upheld")),
):
    """What became of the objection at version `objection`. Upheld: its target no longer counts, and may be repeated."""

    type: Literal["ObjectionResolved"] = "ObjectionResolved"
    objection: Version
    target: Version
    upheld: bool
    reason: Text
