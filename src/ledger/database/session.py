"""What every connection proves about itself before its first use."""

from psycopg import AsyncConnection, Connection, OperationalError
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import tuple_row

from ledger.database.errors import PoolerInBetween, RoleWrong

# Without naming the tables, which are not there before the first migration.
CHECK = """
SELECT current_user::text, pg_backend_pid(),
    (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user),
    (SELECT string_agg(n.nspname || '.' || c.relname, ', ' ORDER BY c.relname)
     FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'ledger' AND c.relname IN ('events', 'payloads')
        AND (has_table_privilege(c.oid, 'DELETE, TRUNCATE') OR has_any_column_privilege(c.oid, 'UPDATE')))
"""
OWNER = "minsheng_owner"
_ADVICE = (
    "Set DATABASE_URL to the address of PostgreSQL itself: the ledger pools its connections, and sets its role by the "
    "startup parameter `options`, which poolers drop."
)

Row = tuple[str, int, bool, str | None]


def verify(connection: Connection, role: str) -> None:
    """Raises PoolerInBetween or RoleWrong unless the connection leads to PostgreSQL itself and acts as the role."""
    row = connection.cursor(row_factory=tuple_row).execute(CHECK).fetchone()
    connection.rollback()
    judge(row, connection.info.backend_pid, role)


async def verify_async(connection: AsyncConnection, role: str) -> None:
    cursor = await connection.cursor(row_factory=tuple_row).execute(CHECK)
    row = await cursor.fetchone()
    await connection.rollback()
    judge(row, connection.info.backend_pid, role)


def judge(row: Row | None, announced_pid: int, role: str) -> None:
    """`announced_pid`: the process that the connection was told at its start; a pooler makes one up."""
    assert row is not None
    acts_as, pid, is_superuser, changeable = row
    if pid != announced_pid:
        raise PoolerInBetween(
            "A connection pooler, such as PgBouncer, answers at DATABASE_URL. None is supported in any pooling mode: "
            f"roles, locks and prepared statements belong to one server session. {_ADVICE}"
        )
    if acts_as != role:
        raise RoleWrong(
            f"The connection acts as {acts_as}, not as {role}: PostgreSQL did not receive the role. {_ADVICE}"
        )
    if role == OWNER:
        return
    if is_superuser:
        raise RoleWrong(f"The role {role} is a superuser; run: ALTER ROLE {role} NOSUPERUSER;")
    if changeable:
        raise RoleWrong(
            f"The role {role} may change or delete history in {changeable}. Revoke UPDATE, DELETE and TRUNCATE there "
            "from it, from PUBLIC, and from every role that it is a member of."
        )


def refuse_pooler(connection: Connection) -> None:
    """For a login that has no role yet. Raises PoolerInBetween."""
    row = connection.execute("SELECT pg_backend_pid()").fetchone()
    connection.rollback()
    assert row is not None
    judge((OWNER, row[0], False, None), connection.info.backend_pid, OWNER)


def named(error: OperationalError) -> Exception:
    """A failure to connect as what it means: PgBouncer refuses startup parameters that it does not know."""
    if "unsupported startup parameter" in str(error):
        return PoolerInBetween(f"PgBouncer answers at DATABASE_URL and refuses the ledger's connections. {_ADVICE}")
    return error


def bounded(conninfo: str) -> dict[str, str]:
    """A limit on the time to connect, unless the address gives one."""
    return {} if "connect_timeout" in conninfo_to_dict(conninfo) else {"connect_timeout": "10"}
