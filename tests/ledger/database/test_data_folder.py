"""MINSHENG_DATA, however it is written: it works, or one line says why not."""

import os
import socket
from pathlib import Path

import pytest

from api.settings import Settings
from ledger.database import DatabaseProblem, data_folder, open_database
from ledger.master_key import MasterKey, MasterKeyError
from ledger.transparency.keys import KeyFile, LogKeyError


def dangling(parent: Path) -> Path:
    (parent / "link").symlink_to(parent / "gone")
    return parent / "link"


def circular(parent: Path) -> Path:
    (parent / "a").symlink_to(parent / "b")
    (parent / "b").symlink_to(parent / "a")
    return parent / "a"


def a_file(parent: Path) -> Path:
    (parent / "file").write_text("")
    (parent / "file").chmod(0o755)
    return parent / "file"


def below_a_file(parent: Path) -> Path:
    return a_file(parent) / "data"


def too_long(parent: Path) -> Path:
    return parent / ("x" * 300)


def far_too_long(parent: Path) -> Path:
    return parent.joinpath(*["x" * 200] * 30)


def unwritable(_: Path) -> Path:
    return Path("/proc/minsheng")


def with_a_newline(parent: Path) -> Path:
    return parent / "two\nlines"


BAD = (dangling, circular, a_file, below_a_file, too_long, far_too_long, unwritable, with_a_newline)


@pytest.mark.parametrize("make", BAD)
def test_a_bad_data_folder_is_explained_in_one_line(parent: Path, make: object) -> None:
    assert callable(make)
    with pytest.raises(DatabaseProblem, match="MINSHENG_DATA") as problem, open_database(None, make(parent)):
        pass
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize("make", BAD[:-1])
def test_keys_in_a_bad_data_folder_are_explained(parent: Path, make: object) -> None:
    assert callable(make)
    folder = make(parent) / "keys"
    with pytest.raises(MasterKeyError):
        MasterKey.of_file(folder / "master.key")
    with pytest.raises(LogKeyError):
        KeyFile(folder / "log.key").make(None)


@pytest.mark.parametrize(
    "name",
    ['it\'s "民生账本", $HOME \\ 100% \N{PACKAGE}', "l" * 120, os.fsdecode(b"not utf-8 \xff")],
    ids=["quoted", "long", "bytes"],
)
def test_an_unusual_data_folder_works(folder: Path, name: str) -> None:
    with open_database(None, folder.rename(folder.with_name(name))) as database:
        database.ensure_running()


def test_a_relative_data_folder_works(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    with open_database(None, Path(folder.name)) as database:
        monkeypatch.chdir("/")
        database.ensure_running()


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_variable_is_one_that_is_not_set(blank: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MINSHENG_DATA", raising=False)
    usual = data_folder()
    monkeypatch.setenv("MINSHENG_DATA", blank)
    monkeypatch.setenv("DATABASE_URL", blank)
    settings = Settings()
    assert (settings.minsheng_data, settings.database_url) == (usual, None)
    assert data_folder() == usual


def test_a_socket_is_no_data_folder(parent: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(parent / "socket"))
        with pytest.raises(DatabaseProblem, match="MINSHENG_DATA"), open_database(None, parent / "socket"):
            pass
