"""Refusals that any command may give, and those of the main line."""

from collections.abc import Mapping
from typing import Any

from ledger.errors.base import Kind, Refusal


class SignInNeeded(Refusal):
    kind = Kind.UNAUTHENTICATED
    zh, en = "需要有效的访问令牌。", "A valid bearer token is needed."


class RoleMayNot(Refusal):
    kind = Kind.FORBIDDEN
    zh, en = "角色 {role} 无权执行 {command}。", "The role {role} may not {command}."


class DailyLimitReached(Refusal):
    """`kind`: uploads, applications, reports or answers."""

    kind = Kind.TOO_MANY
    zh = "本账号今日的次数已满（{kind}：每日 {limit}），请在 {retry_after} 秒后再试。"
    en = "This account has reached its limit for today ({kind}: {limit} a day); try again in {retry_after} seconds."


class OutOfScope(Refusal):
    kind = Kind.FORBIDDEN
    zh, en = (
        "只能为本单位、本辖区办理 {command}。",
        "{command} is only for one's own organisation, district or body.",
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


class OrganisationAlreadyRegistered(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "该标识的社会组织已登记：{organisation}。",
        "An organisation with this identifier is registered already: {organisation}.",
    )


class PhaseClosed(Refusal):
    kind = Kind.CONFLICT
    zh = "{today} 不在{phase}阶段（{start} 至 {end}）内。"
    en = "{today} is outside the phase {phase} ({start} to {end})."


class StepOutOfOrder(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "项目状态为 {status}，不能执行 {command}。",
        "The project is {status}; {command} is not possible now.",
    )


class VersionNotSeen(Refusal):
    kind = Kind.CONFLICT
    zh = "申报表现为第 {current} 版，所引第 {seen} 版已过时。"
    en = "The application is at version {current}; the version {seen} is out of date."


class AlreadyReviewed(Refusal):
    kind = Kind.CONFLICT
    zh, en = "本委员已评审此版本。", "This member has reviewed this version already."


class ReviewsMissing(Refusal):
    kind = Kind.CONFLICT
    zh, en = "需要 {needed} 份评审意见，现有 {found} 份。", "{needed} reviews are needed, {found} are there."


class ReviewsUnfavourable(Refusal):
    kind = Kind.CONFLICT
    zh = "公益性与非营利性须获 {needed} 位委员认可，现为 {found} 位。"
    en = "{needed} members must find public benefit and non-profit nature; {found} did."


class MilestoneOutOfOrder(Refusal):
    kind = Kind.CONFLICT
    zh, en = "下一个节点是 {expected}，不是 {got}。", "The next milestone is {expected}, not {got}."


class AllMilestonesReported(Refusal):
    kind = Kind.CONFLICT
    zh, en = "全部节点均已报送。", "All milestones have been reported."


class SummaryMissing(Refusal):
    kind = Kind.INVALID
    zh, en = "完成节点须附活动总结。", "The report of completion carries a summary."


class SummaryTooEarly(Refusal):
    kind = Kind.INVALID
    zh, en = "活动总结只随完成节点报送。", "Only the report of completion carries a summary."


class MilestonesIncomplete(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "合同须为每个节点各定一个不早于前一节点的日期：{milestones}。",
        "A contract gives each milestone one due date, none before the last one's: {milestones}.",
    )


class DueDateOutsidePeriod(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "节点日期 {due} 不在合同期 {start} 至 {end} 内。",
        "The due date {due} is outside the contract's period {start} to {end}.",
    )


class AlreadyEvaluated(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此项目已有 {by} 评价。", "This project has an evaluation by {by} already."


class ReviewerMayNotEvaluate(Refusal):
    kind = Kind.FORBIDDEN
    zh, en = "评审过此项目的委员不作第三方评估。", "A member who reviewed the project does not evaluate it."


class CriteriaWrong(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "须逐项评分：{criteria}，每项 0 至 {scale}。",
        "Give one score for each of {criteria}, from 0 to {scale}.",
    )


class AnswersInconsistent(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "答复人数 {answered} 超过受邀人数 {invited}。",
        "{answered} answers are more than the {invited} people asked.",
    )


class GroupTooSmall(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "至少需要 {minimum} 份答复，现为 {answered} 份。",
        "At least {minimum} answers are needed; there are {answered}.",
    )


class QuotaFull(Refusal):
    kind = Kind.CONFLICT
    zh, en = "{quota} 的 {places} 个名额已满。", "All {places} places of {quota} are taken."


class AlreadyHonoured(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此对象已获 {quota}。", "This recipient holds {quota} already."


class RecipientWrong(Refusal):
    kind = Kind.INVALID
    zh, en = "{honour} 授予{recipient}。", "{honour} is given to: {recipient}."


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


class FundingSourceRepeated(Refusal):
    kind = Kind.INVALID
    zh, en = "每种资金来源只列一行：{source}。", "Each source of funds has one line: {source}."


class AmountOverRequested(Refusal):
    kind = Kind.INVALID
    zh, en = "金额 {amount} 超过上限 {limit}。", "The amount {amount} is above the limit {limit}."


class SupportReasonMissing(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "预算请求政府资金 {amount}，须提出资金扶持并简述理由。",
        "The budget asks for {amount}; ask for support by funds and give the reason.",
    )


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


class TooFarAhead(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "预告的生效日期 {effective_on} 过远；最晚可为 {last}。",
        "The day {effective_on} is too far ahead; what is announced takes effect on {last} at the latest.",
    )


class EffectiveTooLate(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "生效日期 {effective_on} 过晚：{type}（第 {version} 版）自 {latest} 起已生效；最晚可为该日。",
        "The effective date {effective_on} is too late: {type} at version {version} holds since {latest}, "
        "which is the latest possible.",
    )


class AnnouncedAfter(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "已预告 {type}（第 {version} 版）自 {on} 起生效；请先作废它，或填不早于该日的日期。",
        "{type} at version {version} is announced for {on}; void it first, or state that day or a later one.",
    )


class CorrectionTargetUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "此流没有第 {target} 版可更正。", "There is no version {target} to correct."


class CorrectionNotPossible(Refusal):
    kind = Kind.CONFLICT
    zh, en = "{type} 不能这样更正：{why_zh}", "{type} cannot be corrected so: {why_en}"


class RedactionNotPossible(Refusal):
    kind = Kind.CONFLICT
    zh, en = "{type} 不能这样删除文字：{why_zh}", "{type} cannot be redacted so: {why_en}"


class NotRedacted(Refusal):
    """Bytes are erased only where the log says what is read instead."""

    kind = Kind.CONFLICT
    zh, en = "位置 {position} 未被删除文字。", "No redaction in the log names position {position}."


class StoredBytesDiffer(Refusal):
    kind = Kind.CONFLICT
    zh = "位置 {position} 的存储内容与账本的摘要不符，不予处理。"
    en = "What is stored at position {position} is not what the log holds the digest of; it is left alone."


class PayloadDiffers(Refusal):
    kind = Kind.UNAVAILABLE
    zh = "位置 {position} 的存储内容与账本的摘要不符，不予采用；请管理员运行 minsheng log check。"
    en = (
        "What is stored at position {position} is not what the log holds the digest of, so nothing is made of it. The "
        "operator runs: minsheng log check."
    )


class PayloadUnreadable(Refusal):
    kind = Kind.UNAVAILABLE
    zh = "位置 {position} 的存储内容无法读取；请管理员运行 minsheng log check。"
    en = "What is stored at position {position} cannot be read. The operator runs: minsheng log check."


class PhaseUnknown(Refusal):
    kind = Kind.INVALID
    zh, en = "没有阶段 {phase}。可选：{choices}。", "There is no phase {phase}. Choices: {choices}."


class PhaseDaysUsed(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "阶段 {phase} 至 {last} 的日期已可办理，不能收回；请将截止日重述为该日或更晚。",
        "In the phase {phase} the days until {last} have come, and others acted on them; restate the extension to "
        "end on that day or later.",
    )


class ExtensionNotLater(Refusal):
    kind = Kind.INVALID
    zh, en = "延期须晚于现在的截止日 {end}。", "An extension ends after the present last day, {end}."


class VersionStale(Refusal):
    kind = Kind.STALE
    zh, en = (
        "现为第 {current} 版,If-Match 为第 {given} 版。",
        "The version is {current}; If-Match gave {given}.",
    )


class ConcurrentChange(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "他人同时作了更改，请重读后再试。",
        "Somebody else changed this at the same moment; read again and retry.",
    )


class KeyReused(Refusal):
    kind = Kind.INVALID
    zh, en = "此 Idempotency-Key 已用于另一请求。", "This Idempotency-Key was used for another request."


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


class LedgerBusy(Refusal):
    kind = Kind.UNAVAILABLE
    zh, en = "账本繁忙，请稍后再试。", "The ledger is busy; try again in a moment."


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


class LedgerClosing(Refusal):
    kind = Kind.UNAVAILABLE
    zh, en = "服务正在停止。", "The service is closing."


class LedgerUnavailable(Refusal):
    kind = Kind.UNAVAILABLE
    zh, en = "暂时连不上数据库；此请求未写入。", "The database cannot be reached; nothing was written."


class LedgerFull(Refusal):
    kind = Kind.UNAVAILABLE
    zh = "数据库的磁盘已满；此请求未写入。腾出空间后即可恢复。"
    en = "The database's disk is full; nothing was written. Writing resumes as soon as there is space again."


class LedgerReadOnly(Refusal):
    kind = Kind.UNAVAILABLE
    zh, en = "数据库目前只读；此请求未写入。", "The database is read-only at present; nothing was written."


class LedgerOverloaded(Refusal):
    kind = Kind.UNAVAILABLE
    zh = "数据库的内存或连接数不足；此请求未写入，请稍后再试。"
    en = "The database is out of memory or connections; nothing was written. Try again in a moment."


class StorageFailed(Refusal):
    kind = Kind.UNAVAILABLE
    zh = "数据库报告存储故障；此请求未写入，请管理员查看数据库日志。"
    en = "The database reports a storage failure; nothing was written. Its log tells the operator more."


class OutcomeUnknown(Refusal):
    kind = Kind.UNAVAILABLE
    zh = "提交时失去数据库连接，结果未定；请以同一 Idempotency-Key 重试。"
    en = "The database was lost at the commit and the outcome is not known; repeat with the same Idempotency-Key."


class ClockBehind(Refusal):
    kind = Kind.UNAVAILABLE
    zh = "数据库时钟比最后的事件慢 {seconds} 秒；此请求未写入，约 {retry_after} 秒后可再试。"
    en = (
        "The database clock is {seconds} s behind the last event; nothing was written. It catches up in {retry_after} "
        "seconds."
    )


class ClockAhead(Refusal):
    """No waiting sets the clock right, so `retry_after` says when it is worth asking whether somebody has."""

    kind = Kind.UNAVAILABLE
    zh = (
        "数据库时钟比应有时间快 {seconds} 秒；此请求未写入。请管理员校准时钟，或核实后运行 minsheng clock accept；"
        "{retry_after} 秒后可再试。"
    )
    en = (
        "The database clock is {seconds} s ahead of what it should show; nothing was written. The operator sets it "
        "right, or confirms it with: minsheng clock accept. Ask again in {retry_after} seconds."
    )


class SubjectErased(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此人的数据已被删除。", "The data of this person has been erased."


class WaitTooLong(Refusal):
    kind = Kind.UNAVAILABLE
    zh, en = (
        "查询视图尚未跟上所问的时点，请稍后再试。",
        "The read models have not caught up with what was asked for; ask again in a moment.",
    )


class ReadModelOutdated(Refusal):
    kind = Kind.UNAVAILABLE
    zh, en = (
        "程序刚升级，查询视图正在重建，请稍后再试。",
        "After an upgrade this read model is being rebuilt; try again later.",
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


class ShapeUnknown(Refusal):
    """An old program reads a newer ledger."""

    kind = Kind.UNAVAILABLE
    zh = "账本里有第 {shape} 版格式的事件，本程序只认识到第 {known} 版，请升级程序。"
    en = "The ledger holds an event of shape {shape}; this program knows shapes up to {known}. Update the program."
