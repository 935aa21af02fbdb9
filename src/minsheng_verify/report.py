"""What a command found, for people and as JSON."""

import json
import sys
from collections.abc import Sequence
from typing import Any

from minsheng_verify.faults import Fault


class Report:
    """Named findings in the order in which they were made."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str]] = []
        self.data: dict[str, Any] = {}

    def say(self, name: str, text: str, value: Any = None) -> None:
        """`value` is what machines get; without it, the text."""
        self.lines.append((name.replace("_", " "), text))
        self.data[name] = text if value is None else value


def show(report: Report, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"ok": True, **report.data}))
        return
    width = max((len(name) for name, _ in report.lines), default=0)
    for name, text in report.lines:
        print(f"{name:<{width}}  {printable(text)}")
    print("verified")


def show_fault(fault: Fault, as_json: bool, restarts: Sequence[str] = ()) -> None:
    """`restarts`: what the log is known to have lost, which may be what is missed."""
    if as_json:
        told = {"ok": False, "fault": str(fault), **fault.place}
        more = {"notes": fault.notes, "restarts": list(restarts)}
        print(json.dumps(told | {name: value for name, value in more.items() if value}))
        return
    print(f"does not verify: {printable(str(fault))}", file=sys.stderr)
    for restart in restarts:
        print(f"What was recorded under another name of the log may be lost: {printable(restart)}", file=sys.stderr)
    if fault.notes:
        print("Keep these signed statements; together they are the proof:", file=sys.stderr)
    for note in fault.notes:
        print("\n".join(f"  | {printable(line)}" for line in note.splitlines()), file=sys.stderr)
        print(file=sys.stderr)


def printable(text: str) -> str:
    """Without what moves a terminal's cursor: much of what is shown comes from the one that is not trusted."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)
