"""What the verifier saw before: the last checkpoint and the keys of each log, which log an address was, and which log
another went on as after a loss."""

import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from minsheng_verify.checkpoint import Checkpoint, parse_checkpoint
from minsheng_verify.faults import Fault, WrongUsage
from minsheng_verify.names import parse_name, renamed
from minsheng_verify.note import Key, parse_key


@dataclass(frozen=True, slots=True)
class Remembered:
    keys: tuple[Key, ...]
    checkpoint: Checkpoint


def memory_file() -> Path:
    """Where a program's data customarily lies on this system."""
    home = Path.home()
    if sys.platform == "darwin":
        folder = home / "Library" / "Application Support"
    elif sys.platform == "win32":
        folder = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    else:
        folder = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    return folder / "minsheng-verify" / "memory.json"


@dataclass(frozen=True, slots=True)
class Ended:
    """A log that went on as `into`; from `fork` on its entries are no longer vouched for."""

    into: str
    fork: int


class Memory:
    """A JSON file. An unreadable one is refused and never reset: a dishonest log would profit from the forgetting."""

    def __init__(self, file: Path) -> None:
        """Raises WrongUsage."""
        self.file = file
        self._logs, self._addresses, self._ended = self._read()

    def log(self, origin: str) -> Remembered | None:
        return self._logs.get(origin)

    def keys_of(self, origin: str) -> list[Key]:
        """Those known for the log, also from its time under another name."""
        known = self._logs.get(origin)
        if known is not None:
            return list(known.keys)
        return renamed([key for kept in self._logs.values() for key in kept.keys], origin)

    def before(self, origin: str) -> Remembered | None:
        """What is remembered of the log's last time under an earlier name."""
        base, generation = parse_name(origin)
        named = {name: parse_name(name) for name in self._logs}
        earlier = [name for name, (other, number) in named.items() if other == base and number < generation]
        return self._logs[max(earlier, key=lambda name: named[name][1])] if earlier else None

    def ended(self, origin: str) -> Ended | None:
        return self._ended.get(origin)

    def origin_at(self, address: str) -> str | None:
        return self._addresses.get(address)

    def remember(
        self, checkpoint: Checkpoint, keys: Iterable[Key], address: str | None, ended: Mapping[str, Ended]
    ) -> None:
        """Keeps the larger checkpoint, should another run have written meanwhile. Raises WrongUsage."""
        self._logs, self._addresses, self._ended = self._read()
        before = self._logs.get(checkpoint.origin)
        known = (*keys, *(before.keys if before else ()))
        newest = before.checkpoint if before and before.checkpoint.size > checkpoint.size else checkpoint
        self._logs[checkpoint.origin] = Remembered(tuple(dict.fromkeys(known)), newest)
        if address is not None:
            self._addresses[address] = checkpoint.origin
        self._ended |= ended
        self._write()

    def _read(self) -> tuple[dict[str, Remembered], dict[str, str], dict[str, Ended]]:
        try:
            value: Any = json.loads(self.file.read_text("utf-8"))
            logs = {}
            for origin, kept in value["logs"].items():
                checkpoint = parse_checkpoint(kept["checkpoint"].encode(), "the remembered checkpoint")
                logs[origin] = Remembered(tuple(parse_key(key) for key in kept["keys"]), checkpoint)
            addresses = {str(address): str(origin) for address, origin in value["addresses"].items()}
            ended = {str(old): Ended(str(one["into"]), int(one["fork"])) for old, one in value.get("ended", {}).items()}
            return logs, addresses, ended
        except FileNotFoundError:
            return {}, {}, {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, Fault) as error:
            raise WrongUsage(
                f"{self.file}, which holds what was seen before, cannot be read ({error}); put a copy of it back, or "
                "move it away to start over, which forgets what the logs have promised"
            ) from error

    def _write(self) -> None:
        value = {
            "logs": {
                origin: {"keys": [str(key) for key in kept.keys], "checkpoint": kept.checkpoint.note.raw}
                for origin, kept in self._logs.items()
            },
            "addresses": self._addresses,
            "ended": {old: {"into": one.into, "fork": one.fork} for old, one in self._ended.items()},
        }
        fresh = self.file.with_name(f".{self.file.name}.{os.getpid()}")
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", "utf-8")
            fresh.replace(self.file)
        except OSError as error:
            raise WrongUsage(f"{self.file} cannot be written: {error.strerror}; choose another by --memory") from error
