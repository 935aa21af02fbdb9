"""Where a backup lies: parts by the digest of their content, so that a further backup adds only new ones.

| place | holds |
|---|---|
| `parts/ab/cdef….gz` | rows of a table as `COPY … TO STDOUT` writes them, compressed; named by what is inside |
| `files/ab/cdef…` | an uploaded file, encrypted, or a photograph as it is stored |
| `backups/TIME.json` | the manifest of a backup |
"""

import gzip
import zlib
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore

from ledger.attachments import to_disk
from ledger.backup.problem import BackupProblem

# A part ends at a row whose checksum says so, about one in so many. A row that comes or goes then changes the part it
# lies in and no other.
ROWS, LARGEST = 1024, 4 << 20
ROW_PARTS, FILE_PARTS, MANIFESTS = "parts", "files", "backups"


def cut(rows: Iterable[bytes]) -> Iterator[tuple[bytes, int]]:
    """Parts of the rows, each with how many it holds."""
    part, count = bytearray(), 0
    for row in rows:
        part += row
        count += 1
        if zlib.crc32(row) % ROWS == 0 or len(part) >= LARGEST:
            yield bytes(part), count
            part, count = bytearray(), 0
    if count:
        yield bytes(part), count


class Parts:
    """Adds and reads parts. Raises BackupProblem when the store does not take or give them."""

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects
        self._there = {path for folder in (ROW_PARTS, FILE_PARTS, MANIFESTS) for path in self._listed(f"{folder}/")}
        self.added, self.bytes_added = 0, 0

    @property
    def manifests(self) -> list[str]:
        """The ids of the backups, the oldest first."""
        return sorted(Path(path).stem for path in self._there if path.startswith(f"{MANIFESTS}/"))

    def has_file(self, digest: str) -> bool:
        return _path(FILE_PARTS, digest) in self._there

    def add_rows(self, text: bytes) -> str:
        digest = sha256(text).hexdigest()
        path = _path(ROW_PARTS, digest) + ".gz"
        if path not in self._there:
            self._put(path, gzip.compress(text, 6, mtime=0))
        return digest

    def add_file(self, content: bytes) -> str:
        digest = sha256(content).hexdigest()
        if not self.has_file(digest):
            self._put(_path(FILE_PARTS, digest), content)
        return digest

    def add_manifest(self, name: str, content: bytes) -> None:
        self._put(f"{MANIFESTS}/{name}.json", content)

    def rows(self, digest: str) -> bytes:
        path = _path(ROW_PARTS, digest) + ".gz"
        try:
            text = gzip.decompress(self._get(path))
        except (OSError, EOFError, zlib.error) as error:
            raise BackupProblem(f"{path} is damaged") from error
        return _checked(text, digest, path)

    def file(self, digest: str) -> bytes:
        path = _path(FILE_PARTS, digest)
        return _checked(self._get(path), digest, path)

    def manifest(self, name: str) -> bytes:
        return self._get(f"{MANIFESTS}/{name}.json")

    def _listed(self, prefix: str) -> list[str]:
        try:
            return [found["path"] for batch in obstore.list(self._objects, prefix) for found in batch]
        except (BaseError, OSError) as error:
            raise BackupProblem(f"the backup's folder cannot be read: {type(error).__name__}") from error

    def _put(self, path: str, content: bytes) -> None:
        try:
            obstore.put(self._objects, path, content, use_multipart=False)
            if isinstance(self._objects, LocalStore) and self._objects.prefix:
                to_disk(Path(self._objects.prefix) / path)
        except (BaseError, OSError) as error:
            raise BackupProblem(f"{path} cannot be written: {type(error).__name__}") from error
        self._there.add(path)
        self.added += 1
        self.bytes_added += len(content)

    def _get(self, path: str) -> bytes:
        try:
            return bytes(obstore.get(self._objects, path).bytes())
        except (BaseError, OSError) as error:
            raise BackupProblem(f"{path} cannot be read: {type(error).__name__}") from error


def _path(folder: str, digest: str) -> str:
    return f"{folder}/{digest[:2]}/{digest[2:]}"


def _checked(content: bytes, digest: str, path: str) -> bytes:
    if sha256(content).hexdigest() != digest:
        raise BackupProblem(f"{path} is not what its name says: it was changed or is damaged")
    return content
