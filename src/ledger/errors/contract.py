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
