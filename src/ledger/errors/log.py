"""Refusals of the transparency log."""

from ledger.errors.base import Kind, Refusal


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
