"""The settlement 结算 of a project before it is closed, and what is still to be recovered then (N15)."""

from ledger.commands.command import FormCommand, ProjectCommand
from ledger.commands.served import Giver, served
from ledger.core.fact import Fact, Version
from ledger.programme import Programme
from ledger.project import recovery, settlement
from ledger.project.recovery import RECORD_RECOVERY
from ledger.project.settlement import CONFIRM_SETTLEMENT, STATE_SETTLEMENT
from ledger.project.state import Project
from ledger.unit_of_work import UnitOfWork
from ledger.values import Text


@served(Giver.ORGANISATION, "settlement-statements", "state_settlement", "State the settlement")
class SettlementStatement(FormCommand, action=STATE_SETTLEMENT):
    """结算: the organisation states what was received, spent and given back, and explains the difference (N15).

    The ledger works the sums out; `explanation`: of the difference, null where there is none."""

    explanation: Text | None

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return settlement.state(project, self.explanation, rules=programme.rules)


@served(Giver.SUPERVISION, "settlement", "confirm_settlement", "Confirm the settlement")
class SettlementConfirmation(ProjectCommand, action=CONFIRM_SETTLEMENT):
    """The authority that contracted confirms the settlement; without public money it need not (N15).

    `statement`: the version of the settlement that is confirmed."""

    statement: Version
    note: Text | None = None

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return settlement.confirm(project, self.statement, self.note, rules=programme.rules)


@served(Giver.SUPERVISION, "recovery", "record_recovery", "Record money as still to be recovered")
class Recovery(ProjectCommand, action=RECORD_RECOVERY):
    """待追缴: what is owed cannot be had; the project may be closed, and it may still be given back later (N15).

    The ledger works the amount out. It stays on the organisation's credit record until it comes."""

    reason: Text

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return recovery.record(project, self.reason, rules=programme.rules)
