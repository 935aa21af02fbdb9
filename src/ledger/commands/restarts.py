"""The operator records in the log itself that it was restarted."""

from uuid import uuid4

from ledger.accounts import OPERATOR
from ledger.aggregates import RESTART
from ledger.restart_note import LogRestarted
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext, Receipt, UnitOfWork
from ledger.veils import Veil


async def tell(ledger: Ledger, fact: LogRestarted) -> Receipt:
    # Everybody has to be able to read it in the log itself.
    veil = Veil.none(uuid4())

    async def decide(work: UnitOfWork) -> None:
        work.write(work.unborn(RESTART, veil), fact)

    return await ledger.transact(CommandContext(OPERATOR), decide)
