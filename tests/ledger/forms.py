"""What members, evaluators and those who honour write, where the wording does not matter."""

from collections.abc import Iterable
from uuid import UUID

from tests.ledger.project.given import scores

from ledger.commands.evaluation import BeneficiaryStatement, ThirdPartyStatement
from ledger.commands.honours import Award, Individual, person_id
from ledger.commands.nominations import HonourProposals, Nomination, ProposedNominee
from ledger.commands.review import ReviewBody
from ledger.identity import DocumentKind, IdentityDocument
from ledger.project.evaluation import SelfEvaluation
from ledger.project.review import Judgement, ScoredJudgement
from ledger.vault import Vault

EVALUATIONS: dict[str, SelfEvaluation | BeneficiaryStatement | ThirdPartyStatement] = {
    "self": SelfEvaluation(scores=scores(80, 70, 60), conclusion="完成。"),
    "beneficiaries": BeneficiaryStatement(no_identifiable=True, reason="听众不留姓名。", conclusion="好。"),
    "third_party": ThirdPartyStatement(scores=scores(90, 80, 70), conclusion="有成效。"),
}


def review_of(version: int, passed: bool) -> ReviewBody:
    return ReviewBody(
        application_version=version,
        public_benefit=Judgement(passed=passed, reason="面向老人。"),
        non_profit=Judgement(passed=passed, reason="不收费。"),
        feasibility=ScoredJudgement(score=80, reason="人手充足。"),
    )


def person_of(honour: str, person: int) -> Individual | None:
    """A person by number when the honour is for people. All have one name."""
    document = IdentityDocument(kind=DocumentKind.PASSPORT, number=f"E{person:08}")
    return Individual(name="示例某", identity_document=document) if honour == "advanced-individual" else None


def nominee_of(vault: Vault, programme: str, honour: str, person: int) -> UUID | None:
    found = person_of(honour, person)
    return person_id(vault, programme, found.identity_document) if found else None


def nomination_of(project: UUID, honour: str, person: int) -> Nomination:
    named = person_of(honour, person)
    return Nomination(project=project, honour=honour, person=named, consent=True, deed="服务周到。")


def proposals_of(projects: Iterable[UUID], honour: str, nominee: UUID | None, departure: str | None) -> HonourProposals:
    proposals = tuple(ProposedNominee(project=one, nominee=nominee, departure=departure) for one in projects)
    return HonourProposals(honour=honour, proposals=proposals, notice="示例公示")


def award_of(project: UUID, honour: str, nominee: UUID | None) -> Award:
    return Award(project=project, honour=honour, nominee=nominee, deed="服务周到。")
