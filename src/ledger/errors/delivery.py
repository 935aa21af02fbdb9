"""Refusals of delivery and supervision (N13, N14, N23)."""

from ledger.errors.base import Kind, Refusal


class AcceptanceNotAsked(Refusal):
    kind = Kind.CONFLICT
    zh, en = "本计划的报告无须验收。", "This programme asks for no acceptance of reports."


class ReportUnknown(Refusal):
    kind = Kind.CONFLICT
    zh, en = "第 {report} 版不是进度报告。", "There is no report at version {report}."


class ReportReplaced(Refusal):
    kind = Kind.CONFLICT
    zh = "该节点已重新报送，最新报告为第 {newest} 版。"
    en = "The milestone was reported again; its newest report is at version {newest}."


class ReportAlreadyDecided(Refusal):
    kind = Kind.CONFLICT
    zh, en = "第 {report} 版报告已经验收或退回。", "The report at version {report} was decided already."


class DeadlinePast(Refusal):
    kind = Kind.INVALID
    zh, en = "期限 {day} 已过，今天是 {today}。", "The deadline {day} is past; today is {today}."


class InspectionUnknown(Refusal):
    kind = Kind.CONFLICT
    zh, en = "第 {inspection} 版不是检查记录。", "There is no inspection at version {inspection}."


class OrderUnknown(Refusal):
    kind = Kind.CONFLICT
    zh, en = "第 {order} 版不是整改通知。", "There is no rectification order at version {order}."


class OrderFulfilled(Refusal):
    kind = Kind.CONFLICT
    zh, en = "第 {order} 版的整改已经完成。", "The order at version {order} is fulfilled already."


class RefundOverPaid(Refusal):
    kind = Kind.INVALID
    zh = "应退 {refund} 超过尚未退还的已付款 {paid}。"
    en = "The refund of {refund} is more than the {paid} that was paid and not given back."


class ReportsNotAccepted(Refusal):
    kind = Kind.CONFLICT
    zh, en = "尚未验收的节点：{milestones}。", "Not accepted yet: {milestones}."


class RequestsOpen(Refusal):
    kind = Kind.CONFLICT
    zh, en = "第 {requests} 版的复核申请尚未决定。", "The requests for review at the versions {requests} are open."


class OrdersOpen(Refusal):
    kind = Kind.CONFLICT
    zh, en = "尚未完成的整改通知：第 {orders} 版。", "Rectification orders are open, at version {orders}."


class EvaluationNotShown(Refusal):
    kind = Kind.CONFLICT
    zh, en = "评估结果尚未公示。", "The evaluation has not been shown for objection yet."


class ObjectionsPending(Refusal):
    kind = Kind.CONFLICT
    zh = "公示至 {until}，未处理的异议 {open} 件。"
    en = "Objections may be raised until {until}; {open} are not resolved."


class RefundMissing(Refusal):
    kind = Kind.CONFLICT
    zh, en = "应退 {refund}，已退 {refunded}。", "{refunded} of the {refund} to be given back are there."


class TransferNotPossible(Refusal):
    kind = Kind.CONFLICT
    zh = "只有承办单位已合并或注销时，项目才能转给另一已登记的单位。"
    en = "A project goes to another registered organisation only when its own has merged or is no more."
