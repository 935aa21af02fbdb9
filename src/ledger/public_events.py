"""What a programme holds in public: televised rounds of its competition, and ceremonies (N15, N20)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import Field

from ledger.core.action import OFFICE, Action
from ledger.core.correctable import FREE, CorrectionRule
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, PastDate
from ledger.core.words import Teller, Words
from ledger.programme import Programme, ProgrammeFact
from ledger.values import Label, WebAddress

RECORD_ROUND = Action("record_round", OFFICE, Words("登记电视竞选场次", "record a televised round"))
RECORD_CEREMONY = Action("record_ceremony", OFFICE, Words("登记表彰大会", "record a ceremony"))

_AT = Words("地址：{link}", "Address: {link}")


class RoundBroadcast(
    ProgrammeFact,
    audience=Audience.AT_ONCE,
    correction=CorrectionRule(fixed=("entries",)),
    named=Words("电视竞选播出", "televised round"),
    audit=Audit.REGULAR,
):
    """N15: a round of the competition was broadcast with these entries, by their projects."""

    sentence: ClassVar[Words] = Words(
        "{broadcast_on}，{broadcaster}播出政府购买服务电视竞选“{round}”，{count} 个项目参加。",
        "{broadcaster} broadcast the round “{round}” of the competition on {broadcast_on}, with {count} projects.",
    )
    also: ClassVar[Mapping[str, Words]] = {"link": _AT}

    type: Literal["RoundBroadcast"] = "RoundBroadcast"
    round: Label
    broadcast_on: PastDate
    broadcaster: Label
    link: WebAddress | None
    entries: tuple[UUID, ...] = Field(min_length=1, max_length=200)

    def fold(self, programme: Programme, recorded: Recorded) -> Programme:
        return replace(programme, rounds=(*programme.rounds, self))

    def told(self, tell: Teller) -> str:
        said = tell.say(
            self.sentence,
            broadcast_on=self.broadcast_on,
            broadcaster=self.broadcaster,
            round=self.round,
            count=tell.number(len(self.entries)),
        )
        return tell.joined(said, *self.also_told(tell))


class CeremonyHeld(
    ProgrammeFact,
    audience=Audience.AT_ONCE,
    correction=FREE,
    named=Words("表彰大会", "ceremony"),
    audit=Audit.REGULAR,
):
    """N20: where honours were given in public."""

    sentence: ClassVar[Words] = Words("{held_on}，在{venue}举行{name}。", "{name} took place on {held_on} at {venue}.")
    also: ClassVar[Mapping[str, Words]] = {"link": _AT}

    type: Literal["CeremonyHeld"] = "CeremonyHeld"
    name: Label
    held_on: PastDate
    venue: Label
    link: WebAddress | None

    def fold(self, programme: Programme, recorded: Recorded) -> Programme:
        return replace(programme, ceremonies=(*programme.ceremonies, self))
