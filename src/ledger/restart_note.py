"""That the log was restarted: one fact in a stream of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal
from uuid import UUID

from ledger.core.correctable import never
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Count, Fact
from ledger.core.words import Teller, Words
from ledger.values import Digest, Line, Text


class LogRestarted(
    Fact,
    audience=Audience.AT_ONCE,
    correction=never("日志据此以新名继续，不能更改。", "the log goes on by it under its new name; it stays as it is."),
    named=Words("日志重启", "restart of the log"),
    audit=Audit.REGULAR,
):
    """Events that were signed are lost, and the log goes on as `origin`. Of the log before, whose last checkpoint had
    this size and root, everything below `fork` is kept. The first difference lies from `fork` to `fork_until`, which
    are equal where it is known exactly; what stood from there up to `previous_size` is lost."""

    sentence: ClassVar[Words] = Words(
        "日志以 {origin} 之名重新开始；原日志共 {size} 条，自第 {fork} 号起的已丢失：{reason}",
        "The log goes on as {origin}; of the {size} records before, those from no. {fork} on are lost: {reason}",
    )

    type: Literal["LogRestarted"] = "LogRestarted"
    origin: Line
    previous_origin: Line
    previous_size: Count
    previous_root: Digest
    fork: Count
    fork_until: Count
    reason: Text

    def fold(self, note: RestartNote, recorded: Recorded) -> RestartNote:
        return replace(note, said=self)

    def told(self, tell: Teller) -> str:
        return tell.say(
            self.sentence,
            origin=self.origin,
            fork=tell.number(self.fork),
            size=tell.number(self.previous_size),
            reason=self.reason,
        )


@dataclass(frozen=True, slots=True)
class RestartNote:
    id: UUID
    said: LogRestarted | None = None
