"""Refusals that several parts of the ledger give."""

from collections.abc import Mapping
from typing import Any

from ledger.core.refusal import Kind, Refusal


class BatchRefused(Refusal):
    """For steps that go across projects, all or none; each project that stands in the way with its own refusal."""

    kind = Kind.CONFLICT
    zh = "所列项目须一并办理，现均未办理；存在问题的项目逐一列出。"
    en = "The projects go together or not at all, so none did; each one that stands in the way is listed."

    def __init__(self, reasons: Mapping[Any, Refusal]) -> None:
        super().__init__()
        self.reasons = dict(reasons)


class DocumentNumberMissing(Refusal):
    kind = Kind.INVALID
    zh = "本计划没有 {register} 的文号簿，须填写文号。"
    en = "The programme has no register of document numbers for {register}; give the number."


class EffectiveTooEarly(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "生效日期 {effective_on} 不得早于 {earliest}。",
        "The effective date {effective_on} is before {earliest}.",
    )


class TooManyReports(Refusal):
    kind = Kind.TOO_MANY
    zh, en = (
        "举报过于频繁，请在 {retry_after} 秒后再试。",
        "Too many reports came; try again in {retry_after} seconds.",
    )


class DeadlinePast(Refusal):
    kind = Kind.INVALID
    zh, en = "期限 {day} 已过，今天是 {today}。", "The deadline {day} is past; today is {today}."


class SampleMissing(Refusal):
    kind = Kind.CONFLICT
    zh = "样本尚未抽取；没有可识别的受益人时须说明。"
    en = "No sample has been drawn; say so when no beneficiary can be identified."


class EvaluationNotFinal(Refusal):
    kind = Kind.CONFLICT
    zh = "评估结果须先公示期满，且异议均已处理。"
    en = "The evaluations are shown for objection first, until their notice period is over and no objection is open."


class WeightsNotWhole(Refusal):
    kind = Kind.INVALID
    zh = "试算须同时给出 completion、beneficiaries、third_party 三项权重，合计为 100；现为 {given}。"
    en = "Other weights are all three, completion, beneficiaries and third_party, and make 100, not {given}."


class CertificateUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = (
        "没有此证书：所指记录（版本 {version}）不是表彰。",
        "There is no such certificate: version {version} is no honour.",
    )


class IdentifierForm(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "标识写作 SCHEME:ID，如 CN-REG:…：{given}。",
        "An identifier is written SCHEME:ID, such as CN-REG:1: {given}.",
    )


class PlaceNotForfeited(Refusal):
    kind = Kind.CONFLICT
    zh, en = "项目 {project} 没有放弃可转让的名额。", "The project {project} gave up no place that could go on."


class QuotaUnknown(Refusal):
    kind = Kind.CONFLICT
    zh, en = "本计划没有名额 {quota}。", "This programme has no quota {quota}."


class SignInNeeded(Refusal):
    kind = Kind.UNAUTHENTICATED
    zh, en = "需要有效的访问令牌。", "A valid bearer token is needed."


class AppointmentNeeded(Refusal):
    kind = Kind.CONFLICT
    zh = "首次任命已经作出，开立账号须以任命为据。"
    en = "Since the first appointment was made, an account is opened for an appointment (--appointment)."


class PersonDiffers(Refusal):
    kind = Kind.CONFLICT
    zh = "该账号属于另一人或另一职务，不能绑定此任命。"
    en = "The account is another person's or of another role, and is not bound to this appointment."


class AccountUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "没有账号 {account}。", "There is no account {account}."


class RoleMayNot(Refusal):
    kind = Kind.FORBIDDEN
    zh, en = "角色 {role} 无权执行 {command}。", 'The role "{role}" may not {command}.'


class DailyLimitReached(Refusal):
    """`kind`: uploads, applications, reports or answers."""

    kind = Kind.TOO_MANY
    zh = "本账号今日的次数已满（{kind}：每日 {limit}），请在 {retry_after} 秒后再试。"
    en = "This account has reached its limit for today ({kind}: {limit} a day); try again in {retry_after} seconds."


class OutOfScope(Refusal):
    kind = Kind.FORBIDDEN
    zh, en = (
        "只能为本单位、本辖区办理 {command}。",
        "You may {command} only for your own organisation, district or body.",
    )


class ProgrammeUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "没有计划 {programme}。", "There is no programme {programme}."


class ProjectUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "没有项目 {project}。", "There is no project {project}."


class OrganisationUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "没有社会组织 {organisation}。", "There is no organisation {organisation}."


class PositionUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = (
        "账本尚无位置 {position}；目前共有 {size} 个事件。纯数字是位置，日期写作 2010-03-01。最近可用 {nearest}。",
        "The ledger has no position {position}; it holds {size} events. Digits alone are a position, a date is written "
        "2010-03-01. The nearest is {nearest}.",
    )


class ProgrammeAlreadyAnnounced(Refusal):
    kind = Kind.CONFLICT
    zh, en = "计划 {programme} 已公布。", "The programme {programme} has been announced already."


class ProgrammeTakesNoCommands(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "计划 {programme} 只收录导入的资助记录。",
        "The programme {programme} only holds imported grants.",
    )


class PhaseClosed(Refusal):
    kind = Kind.CONFLICT
    whatever_is_said = True
    zh = "{today} 不在{phase}阶段（{start} 至 {end}）内。"
    en = "{today} is outside the phase {phase} ({start} to {end})."


class StepOutOfOrder(Refusal):
    kind = Kind.CONFLICT
    whatever_is_said = True
    zh, en = (
        "项目状态为 {status}，不能执行 {command}。",
        'The status of the project is "{status}"; you cannot {command} now.',
    )


class VersionNotSeen(Refusal):
    kind = Kind.CONFLICT
    zh = "申报表已有新稿（版本 {current}），所引一稿（版本 {seen}）已过时。"
    en = "The application is at version {current}; the version {seen} is out of date."


class QuotaFull(Refusal):
    kind = Kind.CONFLICT
    zh, en = "{quota} 的 {places} 个名额已满。", "All {places} places of {quota} are taken."


