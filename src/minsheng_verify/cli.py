"""The command `minsheng-verify`."""

import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack

from minsheng_verify.arguments import parser
from minsheng_verify.commands import COMMANDS
from minsheng_verify.faults import Fault, WrongUsage
from minsheng_verify.report import show, show_fault


def main(arguments: Sequence[str] | None = None) -> int:
    """0 verified, 1 does not verify, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")
    asked = parser().parse_args(arguments)
    asked.restarts = []
    try:
        with ExitStack() as asked.opened:
            show(COMMANDS[asked.command](asked), asked.json)
        sys.stdout.flush()
    except Fault as fault:
        show_fault(fault, asked.json, asked.restarts)
        return 1
    except WrongUsage as wrong:
        print(f"minsheng-verify: {wrong}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Nobody reads on; without this Python complains once more while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        # Whatever was not thought of was not verified either.
        show_fault(Fault(f"the verifier itself failed: {type(error).__name__}: {error}"), asked.json)
        return 1
    return 0
