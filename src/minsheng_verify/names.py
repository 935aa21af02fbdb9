"""The names of a log: after a loss it goes on as `ORIGIN/restart-2`, `ORIGIN/restart-3`, …, with the same keys."""

import re
from collections.abc import Iterable
from dataclasses import replace

from minsheng_verify.note import Key

_RESTARTED = re.compile(r"(.+)/restart-([2-9]|[1-9][0-9]{1,8})")


def parse_name(origin: str) -> tuple[str, int]:
    """The first name of the log, and how many names it has had with this one."""
    found = _RESTARTED.fullmatch(origin)
    return (found[1], int(found[2])) if found else (origin, 1)


def renamed(keys: Iterable[Key], origin: str) -> list[Key]:
    """The keys of this log, known under any of its names, under this one."""
    base = parse_name(origin)[0]
    return list(dict.fromkeys(replace(key, name=origin) for key in keys if parse_name(key.name)[0] == base))
