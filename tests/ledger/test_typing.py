"""What the type checker refuses, so that it is found before anything runs."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import ledger

SOURCE = Path(ledger.__file__).parent
# In a copy of the source: what is replaced in which file, and what mypy then has to say where.
FORGOTTEN = {
    "a field that its decision does not give": (
        "project/ending.py",
        "    conclusion: Text\n",
        "    conclusion: Text\n    further: Text\n",
        r'Missing named argument "further" for "Closed"',
    ),
    "an argument that deciding again does not give": (
        "project/supervision.py",
        "def suspend(project: Project, reason: str)",
        "def suspend(project: Project, reason: str, further: str)",
        r'Missing positional argument "further" in call to "suspend"',
    ),
    "a fold": (
        "project/payments.py",
        "def fold(self, project: Project, recorded: Recorded) -> Project:\n        return changed(project, refunded",
        "def folded(self, project: Project, recorded: Recorded) -> Project:\n        return changed(project, refunded",
        r'Cannot instantiate abstract class "Refunded" with abstract attribute "fold"',
    ),
    "a second decision": (
        "project/objections.py",
        "def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> ObjectionRaised:",
        "def again(self, ground: Ground, project: Project, recorded: Recorded) -> ObjectionRaised:",
        r'Cannot instantiate abstract class "ObjectionRaised" with abstract attribute "decide_again"',
    ),
}


def test_what_a_fact_forgets_is_a_type_error(tmp_path: Path) -> None:
    shutil.copytree(SOURCE, tmp_path / "ledger", ignore=shutil.ignore_patterns("__pycache__"))
    for file, old, new, _ in FORGOTTEN.values():
        path = tmp_path / "ledger" / file
        text = path.read_text("utf-8")
        assert text.count(old) == 1, (file, old)
        path.write_text(text.replace(old, new), "utf-8")
    words = ["--strict", "--python-version", "3.11", "--cache-dir", str(tmp_path / "cache"), "-p", "ledger.project"]
    (tmp_path / "mypy.ini").write_text("[mypy]\nplugins = pydantic.mypy\ndisable_error_code = type-abstract\n")
    found = subprocess.run([sys.executable, "-m", "mypy", *words], cwd=tmp_path, capture_output=True, text=True)
    errors = [line for line in found.stdout.splitlines() if ": error:" in line]
    for what, (file, _, _, message) in FORGOTTEN.items():
        assert any(f"ledger/{file}" in line and re.search(message, line) for line in errors), (what, found.stdout)
    assert {line.split(":")[0] for line in errors} == {f"ledger/{file}" for file, *_ in FORGOTTEN.values()}
