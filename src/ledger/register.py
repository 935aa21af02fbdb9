"""A register of document numbers 文号 of one authority in one programme, as earlier versions recorded it (N10)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ledger.core.correctable import never
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Fact
from ledger.core.words import Words
from ledger.values import Code, Line


class NumberIssued(
    Fact,
    audience=Audience.NEVER,
    correction=never(
        "文号一经编发即已使用，请更正其决定。",
        "a number that was issued stays used; correct the decision under it.",
    ),
    named=Words("文号", "document number"),
    audit=Audit.REGULAR,
):
    """The next document number 文号 of an authority's register, which has a stream of its own. No longer recorded: a
    decision carries its number, and an event of its own would tell that there is one."""

    type: Literal["NumberIssued"] = "NumberIssued"
    authority: Code
    number: Annotated[int, Field(ge=1)]
    text: Line

    def fold(self, register: Register, recorded: Recorded) -> Register:
        return replace(register, last=max(register.last, self.number))


@dataclass(frozen=True, slots=True)
class Register:
    id: UUID
    last: int = 0
