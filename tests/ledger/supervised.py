"""Supervision as rules of the state machine: every step of it on any project at any time."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from tests.ledger.project.given import DUE, PERIOD, yuan
from tests.ledger.promises import Year, late
from tests.support import OFFICE, account

from ledger.accounts import Account
from ledger.commands.contract import ContractAmendment, Lapse
from ledger.commands.delivery import MilestoneDecision
from ledger.commands.ending import Closing, Termination, Transfer
from ledger.commands.evaluation import MissingSelfEvaluation
from ledger.commands.settlement import SettlementConfirmation, SettlementStatement
from ledger.commands.supervision import (
    Inspection,
    RectificationAnswer,
    RectificationCheck,
    RectificationOrder,
    Resumption,
    SelfCheck,
    Suspension,
)
from ledger.core.fact import Role
from ledger.project.contract import MilestoneDue
from ledger.unit_of_work import CommandContext

some = st.integers(0, 7)
days_late = st.sampled_from([0, 0, 0, 3, 30])
has_projects = precondition(lambda self: self.projects)


class SupervisedYear(Year):
    """Numbers choose among what is there."""

    def contractor(self, number: int) -> Account:
        """Who contracts for the project of this number."""
        holder = self.project(self.pick(number)).holder
        district = holder.district if holder else None
        return account(Role.DISTRICT, self.programme.successor_of(district)) if district else OFFICE

    @has_projects
    @rule(number=some, days=st.sampled_from([0, 7]), amount=st.sampled_from(["12000.00", "30000.01"]))
    def amend_contract(self, number: int, days: int = 7, amount: str = "12000.00") -> None:
        reported = {report.fact.milestone for report in self.project(self.pick(number)).reports}
        due = tuple(
            item
            if item.milestone in reported
            else MilestoneDue(milestone=item.milestone, due_on=min(item.due_on + timedelta(days), PERIOD.end))
            for item in DUE
        )
        body = ContractAmendment(
            number="示例补充", signed_on=self.today, period=PERIOD, services="送餐。", amount=yuan(amount), due=due,
            reason="示例：顺延。",
        )  # fmt: skip
        self.do("amend contract", CommandContext(self.contractor(number)), body.on(self.pick(number)))

    @has_projects
    @rule(number=some)
    def lapse(self, number: int) -> None:
        body = Lapse(reason="示例：未签约。")
        self.do("lapse", CommandContext(self.contractor(number)), body.on(self.pick(number)))

    @has_projects
    @rule(number=some, back=st.integers(0, 3), accepted=st.booleans(), days=days_late)
    def decide(self, number: int, back: int = 0, accepted: bool = True, days: int = 0) -> None:
        reports = self.project(self.pick(number)).reports
        version = reports[-1 - back % len(reports)].version if reports else 1
        if accepted:
            body = MilestoneDecision(report=version, accepted=True)
        else:
            body = MilestoneDecision(
                report=version, accepted=False, reason="示例：重报。", again_by=self.today + timedelta(days=5)
            )
        name = "accept" if accepted else "give back"
        who = late(self.contractor(number), self.today, days)
        self.do(name, who, body.on(self.pick(number)))

    @has_projects
    @rule(number=some)
    def check_itself(self, number: int) -> None:
        body = SelfCheck(findings="示例。", improved="示例。")
        self.do("check itself", CommandContext(self.own(number)), body.on(self.pick(number)))

    @has_projects
    @rule(number=some, satisfactory=st.booleans(), days=days_late)
    def inspect(self, number: int, satisfactory: bool = False, days: int = 0) -> None:
        body = Inspection(inspected_on=self.today, findings="示例。", satisfactory=satisfactory)
        self.do("inspect", late(OFFICE, self.today, days), body.on(self.pick(number)))

    @has_projects
    @rule(number=some, days=days_late)
    def order(self, number: int, days: int = 0) -> None:
        inspections = self.project(self.pick(number)).inspections
        body = RectificationOrder(
            kind="order",
            inspection=inspections[-1].version if inspections else None,
            what="示例：补齐台账。",
            due_on=self.today + timedelta(days=7),
        )
        self.do("order", late(OFFICE, self.today, days), body.on(self.pick(number)))

    def newest_order(self, number: int) -> int:
        orders = self.project(self.pick(number)).orders
        return orders[-1].version if orders else 1

    @has_projects
    @rule(number=some)
    def answer_order(self, number: int) -> None:
        body = RectificationAnswer(kind="answer", order=self.newest_order(number), done="示例。")
        self.do("answer order", CommandContext(self.own(number)), body.on(self.pick(number)))

    @has_projects
    @rule(number=some, accepted=st.booleans(), days=days_late)
    def check_order(self, number: int, accepted: bool = True, days: int = 0) -> None:
        body = RectificationCheck(kind="check", order=self.newest_order(number), accepted=accepted, reason="示例。")
        self.do("check order", late(OFFICE, self.today, days), body.on(self.pick(number)))

    @has_projects
    @rule(number=some, days=days_late)
    def suspend(self, number: int, days: int = 0) -> None:
        body = Suspension(reason="示例。")
        self.do("suspend", late(OFFICE, self.today, days), body.on(self.pick(number)))

    @has_projects
    @rule(number=some, days=days_late)
    def resume(self, number: int, days: int = 0) -> None:
        body = Resumption(reason="示例。")
        self.do("resume", late(OFFICE, self.today, days), body.on(self.pick(number)))

    @has_projects
    @rule(number=some, refund=st.sampled_from([None, "1.00"]))
    def terminate(self, number: int, refund: str | None = None) -> None:
        who, project = self.contractor(number), self.pick(number)
        # Districts have no register here.
        own = f"示例{project}号" if who.district else None
        body = Termination(document_number=own, reason="示例。", refund=yuan(refund) if refund else None)
        self.do("terminate", CommandContext(who), body.on(project))

    @has_projects
    @rule(number=some, to=some)
    def transfer(self, number: int, to: int) -> None:
        body = Transfer(organisation=self.organisations[to % len(self.organisations)], reason="示例：合并。")
        self.do("transfer", CommandContext(OFFICE), body.on(self.pick(number)))

    @has_projects
    @rule(number=some)
    def settle(self, number: int) -> None:
        statement = SettlementStatement(explanation="示例：尾款未付。")
        self.do("state settlement", CommandContext(self.own(number)), statement.on(self.pick(number)))
        if stated := self.project(self.pick(number)).settlement:
            body = SettlementConfirmation(statement=stated.version)
            who = CommandContext(self.contractor(number))
            self.do("confirm settlement", who, body.on(self.pick(number)))

    @has_projects
    @rule(number=some)
    def miss(self, number: int) -> None:
        body = MissingSelfEvaluation(reminded_on=self.today - timedelta(days=7), reason="示例：催报未果。")
        who = CommandContext(self.contractor(number))
        self.do("record missing", who, body.on(self.pick(number)))

    @has_projects
    @rule(number=some)
    def close(self, number: int) -> None:
        body = Closing(conclusion="示例：办结。")
        self.do("close", CommandContext(self.contractor(number)), body.on(self.pick(number)))


def supervise(year: SupervisedYear, number: int) -> None:
    """Each step until the end, on a project that has reported its start."""
    year.decide(number, accepted=False)
    year.amend_contract(number)
    year.check_itself(number)
    year.inspect(number)
    year.order(number)
    year.answer_order(number)
    year.check_order(number, accepted=True)
    year.suspend(number)
    year.resume(number)
    year.terminate(number)
