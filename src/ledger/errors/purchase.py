"""Refusals of government purchase and payments (N15)."""

from ledger.errors.base import Kind, Refusal


class AlreadyEntered(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此项目已参加竞选。", "The project has entered the competition already."


class NotEntered(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此项目未参加竞选。", "The project has not entered the competition."


class AlreadyScored(Refusal):
    kind = Kind.CONFLICT
    zh, en = "本评委已为此项目打分。", "This juror has scored the project already."


class ScoresMissing(Refusal):
    kind = Kind.CONFLICT
    zh, en = "需要 {needed} 位评委打分，现有 {found} 位。", "{needed} jurors must score; {found} have."


class AlreadySelected(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此项目已中选。", "The project has been selected already."


class NotSelected(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此项目未中选，或已放弃名额。", "The project is not selected, or gave its place up."


class PlaceNotForfeited(Refusal):
    kind = Kind.CONFLICT
    zh, en = "项目 {project} 没有放弃可转让的名额。", "The project {project} gave up no place that could go on."


class PurchaseContractThere(Refusal):
    kind = Kind.CONFLICT
    zh, en = "购买服务合同已签订。", "The purchase contract has been signed already."


class ContractSuperseded(Refusal):
    kind = Kind.CONFLICT
    zh = "购买服务合同已取代原合同，不再按原合同拨付。"
    en = "The purchase contract took the place of the first one, under which nothing more is paid."


class PaidTooMuch(Refusal):
    kind = Kind.CONFLICT
    zh, en = "金额 {amount} 超过合同余额 {left}。", "The amount {amount} is more than the {left} left of the contract."


class CostPaidTwice(Refusal):
    kind = Kind.CONFLICT
    zh, en = "费用“{cost}”已由另一来源支付。", "The cost {cost} was paid from another source already."


class VoucherUsed(Refusal):
    kind = Kind.CONFLICT
    zh, en = "凭证 {voucher} 已用于此项目。", "The voucher {voucher} stands for another payment of this project."


class PaymentDayWrong(Refusal):
    kind = Kind.INVALID
    zh, en = "日期 {day} 不在 {start} 至今日 {today} 之间。", "The day {day} is not between {start} and today, {today}."


class RefundTooMuch(Refusal):
    kind = Kind.CONFLICT
    zh, en = "退回 {amount} 超过已拨付的余额 {left}。", "The refund {amount} is more than the {left} that was paid."


class QuotaUnknown(Refusal):
    kind = Kind.CONFLICT
    zh, en = "本计划没有名额 {quota}。", "This programme has no quota {quota}."
