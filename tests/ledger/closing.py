"""Ends whatever a year has begun: what is open is answered, and each project is carried to its end."""

from datetime import timedelta
from typing import Protocol
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from tests.ledger.machine import OTHER_LEADER, AnyYear
from tests.ledger.world import World
from tests.support import LEADING_GROUP, MEMBERS, OFFICE

from ledger.accounts import Account
from ledger.commands.correction_requests import CorrectionAnswer
from ledger.commands.delivery import MilestoneDecision
from ledger.commands.objections import ResolutionBody
from ledger.commands.sampling import FrameGap
from ledger.commands.settlement import Recovery
from ledger.commands.supervision import RectificationAnswer, RectificationCheck
from ledger.commands.support import LaterSupport, Support
from ledger.project.application import SupportKind
from ledger.project.delivery import Milestone, returned_milestones
from ledger.project.reconsideration import RequestOutcome
from ledger.project.status import UNDECIDED, Status
from ledger.project.support import SupportOutcome, open_requests
from ledger.transaction import Decide
from ledger.unit_of_work import CommandContext

ENDED = frozenset(
    {Status.UNKNOWN, Status.SCREENED_OUT, Status.REJECTED, Status.WITHDRAWN, Status.LAPSED, Status.CLOSED}
)
ROUNDS = 12
has_projects = precondition(lambda self: self.projects)


class Asked(Protocol):
    def on(self, project_id: UUID) -> Decide: ...


class ClosingYear(AnyYear):
    """A year that must not leave a project without an end, whatever was asked before."""

    def __init__(self, world: World) -> None:
        self.asked: list[str] = []
        super().__init__(world)

    @has_projects
    @rule(number=st.integers(0, 7), kind=st.sampled_from(SupportKind))
    def ask_for_support(self, number: int, kind: SupportKind) -> None:
        body = LaterSupport(kind=kind, reason="示例。")
        self.do("ask for support", CommandContext(self.own(number)), body.on(self.pick(number)))

    def note(self, what: str) -> None:
        super().note(what)
        self.asked.append(what)

    def teardown(self) -> None:
        for number in range(len(self.projects)):
            self.end(number)
        super().teardown()

    def end(self, number: int) -> None:
        for _ in range(ROUNDS):
            if self.project(self.pick(number)).status in ENDED:
                return
            self.answer_all(number)
            self.go_on(number)
            self.move_to(self.today + timedelta(days=25))
        raise AssertionError(f"{self.project(self.pick(number)).status} has no end: {self.asked[-20:]}")

    def ask(self, name: str, who: Account, number: int, body: Asked) -> None:
        self.do(name, CommandContext(who), body.on(self.pick(number)))

    def answer_all(self, number: int) -> None:
        """What others wait for."""
        project = self.project(self.pick(number))
        for request in project.open_requests:
            self.answer_request(number, granted=False)
            answer = CorrectionAnswer(request=request.version, granted=False, reason="示例。")
            self.ask("answer a request", LEADING_GROUP, number, answer)
        for objection in project.objections:
            if objection.resolution is None:
                body = ResolutionBody(objection=objection.version, accepted=False, reason="示例。")
                for who in (LEADING_GROUP, OFFICE, OTHER_LEADER):
                    self.ask("resolve", who, number, body)
        for who in (OFFICE, OTHER_LEADER):
            self.decide_request(number, 0, RequestOutcome.UPHELD, who)
        for wanted in open_requests(project):
            refused = Support(request=wanted.place, asked=wanted.asked, result=SupportOutcome.REFUSED, reason="示例。")
            self.ask("arrange support", OFFICE, number, refused)
        for order in project.open_orders:
            self.ask(
                "answer order",
                self.own(number),
                number,
                RectificationAnswer(kind="answer", order=order.version, done="示例。"),
            )
            check = RectificationCheck(kind="check", order=order.version, accepted=True, reason="示例。")
            self.ask("check order", OFFICE, number, check)

    def go_on(self, number: int) -> None:
        match self.project(self.pick(number)).status:
            case status if status in UNDECIDED or status is Status.RETURNED:
                self.withdraw(number, OFFICE)
                self.withdraw(number, self.own(number))
                self.reject(number)
            case Status.APPROVED:
                self.lapse(number)
            case Status.COMPLETED | Status.TERMINATED:
                self.finish(number)
            case _:
                self.terminate(number)

    def finish(self, number: int) -> None:
        """Accepted, evaluated, shown, settled, closed."""
        project = self.project(self.pick(number))
        for report in project.standing_reports:
            if not report.accepted:
                self.ask(
                    "accept", self.contractor(number), number, MilestoneDecision(report=report.version, accepted=True)
                )
        for milestone in returned_milestones(project):
            self.report(number, Milestone(milestone), own=True)
        self.miss(number)
        self.ask("accept a gap", OFFICE, number, FrameGap(size=0, reason="示例。"))
        self.draw([number])
        self.evaluate(number, "beneficiaries", 0)
        for member in range(len(MEMBERS)):
            self.evaluate(number, "third_party", member)
        self.show(number)
        self.ask("record recovery", self.contractor(number), number, Recovery(reason="示例：催缴未果。"))
        self.settle(number)
        self.close(number)
