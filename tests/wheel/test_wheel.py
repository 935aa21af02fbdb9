"""The wheel: everything is in it, and nothing of it gets in the way of others' packages.

That the installed service runs the demonstration: tests/docs/test_first_project.py.
"""

from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from tests.docs.documents import ROOT
from tests.support import open_folder
from tests.wheel.installed import NESTED, Installed, installed_wheel

SRC = ROOT / "src"


@pytest.fixture(scope="module")
def installed() -> Iterator[Installed]:
    with installed_wheel() as found:
        yield found


def test_wheel_contains_everything_under_names_of_our_own(installed: Installed) -> None:
    with ZipFile(installed.wheel) as wheel:
        names = set(wheel.namelist())
    top = {name.split("/")[0] for name in names}
    assert {name for name in top if not name.endswith(".dist-info")} == {"minsheng_ledger", "minsheng_verify"}
    sources = {path.relative_to(SRC) for path in SRC.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    places = {(Path("minsheng_ledger") / path if path.parts[0] in NESTED else path).as_posix() for path in sources}
    assert places == {name for name in names if ".dist-info/" not in name}
    assert {"minsheng_ledger/py.typed", "minsheng_verify/py.typed"} <= names


def test_wheel_carries_the_licence(installed: Installed) -> None:
    with ZipFile(installed.wheel) as wheel:
        [metadata] = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
        carried = wheel.read(metadata.replace("METADATA", "licenses/LICENSE"))
        fields = wheel.read(metadata).decode().split("\n\n")[0].splitlines()
    assert carried == (ROOT / "LICENSE").read_bytes()
    assert {"License-Expression: Apache-2.0", "License-File: LICENSE"} <= set(fields)


def test_packages_of_others_keep_their_names(installed: Installed, tmp_path: Path) -> None:
    code = "import api, ledger, projections, minsheng_verify; print(api.OTHERS, ledger.OTHERS, projections.OTHERS)"
    assert installed.run("python", "-c", code, folder=tmp_path).stdout == "api ledger projections\n"


def test_library_is_importable_after_the_package(installed: Installed, tmp_path: Path) -> None:
    code = "import minsheng_ledger, ledger.store.library, projections.runner; print(ledger.__file__)"
    done = installed.run("python", "-c", code, folder=tmp_path)
    assert "minsheng_ledger/ledger" in done.stdout, done.stderr


def test_verifier_runs_alone(installed: Installed, tmp_path: Path) -> None:
    done = installed.run("minsheng-verify", "--help", folder=tmp_path)
    assert done.returncode == 0 and "inclusion" in done.stdout, done.stderr
    assert installed.run("python", "-m", "minsheng_verify", "--help", folder=tmp_path).returncode == 0


def test_rebuilding_in_two_processes_finds_its_packages(installed: Installed) -> None:
    with open_folder() as folder:
        for name, arguments in (("minsheng", ()), ("python", ("-m", "minsheng_ledger"))):
            done = installed.run(
                name, *arguments, "projections", "rebuild", folder=folder, MINSHENG_DATA=str(folder / "data")
            )
            assert done.returncode == 0, done.stdout + done.stderr
