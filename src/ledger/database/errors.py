"""What can be wrong with the database before the ledger is open."""

from ledger.operator_problem import OperatorProblem


class DatabaseProblem(OperatorProblem):
    """The database cannot be used as it is; the message says what to do."""


class EmbeddedServerProblem(DatabaseProblem):
    """The embedded PostgreSQL cannot be set up, started or stopped."""


class EmbeddedServerFull(EmbeddedServerProblem):
    """The embedded PostgreSQL cannot start because its disk is full."""


class PostgresTooOld(DatabaseProblem):
    """The PostgreSQL at the given address is older than 15."""


class PoolerInBetween(DatabaseProblem):
    """A connection pooler answers instead of PostgreSQL."""


class RoleWrong(DatabaseProblem):
    """A connection does not act as the role that it was made for, or that role may do too much."""


class MigrationProblem(DatabaseProblem):
    """The tables cannot be brought to what this program expects."""


class RolesMissing(MigrationProblem):
    """The login may not set up the three roles, and nobody has."""


class MigrationNumbersBroken(MigrationProblem):
    """The numbers of the migrations, here or in the database, are not 1, 2, 3 and so on."""


class MigrationChanged(MigrationProblem):
    """A migration reads differently from what was applied to this database."""


class MigrationUnknown(MigrationProblem):
    """The database holds a migration that this program does not know."""


class MigrationFailed(MigrationProblem):
    """PostgreSQL refused a migration; nothing of it was kept."""
