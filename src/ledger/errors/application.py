"""Refusals of application, screening and review (N6 to N10)."""

from collections.abc import Mapping
from typing import Any

from ledger.errors.base import Kind, Refusal


class BatchRefused(Refusal):
    """For steps that go across projects, all or none; each project that stands in the way with its own refusal."""

    kind = Kind.CONFLICT
    zh = "所列项目须一并办理，现均未办理；存在问题的项目逐一列出。"
    en = "The projects go together or not at all, so none did; each one that stands in the way is listed."

    def __init__(self, reasons: Mapping[Any, Refusal]) -> None:
        super().__init__()
        self.reasons = dict(reasons)


class ScreeningNotAsked(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此项目不经区县初审和上报。", "This project is neither screened nor handed in by a district."


class NotHandedIn(Refusal):
    kind = Kind.CONFLICT
    zh = "区县组织的项目须先经初审通过并集中上报。"
    en = "A district's project is first screened and handed in."


class AmendmentNeedsReturn(Refusal):
    kind = Kind.CONFLICT
    zh = "申报表已上报或已评审，退回后方可修改。"
    en = "The application was handed in or reviewed; it is amended only after it was returned."


class AmendmentLate(Refusal):
    kind = Kind.CONFLICT
    zh = "今日 {today} 已过补正期限 {amend_by}。"
    en = "The deadline for the amendment was {amend_by}; today is {today}."


class AmendmentStillDue(Refusal):
    kind = Kind.CONFLICT
    zh = "申报表已退回，补正期限 {amend_by} 未过。"
    en = "The application was returned and may be amended until {amend_by}."


class DeadlineWithoutReturn(Refusal):
    kind = Kind.INVALID
    zh, en = "只有退回时才定补正期限。", "Only a return sets a deadline for the amendment."


class DeadlinePassed(Refusal):
    kind = Kind.INVALID
    zh, en = "期限 {day} 早于今日 {today}。", "The deadline {day} is before today, {today}."


class InterestAlreadyDeclared(Refusal):
    kind = Kind.CONFLICT
    zh, en = "已申报与此项目的利害关系。", "An interest in this project was declared already."


class InterestStands(Refusal):
    kind = Kind.FORBIDDEN
    zh = "已申报利害关系，须回避此项目。"
    en = "Who declared an interest in a project does not judge it."


class ReviewerMayNotDecide(Refusal):
    kind = Kind.FORBIDDEN
    zh, en = "评审过此项目者不得审定。", "Who reviewed the project does not decide on it."


class SupportRequestUnknown(Refusal):
    kind = Kind.INVALID
    zh = "申报表共有 {count} 项扶持请求，没有第 {request} 项（自 0 起）。"
    en = "The application has {count} requests for support, none with the number {request} (from 0)."


class SupportAlreadyArranged(Refusal):
    kind = Kind.CONFLICT
    zh = "第 {request} 项扶持请求已办理。"
    en = "The request for support number {request} was dealt with already."


class SupportGivenInconsistent(Refusal):
    kind = Kind.INVALID
    zh = "给予扶持的须写明内容；不予扶持的不填。"
    en = "Say what is given when support is granted in whole or in part, and only then."


class DocumentNumberMissing(Refusal):
    kind = Kind.INVALID
    zh = "本计划没有 {register} 的文号簿，须填写文号。"
    en = "The programme has no register of document numbers for {register}; give the number."


class DecisionUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh = "第 {target} 版没有可如此办理的决定。"
    en = "Version {target} is no decision that stands and of which this can be said."


class AlreadyServed(Refusal):
    kind = Kind.CONFLICT
    zh, en = "第 {target} 版决定已送达。", "The decision at version {target} was served already."


class ServedOnWrong(Refusal):
    kind = Kind.INVALID
    zh = "送达日期 {served_on} 应在 {earliest} 至今日 {today} 之间。"
    en = "The day of service {served_on} lies between {earliest} and today, {today}."


class ReviewAlreadyRequested(Refusal):
    kind = Kind.CONFLICT
    zh, en = "已就第 {target} 版决定申请复核。", "A review of the decision at version {target} was asked for already."


class ReviewRequestLate(Refusal):
    kind = Kind.CONFLICT
    zh = "今日 {today} 已过申请复核的期限 {until}。"
    en = "A review could be asked for until {until}; today is {today}."


class ReviewRequestUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "第 {request} 版没有复核申请。", "There is no request for review at version {request}."


class ReviewRequestAlreadyDecided(Refusal):
    kind = Kind.CONFLICT
    zh, en = "第 {request} 版复核申请已决定。", "The request for review at version {request} was decided already."


class ReviewDecidedElsewhere(Refusal):
    kind = Kind.FORBIDDEN
    zh, en = "此复核由 {decider} 决定。", "This review is decided by the role {decider}."


class OwnDecision(Refusal):
    kind = Kind.FORBIDDEN
    zh, en = "不得复核本人作出的决定。", "Nobody reviews a decision of their own."


class EffectiveTooEarly(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "生效日期 {effective_on} 不得早于 {earliest}。",
        "The effective date {effective_on} is before {earliest}.",
    )
