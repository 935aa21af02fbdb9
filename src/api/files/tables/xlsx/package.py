"""A workbook as a zip of parts (ECMA-376 part 2): what it is, which parts it has, and how they refer to one another."""

import posixpath
from io import BytesIO
from urllib.parse import unquote
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo
from zlib import error as DeflateError

from api.files.tables.xlsx.kinds import kind_of, kind_of_package
from api.files.tables.xlsx.unreadable import Reason, Unreadable
from api.files.tables.xlsx.xml import MOST_ELEMENTS, Handler, parse

MOST_ENTRIES = 1_000
MOST_UNPACKED = 30_000_000
# A sheet of styled empty cells shrinks to a hundredth; a bomb to a thousandth.
MOST_RATIO, SMALL = 300, 1_000_000
OFFICE = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)


class Package:
    """Raises Unreadable for whatever is not a plain zip of parts within the limits."""

    def __init__(self, content: bytes) -> None:
        if reason := kind_of(content):
            raise Unreadable(reason)
        try:
            self._zip = ZipFile(BytesIO(content))
        except (BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise Unreadable(Reason.DAMAGED) from error
        self._left, self._elements_left = MOST_UNPACKED, MOST_ELEMENTS
        self._entries = self._checked(self._zip.infolist())
        if reason := kind_of_package(self._entries.keys()):
            raise Unreadable(reason)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._entries

    def parse(self, name: str, handler: Handler) -> None:
        """A part. The limits hold for all together, however often each is asked for."""
        self._elements_left -= parse(self._read(name), handler, self._elements_left)

    def _read(self, name: str) -> bytes:
        if (entry := self._entries.get(name.lower())) is None:
            raise Unreadable(Reason.DAMAGED, value=name)
        try:
            with self._zip.open(entry) as part:
                content = part.read(self._left + 1)
        except (BadZipFile, DeflateError, OSError, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
            raise Unreadable(Reason.DAMAGED, value=name) from error
        self._left -= len(content)
        if self._left < 0:
            raise Unreadable(Reason.TOO_LARGE, value=str(MOST_UNPACKED // 1_000_000))
        return content

    def relations(self, part: str) -> "Relations":
        """What a part refers to; of the package itself for the empty name."""
        folder, name = posixpath.split(part)
        found = Relations(folder)
        if (path := posixpath.join(folder, "_rels", f"{name}.rels")) in self:
            self.parse(path, found)
        return found

    def _checked(self, entries: list[ZipInfo]) -> dict[str, ZipInfo]:
        """By their names, which are compared without case."""
        if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED:
            raise Unreadable(Reason.TOO_LARGE, value=str(MOST_UNPACKED // 1_000_000))
        found: dict[str, ZipInfo] = {}
        for entry in entries:
            name = entry.filename
            if name.startswith("/") or "\\" in entry.orig_filename or "\0" in entry.orig_filename:
                raise Unreadable(Reason.ENTRY_NAME)
            if {".", ".."} & set(name.split("/")):
                raise Unreadable(Reason.ENTRY_NAME)
            if name.lower() in found:
                raise Unreadable(Reason.ENTRY_TWICE)
            if entry.flag_bits & 1:
                raise Unreadable(Reason.PASSWORD)
            if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
                raise Unreadable(Reason.DAMAGED)
            if entry.file_size > max(SMALL, MOST_RATIO * entry.compress_size):
                raise Unreadable(Reason.TOO_LARGE, value=str(MOST_UNPACKED // 1_000_000))
            found[name.lower()] = entry
        return found


class Relations(Handler):
    """Relationships by their ids and by their kinds, as the names of parts."""

    root = frozenset({"http://schemas.openxmlformats.org/package/2006/relationships Relationships"})

    def __init__(self, folder: str) -> None:
        super().__init__()
        self._folder = folder
        self._by_id: dict[str, tuple[str, str]] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name != "Relationship" or len(self.path) != 1:
            return
        identity, kind = attributes.get("Id", ""), _kind(attributes.get("Type", ""))
        if identity in self._by_id:
            raise Unreadable(Reason.DAMAGED)
        target = "" if attributes.get("TargetMode", "Internal") != "Internal" else attributes.get("Target", "")
        self._by_id[identity] = (kind, self._part(target))

    def by_id(self, identity: str, kind: str) -> str:
        found, part = self._by_id.get(identity, ("", ""))
        if found != kind:
            raise Unreadable(Reason.NOT_A_SHEET if found else Reason.DAMAGED)
        return part

    def one(self, kind: str) -> str | None:
        """The only part of its kind. Raises Unreadable for several, of which another program might take another."""
        found = [part for one, part in self._by_id.values() if one == kind]
        if len(found) > 1:
            raise Unreadable(Reason.DAMAGED)
        return found[0] if found else None

    def _part(self, target: str) -> str:
        """A name without a leading slash. One that leads outside names no part, which is found out when it is read."""
        joined = posixpath.join("/", self._folder, unquote(target))
        return posixpath.normpath(joined).lstrip("/")


def _kind(address: str) -> str:
    base, _, kind = address.rpartition("/")
    return kind if base in OFFICE else address
