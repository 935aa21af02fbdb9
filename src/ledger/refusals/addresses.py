"""Refusals of an address, before what it asks for is looked at."""

from ledger.core.refusal import Kind, Refusal


class AddressMalformed(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "网址中的参数须为百分号编码的 UTF-8，且不含空字符。",
        "The parameters of an address are percent-encoded UTF-8 without null characters.",
    )


class ParameterUnknown(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "此地址没有参数“{parameter}”。可用参数：{choices}。",
        "This address has no parameter {parameter}. It has: {choices}.",
    )


class ParameterRepeated(Refusal):
    kind = Kind.INVALID
    zh, en = "参数“{parameter}”只能出现一次。", "The parameter {parameter} may be given only once."


class CursorAhead(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "{field} 超出账本末尾；账本目前共有 {size} 个事件。",
        "The place in {field} is beyond the end of the ledger, which holds {size} events.",
    )
