"""An organisation's archive, offline: its log proofs, records, histories and files, and that nothing is missing."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from minsheng_verify.checkpoint import NOTE_LIMIT, PROOF_LIMIT, Checkpoint, check_log_signature, parse_checkpoint
from minsheng_verify.entries import Entry
from minsheng_verify.faults import Fault
from minsheng_verify.inclusion import check_alone, opening_of
from minsheng_verify.inputs import parsed
from minsheng_verify.memory import Memory
from minsheng_verify.note import ED25519, Key, parse_keys
from minsheng_verify.package import MANIFEST, Package
from minsheng_verify.payloads import Payload, check_payload, fact_of
from minsheng_verify.redactions import Redactions

HISTORY = re.compile(r"(?:organisation|projects/[0-9a-f-]{36})/history\.json")
FILE = re.compile(r"attachments/([0-9a-f]{64})(?:\.[a-z0-9]+)?")
DIGEST = re.compile(rb'"([0-9a-f]{64})"')
INDEX = "attachments/index.csv"
LOG_FILES = frozenset({"log/checkpoint", "log/key"})


@dataclass
class Checked:
    """What was found right. `cited`: digests in records; `facts`: what the records say, by position, a redacted one by
    the record that redacts it; `told`: the positions of which the histories tell."""

    checkpoint: Checkpoint
    key: Key
    from_package: bool
    entries: dict[int, Entry] = field(default_factory=dict)
    shown: int = 0
    redacted: int = 0
    files: int = 0
    attachments: int = 0
    histories: int = 0
    cited: set[str] = field(default_factory=set)
    facts: dict[int, Any] = field(default_factory=dict)
    told: set[int] = field(default_factory=set)

    @property
    def streams(self) -> int:
        return len({entry.stream for entry in self.entries.values()})

    @property
    def hidden(self) -> int:
        """Records between those that are there which this reader was not shown."""
        last: dict[str | None, int] = {}
        for entry in self.entries.values():
            last[entry.stream] = max(last.get(entry.stream, 0), entry.version or 0)
        return sum(last.values()) - len(self.entries)


def check_archive(package: Package, given: Sequence[Key], memory: Memory) -> Checked:
    """`given`: keys of the log from elsewhere. Raises Fault."""
    checked = _checkpoint(package, given, memory)
    checked.files = package.check_files()
    _check_events(package, checked)
    for path in sorted(package.files):
        if HISTORY.fullmatch(path):
            _check_history(path, parsed(package.read(path), path), checked)
        elif path.startswith("attachments/") and path != INDEX:
            _check_attachment(path, package.files[path]["sha256"], checked)
    _check_all_told(package.manifest.get("basis"), checked)
    return checked


def _checkpoint(package: Package, given: Sequence[Key], memory: Memory) -> Checked:
    checkpoint = parse_checkpoint(package.read("log/checkpoint", NOTE_LIMIT), "log/checkpoint")
    known = memory.log(checkpoint.origin)
    keys = list(given) or memory.keys_of(checkpoint.origin)
    brought = bool(keys)
    if not brought:
        text = package.read("log/key", NOTE_LIMIT).decode("utf-8", "replace")
        keys = [key for key in parse_keys(text) if key.kind == ED25519 and key.name == checkpoint.origin]
    key = check_log_signature(checkpoint, keys, "log/checkpoint")
    if known and known.checkpoint.size == checkpoint.size and known.checkpoint.root != checkpoint.root:
        raise Fault(
            f"the log was seen before with other {checkpoint.size} entries",
            file="log/checkpoint",
            notes=(known.checkpoint.note.raw, checkpoint.note.raw),
        )
    told = package.manifest.get("checkpoint")
    if told != {"origin": checkpoint.origin, "size": checkpoint.size, "root": checkpoint.root.hex()}:
        raise Fault(f"{MANIFEST} names another checkpoint than log/checkpoint", file=MANIFEST)
    return Checked(checkpoint, key, not brought)


def _check_events(package: Package, checked: Checked) -> None:
    """Every proof and every record, in the order of the log."""
    redactions = Redactions()
    expected = set(LOG_FILES)
    before = -1
    for told in package.manifest["events"]:
        position = told["position"]
        if position <= before:
            raise Fault(f"{MANIFEST}: position {position} is out of order", file=MANIFEST, position=position)
        before = position
        proof, event, opening = (f"log/{kind}/{position}" for kind in ("proof", "events", "openings"))
        expected |= {proof, event} if told["payload"] else {proof}
        data = package.read(event) if told["payload"] else None
        by = told.get("redacted_by")
        if (by is not None and (type(by) is not int or data is not None)) or (by is None and data is None):
            raise Fault(f"position {position} is neither shown nor redacted", file=MANIFEST, position=position)
        veil = None
        if opening in package.files:
            expected.add(opening)
            veil = opening_of(package.read(opening, NOTE_LIMIT), opening)
        payload = Payload(data, by, veil)
        found = check_alone(package.read(proof, PROOF_LIMIT), [checked.key], None, proof)
        signed = found.proof.checkpoint if found.proof else None
        if signed is None or (signed.size, signed.root) != (checked.checkpoint.size, checked.checkpoint.root):
            raise Fault(f"{proof} is under another checkpoint than log/checkpoint", file=proof, position=position)
        if found.entry.position != position:
            raise Fault(f"{proof} is not of the record that {MANIFEST} names", file=proof, position=position)
        entry = check_payload(payload, found.entry, event)
        if (told.get("stream"), told.get("version")) != (entry.stream, entry.version):
            raise Fault(f"{proof} is not of the record that {MANIFEST} names", file=proof, position=position)
        redactions.check(payload, entry, event)
        checked.entries[position] = entry
        checked.redacted += data is None
        if data is not None:
            _take(checked, entry, data)
    redactions.check_all_said()
    if extra := sorted(path for path in package.files if path.startswith("log/") and path not in expected):
        raise Fault(f"{extra[0]} belongs to no record of the manifest", file=extra[0])


def _take(checked: Checked, entry: Entry, data: bytes) -> None:
    checked.shown += 1
    checked.cited |= {digest.decode() for digest in DIGEST.findall(data)}
    event = fact_of(data)
    if event is not None:
        checked.facts[entry.position] = event["fact"]
        for version, fact in _replacements(event):
            # The newest redaction stands last and says what counts.
            for position, one in checked.entries.items():
                if (one.stream, one.version) == (entry.stream, version):
                    checked.facts[position] = fact


def _replacements(event: dict[str, Any]) -> Iterator[tuple[int, Any]]:
    """What is read instead of which versions, by a redaction and by those that it holds."""
    while isinstance(fact := event.get("fact"), dict) and fact.get("type") == "Redacted":
        inner = fact.get("replacement")
        if not isinstance(inner, dict) or not isinstance(fact.get("target"), int):
            return
        yield fact["target"], inner.get("fact")
        event = inner


def _check_history(path: str, history: Any, checked: Checked) -> None:
    """Each line of it is a record that was proven, and says what that one says."""
    if not isinstance(history, list):
        raise Fault(f"{path} is no list", file=path)
    for line in history:
        position = line.get("position") if isinstance(line, dict) else None
        entry = checked.entries.get(position) if isinstance(position, int) else None
        if not isinstance(position, int) or entry is None:
            raise Fault(f"{path} tells of position {position}, of which there is no proof", file=path)
        said = (line.get("stream"), line.get("version"), line.get("recorded_at"))
        if said != (entry.stream, entry.version, entry.recorded_at):
            raise Fault(f"{path}: position {position} is another record in the log", file=path, position=position)
        if line.get("payload") != checked.facts.get(position):
            raise Fault(f"{path}: position {position} says something else in the log", file=path, position=position)
        checked.told.add(position)
    checked.histories += 1


def _check_all_told(basis: Any, checked: Checked) -> None:
    known = basis.get("known") if isinstance(basis, dict) else None
    if type(known) is not int:
        raise Fault(f"{MANIFEST} does not say as known at which position", file=MANIFEST)
    for position in sorted(checked.entries.keys() - checked.told):
        # Those behind it are there to say what is read instead of others.
        if position <= known:
            raise Fault(f"position {position} is proven, and no history tells of it", position=position)


def _check_attachment(path: str, digest: str, checked: Checked) -> None:
    named = FILE.fullmatch(path)
    if named is None or named[1] != digest:
        raise Fault(f"{path} is not named by its SHA-256, {digest}", file=path)
    if digest not in checked.cited:
        raise Fault(f"{path} is cited by no record in the package", file=path)
    checked.attachments += 1
