"""A ZIP that somebody else packed: read without trusting what it says of itself."""

import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any

from minsheng_verify.faults import Fault, WrongUsage
from minsheng_verify.inputs import parsed

MANIFEST = "manifest.json"
FORM = "minsheng-archive/1"
MANIFEST_LIMIT = 256 << 20
# What may be uploaded is 20 MB at most; lists of a large organisation may be longer.
FILE_LIMIT = 64 << 20
PIECE = 1 << 16


class Package:
    """Opened, and its manifest read. Every file is stored as it is, so none can unpack to more than is there."""

    def __init__(self, file: Path) -> None:
        """Raises WrongUsage, Fault."""
        try:
            self._zip = zipfile.ZipFile(file)
        except OSError as error:
            raise WrongUsage(f"{file} cannot be read: {error.strerror or error}") from error
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise Fault(f"{file} is no ZIP, or was cut off: {error}") from error
        infos = self._zip.infolist()
        self._infos = {info.filename: info for info in infos}
        if len(self._infos) != len(infos):
            raise Fault("the package holds two files of one name")
        for info in infos:
            if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 0x1 or info.is_dir():
                raise Fault(f"{info.filename} is not stored as it is", file=info.filename)
        self.manifest = self._manifest()
        self.files = {str(one["path"]): one for one in self.manifest["files"]}

    def close(self) -> None:
        self._zip.close()

    def check_files(self) -> int:
        """Each file against the manifest, one of which names all others; their number. Raises Fault."""
        there = set(self._infos) - {MANIFEST}
        if missing := sorted(set(self.files) - there):
            raise Fault(f"{missing[0]} is in the manifest and not in the package", file=missing[0])
        if added := sorted(there - set(self.files)):
            raise Fault(f"{added[0]} is in the package and not in the manifest", file=added[0])
        if len(self.files) != len(self.manifest["files"]):
            raise Fault(f"{MANIFEST} names a file twice", file=MANIFEST)
        for path, told in self.files.items():
            found = self.digest(path)
            if found != told["sha256"] or self._infos[path].file_size != told["bytes"]:
                raise Fault(f"{path} is not what the manifest says: its SHA-256 is {found}", file=path)
        return len(self.files)

    def digest(self, path: str) -> str:
        whole = sha256()
        try:
            with self._zip.open(self._infos[path]) as stream:
                while part := stream.read(PIECE):
                    whole.update(part)
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
            raise Fault(f"{path} is damaged: {error}", file=path) from error
        return whole.hexdigest()

    def read(self, path: str, limit: int = FILE_LIMIT) -> bytes:
        """Raises Fault."""
        info = self._infos.get(path)
        if info is None:
            raise Fault(f"{path} is missing", file=path)
        if info.file_size > limit:
            raise Fault(f"{path} is longer than it can be ({limit} bytes)", file=path)
        try:
            return self._zip.read(info)
        except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
            raise Fault(f"{path} is damaged: {error}", file=path) from error

    def _manifest(self) -> dict[str, Any]:
        value = parsed(self.read(MANIFEST, MANIFEST_LIMIT), MANIFEST)
        if not isinstance(value, dict) or value.get("form") != FORM:
            raise Fault(f"{MANIFEST} is not that of an archive ({FORM})", file=MANIFEST)
        shape = {"path": str, "bytes": int, "sha256": str, "media_type": str}
        if not _are(value.get("files"), shape) or not _are(value.get("events"), {"position": int, "payload": bool}):
            raise Fault(f"{MANIFEST} does not list files and events as it should", file=MANIFEST)
        return value


def _are(found: Any, shape: dict[str, type]) -> bool:
    return isinstance(found, list) and all(
        isinstance(one, dict) and all(type(one.get(name)) is kind for name, kind in shape.items()) for one in found
    )
