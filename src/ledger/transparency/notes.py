"""Signed notes, checkpoints and cosignatures (C2SP signed-note, tlog-checkpoint, tlog-cosignature), by Ed25519."""

import re
from base64 import b64decode, b64encode
from binascii import Error as NoBase64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519, COSIGNATURE = 0x01, 0x04
LARGEST_NOTE = 100_000
MOST_SIGNATURES = 64
_NAME = re.compile(r"[^\s+\x00-\x1f]{1,255}")
_SIGNATURE = re.compile(r"— ([^\s+]{1,255}) ([A-Za-z0-9+/=]{1,8000})")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


class NoteWrong(ValueError):
    """A note, checkpoint or key that is not what the specification says; the message says what is wrong."""


@dataclass(frozen=True)
class Verifier:
    """A public key under its name; `kind`: ED25519 for logs, COSIGNATURE for witnesses."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that tell keys of one name apart."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_text(bytes([self.kind]) + self.public)}"

    @classmethod
    def parse(cls, vkey: str) -> Self:
        """Raises NoteWrong."""
        name, key_id, key = _key_parts(vkey)
        found = cls(name, key[0], key[1:])
        if key_id != found.id.hex():
            raise NoteWrong(f"the key id {key_id} is not that of the key of {name}")
        return found

    def verifies(self, text: str, signature: bytes) -> bool:
        if self.kind == COSIGNATURE:
            if len(signature) != 72 or not 0 < (at := int.from_bytes(signature[:8])) < 2**63:
                return False
            text, signature = _cosigned(text, at), signature[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, repr=False)
class Signer:
    """A private key under its name. Never printed."""

    name: str
    kind: int
    seed: bytes

    @classmethod
    def make(cls, name: str, kind: int = ED25519) -> Self:
        if not _NAME.fullmatch(name):
            raise NoteWrong(f"{name!r} is no name of a key: no spaces, no plus sign, at most 255 characters")
        return cls(name, kind, Ed25519PrivateKey.generate().private_bytes_raw())

    @classmethod
    def parse(cls, skey: str) -> Self:
        """From `PRIVATE+KEY+name+id+key`, as Go's note package writes it. Raises NoteWrong, which repeats no key."""
        head, _, rest = skey.partition("PRIVATE+KEY+")
        if head or not rest:
            raise NoteWrong("a private key begins with PRIVATE+KEY+")
        try:
            name, key_id, key = _key_parts(rest)
        except NoteWrong:
            raise NoteWrong("what follows PRIVATE+KEY+ is not name+id+key") from None
        found = cls(name, key[0], key[1:])
        if key_id != found.verifier.id.hex():
            raise NoteWrong(f"the private key of {name} does not have the id {key_id}")
        return found

    @property
    def skey(self) -> str:
        return f"PRIVATE+KEY+{self.name}+{self.verifier.id.hex()}+{_text(bytes([self.kind]) + self.seed)}"

    @property
    def verifier(self) -> Verifier:
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw()
        return Verifier(self.name, self.kind, public)

    def signature(self, text: str, at: datetime | None = None) -> str:
        """The signature line, with its line feed. `at`: the time of a cosignature, now if it is not given."""
        key = Ed25519PrivateKey.from_private_bytes(self.seed)
        if self.kind == COSIGNATURE:
            seconds = int((at or datetime.now(UTC)).timestamp())
            signed = seconds.to_bytes(8) + key.sign(_cosigned(text, seconds).encode())
        else:
            signed = key.sign(text.encode())
        return f"— {self.name} {_text(self.verifier.id + signed)}\n"


@dataclass(frozen=True)
class Signature:
    name: str
    key_id: bytes
    signed: bytes
    line: str


@dataclass(frozen=True)
class Note:
    """`text` with its last line feed, and the signatures under it."""

    text: str
    signatures: tuple[Signature, ...]

    @classmethod
    def parse(cls, note: str) -> Self:
        """Raises NoteWrong."""
        if len(note) > LARGEST_NOTE:
            raise NoteWrong("the note is too long")
        if any(ord(one) < 0x20 and one != "\n" for one in note):
            raise NoteWrong("the note has a control character")
        text, blank, lines = note.rpartition("\n\n")
        if not blank or not lines.endswith("\n"):
            raise NoteWrong("the note has no signatures behind an empty line")
        return cls(text + "\n", signatures(lines))

    def verified_by(self, verifiers: Iterable[Verifier]) -> list[Verifier]:
        """Those who signed; others are passed over. Raises NoteWrong when a known key's signature does not verify."""
        known = {(verifier.name, verifier.id): verifier for verifier in verifiers}
        found = []
        for signature in self.signatures:
            verifier = known.get((signature.name, signature.key_id))
            if verifier is None:
                continue
            if not verifier.verifies(self.text, signature.signed):
                raise NoteWrong(f"the signature of {signature.name} does not verify")
            if verifier not in found:
                found.append(verifier)
        return found


def signatures(lines: str) -> tuple[Signature, ...]:
    """Signature lines, each with its line feed. Raises NoteWrong."""
    found = []
    for line in lines.removesuffix("\n").split("\n"):
        matched = _SIGNATURE.fullmatch(line)
        if matched is None:
            raise NoteWrong("a line below the note is no signature")
        signed = _bytes(matched[2])
        if len(signed) < 5:
            raise NoteWrong("a signature is too short")
        found.append(Signature(matched[1], signed[:4], signed[4:], line + "\n"))
    if len(found) > MOST_SIGNATURES:
        raise NoteWrong("the note has too many signatures")
    return tuple(found)


@dataclass(frozen=True)
class Checkpoint:
    """How many leaves there are, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{_text(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """From the text of a note, without its signatures; further lines are passed over. Raises NoteWrong."""
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
            raise NoteWrong("a checkpoint has at least three lines, none of them empty")
        if not _NUMBER.fullmatch(lines[1]):
            raise NoteWrong("the second line of a checkpoint is the size of the tree")
        root = _bytes(lines[2])
        if len(root) != 32:
            raise NoteWrong("the third line of a checkpoint is a SHA-256")
        return cls(lines[0], int(lines[1]), root)

    def signed(self, signers: Iterable[Signer]) -> str:
        text = self.text
        return text + "\n" + "".join(signer.signature(text) for signer in signers)


def _cosigned(text: str, seconds: int) -> str:
    return f"cosignature/v1\ntime {seconds}\n{text}"


def _key_parts(key: str) -> tuple[str, str, bytes]:
    parts = key.split("+", 2)
    if len(parts) != 3 or not _NAME.fullmatch(parts[0]) or not re.fullmatch("[0-9a-f]{8}", parts[1]):
        raise NoteWrong("a key is written name+id+key, the id as 8 hexadecimal digits")
    material = _bytes(parts[2])
    if len(material) != 33 or material[0] not in (ED25519, COSIGNATURE):
        raise NoteWrong(f"the key of {parts[0]} is no Ed25519 key")
    return parts[0], parts[1], material


def _text(value: bytes) -> str:
    return b64encode(value).decode()


def _bytes(text: str) -> bytes:
    try:
        found = b64decode(text, validate=True)
    except (NoBase64, ValueError) as error:
        raise NoteWrong("what should be Base 64 is not") from error
    if _text(found) != text:
        raise NoteWrong("what should be Base 64 is not written the one way it should be")
    return found
