"""A ZIP that is the same bytes for the same content, and remembers what it holds for the manifest."""

from hashlib import sha256
from typing import IO, Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

import rfc8785

# The first that a zip file can name; the time of packing would make its bytes differ.
NO_TIME = (1980, 1, 1, 0, 0, 0)
UNIX, READABLE = 3, 0o100644 << 16
MANIFEST = "manifest.json"
COPIED = 1 << 16
TYPES = {".json": "application/json", ".pdf": "application/pdf", ".csv": "text/csv", ".txt": "text/plain"}


class Package:
    """Files go into it as they are added, without compression, whose bytes differ by version of its library."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._zip = ZipFile(file, "w", ZIP_STORED)
        self._files: list[dict[str, Any]] = []

    def add(self, path: str, content: bytes, media_type: str | None = None) -> None:
        """`media_type`: None where the name's ending says it."""
        told = media_type or TYPES[path[path.rindex(".") :]]
        digest = sha256(content).hexdigest()
        self._files.append({"path": path, "bytes": len(content), "sha256": digest, "media_type": told})
        self._write(path, content)

    def add_json(self, path: str, value: Any) -> None:
        """Canonical (RFC 8785)."""
        self.add(path, rfc8785.dumps(value))

    def close(self, told: dict[str, Any]) -> str:
        """Ends it with the manifest, which names all files but itself; the SHA-256 of the whole, left at its start."""
        files: list[Any] = sorted(self._files, key=lambda one: str(one["path"]))
        self._write(MANIFEST, rfc8785.dumps(told | {"files": files}))
        self._zip.close()
        self._file.seek(0)
        whole = sha256()
        while part := self._file.read(COPIED):
            whole.update(part)
        self._file.seek(0)
        return whole.hexdigest()

    def drop(self) -> None:
        """Nobody will read it."""
        # The library would end it later, when its file is gone.
        with self._file:
            self._zip.close()

    def _write(self, path: str, content: bytes) -> None:
        info = ZipInfo(path, NO_TIME)
        # Else they would be those of the system that packs.
        info.create_system, info.external_attr = UNIX, READABLE
        self._zip.writestr(info, content)
