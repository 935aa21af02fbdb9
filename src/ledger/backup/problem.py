"""What ends a backup or a restore."""

from ledger.operator_problem import OperatorProblem


class BackupProblem(OperatorProblem):
    """A backup cannot be made, read or restored; the message says why."""
