"""Projects at the end of the year: evaluated, nominated, proposed."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from tests.ledger.project.given import APPLIED, AT, DUE, ORGANISATION, PROJECT, RULES, Facts, recorded, scores

from ledger.core.fact import Fact, Sealed
from ledger.project import settlement
from ledger.project.delivery import MilestoneReported
from ledger.project.evaluation import (
    AT_THE_END,
    BeneficiariesEvaluated,
    BeneficiaryEvaluation,
    Evaluated,
    SelfEvaluation,
    ThirdPartyEvaluation,
)
from ledger.project.fact import Occurrence
from ledger.project.feedback import Measured
from ledger.project.honours import Awarded
from ledger.project.nominations import Nominated, OrganisationRecipient, PersonRecipient
from ledger.project.proposals import HonourProposed
from ledger.project.state import Project, evolve
from ledger.values import PersonName

SHOWN_UNTIL = date(2010, 12, 15)
# For tests of what follows the evaluation: one is enough.
BY_OTHERS = RULES.evaluation.model_copy(update={"by": ("third_party",)})
THE_ORGANISATION = OrganisationRecipient(organisation=ORGANISATION, name="示例助老服务中心")
A_PERSON = PersonRecipient(
    person=UUID(int=1),
    name=Sealed[PersonName](commitment="e" * 64),
    organisation=ORGANISATION,
    organisation_name="示例助老服务中心",
)
Recipient = OrganisationRecipient | PersonRecipient


def judged(*numbers: int, member: int = 105) -> Evaluated:
    third_party = ThirdPartyEvaluation(member=UUID(int=member), scores=scores(*numbers), conclusion="有成效。")
    return Evaluated(evaluation=third_party, scale=100)


def asked(satisfied: int, answered: int = 40) -> Evaluated:
    survey = BeneficiaryEvaluation(invited=50, answered=answered, satisfied=satisfied, conclusion="好。")
    return Evaluated(evaluation=survey, scale=100)


def counted(answered: int, satisfied: int | None, *, online: int = 0, nobody: bool = False) -> BeneficiariesEvaluated:
    """What the office counted of those drawn; with `nobody` that none could be asked."""
    sample = Measured(invited=50, answered=answered, satisfied=satisfied, low=None, high=None)
    dissatisfied = Measured(invited=online, answered=online, satisfied=0, low=None, high=None)
    return BeneficiariesEvaluated(
        no_identifiable=nobody,
        frame=0 if nobody else 100,
        minimum_group=5,
        sample=None if nobody else sample,
        online=dissatisfied if online else None,
        conclusion="好。",
    )


def judged_itself() -> Evaluated:
    return Evaluated(evaluation=SelfEvaluation(scores=scores(90, 90, 90), conclusion="示例：达到目标。"), scale=100)


def settled(project: Project) -> Project:
    """The project with its settlement stated and confirmed, when it is at its end."""
    if project.status not in AT_THE_END:
        return project
    stated = Occurrence(version=998, fact=settlement.state(project, "示例：尾款未付。", rules=RULES), on=SHOWN_UNTIL)
    confirmed = Occurrence(version=999, fact=settlement.Settled(statement=998, note=None), on=SHOWN_UNTIL)
    return replace(project, settlement=stated, settled=confirmed)


def nominated(
    recipient: Recipient = THE_ORGANISATION, honour: str = "advanced-organisation", project: UUID = PROJECT
) -> Nominated:
    return Nominated(
        programme="beijing-2010", honour=honour, project=project, recipient=recipient, deed="示例：送餐一年。"
    )


def proposed(recipient: Recipient = THE_ORGANISATION, honour: str = "advanced-organisation") -> HonourProposed:
    return HonourProposed(
        honour=honour,
        recipient=recipient,
        deed="示例：送餐一年。",
        formula=1,
        score="88.25",
        rank=1,
        nominated=3,
        departure=None,
        notice="示例公示第2号",
        objections_until=SHOWN_UNTIL,
    )


def awarded(recipient: Recipient = THE_ORGANISATION, honour: str = "advanced-organisation") -> Awarded:
    return Awarded(
        honour=honour,
        recipient=recipient,
        deed="示例：坚持送餐。",
        document_number="示例发〔2010〕9号",
        place=1,
        places=100,
    )


def dated(id: UUID, *facts: Fact, late: int = 0) -> Project:
    """A completed project whose reports came on their due days, but `late` of them three weeks later."""
    project = Project(id)
    for version, fact in enumerate((*AT.COMPLETION, *facts), 1):
        on = date(2010, 2, 1)
        if isinstance(fact, MilestoneReported):
            on = fact.due_on if [due.due_on for due in DUE].index(fact.due_on) >= late else date(2010, 11, 16)
        project = evolve(project, recorded(fact, version, on))
    return project


def of_another(organisation: UUID) -> Facts:
    """A completed project of another organisation."""
    return (APPLIED.model_copy(update={"organisation": organisation}), *AT.COMPLETION[1:])
