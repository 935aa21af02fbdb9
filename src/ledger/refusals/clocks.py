"""Refusals of questions by the two clocks. `nearest` is what can be asked instead, in the form that was used."""

from ledger.core.refusal import Kind, Refusal


class LedgerEmpty(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "账本尚无事件；请不填 {argument}。", "The ledger holds no event yet; ask without {argument}."


class DateInvalid(Refusal):
    kind = Kind.INVALID
    zh = "{argument} 须为 1900 至 2199 年间的日期，写作 2010-03-01：{given}。最近可用 {nearest}。"
    en = "{argument} is a date from 1900 to 2199, written 2010-03-01: {given}. The nearest is {nearest}."


class NothingInForceYet(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = (
        "{given} 时尚无生效的事实；最早可用 {nearest}。",
        "Nothing was in force on {given} yet; the earliest possible is {nearest}.",
    )


class BasesReversed(Refusal):
    kind = Kind.INVALID
    zh = "先后颠倒：起点在任一时间上都不得晚于终点。请用 {nearest}。"
    en = "The bases are the wrong way round: by no clock may the first be later than the second. Ask for {nearest}."


class EffectiveDaysDiffer(Refusal):
    kind = Kind.INVALID
    zh = "仅比较更正时，两端的生效日期须相同。请用 {nearest}。"
    en = "With corrections_only both bases have one effective day. Ask for {nearest}."


class FoldVersionGone(Refusal):
    kind = Kind.GONE
    zh = "折叠方法第 {given} 版已停用；现为第 {nearest} 版。"
    en = "The fold version {given} is gone; the present one is {nearest}."


class FoldVersionUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = (
        "没有折叠方法第 {given} 版；现为第 {nearest} 版。",
        "There is no fold version {given}; the present one is {nearest}.",
    )
