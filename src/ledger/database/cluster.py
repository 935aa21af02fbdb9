"""The folder of the embedded PostgreSQL: what lies where, and its first creation."""

import errno
import hashlib
import os
import shutil
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from ledger.database.account import NAME, Account, can_enter, give, run_as
from ledger.database.errors import EmbeddedServerProblem

SUPERUSER = "minsheng"
SOCKET_NAME = ".s.PGSQL.5432"
_SOCKET_PATH_LIMIT = 100

# Written once and open to change by the operator; what the ledger relies on is set at each start instead.
_SETTINGS = {"max_connections": "200", "max_wal_size": "2GB"}
# A quarter of the machine's memory, as PostgreSQL's manual advises; only what is used of it is taken.
_LEAST_BUFFERS, _MOST_BUFFERS = 128 << 20, 8 << 30


def _buffers() -> str:
    size = min(max(psutil.virtual_memory().total // 4, _LEAST_BUFFERS), _MOST_BUFFERS)
    return f"{size >> 20}MB"


@dataclass(frozen=True)
class Cluster:
    """One data folder; everything of the embedded server lies below it."""

    folder: Path

    @property
    def data(self) -> Path:
        """PGDATA."""
        return self.folder / "postgres"

    @property
    def log(self) -> Path:
        """What the server prints."""
        return self.folder / "postgres.log"

    @property
    def start_lock(self) -> Path:
        """Held while the server is started or stopped."""
        return self.folder / "start.lock"

    @property
    def users_lock(self) -> Path:
        """Held, shared, by every process that uses the server."""
        return self.folder / "users.lock"

    @property
    def socket_folder(self) -> Path:
        """Where a server started by this process listens: below the folder unless that path is too long."""
        for place in (self.folder / "run", self._short_socket_folder()):
            # libpq and PostgreSQL both split a list of folders at commas; what is not printable is no UTF-8 text.
            is_short = len(os.fsencode(place / SOCKET_NAME)) <= _SOCKET_PATH_LIMIT
            if is_short and "," not in str(place) and str(place).isprintable():
                return place
        raise EmbeddedServerProblem(
            f"No path short enough for a socket; set TMPDIR shorter than {tempfile.gettempdir()}."
        )

    def _short_socket_folder(self) -> Path:
        digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()
        return Path(tempfile.gettempdir()) / f"minsheng-{digest[:16]}"


def make_folder(folder: Path) -> None:
    """Create the data folder when missing; one that is there keeps its permissions."""
    # The server's own files hold the path, one to a line.
    if any(ord(character) < ord(" ") for character in str(folder)):
        raise EmbeddedServerProblem(f"{str(folder)!r} holds control characters; set MINSHENG_DATA to another folder.")
    try:
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
            # Root's server runs as another user, who has to pass through.
            folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
        elif not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    except OSError as error:
        # `Path.is_symlink` raises for a name that is too long.
        dangling = os.path.islink(folder) and error.errno == errno.EEXIST  # noqa: PTH114
        why = "is a link that leads nowhere" if dangling else f"cannot be used: {error.strerror}"
        raise EmbeddedServerProblem(f"The data folder {folder} {why}; set MINSHENG_DATA to another.") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise EmbeddedServerProblem(f"{folder} is not this user's to write in; set MINSHENG_DATA to another.")


def prepare(cluster: Cluster, account: Account | None, programs: Path, *, create: bool) -> None:
    """Make the cluster's folders ready; the caller holds the start lock. `create`: a cluster that is not there is
    created; otherwise it has gone, as with a disk that is not mounted, and is not taken for one that never was."""
    if not cluster.data.exists():
        if not create:
            raise EmbeddedServerProblem(f"{cluster.data} has gone while the ledger was open.")
        _initialise(cluster, account, programs)
    owner = os.geteuid() if account is None else account.uid
    if cluster.data.stat().st_uid != owner:
        raise EmbeddedServerProblem(
            f"{cluster.data} belongs to another user; run as that user or choose another folder."
        )
    _prepare_socket_folder(cluster.socket_folder, account, owner)


def check_reachable(cluster: Cluster, account: Account | None) -> None:
    """Refuse a data folder that the server's user could not enter."""
    if not can_enter(account, cluster.folder):
        raise EmbeddedServerProblem(
            f"PostgreSQL runs as the system user {NAME}, who cannot enter {cluster.folder}. "
            "Set MINSHENG_DATA to a folder outside closed ones such as /root, or run as an ordinary user."
        )


def _initialise(cluster: Cluster, account: Account | None, programs: Path) -> None:
    """Create the cluster under a temporary name and rename it, so that a half-made one is never taken for whole."""
    for interrupted in cluster.folder.glob("initdb-*"):
        shutil.rmtree(interrupted, ignore_errors=True)
    unfinished = Path(tempfile.mkdtemp(prefix="initdb-", dir=cluster.folder))
    try:
        give(unfinished, account)
        command: list[str | Path] = [programs / "initdb", "--pgdata", unfinished, "--username", SUPERUSER]
        command += ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += ["--data-checksums", "--auth-local=trust", "--auth-host=reject", "--no-instructions"]
        command += [f"--set={name}={value}" for name, value in (_SETTINGS | {"shared_buffers": _buffers()}).items()]
        made = run_as(account, command, env=server_environment())
        if made.returncode != 0:
            printed = made.stdout.decode(errors="replace")
            raise EmbeddedServerProblem(f"initdb failed in {cluster.folder}:\n{printed}")
        unfinished.rename(cluster.data)
        _flush(cluster.folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def server_environment() -> dict[str, str]:
    """The environment for PostgreSQL's programs, without the PG variables that are meant for clients."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}


def _prepare_socket_folder(folder: Path, account: Account | None, owner: int) -> None:
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    status = folder.lstat()
    ours = stat.S_ISDIR(status.st_mode) and status.st_uid in (owner, os.geteuid())
    # Trust rests on this folder being ours, and in a shared temporary one others may have been first.
    if not ours or stat.S_IMODE(status.st_mode) != 0o700:
        raise EmbeddedServerProblem(f"{folder} is not the server user's own, with mode 0700; remove it.")
    give(folder, account)


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
