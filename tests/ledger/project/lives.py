"""A project in each status, with the facts that brought it there, and what supervision adds to them."""

from datetime import date

from tests.ledger.project.given import APPLIED, AT, EARLIER, GRANT, Facts, yuan

from ledger.project.application import Withdrawn
from ledger.project.contract import Lapsed
from ledger.project.delivery import MilestoneAccepted, MilestoneReturned
from ledger.project.ending import Closed, Terminated
from ledger.project.payments import Disbursed, PaidUnder, Refunded
from ledger.project.review import Rejected
from ledger.project.screening import HandedIn, Screened, ScreeningResult
from ledger.project.status import Status
from ledger.project.supervision import (
    Inspected,
    RectificationChecked,
    RectificationOrdered,
    Rectified,
    Resumed,
    Suspended,
)

# The versions at which the facts of AT.PUBLICATION and the reports after them stand.
START = len(AT.PUBLICATION) + 1
NEXT = START + 1
SUSPENDED = Suspended(reason="示例：场地关闭。")
RESUMED = Resumed(reason="示例：场地重新开放。")
TERMINATED = Terminated(document_number="示例发〔2010〕8号", reason="示例：无法继续。", refund=None)
CLOSED = Closed(conclusion="示例：全部完成。")
INSPECTED = Inspected(inspected_on=date(2010, 4, 8), findings="示例：台账不全。", satisfactory=False)
PAID = Disbursed(
    under=PaidUnder.SUPPORT, amount=yuan("1000.00"), cost="示例：餐费", paid_on=date(2010, 4, 1), voucher="示例1"
)
BACK = Refunded(
    under=PaidUnder.SUPPORT, amount=yuan("400.00"), received_on=date(2010, 5, 1), voucher="示例2", reason="示例。"
)
ORDERED = RectificationOrdered(inspection=None, what="示例：补齐台账。", due_on=date(2010, 4, 20))


def screened(result: ScreeningResult, by: date | None = None) -> Screened:
    return Screened(application_version=1, result=result, reason="示例。", amend_by=by, registration=None)


def accepted(report: int) -> MilestoneAccepted:
    return MilestoneAccepted(report=report, note=None)


def given_back(report: int, by: date = date(2010, 4, 12)) -> MilestoneReturned:
    return MilestoneReturned(report=report, reason="示例：缺签到表。", again_by=by)


def answered(order: int) -> Rectified:
    return Rectified(order=order, done="示例：已补齐。", documents=())


def checked(order: int, fulfilled: bool, due_on: date | None = None) -> RectificationChecked:
    return RectificationChecked(order=order, accepted=fulfilled, reason="示例。", due_on=due_on)


IN_STATUS: dict[Status, Facts] = {
    Status.UNKNOWN: (),
    Status.APPLIED: (APPLIED,),
    Status.RETURNED: (APPLIED, screened(ScreeningResult.RETURNED, date(2010, 2, 11))),
    Status.SCREENED: (APPLIED, screened(ScreeningResult.PASSED)),
    Status.SCREENED_OUT: (APPLIED, screened(ScreeningResult.REFUSED)),
    Status.HANDED_IN: (APPLIED, screened(ScreeningResult.PASSED), HandedIn(application_version=1, notice="示例")),
    Status.UNDER_REVIEW: AT.REVIEW,
    Status.APPROVED: AT.APPROVAL,
    Status.REJECTED: (
        *AT.REVIEW,
        Rejected(application_version=1, reviews=(2, 3, 4), document_number="示例2号", reason="示例。"),
    ),
    Status.WITHDRAWN: (APPLIED, Withdrawn(reason="示例。")),
    Status.LAPSED: (*AT.APPROVAL, Lapsed(sign_by=date(2010, 3, 3), reason="示例：未签约。")),
    Status.CONTRACTED: AT.CONTRACT,
    Status.PUBLISHED: AT.PUBLICATION,
    Status.IN_DELIVERY: AT.DELIVERY,
    Status.SUSPENDED: (*AT.DELIVERY, SUSPENDED),
    Status.COMPLETED: AT.COMPLETION,
    Status.TERMINATED: (*AT.DELIVERY, TERMINATED),
    Status.CLOSED: (*AT.COMPLETION, *(accepted(START + number) for number in range(5)), CLOSED),
    Status.GRANTED: (GRANT,),
    Status.CARRIED_OVER: (EARLIER,),
}
# What is refused, by the district or by the leading group, may only come back by a second look.
ENDED = frozenset({Status.CLOSED, Status.WITHDRAWN, Status.REJECTED, Status.SCREENED_OUT, Status.LAPSED})
