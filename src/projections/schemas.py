"""Connections of the projections' role and the schemas they make."""

import psycopg
from psycopg import sql

from ledger.database import Database, Role


def connect(database: Database) -> psycopg.Connection:
    """As the projections' role, and without waiting for the disk: should the server fall, rows and position are
    lost together and folded again. What a fold looks up was written lately and is in memory, so a look by index costs
    hardly more than the next page; else the planner goes through all that is valid now to end a few rows."""
    connection = database.connect(Role.PROJECTIONS)
    connection.execute("SET synchronous_commit = off")
    connection.execute("SET random_page_cost = 1.1")
    connection.commit()
    return connection


def create(connection: psycopg.Connection, schema: str, statements: str) -> None:
    """A schema with the tables, which the service may read."""
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    connection.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(schema)))
    connection.execute(statements.encode())
    for grant in (
        "GRANT USAGE ON SCHEMA {} TO minsheng_service",
        "GRANT SELECT ON ALL TABLES IN SCHEMA {} TO minsheng_service",
    ):
        connection.execute(sql.SQL(grant).format(sql.Identifier(schema)))


def finish(connection: psycopg.Connection, schema: str, indexes: str) -> None:
    """Indexes what was filled, and lets the planner know it."""
    connection.execute(sql.SQL("SET LOCAL search_path = {}").format(sql.Identifier(schema)))
    connection.execute(indexes.encode())
    rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s", [schema])
    tables = sql.SQL(", ").join(sql.Identifier(schema, row[0]) for row in rows)
    connection.execute(sql.SQL("ANALYZE {}").format(tables))


def rename(connection: psycopg.Connection, schema: str, to: str) -> None:
    connection.execute(sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(sql.Identifier(schema), sql.Identifier(to)))


def drop(connection: psycopg.Connection, schema: str) -> None:
    connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))
