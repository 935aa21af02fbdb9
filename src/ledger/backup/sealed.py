"""The part under the passphrase: the keys, and every table that opens, names or recognises people.

A line of JSON says how the key comes from the passphrase; behind it lie a nonce and the content, compressed and
encrypted by AES-256-GCM with that line as associated data.
"""

import gzip
import json
import os
import secrets
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from ledger.backup.problem import BackupProblem

FORMAT = "minsheng-backup-keys/1"
NAME = "backup.keys"
# OWASP's first choice for scrypt: 128 MiB, a third of a second.
COST, BLOCK, LANES = 2**17, 8, 1
NONCE, SALT, SHORTEST = 12, 16, 12


@dataclass(frozen=True, slots=True, repr=False)
class SealedPart:
    """`made_at`: by the database's clock; `master`, `log`: the texts of the key files; `tables`: by name the columns
    and the rows; `files`: by digest the key of each uploaded file; `manifests`: by backup the digest of the
    manifest."""

    made_at: str
    master: str
    log: str | None
    tables: dict[str, tuple[list[str], str]]
    files: dict[str, str]
    manifests: dict[str, str]

    @property
    def made(self) -> datetime:
        return datetime.fromisoformat(self.made_at)


def read_sealed(folder: Path, passphrase: str) -> SealedPart | None:
    """None where nothing was backed up yet. Raises BackupProblem."""
    path = folder / NAME
    try:
        head, _, body = path.read_bytes().partition(b"\n")
        said = json.loads(head)
        if said["format"] != FORMAT:
            raise BackupProblem(f"{path} was written by another version")
        key = _key(passphrase, b64decode(said["salt"]), said["cost"])
        content = json.loads(gzip.decompress(AESGCM(key).decrypt(body[:NONCE], body[NONCE:], head)))
    except FileNotFoundError:
        return None
    except InvalidTag as error:
        raise BackupProblem(f"the passphrase does not open {path}, or it was changed") from error
    except (OSError, ValueError, KeyError) as error:
        raise BackupProblem(f"{path} cannot be read: {type(error).__name__}") from error
    return SealedPart(**content)


def write_sealed(folder: Path, part: SealedPart, passphrase: str) -> None:
    """In the place of the one before, in one step. Raises BackupProblem."""
    salt, nonce = secrets.token_bytes(SALT), secrets.token_bytes(NONCE)
    head = json.dumps({"format": FORMAT, "cost": COST, "salt": b64encode(salt).decode()}).encode()
    content = gzip.compress(json.dumps(asdict(part), ensure_ascii=False).encode(), 6, mtime=0)
    body = nonce + AESGCM(_key(passphrase, salt, COST)).encrypt(nonce, content, head)
    path = folder / NAME
    fresh = path.with_name(f".{NAME}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(head + b"\n" + body)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError as error:
        raise BackupProblem(f"{path} cannot be written: {error.strerror}") from error


def check_passphrase(passphrase: str) -> None:
    """Raises BackupProblem."""
    if len(passphrase) < SHORTEST:
        raise BackupProblem(f"a passphrase has at least {SHORTEST} characters; six words from a list are good")


def _key(passphrase: str, salt: bytes, cost: int) -> bytes:
    if cost > COST:
        raise BackupProblem("the keys of the backup ask for more memory than they were made with")
    return Scrypt(salt=salt, length=32, n=cost, r=BLOCK, p=LANES).derive(passphrase.encode())
