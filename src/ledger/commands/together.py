"""Several commands as one: all are written, or none, and every refusal is told."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from ledger.core.refusal import Kind, Refusal
from ledger.refusals.general import BatchRefused
from ledger.refusals.tables import WrittenTwice
from ledger.store import Key
from ledger.transaction import Decide, Ledger
from ledger.unit_of_work import CommandContext, Receipt, UnitOfWork


@dataclass(frozen=True, slots=True)
class Part:
    """One of the commands. `key`, where there is one, is answered with its own receipt when it is repeated. `if_match`:
    of its stream."""

    decide: Decide
    key: Key | None
    if_match: tuple[int, ...] | None = None


async def nothing_before(work: UnitOfWork) -> None:
    """Where each command is refused for itself alone."""


async def together(
    ledger: Ledger, context: CommandContext, parts: Mapping[int, Part], before: Decide = nothing_before
) -> dict[int, Receipt]:
    """`parts`: commands by the number of their row. Each row gets its own receipt; all of them are `repeated` when one
    of the keys, or that of the whole, was answered before. What `before` refuses is in the way of all, and told alone.

    Raises BatchRefused with every refusal. Two commands may not write to the same stream, since each decides as if it
    were alone."""
    streams: dict[int, UUID] = {}
    done: UnitOfWork | None = None

    async def decide(work: UnitOfWork) -> None:
        nonlocal done
        await deciding(context, parts, before, streams)(work)
        done = work

    first = await ledger.transact(context, decide)
    if first.repeated:
        return await receipts_of(ledger, {row: part.key for row, part in parts.items() if part.key})
    assert done is not None
    receipts = done.receipts(first)
    return {row: receipts[stream] for row, stream in streams.items()}


def deciding(context: CommandContext, parts: Mapping[int, Part], before: Decide, streams: dict[int, UUID]) -> Decide:
    """All of them on one state, each as the one before left it. `streams`: filled with what each writes to first.
    Raises BatchRefused."""

    async def decide(work: UnitOfWork) -> None:
        await before(work)
        refused: dict[int, Refusal] = {}
        taken: set[UUID] = set()
        for row, part in parts.items():
            begin = len(work.written_to)
            work.context = replace(context, if_match=part.if_match)
            try:
                await part.decide(work)
                written = work.written_to[begin:]
                if not taken.isdisjoint(written):
                    raise WrittenTwice()
                taken.update(written)
                streams[row] = written[0]
                if part.key:
                    work.part_keys.append((part.key, written[0]))
            except Refusal as refusal:
                if refusal.kind is Kind.UNAVAILABLE:
                    raise
                refused[row] = refusal
        work.context = context
        if refused:
            raise BatchRefused(refused)

    return decide


async def refused_together(ledger: Ledger, context: CommandContext, parts: Mapping[int, Part]) -> dict[int, Refusal]:
    """What `together` would refuse now, by row; nothing is written."""
    try:
        await ledger.check(context, deciding(context, parts, nothing_before, {}))
    except BatchRefused as refused:
        return {int(row): one for row, one in refused.reasons.items()}
    return {}


async def receipts_of(ledger: Ledger, keys: Mapping[int, Key]) -> dict[int, Receipt]:
    """What these keys were answered with, of those that were. Raises KeyReused."""
    found = await ledger.store.all_answered(list(keys.values()))
    return {row: Receipt.of(found[key], ledger.origins()) for row, key in keys.items() if key in found}
