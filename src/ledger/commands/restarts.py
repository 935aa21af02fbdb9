"""Saying in the log itself that it was restarted, by whoever runs the machine."""

from uuid import uuid4

from ledger.accounts import OPERATOR
from ledger.aggregates import RESTART
from ledger.events import LogRestarted
from ledger.transaction import Ask, Ledger, Receipt, Work
from ledger.veils import Veil


async def tell(ledger: Ledger, fact: LogRestarted) -> Receipt:
    # Everybody has to be able to read it in the log itself.
    veil = Veil.none(uuid4())

    async def decide(work: Work) -> None:
        work.write(work.unborn(RESTART, veil), fact)

    return await ledger.transact(Ask(OPERATOR), decide)
