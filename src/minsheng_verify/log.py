"""A log as it is published now: its checkpoint signed, cosigned, and continuing what was seen before."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from minsheng_verify.checkpoint import NOTE_LIMIT, Checkpoint, check_log_signature, cosigned, parse_checkpoint
from minsheng_verify.faults import Fault, Missing
from minsheng_verify.memory import Ended, Memory, Remembered
from minsheng_verify.names import parse_name
from minsheng_verify.note import ED25519, Key, Signed, parse_keys
from minsheng_verify.restarts import Restarts, read_restarts
from minsheng_verify.source import Source
from minsheng_verify.tiles import Tiles


@dataclass(frozen=True, slots=True)
class Trust:
    """What the reader brings: keys of the log from elsewhere, witnesses and how many of them must vouch."""

    keys: Sequence[Key] = ()
    witnesses: Sequence[Key] = ()
    quorum: int = 0


@dataclass(slots=True)
class Log:
    """`before` is what was remembered of this log; `first_met` when nothing was and no key was brought. `earlier`:
    what was remembered of it under another name. `believed`: its key was brought from elsewhere."""

    source: Source
    checkpoint: Checkpoint
    key: Key
    keys: Sequence[Key]
    witnessed: Sequence[Signed]
    before: Remembered | None
    first_met: bool
    believed: bool = False
    earlier: Remembered | None = None
    _tiles: Tiles | None = field(default=None)
    _restarts: Restarts | None = field(default=None)

    @property
    def tiles(self) -> Tiles:
        """Raises Fault when the tiles do not have the checkpoint's root."""
        if self._tiles is None:
            self._tiles = Tiles(self.source, self.checkpoint.size, self.checkpoint.root)
        return self._tiles

    @property
    def restarts(self) -> Restarts:
        """What the log says that it lost. Raises Fault."""
        if self._restarts is None:
            found = self.checkpoint
            self._restarts = read_restarts(
                self.source, found.origin, found.note.raw, self.tiles, self.keys, believed=self.believed
            )
        return self._restarts

    @property
    def was_restarted(self) -> bool:
        return parse_name(self.checkpoint.origin)[1] > 1


def open_log(source: Source, trust: Trust, memory: Memory) -> Log:
    """Reads and checks the checkpoint, and remembers it. Raises Fault."""
    log = read_log(source, trust, memory)
    keep(log, memory)
    return log


def keep(log: Log, memory: Memory) -> None:
    """Remembers the checkpoint, if it continues what was seen before. Raises Fault."""
    if log.before is not None:
        check_continues(log, log.before.checkpoint, "what was seen before")
    ended: dict[str, Ended] = {}
    if log.was_restarted:
        log.restarts.check()
        if log.earlier is not None:
            check_continues(log, log.earlier.checkpoint, "what was seen before")
        ended = {one.previous.origin: Ended(log.checkpoint.origin, one.fork) for one in log.restarts.all}
    memory.remember(log.checkpoint, (log.key, *log.keys), log.source.name if log.source.is_address else None, ended)


def read_log(source: Source, trust: Trust, memory: Memory) -> Log:
    """The checkpoint and who signed it; not yet whether it continues what was seen before. Raises Fault."""
    checkpoint = parse_checkpoint(source.read("checkpoint", NOTE_LIMIT), "checkpoint")
    known, earlier = memory.log(checkpoint.origin), memory.before(checkpoint.origin)
    if source.is_address and not trust.keys:
        _check_address(source, checkpoint, memory)
    keys = trust.keys or memory.keys_of(checkpoint.origin) or _published_keys(source, checkpoint.origin)
    try:
        key = check_log_signature(checkpoint, keys, "checkpoint")
    except Fault as fault:
        seen = known or earlier
        if seen and not trust.keys and _signed_by_published(source, checkpoint):
            raise Fault(
                f"the log {checkpoint.origin} now signs with a key that was not seen before; if its operator announced "
                "that elsewhere, give the new key by --key",
                file="checkpoint",
                notes=(seen.checkpoint.note.raw, checkpoint.note.raw),
            ) from fault
        raise
    witnessed = cosigned(checkpoint, trust.witnesses, "checkpoint")
    if len(witnessed) < trust.quorum:
        names = ", ".join(signed.key.name for signed in witnessed) or "none"
        raise Fault(
            f"{len(witnessed)} of {len(trust.witnesses)} witnesses vouch for the checkpoint ({names}), "
            f"{trust.quorum} are asked for",
            file="checkpoint",
        )
    first_met = not (known or earlier or trust.keys)
    # What was seen under an earlier name counts once more only until the new one is known.
    return Log(source, checkpoint, key, keys, witnessed, known, first_met, bool(trust.keys), None if known else earlier)


def check_continues(log: Log, old: Checkpoint, called: str) -> None:
    """Raises Fault, with both notes, when the log is not a continuation of an earlier checkpoint of it."""
    new = log.checkpoint
    both = (old.note.raw, new.note.raw)
    if old.origin != new.origin and is_before(old.origin, new.origin):
        log.restarts.accounts_for(old, called)
        return
    if old.origin != new.origin:
        raise Fault(f"{called} is of another log: {old.origin} instead of {new.origin}", notes=both)
    if new.size < old.size:
        raise Fault(
            f"the log has become shorter: {new.size} entries, but {called} had {old.size}",
            file="checkpoint",
            notes=both,
        )
    root = new.root if new.size == old.size else log.tiles.root_at(old.size)
    if root != old.root:
        raise Fault(
            f"the log was changed within its first {old.size} entries: it is not a continuation of {called}",
            file="checkpoint",
            notes=both,
        )


def is_before(old: str, new: str) -> bool:
    """Whether one name is an earlier one of the same log."""
    (base, number), (other, later) = parse_name(old), parse_name(new)
    return base == other and number < later


def _check_address(source: Source, checkpoint: Checkpoint, memory: Memory) -> None:
    was = memory.origin_at(source.name)
    if was is not None and was != checkpoint.origin and not is_before(was, checkpoint.origin):
        known = memory.log(was)
        raise Fault(
            f"{source.name} was the log {was} and now calls itself {checkpoint.origin}; if its operator announced that "
            "elsewhere, give the new key by --key",
            file="checkpoint",
            notes=(*((known.checkpoint.note.raw,) if known else ()), checkpoint.note.raw),
        )


def _published_keys(source: Source, origin: str) -> list[Key]:
    try:
        text = source.read("key", NOTE_LIMIT).decode("utf-8", "replace")
    except Missing as missing:
        raise Fault("key is missing: give the log's key by --key", file="key") from missing
    try:
        keys = [key for key in parse_keys(text) if key.kind == ED25519 and key.name == origin]
    except Fault as fault:
        raise Fault(f"key: {fault}", file="key") from fault
    if not keys:
        raise Fault(f"key holds no key of the log {origin}", file="key")
    return keys


def _signed_by_published(source: Source, checkpoint: Checkpoint) -> bool:
    try:
        check_log_signature(checkpoint, _published_keys(source, checkpoint.origin), "checkpoint")
    except Fault:
        return False
    return True
