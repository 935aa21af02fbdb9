"""The wheel of this source tree, installed into an environment with our dependencies and with packages of others that
have the names of ours."""

import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.docs.documents import ROOT

NESTED = ("ledger", "projections", "api")
SECONDS = 180


@dataclass(frozen=True)
class Installed:
    wheel: Path
    environment: Path

    def command(self, name: str) -> Path:
        return self.environment / "bin" / name

    def run(self, name: str, *arguments: str, folder: Path, **settings: str) -> "subprocess.CompletedProcess[str]":
        command = [str(self.command(name)), *arguments]
        known = environment(**settings)
        return subprocess.run(command, cwd=folder, env=known, capture_output=True, text=True, timeout=SECONDS)


def environment(**settings: str) -> dict[str, str]:
    """Nothing that leads to the source tree or to a database."""
    known = {name: value for name, value in os.environ.items() if not re.match("PYTHON|DATABASE_URL|MINSHENG_", name)}
    return known | {"COLUMNS": "200"} | settings


@contextmanager
def installed_wheel() -> Iterator[Installed]:
    with TemporaryDirectory(prefix="minsheng-wheel-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
        built = ["wheel", str(ROOT), "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder)]
        subprocess.run([*pip, *built], check=True, cwd=folder)
        (wheel,) = folder.glob("*.whl")
        target = folder / "environment"
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(target)], check=True)
        into = ["--python", str(target / "bin" / "python"), "install", "--no-index", "--no-deps", str(wheel)]
        subprocess.run([*pip, *into], check=True, cwd=folder)
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        packages = target / "lib" / version / "site-packages"
        # The .pth files in the folder it names are not read, so the source tree stays out of sight.
        (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
        for other in NESTED:
            (packages / other).mkdir()
            (packages / other / "__init__.py").write_text(f"OTHERS = '{other}'\n")
        yield Installed(wheel, target)
