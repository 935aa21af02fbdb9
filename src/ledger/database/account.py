"""The system user that the embedded PostgreSQL runs as, since it refuses to be root."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ledger.database.errors import EmbeddedServerProblem

NAME = "minsheng"


@dataclass(frozen=True)
class Account:
    """A system user that this process, being root, hands the server to."""

    uid: int
    gid: int


def server_account() -> Account | None:
    """For root the system user `minsheng`, created when missing; for others None: they stay who they are."""
    if os.geteuid() != 0:
        return None
    return _find() or _create()


def give(path: Path, account: Account | None) -> None:
    """Make the account the owner of a file or folder."""
    if account is not None:
        os.chown(path, account.uid, account.gid)


def run_as(
    account: Account | None,
    command: Sequence[str | Path],
    *,
    cwd: Path = Path("/"),
    env: Mapping[str, str] | None = None,
    stderr: IO[bytes] | int = subprocess.STDOUT,
    new_session: bool = False,
) -> subprocess.CompletedProcess[bytes]:
    """Run a command to its end as the account and keep what it printed."""
    return subprocess.run(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
        start_new_session=new_session,
        user=None if account is None else account.uid,
        group=None if account is None else account.gid,
        extra_groups=None if account is None else [],
        check=False,
    )


def can_enter(account: Account | None, folder: Path) -> bool:
    """Whether the account can reach things inside the folder, asked of the system itself."""
    return run_as(account, ["/bin/sh", "-c", 'test -x "$0"', folder]).returncode == 0


def _find() -> Account | None:
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        return None
    if entry.pw_uid == 0:
        raise EmbeddedServerProblem(f"The system user {NAME} is root under another name; rename it.")
    return Account(entry.pw_uid, entry.pw_gid)


def _create() -> Account:
    reason = "there is no useradd here"
    if program := shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"):
        command = [program, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
        created = run_as(None, [*command, NAME])
        # Asked again even after a failure: another process may have created the user a moment earlier.
        if account := _find():
            return account
        reason = created.stdout.decode(errors="replace").strip()
    raise EmbeddedServerProblem(
        f"PostgreSQL does not run as root, and the system user {NAME} could not be created: {reason}. "
        "Create it, run as an ordinary user, or set DATABASE_URL."
    )
