"""The PostgreSQL server process of a cluster: is it there, start it, stop it."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import psutil
from psycopg import pq
from psycopg.conninfo import make_conninfo

from ledger.database.account import Account, run_as
from ledger.database.cluster import SOCKET_NAME, SUPERUSER, Cluster, server_environment
from ledger.database.environment import forget_client_variables, neutral_options
from ledger.database.errors import EmbeddedServerProblem

# Fast mode writes a checkpoint, which a slow disk takes its time over.
_FAST_LIMIT, _IMMEDIATE_LIMIT = 30.0, 10.0
_LOG_LIMIT = 16 * 1024 * 1024

# What the ledger relies on, whatever the configuration file says.
_SETTINGS = {
    "listen_addresses": "",
    "port": "5432",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
}

# The shell leaves the server to init: no client is its parent, so none has to reap it or ends with it.
_DETACH = '"$0" "$@" >&2 & echo $!'


def conninfo(socket_folder: Path, dbname: str) -> str:
    """How to reach a database of the server that listens in the folder, whatever the environment says."""
    given = {
        "host": str(socket_folder),
        "port": "5432",
        "user": SUPERUSER,
        "dbname": dbname,
        "client_encoding": "UTF8",
        "gssencmode": "disable",
        "sslmode": "disable",
        # A file that is not there: nothing asks for a password here.
        "passfile": str(socket_folder / "no-passwords"),
    }
    return make_conninfo("", **(neutral_options() | given))


def answers(socket_folder: Path) -> bool:
    """Whether a server takes connections there; one that is full does."""
    forget_client_variables()
    return pq.PGconn.ping(conninfo(socket_folder, "postgres").encode()) == pq.Ping.OK


def recorded_socket_folder(cluster: Cluster) -> Path | None:
    """Where the running server says it listens; another process with another TMPDIR may have started it."""
    lines = _pid_file(cluster)
    return Path(lines[4]) if len(lines) > 4 and lines[4] else None


def living(cluster: Cluster) -> list[psutil.Process]:
    """The server's processes that are alive, the children of a killed postmaster among them."""
    return [process for process in psutil.process_iter() if _belongs(process, cluster)]


def is_alive(process: psutil.Process) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def launch(cluster: Cluster, account: Account | None, programs: Path) -> psutil.Process | None:
    """Start the server and return its process, or None if that is gone already.

    The caller holds the start lock and knows that none of the server's processes is alive.
    """
    _forget(cluster)
    folder = str(cluster.socket_folder).replace('"', '""')
    settings = _SETTINGS | {"unix_socket_directories": f'"{folder}"'}
    command = ["/bin/sh", "-c", _DETACH, str(programs / "postgres"), "-D", str(cluster.data)]
    command += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with open(cluster.log, "ab", opener=lambda path, flags: os.open(path, flags, 0o600)) as log:
        # A session of its own, so that Ctrl-C in a client's terminal is not meant for the server.
        environment = server_environment()
        shell = run_as(account, command, cwd=cluster.data, env=environment, stderr=log, new_session=True)
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(int(shell.stdout))
    return None


def stop(cluster: Cluster, *, at_once: bool = False) -> None:
    """End the cluster's server, if it is there; see `end`."""
    lines = _pid_file(cluster)
    try:
        postmaster = psutil.Process(int(lines[0]))
    except (IndexError, ValueError, psutil.NoSuchProcess):
        return
    if _belongs(postmaster, cluster):
        end(postmaster, cluster, at_once=at_once)


def end(postmaster: psutil.Process, cluster: Cluster, *, at_once: bool = False) -> None:
    """Fast mode: clients are disconnected, nothing is lost. `at_once`, or when that takes too long: immediate mode,
    after which the next start recovers."""
    if not at_once:
        _signal(postmaster, signal.SIGINT)
        if _is_gone(postmaster, _FAST_LIMIT):
            return
    _signal(postmaster, signal.SIGQUIT)
    if not _is_gone(postmaster, _IMMEDIATE_LIMIT):
        raise EmbeddedServerProblem(f"Process {postmaster.pid} did not stop; see {cluster.log}.")


def _signal(process: psutil.Process, signum: signal.Signals) -> None:
    with suppress(psutil.NoSuchProcess):
        process.send_signal(signum)


def _is_gone(postmaster: psutil.Process, seconds: float) -> bool:
    """Whether it ends within so many seconds."""
    deadline = time.monotonic() + seconds
    while is_alive(postmaster):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def rotate_log(cluster: Cluster) -> int:
    """Put a long log aside, one generation; return where the next lines will begin."""
    try:
        size = cluster.log.stat().st_size
    except FileNotFoundError:
        return 0
    if size <= _LOG_LIMIT:
        return size
    cluster.log.replace(cluster.log.with_suffix(".log.1"))
    return 0


def _pid_file(cluster: Cluster) -> list[str]:
    try:
        return (cluster.data / "postmaster.pid").read_text("utf-8", "surrogateescape").split("\n")
    except FileNotFoundError:
        return []


def _belongs(process: psutil.Process, cluster: Cluster) -> bool:
    """Whether a process is this cluster's: a pid alone may have passed to an innocent one."""
    try:
        return process.name() == "postgres" and Path(process.cwd()) == cluster.data and is_alive(process)
    except psutil.Error:
        return False


def _forget(cluster: Cluster) -> None:
    # PostgreSQL refuses to start over these as long as any process carries the number in them.
    (cluster.data / "postmaster.pid").unlink(missing_ok=True)
    for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
        (cluster.socket_folder / name).unlink(missing_ok=True)
