"""Saying in the log itself that it was restarted, by whoever runs the machine."""

from uuid import UUID, uuid4

from ledger.accounts import OPERATOR
from ledger.aggregates import RESTART
from ledger.events import LogRestarted
from ledger.transaction import Ask, Ledger, Receipt, Work


async def tell(ledger: Ledger, fact: LogRestarted) -> Receipt:
    stream: UUID = uuid4()

    async def decide(work: Work) -> None:
        work.unborn(RESTART, stream)
        work.write(stream, fact)

    return await ledger.transact(Ask(OPERATOR), decide)
