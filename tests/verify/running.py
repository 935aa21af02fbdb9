"""Runs the verifier in this process and keeps what it said; in no test may it fall over."""

import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from typing import Any

from minsheng_verify.cli import main


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def run(*arguments: object) -> Ran:
    out, err = StringIO(), StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as left:
            code = int(left.code or 0)
    ran = Ran(code, out.getvalue(), err.getvalue())
    assert "Traceback" not in ran.err and "the verifier itself failed" not in ran.err + ran.out, ran
    return ran


def accepted(*arguments: object) -> Ran:
    ran = run(*arguments)
    assert ran.code == 0, ran
    return ran


def refused(said: str, *arguments: object) -> Ran:
    """Exit code 1, with `said` within what is said."""
    ran = run(*arguments)
    assert ran.code == 1, ran
    assert said in ran.err + ran.out, ran
    return ran
