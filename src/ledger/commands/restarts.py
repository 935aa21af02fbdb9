"""The operator records in the log itself that it was restarted."""

from uuid import uuid4

from ledger.aggregates import RESTART
from ledger.restart_note import LogRestarted
from ledger.transaction import Decide
from ledger.unit_of_work import UnitOfWork
from ledger.veils import Veil


def restarted(fact: LogRestarted) -> Decide:
    async def decide(work: UnitOfWork) -> None:
        # Everybody has to be able to read it in the log itself.
        work.write(work.unborn(RESTART, Veil.none(uuid4())), fact)

    return decide
