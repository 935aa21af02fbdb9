"""C2SP signed-note and tlog-cosignature: keys, notes, and which keys signed a note."""

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from minsheng_verify.faults import Fault

ED25519, COSIGNATURE = 0x01, 0x04
MAX_SIGNATURES = 64
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class Key:
    """A verifier key: of a log (type 1) or of a witness (type 4)."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64encode(bytes([self.kind]) + self.public).decode()}"


@dataclass(frozen=True, slots=True)
class Signature:
    name: str
    key_id: bytes
    value: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A signed note; nothing in it counts before a known key's signature is found right."""

    raw: str
    text: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class Signed:
    """Whose signature was right, and when a witness made it (POSIX seconds)."""

    key: Key
    time: int | None


def decode64(text: str) -> bytes | None:
    """Standard base64 in its one right spelling, else None."""
    try:
        data = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if b64encode(data).decode() == text else None


def parse_key(line: str) -> Key:
    """Raises Fault."""
    name, _, rest = line.partition("+")
    identifier, _, encoded = rest.partition("+")
    material = decode64(encoded)
    if not _is_name(name) or not material:
        raise Fault(f"not a verifier key (name+id+base64): {line[:200]!r}")
    kind, public = material[0], material[1:]
    if kind not in (ED25519, COSIGNATURE) or len(public) != 32:
        raise Fault(f"the verifier key of {name} is of a kind that is not known here: only Ed25519 is")
    key = Key(name, kind, public)
    if identifier != key.id.hex():
        raise Fault(f"the verifier key of {name} was mistyped: its id is {key.id.hex()}, not {identifier[:20]!r}")
    return key


def parse_keys(text: str) -> list[Key]:
    """One key a line; empty lines and those that begin with # are passed over. Raises Fault."""
    lines = [line.strip() for line in text.splitlines()]
    return [parse_key(line) for line in lines if line and not line.startswith("#")]


def parse_note(data: bytes, file: str) -> Note:
    """Raises Fault when it has not the form of a signed note."""
    try:
        raw = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Fault(f"{file} is not a signed note: it is not UTF-8", file=file) from error
    if CONTROL.search(raw):
        raise Fault(f"{file} is not a signed note: it holds control characters", file=file)
    text, blank, tail = raw.rpartition("\n\n")
    if not blank or not tail.endswith("\n"):
        raise Fault(f"{file} is not a signed note: no signature lines behind an empty line, or cut off", file=file)
    lines = tail[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise Fault(f"{file} has more than {MAX_SIGNATURES} signatures", file=file)
    return Note(raw, text + "\n", tuple(_signature(line, file) for line in lines))


def _signature(line: str, file: str) -> Signature:
    dash, _, rest = line.partition(" ")
    name, _, encoded = rest.partition(" ")
    data = decode64(encoded)
    if dash != "—" or not _is_name(name) or data is None or len(data) < 5:
        raise Fault(f"{file} has a malformed signature line: {line[:200]!r}", file=file)
    return Signature(name, data[:4], data[4:])


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(character.isspace() for character in name)


def signed_by(note: Note, keys: Iterable[Key], file: str) -> list[Signed]:
    """Which of the keys signed, each once. Raises Fault when a signature of one of them is wrong."""
    known = {(key.name, key.id): key for key in keys}
    found: dict[Key, Signed] = {}
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is None:
            continue
        signed = _check(note, signature, key)
        if signed is None:
            raise Fault(f"{file}: the signature of {key.name} is wrong", file=file)
        found.setdefault(key, signed)
    return list(found.values())


def _check(note: Note, signature: Signature, key: Key) -> Signed | None:
    message, value, time = note.text.encode(), signature.value, None
    if key.kind == COSIGNATURE:
        time, value = int.from_bytes(value[:8], "big"), value[8:]
        message = f"cosignature/v1\ntime {time}\n".encode() + message
        if time >= 1 << 63:
            return None
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(value, message)
    except (InvalidSignature, ValueError):
        return None
    return Signed(key, time)
