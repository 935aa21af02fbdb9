"""What libpq reads from the environment, and how it is kept away from the ledger's connections.

libpq fills whatever a connection string leaves out from PG variables and from a service file. A variable meant for
another program would then lead the ledger elsewhere, or change how it reads times.
"""

import os

from psycopg import pq

# Sent by libpq when a connection starts, where they override the options of the connection string.
_SESSION = ("PGDATESTYLE", "PGTZ", "PGGEQO")
# Where libpq looks for files; not in its list of options.
_FILES = ("PGSERVICEFILE", "PGSYSCONFDIR", "PGLOCALEDIR")
_SERVICE = "service"
# Options without a built-in value that libpq does not take empty either.
_NOT_EMPTY = {
    "connect_timeout": "10",
    "sslcertmode": "disable",
    "min_protocol_version": "3.0",
    "max_protocol_version": "3.0",
}


def neutral_options() -> dict[str, str]:
    """Every option that libpq would otherwise take from the environment, with the value that is built in. All but the
    service: an empty name counts as one that the service file lacks."""
    found = ((one.keyword.decode(), one) for one in pq.Conninfo.get_defaults() if one.envvar)
    built_in = {keyword: (one.compiled or b"").decode() for keyword, one in found if keyword != _SERVICE}
    return {keyword: value or _NOT_EMPTY.get(keyword, "") for keyword, value in built_in.items()}


def forget_session_variables() -> None:
    """For every connection, since no connection string can override them."""
    _forget(*_SESSION)


def forget_client_variables() -> None:
    """For processes that use the embedded server, where no PG variable is meant for the ledger."""
    _forget(*_SESSION, *_FILES, *(one.envvar.decode() for one in pq.Conninfo.get_defaults() if one.envvar))


def _forget(*names: str) -> None:
    for name in names:
        os.environ.pop(name, None)
