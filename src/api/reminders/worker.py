"""One pass over what is due: what no reminder was sent of yet goes through each channel, at least once (N23).

That a reminder was sent is written after the channel has taken it. Who is killed in between sends it again.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from api.reminders.channels import Channel, LogChannel, NotTaken, OutOfReach
from api.reminders.contacts import emails
from api.reminders.reminder import Reminder, ReminderKind
from api.service import Service
from ledger.aggregates import PROGRAMME
from ledger.core.history import state
from ledger.core.words import Words
from ledger.identifiers import programme_stream
from ledger.project.due import DueKind, last_day, overdue_before
from ledger.rules import Rules
from projections.catalogue_queries import programmes
from projections.due import DueCursor, DueQuery, Item, open_items

PAGE = 200
SENT = "SELECT item, due_on, channel, kind FROM ledger.reminders WHERE item = ANY(%s)"
WRITE = (
    "INSERT INTO ledger.reminders (project, item, due_on, channel, kind) VALUES (%s, %s, %s, %s, %s)"
    " ON CONFLICT DO NOTHING"
)


class Result(StrEnum):
    SENT = "sent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Passed:
    """How many reminders there were that day, and by channel how many went which way."""

    due: int
    results: Counter[tuple[str, Result]]

    @property
    def failed(self) -> int:
        return sum(number for (_, result), number in self.results.items() if result is Result.FAILED)


@dataclass(frozen=True)
class Worker:
    """`log` takes what no address is known for. A dry run counts as sent what it would send."""

    service: Service
    channels: Sequence[Channel]
    log: LogChannel
    dry_run: bool = False

    async def remind(self, on: date | None = None) -> Passed:
        """As of a day, without one of today in each programme's zone."""
        due, results, down = 0, Counter[tuple[str, Result]](), set[str]()
        async for reminders in self._due(on):
            due += len(reminders)
            todo = await self._todo(reminders)
            # Side by side, so that a slow channel keeps no other waiting.
            try:
                async with asyncio.TaskGroup() as passes:
                    for channel in self._all():
                        passes.create_task(self._send(channel, todo[channel.name], results, down))
            except ExceptionGroup as failed:
                raise failed.exceptions[0] from None
        return Passed(due, results)

    def _all(self) -> list[Channel]:
        return list({channel.name: channel for channel in (*self.channels, self.log)}.values())

    async def _due(self, on: date | None) -> AsyncIterator[list[Reminder]]:
        known = await self.service.followed("due", "listing")
        async with self.service.pool.connection() as connection:
            codes = [row.code for row in await programmes(connection, known) if row.takes_commands]
        streams = await self.service.store.streams([programme_stream(code) for code in codes])
        for stream, events in streams.items():
            rules = state(PROGRAMME, stream, events).rules
            day = on or self.service.ledger.clock().astimezone(rules.zone).date()
            wanted = DueQuery(
                known=known,
                on=day,
                programme=rules.code,
                due_before=day + timedelta(days=rules.deadlines.reminder + 1),
                sees_all=True,
            )
            after = None
            while True:
                async with self.service.pool.connection() as connection:
                    items = await open_items(connection, wanted, after, PAGE)
                yield [_reminder(item, rules, day) for item in items]
                if len(items) < PAGE:
                    break
                after = DueCursor(known, day, items[-1].due_on, items[-1].item)

    async def _todo(self, reminders: list[Reminder]) -> dict[str, list[Reminder]]:
        """By channel: what it has not taken yet. What it cannot send, as no address is known, goes to the log."""
        async with self.service.pool.connection() as connection:
            rows = await (await connection.execute(SENT, [[one.item for one in reminders]])).fetchall()
        sent = set(rows)
        todo: dict[str, list[Reminder]] = {channel.name: [] for channel in self._all()}

        def missing(channel: Channel) -> list[Reminder]:
            return [one for one in reminders if (one.item, one.due_on, channel.name, one.kind) not in sent]

        for channel in self.channels:
            todo[channel.name] += missing(channel)
        by_mail = {one.item: one for channel in self.channels if channel.to_contact for one in todo[channel.name]}
        found = await emails(self.service.ledger, list(by_mail.values()))
        without = [item for item, one in by_mail.items() if one.project not in found]
        for channel in self.channels:
            if channel.to_contact:
                todo[channel.name] = [
                    replace(one, email=found[one.project]) for one in todo[channel.name] if one.project in found
                ]
        if self.log.name not in {channel.name for channel in self.channels}:
            todo[self.log.name] = [one for one in missing(self.log) if one.item in set(without)]
        return todo

    async def _send(
        self, channel: Channel, reminders: list[Reminder], results: Counter[tuple[str, Result]], down: set[str]
    ) -> None:
        for reminder in reminders:
            result = Result.FAILED
            if channel.name not in down:
                try:
                    await self._send_one(channel, reminder)
                    result = Result.SENT
                except OutOfReach:
                    down.add(channel.name)
                except NotTaken:
                    pass
            results[channel.name, result] += 1

    async def _send_one(self, channel: Channel, reminder: Reminder) -> None:
        if self.dry_run:
            return
        await channel.send(reminder)
        row = [reminder.project, reminder.item, reminder.due_on, channel.name, reminder.kind.value]
        async with self.service.pool.connection() as connection:
            await connection.execute(WRITE, row)


def _reminder(item: Item, rules: Rules, day: date) -> Reminder:
    owed = DueKind(item.kind)
    of_milestone = owed in (DueKind.MILESTONE, DueKind.REPORT_AGAIN)
    names = {rule.code: Words(rule.name.zh, rule.name.en) for rule in rules.milestones} if of_milestone else {}
    return Reminder(
        kind=ReminderKind.OVERDUE if item.due_on < overdue_before(day, rules) else ReminderKind.SOON,
        project=item.project,
        item=item.item,
        owed=owed,
        what=names.get(item.what, Words.same(item.what)),
        due_on=item.due_on,
        last_day=last_day(item.due_on, rules),
        programme=item.programme,
        title=item.title,
        organisation=item.organisation,
        organisation_name=item.organisation_name,
    )
