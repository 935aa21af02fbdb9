"""Which errors make the read models wait, and which say that one of them is broken."""

import errno

import psycopg
import pytest
from psycopg import errors

from projections.transient import code, is_transient

PASS = (
    errors.DiskFull(),
    errors.OutOfMemory(),
    errors.TooManyConnections(),
    errors.AdminShutdown(),
    errors.CannotConnectNow(),
    errors.QueryCanceled(),
    errors.IoError(),
    errors.ReadOnlySqlTransaction(),
    errors.DeadlockDetected(),
    errors.ConnectionFailure(),
    errors.LockNotAvailable(),
    psycopg.OperationalError("the connection is closed"),
    OSError(errno.ENOSPC, "示例"),
    ConnectionResetError(),
    MemoryError(),
)
STAY = (
    errors.UniqueViolation(),
    errors.NotNullViolation(),
    errors.UndefinedTable(),
    errors.ProgramLimitExceeded(),
    errors.NumericValueOutOfRange(),
    errors.InsufficientPrivilege(),
    psycopg.DataError("示例"),
    FileNotFoundError(errno.ENOENT, "示例"),
    KeyError("示例"),
    AssertionError(),
)


@pytest.mark.parametrize("error", PASS, ids=repr)
def test_what_the_machine_or_the_server_lacks_passes(error: Exception) -> None:
    assert is_transient(error)


@pytest.mark.parametrize("error", STAY, ids=repr)
def test_what_an_event_causes_does_not_pass(error: Exception) -> None:
    assert not is_transient(error)


def test_error_codes_contain_no_message() -> None:
    assert [code(error) for error in (errors.DiskFull("示例"), OSError("示例"))] == ["53100", "OSError"]
