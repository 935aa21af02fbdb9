"""No dead end: from every status that a project can be in, somebody has a step that leads on to an end."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from uuid import UUID

from tests.ledger.project.given import (
    APPLIED,
    DUE,
    FORM,
    MEMBERS,
    PERIOD,
    PROGRAMME,
    REGISTERED,
    RULES,
    SUCCESSOR,
    Facts,
    given,
    reviewed,
    scores,
)
from tests.ledger.project.honoured import BY_OTHERS, judged, settled
from tests.ledger.project.lives import CLOSED, ENDED, IN_STATUS, accepted, given_back
from tests.ledger.project.test_delivery import report

from ledger.core.action import Action
from ledger.core.fact import Fact
from ledger.core.refusal import Refusal
from ledger.project import (
    application,
    contract,
    delivery,
    ending,
    evaluation,
    review,
    screening,
    settlement,
    supervision,
)
from ledger.project.application import AMEND, WITHDRAW
from ledger.project.contract import CONTRACT, LAPSE, PUBLISH
from ledger.project.delivery import DECIDE_MILESTONE, REPORT, Milestone
from ledger.project.ending import CLOSE, TERMINATE, TRANSFER
from ledger.project.evaluation import EVALUATE_THIRD_PARTY, ThirdPartyEvaluation
from ledger.project.review import APPROVE, REJECT, REVIEW
from ledger.project.screening import HAND_IN, RETURN, SCREEN, ScreeningResult
from ledger.project.settlement import STATE_SETTLEMENT
from ledger.project.state import Project
from ledger.project.status import Status
from ledger.project.supervision import RESUME, SUSPEND

TODAY = date(2010, 3, 10)
# One evaluation is enough here, and who shows it belongs to the tests of evaluation.
PLAIN = RULES.model_copy(update={"objections": False, "evaluation": BY_OTHERS})
DECIDER = UUID(int=77)


def _screen(result: ScreeningResult) -> Callable[[Project], Fact]:
    by = TODAY if result is ScreeningResult.RETURNED else None
    return lambda p: screening.screen(
        p, p.form_version or 0, result=result, reason="示例。", amend_by=by, rules=RULES, today=TODAY
    )


def _review(project: Project) -> Fact:
    opinion, version = reviewed(), project.form_version or 0
    return review.review(
        project,
        version,
        member=MEMBERS[min(len(project.current_reviews), 3)],
        public_benefit=opinion.public_benefit,
        non_profit=opinion.non_profit,
        feasibility=opinion.feasibility,
        rules=RULES,
    )


def _sign(project: Project) -> Fact:
    return contract.sign(
        project, number="示例1", signed_on=TODAY, period=PERIOD, services="送餐。", amount=None, due=DUE,
        original_sha256=None, authority="示例民政局", party="示例中心", programme=PROGRAMME,
    )  # fmt: skip


def _undecided(project: Project) -> int:
    return next((found.version for found in project.standing_reports if not found.accepted and not found.returned), 0)


def _decide(project: Project) -> Fact:
    return delivery.accept(project, _undecided(project), None, rules=RULES)


def _report(project: Project) -> Fact:
    back = delivery.returned_milestones(project)
    reported = {found.fact.milestone for found in project.reports}
    ahead = [code for code in Milestone if code not in reported]
    return report(project, Milestone([*back, *ahead, "start"][0]))


STEPS: list[tuple[Action, Callable[[Project], Fact]]] = [
    (AMEND, lambda p: application.amend(p, FORM, "示例。", programme=PROGRAMME, today=date(2010, 2, 1))),
    (WITHDRAW, lambda p: application.withdraw(p, "示例。")),
    *((SCREEN, _screen(result)) for result in ScreeningResult),
    (HAND_IN, lambda p: screening.hand_in(p, "示例上报", rules=RULES)),
    (
        RETURN,
        lambda p: screening.give_back(
            p, p.form_version or 0, reason="示例。", amend_by=TODAY, rules=RULES, today=TODAY
        ),
    ),
    (REVIEW, _review),
    (
        APPROVE,
        lambda p: review.approve(
            p, p.form_version or 0, decider=DECIDER, amount=None, document_number="1", reason="示例。", rules=RULES
        ),
    ),
    (
        REJECT,
        lambda p: review.reject(
            p, p.form_version or 0, decider=DECIDER, document_number="2", reason="示例。", rules=RULES
        ),
    ),
    (LAPSE, lambda p: contract.lapse(p, "示例。", rules=RULES, today=TODAY)),
    (CONTRACT, _sign),
    (PUBLISH, lambda p: contract.publish(p, "示例公告")),
    (REPORT, _report),
    (DECIDE_MILESTONE, _decide),
    (
        DECIDE_MILESTONE,
        lambda p: delivery.give_back(p, _undecided(p), "示例。", TODAY, rules=RULES, today=TODAY),
    ),
    (SUSPEND, lambda p: supervision.suspend(p, "示例。")),
    (RESUME, lambda p: supervision.resume(p, "示例。")),
    (
        TERMINATE,
        lambda p: ending.terminate(p, document_number="8", reason="示例。", refund=None, rules=RULES),
    ),
    (TRANSFER, lambda p: ending.transfer(p, REGISTERED, SUCCESSOR, "示例。", rules=RULES)),
    (
        EVALUATE_THIRD_PARTY,
        lambda p: evaluation.evaluate(
            p, ThirdPartyEvaluation(member=MEMBERS[4], scores=scores(80, 80, 80), conclusion="示例。"), rules=PLAIN
        ),
    ),
    (STATE_SETTLEMENT, lambda p: settlement.state(p, None, rules=RULES)),
    (CLOSE, lambda p: ending.close(p, "示例。", rules=PLAIN, today=TODAY)),
]  # fmt: skip


def steps_from(facts: Facts) -> Iterator[tuple[Action, Facts]]:
    project = given(*facts)
    for command, act in STEPS:
        try:
            yield command, (*facts, act(project))
        except Refusal:
            continue


Place = tuple[object, ...]


def place(facts: Facts) -> Place:
    """A project is told from another by its status, what was said of its form, what became of its reports, and whether
    it was evaluated and settled."""
    project = given(*facts)
    reports = project.standing_reports
    decided = sum(bool(found.accepted) for found in reports), sum(bool(found.returned) for found in reports)
    ended = len(project.evaluations), project.settlement is not None
    return project.status, len(project.current_reviews), len(reports), decided, ended


def all_ways() -> tuple[dict[Place, Facts], dict[Place, set[Place]]]:
    """Each place that can be come to, with facts that lead there, and where each leads."""
    start: Facts = (APPLIED,)
    found, waiting = {place(start): start}, [start]
    leads: dict[Place, set[Place]] = defaultdict(set)
    while waiting:
        facts = waiting.pop()
        for command, further in steps_from(facts):
            assert command.may
            leads[place(facts)].add(place(further))
            if place(further) not in found:
                found[place(further)] = further
                waiting.append(further)
    return found, leads


def test_every_status_leads_to_an_end() -> None:
    found, leads = all_ways()
    statuses = {status for status, *_ in found}
    assert statuses == set(Status) - {Status.UNKNOWN, Status.GRANTED, Status.CARRIED_OVER}
    ends = {here for here in found if here[0] in ENDED}
    assert {status for status, *_ in ends} == ENDED
    reached = set(ends)
    while more := {here for here in found if here not in reached and leads[here] & reached}:
        reached |= more
    assert set(found) - reached == set()


def test_what_ended_stays_as_it_is() -> None:
    for status in ENDED:
        assert list(steps_from(IN_STATUS[status])) == []


def test_a_repeated_report_can_be_closed_upon() -> None:
    facts = IN_STATUS[Status.COMPLETED]
    last = len(facts)
    facts = (*facts, *(accepted(version) for version in range(last - 4, last)), given_back(last))
    facts = (*facts, report(given(*facts), Milestone.COMPLETION))
    facts = (*facts, accepted(len(facts)), judged(80, 80, 80))
    assert ending.close(settled(given(*facts)), "示例。", rules=PLAIN, today=TODAY) == CLOSED.model_copy(
        update={"conclusion": "示例。"}
    )
