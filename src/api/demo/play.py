"""What everyone in the invented year has in common: the stage, the ledger, the cast, the calendar."""

from asyncio import Lock
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from api.demo.cast import Cast, Player
from api.demo.clock import moment
from api.demo.stage import Stage
from ledger.accounts import Account
from ledger.attachments import Attachments
from ledger.commands.application import FormBody
from ledger.rules import Rules
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext
from ledger.values import Document

PROGRAMME = "beijing-2010"
DEADLINE = date(2010, 3, 1)
EXTENDED_ON, EXTENDED_TO = date(2010, 3, 29), date(2010, 4, 16)
MEETINGS = (
    date(2010, 3, 5),
    date(2010, 3, 12),
    date(2010, 3, 19),
    date(2010, 3, 26),
    date(2010, 4, 2),
    date(2010, 4, 9),
    date(2010, 4, 13),
)
HAND_INS = (
    date(2010, 2, 10),
    date(2010, 2, 24),
    date(2010, 3, 4),
    date(2010, 3, 11),
    date(2010, 3, 18),
    date(2010, 3, 25),
    date(2010, 4, 1),
    date(2010, 4, 8),
)
LAST_REVIEW = date(2010, 4, 12)
LAST_SIGNING = date(2010, 4, 15)
PUBLICATIONS = (date(2010, 3, 22), date(2010, 3, 31), date(2010, 4, 8), date(2010, 4, 16))
LAST_REPORT = date(2010, 11, 30)
# Some report after the phase, which is late and still taken.
LAST_LATE_REPORT = date(2010, 12, 8)
LAST_EVALUATION = date(2010, 12, 15)
HONOURS_ON = date(2010, 12, 22)


@dataclass(frozen=True, slots=True)
class Case:
    """An application in its current version; `day` is when that version came."""

    project: UUID
    player: Player
    form: FormBody
    version: int
    day: date


@dataclass(frozen=True, slots=True)
class Finished:
    """A completed project as those see it who give honours."""

    project: UUID
    player: Player
    score: float


@dataclass(frozen=True)
class Play:
    stage: Stage
    ledger: Ledger
    cast: Cast
    rules: Rules
    files: Attachments
    to_publish: dict[date, list[tuple[int, UUID]]] = field(default_factory=lambda: defaultdict(list))
    # By the day of the lottery: the digest of the frame, and its project.
    to_draw: dict[date, list[tuple[str, UUID]]] = field(default_factory=lambda: defaultdict(list))
    # By number: those under contract, of which some compete for purchase.
    underway: dict[int, Any] = field(default_factory=dict)
    # By day and district.
    to_hand_in: dict[date, dict[str, list[UUID]]] = field(default_factory=lambda: defaultdict(dict))
    # By project: the places of those requests for support that are being arranged.
    deferred: dict[UUID, list[int]] = field(default_factory=lambda: defaultdict(list))
    finished: list[Finished] = field(default_factory=list)
    # By project: how many per cent were satisfied of those present at the occasions that were drawn.
    asked: dict[UUID, float] = field(default_factory=dict)
    # The days on which projects were ended before their completion; they are evaluated too.
    terminated: dict[UUID, date] = field(default_factory=dict)
    # The positions of the appointments, by account.
    appointed: dict[UUID, int] = field(default_factory=dict)
    # What asks the database on its way would come in any order when many do it at the same instant.
    in_order: Lock = field(default_factory=Lock)

    async def portfolio(self, programme: str, organisations: Collection[UUID]) -> list[UUID]:
        """All that were published: whose they are, their streams say. No read model follows the play."""
        return [project for published in self.to_publish.values() for _, project in published]

    async def until(self, day: date, part: int) -> None:
        await self.stage.until(moment(day, part))

    def working(self, day: date, last: date | None = None) -> date:
        """That day or the next working day, but not after `last`."""
        rolled = self.rules.rolled(day)
        return rolled if last is None else min(rolled, last)


def ask(
    who: Account, *, effective_on: date | None = None, why: str | None = None, scan: Document | None = None
) -> CommandContext:
    return CommandContext(who, effective_on=effective_on, late_reason=why, scan=scan)


def next_of(days: tuple[date, ...], after: date) -> date:
    """The first of the days after that one, or the last."""
    return next((day for day in days if day > after), days[-1])
