"""What members, evaluators and those who honour write, where the wording does not matter."""

from uuid import UUID

from tests.ledger.project.given import scores

from ledger.commands.delivery import ThirdPartyStatement
from ledger.commands.honours import Award
from ledger.commands.reviews import ReviewBody
from ledger.events import BeneficiaryEvaluation, Judgement, ScoredJudgement, SelfEvaluation
from ledger.values import PersonName

EVALUATIONS: dict[str, SelfEvaluation | BeneficiaryEvaluation | ThirdPartyStatement] = {
    "self": SelfEvaluation(scores=scores(80, 70, 60), conclusion="完成。"),
    "beneficiaries": BeneficiaryEvaluation(invited=30, answered=20, satisfied=19, conclusion="好。"),
    "third_party": ThirdPartyStatement(scores=scores(90, 80, 70), conclusion="有成效。"),
}


def review_of(version: int, passed: bool) -> ReviewBody:
    return ReviewBody(
        application_version=version,
        public_benefit=Judgement(passed=passed, reason="面向老人。"),
        non_profit=Judgement(passed=passed, reason="不收费。"),
        feasibility=ScoredJudgement(score=80, reason="人手充足。"),
    )


def award_of(project: UUID, honour: str, person: int) -> Award:
    """To the organisation, or to a person by number when the honour is for people."""
    named = PersonName(name=f"示例某{person}") if honour == "advanced-individual" else None
    return Award(project=project, honour=honour, person=named, deed="服务周到。")
