"""Several commands as one: all are written, or none, and every refusal is told."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import uuid4

from ledger.errors import BatchRefused, Refusal, WrittenTwice
from ledger.transaction import Ask, Decide, Ledger, Receipt, Work

Run = Callable[[Ledger, Ask], Awaitable[Receipt]]


class _Gathering(Ledger):
    """Takes note of what a command would decide instead of deciding it."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__(ledger.store, ledger.vault, ledger.clock)
        self.decide: Decide | None = None

    async def transact(self, ask: Ask, decide: Decide) -> Receipt:
        self.decide = decide
        return Receipt(uuid4(), 0, 0, self.clock())


async def together(ledger: Ledger, ask: Ask, runs: Mapping[int, Run]) -> Receipt:
    """`runs`: commands by the number of their row. The receipt speaks of the first.

    Raises BatchRefused with every refusal. Two commands may not write to the same stream, since each decides as if it
    were alone."""
    decisions: dict[int, Decide] = {}
    early: dict[int, Refusal] = {}
    gathering = _Gathering(ledger)
    for row, run in runs.items():
        try:
            await run(gathering, ask)
        except Refusal as refusal:
            early[row] = refusal
        else:
            assert gathering.decide
            decisions[row] = gathering.decide

    async def decide(work: Work) -> None:
        refused = dict(early)
        for row, decision in decisions.items():
            before = work.written
            try:
                await decision(work)
                if any(work.written[stream] > count for stream, count in before.items()):
                    raise WrittenTwice()
            except Refusal as refusal:
                refused[row] = refusal
        if refused:
            raise BatchRefused(dict(sorted(refused.items())))

    return await ledger.transact(ask, decide)
