"""Refusals of the store: what hinders writing or reading for now, and what does not fit its history."""

from ledger.core.refusal import Kind, Refusal


class RedactionNotPossible(Refusal):
    kind = Kind.CONFLICT
    zh, en = "{type} 不能这样删除文字：{why_zh}", "This event ({type}) cannot be redacted so: {why_en}"


class NotRedacted(Refusal):
    """Bytes are erased only where the log says what is read instead."""

    kind = Kind.CONFLICT
    zh, en = "位置 {position} 未被删除文字。", "No redaction in the log names position {position}."


class SealedValueGone(Refusal):
    kind = Kind.NOT_FOUND
    zh = "没有此密封信息，或其已被清除。"
    en = "There is no such sealed value, or it was erased."


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


class VersionStale(Refusal):
    kind = Kind.STALE
    zh, en = (
        "现为版本 {current}，If-Match 所给为版本 {given}。",
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


class LedgerBusy(Refusal):
    kind = Kind.UNAVAILABLE
    zh, en = "账本繁忙，请稍后再试。", "The ledger is busy; try again in a moment."


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