class AlreadyHonoured(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此对象已获 {quota}。", "This recipient holds {quota} already."


class CursorInvalid(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "{field} 不是本列表以同样条件给同一类读者的游标；请不带它从头读取。",
        "This {field} is not one that this list gave to such a reader for the same question; begin without it.",
    )


class CursorLost(Refusal):
    """`resume`: a cursor with which to go on behind what is kept; empty where there is none."""

    kind = Kind.GONE
    zh = (
        "{field} 所指已随位置 {fork} 起的事件丢失，日志现名 {origin}。请撤回从该位置起已取得的内容，"
        "再以 resume 继续，或从头读取。"
    )
    en = (
        "What this {field} points at was lost with the events from position {fork} on; the log is {origin} now. "
        "Withdraw what you took from there on, then go on with `resume`, or begin again."
    )


class ChoiceUnknown(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "{field} 无此选项：{value}。可选：{choices}。",
        "{field} has no choice {value}. Choices: {choices}.",
    )


class CurrencyWrong(Refusal):
    kind = Kind.INVALID
    zh, en = "本计划以 {expected} 计价，不是 {got}。", "This programme counts in {expected}, not {got}."


class AmountOverRequested(Refusal):
    kind = Kind.INVALID
    zh, en = "金额 {amount} 超过上限 {limit}。", "The amount {amount} is above the limit {limit}."


class OtherDayNotAllowed(Refusal):
    kind = Kind.FORBIDDEN
    zh = "只有市办公室和区县民政局可以另填生效日期。"
    en = "Only the office and the districts may state another effective date."


class ReasonMissing(Refusal):
    kind = Kind.INVALID
    zh, en = "另填生效日期须说明理由。", "Another effective date needs a reason."


class EffectiveInFuture(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "生效日期 {effective_on} 晚于今日 {today}。",
        "The effective date {effective_on} is after today, {today}.",
    )


class DatedInFuture(Refusal):
    """`field`: the field that holds the day."""

    kind = Kind.INVALID
    zh = "{field} 所填日期 {day} 晚于今日 {today}；已发生之事不能用将来的日期。"
    en = "{field} is {day}, which is after today, {today}; what has happened is not dated in the future."


class SignedTooEarly(Refusal):
    """`earliest`: the day of the approval, the selection or the contract that is amended."""

    kind = Kind.INVALID
    zh = "签订日期 {signed_on} 早于其所依据的批准、中选或原合同的日期 {earliest}。"
    en = (
        "The day of signing {signed_on} is before {earliest}, the day of the approval, selection or contract that it "
        "rests on."
    )


class TooFarAhead(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "预告的生效日期 {effective_on} 过远；最晚可为 {last}。",
        "The day {effective_on} is too far ahead; what is announced takes effect on {last} at the latest.",
    )


class EffectiveTooLate(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "生效日期 {effective_on} 过晚：{type}（版本 {version}）自 {latest} 起已生效；最晚可为该日。",
        "The effective date {effective_on} is too late: {type} at version {version} holds since {latest}, "
        "which is the latest possible.",
    )


class CorrectionTargetUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "没有可更正的记录（版本 {target}）。", "There is no version {target} to correct."


class NotTheAuthor(Refusal):
    kind = Kind.FORBIDDEN
    zh = "此事实由{author_zh}作出，只能由其更正；您的身份是{reader_zh}。"
    en = "It was entered by {author_en}, who alone corrects it; you act as {reader_en}."


class CorrectionNotPossible(Refusal):
    kind = Kind.CONFLICT
    zh, en = "{type} 不能这样更正：{why_zh}", "This event ({type}) cannot be corrected so: {why_en}"


class ExtensionNotLater(Refusal):
    kind = Kind.INVALID
    zh, en = "延期须晚于现在的截止日 {end}。", "An extension ends after the present last day, {end}."


class HeaderInvalid(Refusal):
    kind = Kind.INVALID
    zh, en = "请求头 {header} 的形式不对。", "The header {header} does not have the right form."


class KnownAtInvalid(Refusal):
    kind = Kind.INVALID
    zh = "{argument} 须为日期（2010-03-01）、带时区的时刻或位置：{given}。最近可用 {nearest}。"
    en = "{argument} is a date (2010-03-01), an instant with zone, or a position: {given}. The nearest is {nearest}."


class KnownInFuture(Refusal):
    kind = Kind.INVALID
    zh, en = "{given} 尚未到来；最近可用 {nearest}。", "{given} has not come yet; the latest possible is {nearest}."


class NothingKnownYet(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = (
        "{given} 时账本对此尚无所知；最早可用 {nearest}。",
        "Nothing of this was known at {given}; the earliest possible is {nearest}.",
    )


class TooManyListeners(Refusal):
    kind = Kind.TOO_MANY
    zh, en = (
        "同时收听动态的读者（总数，或来自同一网络的）已满，请在 {retry_after} 秒后再试，或改读 /v1/feed。",
        "As many listen to the feed as may, in all or from your network; try again in {retry_after} seconds, or read"
        " /v1/feed.",
    )


class TooManyBulkReads(Refusal):
    kind = Kind.TOO_MANY
    zh, en = (
        "同时进行的大批量读取过多，请在 {retry_after} 秒后再试。",
        "Too many bulk reads are under way; try again in {retry_after} seconds.",
    )


class FileRefused(Refusal):
    """`place` and `why` are for programs and in English. `said`: the same for people, in Chinese and in English, where
    the reason is ours and not a library's. `sheet`: of a workbook."""

    kind = Kind.INVALID
    zh, en = "文件无法使用：{place}：{why}", "The file cannot be used: {place}: {why}"

    def __init__(self, *, place: str, why: str, sheet: str | None = None, said: tuple[str, str] | None = None) -> None:
        super().__init__(place=place, why=why, **({} if sheet is None else {"sheet": sheet}))
        self._said = said

    def sentence(self, language: str, said: Mapping[str, Any] | None = None) -> str:
        if self._said is None:
            return super().sentence(language, said)
        zh, en = self._said
        return f"The file cannot be used: {en}" if language == "en" else f"文件无法使用：{zh}"


class LedgerNotEmpty(Refusal):
    kind = Kind.CONFLICT
    zh = "演示数据只装入空账本；此账本已有 {size} 个事件。若是上次装载中断所致，请删除数据文件夹后重来。"
    en = (
        "The demonstration goes only into an empty ledger; this one holds {size} events. If an earlier load was "
        "broken off, delete the data folder and start again."
    )


class TokenReadsOnly(Refusal):
    kind = Kind.FORBIDDEN
    zh, en = "此令牌只能读取。", "This token is for reading alone."


class ClientUnknown(Refusal):
    kind = Kind.UNAUTHENTICATED
    zh, en = "客户端标识或密钥不正确，或已失效。", "The client or its secret is wrong, revoked or expired."


class AccountClosed(Refusal):
    kind = Kind.CONFLICT
    zh, en = "该账号已停用。", "The account is closed."
