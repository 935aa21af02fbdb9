"""The three roles of the ledger in a PostgreSQL cluster."""

import time
from collections.abc import Callable

import psycopg
from psycopg import sql

from ledger.database.connect import Role
from ledger.database.errors import RolesMissing

_ATTEMPTS = 20


def prepare_roles(connection: psycopg.Connection) -> None:
    """Create the roles, let the login act as them, and let owner and projections create schemas here.

    The connection is in autocommit mode. Roles are shared by all databases of a cluster, so others
    may be doing the same at this moment.
    """
    try:
        despite_others(lambda: _prepare(connection))
    except psycopg.errors.InsufficientPrivilege as refused:
        raise RolesMissing(_advice(connection)) from refused


def despite_others(step: Callable[[], None]) -> None:
    """Repeat a step, which asks before it acts, when another process did the same in between."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            step()
        except (
            psycopg.errors.DuplicateObject,
            psycopg.errors.DuplicateTable,
            psycopg.errors.UniqueViolation,
            psycopg.errors.InternalError_,  # "tuple concurrently updated" has no code of its own
        ):
            if attempt == _ATTEMPTS:
                raise
            time.sleep(0.005 * attempt)
        else:
            return


def _prepare(connection: psycopg.Connection) -> None:
    for role in Role:
        name = sql.Identifier(role)
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone() is None:
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(name))
        if not _may_act_as(connection, role):
            connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(name))
    for role in (Role.OWNER, Role.PROJECTIONS):
        if not _may_create(connection, role):
            database = sql.Identifier(connection.info.dbname)
            grant = sql.SQL("GRANT CREATE ON DATABASE {} TO {}").format(database, sql.Identifier(role))
            connection.execute(grant)
            # PostgreSQL only warns when the login has no right to grant this.
            if not _may_create(connection, role):
                raise RolesMissing(_advice(connection))


def _may_act_as(connection: psycopg.Connection, role: Role) -> bool:
    # Tried, since what pg_has_role has to be asked for differs between versions.
    try:
        connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
    except psycopg.errors.InsufficientPrivilege:
        return False
    connection.execute("RESET ROLE")
    return True


def _may_create(connection: psycopg.Connection, role: Role) -> bool:
    asked = connection.execute("SELECT has_database_privilege(%s, current_database(), 'CREATE')", [role])
    return asked.fetchone() == (True,)


def _advice(connection: psycopg.Connection) -> str:
    login, database = connection.info.user, connection.info.dbname
    commands = [f"CREATE ROLE {role} NOLOGIN;" for role in Role]
    commands.append(f"GRANT {', '.join(Role)} TO {login};")
    commands.append(f"GRANT CREATE ON DATABASE {database} TO {Role.OWNER}, {Role.PROJECTIONS};")
    return (
        f"The login {login} needs CREATEROLE and the ownership of database {database}, "
        f"or an administrator who runs: {' '.join(commands)}"
    )
