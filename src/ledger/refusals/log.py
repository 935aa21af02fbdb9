"""Refusals of the transparency log."""

from ledger.core.refusal import Kind, Refusal


class LogNotSigned(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "日志尚未签署。", "Nothing of the log has been signed yet."


class LogPathInvalid(Refusal):
    kind = Kind.INVALID
    zh = "“{path}”不是日志中的地址；写法见 C2SP tlog-tiles。"
    en = "{path} is no address within the log; C2SP tlog-tiles says how they are written."


class NotSignedYet(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "已签署的日志有 {size} 个事件，不含“{path}”。", "The signed log holds {size} events; {path} is not in it."


class LogEventUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "位置 {position} 没有可以阅读的事件。", "There is no event to read at position {position}."


class PayloadGone(Refusal):
    kind = Kind.GONE
    zh = "位置 {position} 的内容已删除，改读位置 {redacted_by} 的事件；其摘要仍在日志中。"
    en = "What stood at position {position} had to go; read the event at {redacted_by}. Its digest stays in the log."


class TimestampUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "没有 {size} 个事件时的时间戳。", "There is no timestamp over the log of {size} events."


class HistoryRefused(Refusal):
    """`position` to `until`: where the first difference lies."""

    kind = Kind.UNAVAILABLE
    zh = "数据库中的历史与已签署的不符，最初差异在位置 {place}（已签署 {signed} 个事件）。运行者恢复之前不再写入。"
    en = (
        "The history in the database is not the one that was signed: the first difference is at position {place} "
        "({signed} events were signed). Nothing is written until the operator has put that right."
    )


class HistoryNotCompared(Refusal):
    kind = Kind.UNAVAILABLE
    zh = "日志的密钥或最后签署的检查点无法读取，尚不能核对历史；此请求未写入。"
    en = (
        "The log's keys or its last signed checkpoint cannot be read, so the history cannot be compared with the "
        "signed one; nothing is written before that."
    )
