"""Facts in sentences: what they name of their stream is called as an official would call it."""

from datetime import date
from uuid import UUID

import pytest
from tests.ledger.project.given import APPLIED, APPROVED, FORM, MEMBERS, RULES, amendment, reported, reviewed, scores

from api.pages.reader import Reader
from api.pages.sentences import Naming, named_by_version
from ledger.core.envelope import Restated, Voided
from ledger.core.fact import Fact
from ledger.project.decision_papers import PaperKind
from ledger.project.delivery import Milestone, MilestoneAccepted, MilestoneReturned
from ledger.project.evaluation import Evaluated, ThirdPartyEvaluation
from ledger.project.honours import Awarded, HonourRevoked
from ledger.project.nominations import OrganisationRecipient
from ledger.project.objections import ObjectionResolved
from ledger.project.reconsideration import DecisionServed
from ledger.project.secretariat import DecisionConfirmed

REPORT = reported(Milestone.START)
JUDGED = Evaluated(
    evaluation=ThirdPartyEvaluation(member=MEMBERS[0], scores=scores(1, 2, 3), conclusion="示例。"), scale=100
)
HONOURED = Awarded(
    honour="advanced-organisation",
    recipient=OrganisationRecipient(organisation=UUID(int=7), name="示例助老服务中心"),
    place=1,
    places=100,
    deed="示例。",
    document_number="示例9号",
)
TOP = HONOURED.model_copy(update={"honour": "top-ten"})
VOID = Voided(target=2, reason="误录。")
STREAM: tuple[Fact, ...] = (APPLIED, amendment(FORM), APPROVED, REPORT, JUDGED, HONOURED, TOP, VOID)
EVENTS = dict(named_by_version((number, fact, date(2010, 3, number)) for number, fact in enumerate(STREAM, 1)))

AWARD_REVOKED = HonourRevoked(award=6, reason="示例。", document_number="示例10号", place_freed_because=None)


@pytest.mark.parametrize(
    ("fact", "zh", "en"),
    [
        (MilestoneAccepted(report=4, note=None), "启动阶段进度表审核通过。", "Accepted the report “Start”."),
        (
            MilestoneReturned(report=4, reason="示例。", again_by=date(2010, 4, 1)),
            "退回启动阶段进度表，限2010年4月1日前重新报送：示例。",
            "Returned the report “Start”, to be made again by 1 April 2010: 示例。",
        ),
        (
            DecisionConfirmed(
                target=3,
                record=2,
                paper=PaperKind.MINUTES,
                paper_number="示例纪要3号",
                paper_dated_on=date(2010, 3, 2),
                paper_sha256="0" * 64,
            ),
            "2010年3月3日的批准由办公室据会议纪要“示例纪要3号”（2010年3月2日）录入，经办公室另一人复核。",
            "The office recorded the approval of 3 March 2010 from the minutes 示例纪要3号 of 2 March 2010; another "
            "person of the office confirmed it.",
        ),
        (reviewed(version=2), "评审申报表（第2稿）。", "Reviewed the application (draft 2)."),
        (
            DecisionServed(target=3, served_on=date(2010, 3, 9), means="示例"),
            "2010年3月3日的批准于2010年3月9日送达。",
            "Served the approval of 3 March 2010 on 9 March 2010.",
        ),
        (
            ObjectionResolved(objection=9, target=5, accepted=True, reason="示例。"),
            "对第三方评估结果的异议成立：示例。",
            "The objection to the results of: Third-party evaluation is upheld: 示例。",
        ),
        (
            AWARD_REVOKED,
            "撤销“先进社会组织”称号（示例10号）：示例。",
            "Revoked the honour “Advanced organisation” (示例10号): 示例。",
        ),
        (
            TOP,
            "授予示例助老服务中心首都“十大最具社会影响力”的社会组织称号（示例9号）。",
            "Honoured 示例助老服务中心 as “Top ten organisations of social influence” (示例9号).",
        ),
        (
            Voided(target=8, reason="示例。"),
            "作废2010年3月8日的作废：示例。",
            "Voided the void of 8 March 2010: 示例。",
        ),
        (
            Restated(target=4, restated_on=date(2010, 3, 1), fact=REPORT, reason="示例"),
            "更正启动阶段进度表（示例）。应为：报送启动阶段进度表，累计服务10人。 生效日期：2010年3月1日。",
            "Corrected the report “Start” (示例). It should read: Reported the milestone “Start”: 10 people served."
            " In force since 1 March 2010.",
        ),
        (
            Voided(target=99, reason="示例。"),
            "作废一条不公开的记录：示例。",
            "Voided a record that is not public: 示例。",
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Fact) else "",
)
def test_facts_name_events_in_words(fact: Fact, zh: str, en: str) -> None:
    assert fact.told(Naming(Reader("zh"), RULES, events=EVENTS)) == zh
    assert fact.told(Naming(Reader("en"), RULES, events=EVENTS)) == en
