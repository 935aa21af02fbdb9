"""The list of commands is true, and asking for it costs nothing of what commands need."""

import subprocess
import sys

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from api.cli.main import PLACES, Lazily, app

HELP_ALONE = """
import sys
from typer.testing import CliRunner
from api.cli.main import app
for words in (["--help"], ["--version"], ["no-such-command"]):
    CliRunner().invoke(app, words)
print(sorted({name.partition(".")[0] for name in sys.modules} & {"ledger", "projections", "fastapi", "psycopg"}))
"""


def test_help_and_version_import_nothing_of_the_ledger() -> None:
    done = subprocess.run([sys.executable, "-c", HELP_ALONE], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("name", PLACES)
def test_each_command_is_where_the_list_says(name: str) -> None:
    done = CliRunner().invoke(app, [name, "--help"], env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    listed = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"}).output
    assert PLACES[name].help in listed
    assert PLACES[name].help.rstrip(".") in done.output


def test_the_version_is_said() -> None:
    assert CliRunner().invoke(app, ["--version"]).output == "minsheng 0.1.0\n"
    assert isinstance(get_command(app), Lazily)
