"""Refusals of contract, publication and public reports (N11, N12)."""

from ledger.errors.base import Kind, Refusal


class ReportedDueChanged(Refusal):
    kind = Kind.CONFLICT
    zh = "节点 {milestone} 已报送，期限 {due} 不能再改。"
    en = "The milestone {milestone} has been reported; its due date {due} can no longer change."


class AmountUnderPaid(Refusal):
    kind = Kind.CONFLICT
    zh, en = "已付款 {paid}，合同金额不能降为 {amount}。", "{paid} was paid; the contract cannot come down to {amount}."


class SigningStillPossible(Refusal):
    kind = Kind.CONFLICT
    zh = "签约期限为 {sign_by}，尚未过期。"
    en = "The contract may be signed until {sign_by}; nothing has lapsed yet."


class TooManyReports(Refusal):
    kind = Kind.TOO_MANY
    zh, en = (
        "举报过于频繁，请在 {retry_after} 秒后再试。",
        "Too many reports came; try again in {retry_after} seconds.",
    )


class PublicReportUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "此项目没有举报 {report}。", "This project has no report {report}."


class PublicReportAlreadyAnswered(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此举报已有答复。", "This report has been answered already."
