"""What pages call the codes of the ledger: roles, statuses, outcomes, kinds."""

from ledger.core.words import Words
from ledger.organisation.ending import RegistrationEnd
from ledger.organisation.oversight import InspectionResult, PenaltyEnding, PenaltyKind
from ledger.project.application import SupportKind
from ledger.project.chosen import HonourStanding
from ledger.project.districts_served import WHOLE_CITY
from ledger.project.payments import PaidUnder
from ledger.project.purchase import ContractRelation
from ledger.project.reconsideration import RequestOutcome
from ledger.project.screening import ScreeningResult
from ledger.project.status import Status
from ledger.project.support import SupportOutcome
from ledger.project.timeliness import Timeliness
from ledger.rules import CreditList
from ledger.values import FundingSource
from projections.listing_queries import Mark

MARK: dict[Mark, Words] = {
    Mark.TERMINATED: Words("曾终止", "Terminated"),
    Mark.SUSPENDED: Words("曾中止", "Suspended before"),
    Mark.LATE: Words("有迟报或逾期未报", "Reports late or overdue"),
    Mark.HONOURED: Words("受表彰", "Honoured"),
}
TIMELINESS: dict[Timeliness, Words] = {
    Timeliness.IN_TIME: Words("按时报送", "On time"),
    Timeliness.LATE: Words("迟报", "Late"),
    Timeliness.WAITING: Words("尚未报送", "Not yet reported"),
    Timeliness.OVERDUE: Words("尚未报送，已过期", "Not reported, overdue"),
    Timeliness.NOT_DUE: Words(
        "未报送；项目已中止或结束，无须报送", "Not reported; suspended or ended, so nothing is due"
    ),
}
STATUS: dict[Status, Words] = {
    Status.UNKNOWN: Words("尚无记录", "No record yet"),
    Status.APPLIED: Words("已申报", "Applied"),
    Status.RETURNED: Words("退回修改", "Returned for amendment"),
    Status.SCREENED: Words("初审通过", "Screened"),
    Status.SCREENED_OUT: Words("初审未通过", "Refused in screening"),
    Status.HANDED_IN: Words("已汇总上报", "Handed in"),
    Status.UNDER_REVIEW: Words("评审中", "Under review"),
    Status.APPROVED: Words("已通过", "Approved"),
    Status.REJECTED: Words("未通过", "Rejected"),
    Status.WITHDRAWN: Words("已撤回", "Withdrawn"),
    Status.LAPSED: Words("逾期未签约", "Lapsed"),
    Status.CONTRACTED: Words("已签约", "Contract signed"),
    Status.PUBLISHED: Words("已公布", "Published"),
    Status.IN_DELIVERY: Words("实施中", "In delivery"),
    Status.SUSPENDED: Words("已暂停", "Suspended"),
    Status.COMPLETED: Words("已完成", "Completed"),
    Status.TERMINATED: Words("已终止", "Terminated"),
    Status.CLOSED: Words("已结项", "Closed"),
    Status.GRANTED: Words("资助记录", "Grant"),
    Status.CARRIED_OVER: Words("以往年度项目", "Carried over"),
}
SOURCE: dict[FundingSource, Words] = {
    FundingSource.OWN: Words("自有资金", "Own funds"),
    FundingSource.DONATED: Words("社会捐赠", "Donations"),
    FundingSource.REQUESTED: Words("申请资助", "Requested funding"),
    FundingSource.IN_KIND: Words("实物折价", "In kind"),
}
SUPPORT: dict[SupportKind, Words] = {
    SupportKind.FUNDS: Words("资金", "Funds"),
    SupportKind.RESOURCES: Words("资源", "Resources"),
    SupportKind.VENUE: Words("场地", "Venue"),
    SupportKind.CONTACT: Words("联系帮扶对象", "Contact with those helped"),
    SupportKind.OTHER: Words("其他", "Other"),
}
SERVES: dict[str, Words] = {WHOLE_CITY: Words("全市", "the whole city")}
SCREENING: dict[ScreeningResult, Words] = {
    ScreeningResult.PASSED: Words("通过", "passed"),
    ScreeningResult.RETURNED: Words("退回修改", "returned for amendment"),
    ScreeningResult.REFUSED: Words("不予通过", "refused"),
}
SUPPORT_OUTCOME: dict[SupportOutcome, Words] = {
    SupportOutcome.GRANTED: Words("同意", "granted"),
    SupportOutcome.PARTLY: Words("部分同意", "granted in part"),
    SupportOutcome.REFUSED: Words("不予安排", "refused"),
}
REQUEST_OUTCOME: dict[RequestOutcome, Words] = {
    RequestOutcome.UPHELD: Words("维持原决定", "the decision stands"),
    RequestOutcome.SET_ASIDE: Words("撤销原决定", "the decision is set aside"),
}
RELATION: dict[ContractRelation, Words] = {
    ContractRelation.SUPPLEMENTS: Words("补充原合同", "in addition to the first contract"),
    ContractRelation.SUPERSEDES: Words("取代原合同", "in place of the first contract"),
}
UNDER: dict[PaidUnder, Words] = {
    PaidUnder.SUPPORT: Words("项目合同", "project contract"),
    PaidUnder.PURCHASE: Words("购买服务合同", "purchase contract"),
}
EVALUATION: dict[str, Words] = {
    "self": Words("自我评定", "Self-evaluation"),
    "beneficiaries": Words("受益人评价", "Beneficiaries' evaluation"),
    "third_party": Words("第三方评估", "Third-party evaluation"),
}
COMPONENT: dict[str, Words] = EVALUATION | {"completion": Words("完成情况", "Completion")}
HONOUR_STANDING: dict[HonourStanding, Words] = {
    HonourStanding.NOMINATED: Words("已推荐", "Nominated"),
    HonourStanding.PROPOSED: Words("已公示", "Proposed"),
    HonourStanding.AWARDED: Words("已授予", "Honoured"),
    HonourStanding.REVOKED: Words("已撤销", "Revoked"),
}
STANDING: dict[str, Words] = {
    "valid": Words("有效", "Valid"),
    "revoked": Words("已撤销", "Revoked"),
    "void": Words("已作废", "Void"),
}
# `not_recorded`: of the time when the two were not kept apart.
ENDED: dict[str, Words] = {
    RegistrationEnd.CANCELLED: Words("注销", "deregistered"),
    RegistrationEnd.REVOKED: Words("被撤销登记", "struck off"),
    "not_recorded": Words("注销或被撤销登记", "deregistered or struck off"),
}
INSPECTION_RESULT: dict[InspectionResult, Words] = {
    InspectionResult.PASSED: Words("合格", "passed"),
    InspectionResult.BASICALLY_PASSED: Words("基本合格", "basically passed"),
    InspectionResult.FAILED: Words("不合格", "failed"),
}
PENALTY_ENDING: dict[PenaltyEnding, Words] = {
    PenaltyEnding.LIFTED: Words("已解除", "lifted"),
    PenaltyEnding.SERVED: Words("已执行完毕", "served"),
    PenaltyEnding.EXPIRED: Words("已期满", "expired"),
}
PENALTY: dict[PenaltyKind, Words] = {
    PenaltyKind.WARNING: Words("警告", "warning"),
    PenaltyKind.FINE: Words("罚款", "fine"),
    PenaltyKind.CONFISCATION: Words("没收违法所得", "confiscation of unlawful gains"),
    PenaltyKind.ACTIVITY_SUSPENDED: Words("限期停止活动", "suspension of activity"),
}
CREDIT_LIST: dict[CreditList, Words] = {
    CreditList.ABNORMAL: Words("活动异常名录", "list of abnormal activity"),
    CreditList.SERIOUS: Words("严重违法失信名单", "list of serious breaches"),
}
