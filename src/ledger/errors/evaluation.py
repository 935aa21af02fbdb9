"""Refusals of sampling, feedback, evaluation and objections (N16 to N19)."""

from ledger.errors.base import Kind, Refusal


class FrameUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "项目 {project} 尚未登记抽样框。", "The project {project} has no sample frame."


class FrameUnordered(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "抽样框各项须按升序排列，且不得重复。",
        "The entries of a frame stand in ascending order, each once.",
    )


class FrameTooLarge(Refusal):
    kind = Kind.CONFLICT
    zh = "抽样框有 {size} 项，多于最近一次报送的服务人数 {people_served}。"
    en = "The frame has {size} entries, more than the {people_served} people served by the newest report."


class FrameFixed(Refusal):
    kind = Kind.CONFLICT
    zh = "抽样框自随机数公布日 {announced_on} 起不能再改。"
    en = "The frame cannot change from {announced_on} on, the day of its random value."


class AnnouncementNotAhead(Refusal):
    kind = Kind.INVALID
    zh = "随机数公布日 {announced_on} 须晚于今日 {today}。"
    en = "The random value is announced after today, {today}, not on {announced_on}."


class SourceDiffers(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "抽样框指定的随机数来源是 {expected}，不是 {got}。",
        "The frame names the source {expected}, not {got}.",
    )


class ValueNotKnownYet(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "随机数于 {announced_on} 公布，今日为 {today}。",
        "The random value is announced on {announced_on}; today is {today}.",
    )


class SampleAlreadyDrawn(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此项目的样本已经抽取。", "The sample of this project has been drawn already."


class SampleMissing(Refusal):
    kind = Kind.CONFLICT
    zh = "样本尚未抽取；没有可识别的受益人时须说明。"
    en = "No sample has been drawn; say so when no beneficiary can be identified."


class BeneficiariesIdentifiable(Refusal):
    kind = Kind.CONFLICT
    zh = "抽样框已有 {size} 人，受益人可以识别。"
    en = "The frame has {size} people, so beneficiaries can be identified."


class EntryNotDrawn(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此项不在已抽取的样本中。", "This entry is not in the sample that was drawn."


class AlreadyAnswered(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此人对本项目已作评价。", "This person has answered for this project already."


class FeedbackClosed(Refusal):
    kind = Kind.CONFLICT
    zh, en = "受益人评价已经汇总，不再接受反馈。", "The answers have been counted; feedback is closed."


class IdentityWrong(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "身份证号码的出生日期或校验码不对。",
        "The resident identity number has a wrong date of birth or check digit.",
    )


class GuardianMissing(Refusal):
    kind = Kind.INVALID
    zh, en = "未成年人由监护人代为评价。", "A guardian answers for a minor."


class EvaluatorsEnough(Refusal):
    kind = Kind.CONFLICT
    zh, en = "第三方评估最多 {most} 份。", "At most {most} members evaluate a project."


class EvaluationShown(Refusal):
    kind = Kind.CONFLICT
    zh = "评估结果已公示（至 {until}）；异议成立后方可重评。"
    en = "The evaluations are shown (until {until}); they can be repeated only after an objection is upheld."


class EvaluationsMissing(Refusal):
    kind = Kind.CONFLICT
    zh, en = "公示前尚缺：{missing}。", "Before they are shown, these evaluations are missing: {missing}."


class EvaluationsDiffer(Refusal):
    kind = Kind.CONFLICT
    zh, en = "现有评估为第 {standing} 版。", "The evaluations that stand are at the versions {standing}."


class WorkingDaysUnknown(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "{year} 年的工作日安排尚不可知，公示期无法计算。",
        "The working days of {year} are not known, so the notice period cannot be told.",
    )


class NotOpenToObjection(Refusal):
    kind = Kind.CONFLICT
    zh, en = "第 {target} 版现不在公示期内。", "The version {target} is not open to objection."


class AlreadyObjected(Refusal):
    kind = Kind.CONFLICT
    zh, en = "对第 {target} 版已提出异议，尚未处理。", "Your objection to version {target} is not resolved yet."


class ObjectionUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "第 {objection} 版不是异议。", "There is no objection at version {objection}."


class ObjectionAlreadyResolved(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此异议已处理。", "This objection has been resolved already."


class ResolverInvolved(Refusal):
    kind = Kind.FORBIDDEN
    zh = "提出异议者和原评估、提名的作出者不处理此异议。"
    en = "Neither the objector nor the author of what is objected to resolves an objection."
