"""Commands in any order on the real database: whatever is asked, refusals write nothing and the promises hold."""

import os
from datetime import date, timedelta
from functools import partial

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from tests.ledger.bought import buy
from tests.ledger.closing import ClosingYear
from tests.ledger.machine import OTHER_LEADER, AnyYear
from tests.ledger.promises import PLACES
from tests.ledger.supervised import supervise
from tests.ledger.world import open_world
from tests.support import MEMBERS, OFFICE

from ledger.database import Database
from ledger.project.reconsideration import RequestOutcome
from ledger.project.status import Status
from ledger.project.support import SupportOutcome

EXAMPLES = settings(
    max_examples=25,
    stateful_step_count=45,
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def test_whatever_is_asked_in_a_year_the_promises_hold(database: Database) -> None:
    with open_world(database) as world:
        run_state_machine_as_test(partial(AnyYear, world), settings=EXAMPLES)  # type: ignore[arg-type]  # takes any factory


def test_a_whole_year_reaches_honours(database: Database) -> None:
    with open_world(database) as world:
        year = AnyYear(world)
        play(year)
        year.teardown()
    assert set(world.done) >= {
        *(
            "announce",
            "register",
            "rename",
            "identify",
            "merge",
            "void of an organisation",
            "reorganise",
            "void of the programme",
            "restate the programme",
            "apply",
            "amend",
            "withdraw",
            "screen passed",
            "hand in",
            "return",
            "review",
            "approve",
            "reject",
            "contract",
            "publish",
        ),
        *("declare interest", "arrange support", "serve", "request review", "decide request set_aside"),
        *("report", "evaluate self", "evaluate beneficiaries", "evaluate third_party", "extend"),
        *("register frame", "draw", "feedback visit", "feedback online"),
        *("show", "object", "resolve True", "resolve False"),
        *("award top-ten", "award advanced-organisation", "award advanced-individual", "award all at once"),
        *(
            "nominate top-ten",
            "propose top-ten",
            "propose advanced-organisation",
            "propose advanced-individual",
            "revoke",
        ),
        *("give back", "amend contract", "lapse", "check itself", "inspect", "order", "answer order", "check order"),
        *("suspend", "resume", "terminate", "transfer", "close"),
        *("record missing", "state settlement", "confirm settlement"),
        *("enter", "score", "select", "select instead", "forfeit", "sign purchase", "disburse", "refund"),
        *("apply on paper", "attach", "disclose", "report publicly", "answer publicly"),
        *("void Awarded", "void Voided", "void Restated", "restate Awarded", "restate MilestoneReported"),
    }


def evaluate(year: AnyYear, number: int) -> None:
    """With a frame, answers, an objection that is upheld and one that is not."""
    year.register_frame(number)
    year.move_to(year.today + timedelta(days=1))
    year.draw([number])
    for place in range(6):
        year.answer_when_asked(number, place)
    year.answer_online(number, 0)
    for kind, member in (("self", 0), ("beneficiaries", 0), ("third_party", 4)):
        year.evaluate(number, kind, member)
    year.show(number)
    year.object(number, 1)
    year.resolve(number, accepted=False)
    year.object(number, 3)
    year.resolve(number, accepted=True)
    year.evaluate(number, "third_party", 4)
    year.show(number)


def play(year: AnyYear) -> None:
    for number in range(6):
        year.register(local=number % 2 == 0)
        year.apply(number, OFFICE, 0)
    for what in ("rename", "identify", "supervise", "relocate", "grade", "enter a list", "leave a list"):
        year.keep(4, 4, what)
    year.keep(4, 2, "void of an organisation")
    year.keep(5, 4, "merge")
    year.keep(3, 3, "supervise", days=-20)
    year.reorganise("110103", "110101", days=-20)
    year.correct_programme(0)
    year.correct_programme(0)
    year.correct_programme(2, days=0)
    year.amend(0, own=True)
    year.withdraw(5, OFFICE)
    year.declare_interest(4, MEMBERS[3])
    year.carry_to(4, Status.HANDED_IN)
    year.give_back(4)
    year.carry_to(4, Status.HANDED_IN)
    for member in range(3):
        year.review(4, member)
    year.reject(4)
    year.serve(4, 0)
    year.request_review(4, 1)
    year.decide_request(4, 0, RequestOutcome.SET_ASIDE, OTHER_LEADER)
    assert year.project(year.projects[4]).status is Status.UNDER_REVIEW
    year.arrange_support(4, 0, SupportOutcome.GRANTED, OFFICE)
    for number in range(3):
        year.carry_to(number, Status.PUBLISHED)
    year.move_to(date(2010, 3, 1))
    buy(year)
    for number in range(4):
        year.carry_to(number, Status.COMPLETED)
    year.carry_to(4, Status.IN_DELIVERY)
    supervise(year, 4)
    year.apply(3, OFFICE, 0)
    year.carry_to(6, Status.APPROVED)
    year.restate(0, 0, 1)
    year.void(0, 0)
    for number in (0, 1, 3):
        evaluate(year, number)
    year.extend("delivery", 300)
    year.apply_on_paper(0, OFFICE, 30)
    year.attach_and_disclose(2, own=True)
    year.report_publicly(0)
    year.answer_publicly(0, 0)
    year.move_to(date(2010, 12, 1))
    year.lapse(6)
    year.propose_each([0, 1, 3], "advanced-organisation")
    year.propose_each([0, 1], "top-ten")
    year.put_forward(0, "advanced-individual", 1)
    year.award(0, "top-ten")
    year.award(0, "advanced-individual", 1)
    year.award(3, "advanced-organisation")
    year.award_all_at_once("advanced-organisation")
    year.void(0, 1)
    year.void(0, 0)
    year.award(1, "top-ten")
    year.restate(1, 0, None)
    year.revoke(1, 1, frees=True, honour="top-ten")
    year.revoke(0, 3, frees=False, honour="advanced-individual")
    assert year.world.done["revoke"] == 2
    year.miss(4)
    year.evaluate(4, "beneficiaries", 0)
    year.evaluate(4, "third_party", 4)
    year.settle(4)
    year.show(4)
    year.move_to(year.today + timedelta(days=15))
    year.close(4)
    year.keep(2, 1, "merge")
    year.transfer(2, 1)
    assert [len(year.quota(honour).holders) for honour in PLACES] == [1, 3, 1]


def test_every_project_can_be_ended_from_any_state(database: Database) -> None:
    with open_world(database) as world:
        few = settings(EXAMPLES, max_examples=8, stateful_step_count=30)
        run_state_machine_as_test(partial(ClosingYear, world), settings=few)  # type: ignore[arg-type]  # takes any factory
    assert world.done["close"]
