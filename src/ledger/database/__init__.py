"""The PostgreSQL underneath: our own or one at DATABASE_URL, its roles and its tables."""

from ledger.database.connect import Database, Role, Verified, VerifiedInThreads, connect_as, open_database
from ledger.database.data_folder import data_folder
from ledger.database.errors import DatabaseProblem
from ledger.database.migrations import migrate

__all__ = [
    "Database",
    "DatabaseProblem",
    "Role",
    "Verified",
    "VerifiedInThreads",
    "connect_as",
    "data_folder",
    "migrate",
    "open_database",
]
