"""The Nu Html Checker, a program in Java; `make test` installs it from the registry of npm into `.cache/vnu`."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

JAR = Path(__file__).parents[2] / ".cache/vnu/node_modules/vnu-jar/build/dist/vnu.jar"


def invalid(pages: Mapping[str, str], folder: Path) -> list[str]:
    """What is wrong with the pages by the rules of HTML. `pages`: by their addresses."""
    java = shutil.which("java")
    if java is None or not JAR.exists():
        pytest.skip("HTML is not checked: that needs java, and npm to install the checker, as `make test` does it")
    names = {}
    for number, (address, text) in enumerate(pages.items()):
        names[f"{number}.html"] = address
        (folder / f"{number}.html").write_text(text, "utf-8")
    command = [java, "-jar", str(JAR), "--format", "json", "--exit-zero-always", "--errors-only"]
    ran = subprocess.run([*command, *(str(folder / name) for name in names)], capture_output=True, check=True)
    messages = json.loads(ran.stderr)["messages"]
    return [
        f"{names[one['url'].rpartition('/')[2]]}: {one['message']} {one.get('extract', '')[:160]!r}" for one in messages
    ]
