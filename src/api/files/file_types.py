"""The types of file that are taken, how the content of each is told, and what in it could be run.

A file may be of two types at once, such as a picture with an archive behind it. Those that are known to be used so are
refused.
"""

import re
import zlib
from collections.abc import Callable, Iterable
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo, is_zipfile

from ledger.file_names import ENDINGS
from ledger.refusals.attachments import AttachmentContentWrong, AttachmentExecutable, AttachmentTypeForbidden

_PART_TYPES = "[Content_Types].xml"
OFFICE = "application/vnd.openxmlformats-officedocument"
_NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
# How programs begin.
_PROGRAMS = {
    "elf": (b"\x7fELF",),
    "pe": (b"MZ",),
    "mach-o": (
        b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe",
        b"\xbe\xba\xfe\xca", b"\xca\xfe\xba\xbf",
    ),
    "script": (b"#!",),
    "shortcut": (b"L\x00\x00\x00\x01\x14\x02\x00",),
    "webassembly": (b"\x00asm",),
    "ole": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
}  # fmt: skip
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_MARKUP = re.compile(
    rb"<\s*(script|html|svg|iframe|object|embed|applet|hta:application)\b|<\?php|<!doctype\s+html", re.I
)
_IN_BINARY = re.compile(rb"<script\b|<\?php\s|<html[\s>]", re.I)
_PDF_ACTIONS = re.compile(rb"/(JavaScript|Launch)\b")
# A batch file, and a cell by which a spreadsheet starts a program.
_BATCH = re.compile(rb"\s*@?echo\s+off\b|\s*@echo\b", re.I)
_STARTS_PROGRAM = re.compile(rb"(?:^|[\r\n,;\t\"'])[ ]{0,8}[=+\-@][ ]{0,8}[A-Za-z]{1,20}[ ]{0,8}\|[ ]{0,8}['\"]")
# Parts of an Office file that hold programs, or other files that may be any.
_OFFICE_RUNS = re.compile(
    r"vbaproject|vbadata|(^|/)(activex|macrosheets|dialogsheets|customui)/|\.(bin|exe|dll|js|vbs|ps1|bat|cmd|scr|hta|jar|ole)$",
    re.I,
)
_PRINTER_SETTINGS = re.compile(r"(^|/)printersettings/printersettings[0-9]*\.bin$", re.I)
_MACROS = re.compile(rb"macroenabled", re.I)
# A template or an object that is fetched from elsewhere, with whatever it then holds.
_LINKED = re.compile(rb"/(attachedTemplate|oleObject|frame|subDocument)[\"']", re.I)
_REMOTE = re.compile(rb"Target\s*=\s*[\"']\s*(https?:|ftp:|\\\\|file:///?[^/a-z]|file://[^/])", re.I)
# Of one part, and of all that are looked into.
LARGEST_PART, LARGEST_PARTS = 1_000_000, 20_000_000


def _begins(*beginnings: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(beginnings)


def _office(main: str, other: str) -> Callable[[bytes], bool]:
    """An archive from its first byte, with the main part of this type and of no other."""

    def is_it(content: bytes) -> bool:
        if not content.startswith(b"PK\x03\x04"):
            return False
        try:
            with ZipFile(BytesIO(content)) as archive:
                names = set(archive.namelist())
        except (BadZipFile, OSError, ValueError, NotImplementedError):
            return False
        return {_PART_TYPES, main} <= names and other not in names

    return is_it


def _is_text(content: bytes) -> bool:
    """UTF-8, or what older programs write Chinese in."""
    if _NO_TEXT.search(content):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


_DOCUMENT, _WORKBOOK = "word/document.xml", "xl/workbook.xml"
TYPES: dict[str, Callable[[bytes], bool]] = {
    "application/pdf": _begins(b"%PDF-"),
    "image/png": _begins(b"\x89PNG\r\n\x1a\n"),
    "image/jpeg": _begins(b"\xff\xd8\xff"),
    f"{OFFICE}.wordprocessingml.document": _office(_DOCUMENT, _WORKBOOK),
    f"{OFFICE}.spreadsheetml.sheet": _office(_WORKBOOK, _DOCUMENT),
    "text/csv": _is_text,
    "text/plain": _is_text,
}
assert TYPES.keys() == ENDINGS.keys()


def taken_type(content_type: str | None) -> str:
    """The media type without its parameters. Raises AttachmentTypeForbidden."""
    media_type = (content_type or "").partition(";")[0].strip().lower()
    if media_type not in TYPES:
        raise AttachmentTypeForbidden(choices=", ".join(TYPES))
    return media_type


def check_content(content: bytes, media_type: str) -> None:
    """Raises AttachmentExecutable, AttachmentContentWrong. Takes as long as the file is large: call it in a thread."""
    if found := _program(content):
        raise AttachmentExecutable(found=found)
    if not TYPES[media_type](content):
        raise AttachmentContentWrong(media_type=media_type)
    if found := _hidden(content, media_type):
        raise AttachmentExecutable(found=found)


def _program(content: bytes) -> str | None:
    bare = content.removeprefix(_BYTE_ORDER_MARK)
    found = next((name for name, beginnings in _PROGRAMS.items() if bare.startswith(beginnings)), None)
    # A text may begin with these two letters; a program has zeros soon after.
    return None if found == "pe" and b"\0" not in bare[:1024] else found


def _hidden(content: bytes, media_type: str) -> str | None:
    """What in a file of this type could be run."""
    if media_type.startswith("text/"):
        if _MARKUP.search(content):
            return "markup"
        if _BATCH.match(content.removeprefix(_BYTE_ORDER_MARK)):
            return "script"
        return "formula" if _STARTS_PROGRAM.search(content) else None
    if media_type.startswith(OFFICE):
        return _in_office(content)
    if is_zipfile(BytesIO(content)):
        return "archive"
    if _IN_BINARY.search(content):
        return "markup"
    if media_type == "application/pdf" and _PDF_ACTIONS.search(content):
        return "actions"
    return None


def _in_office(content: bytes) -> str | None:
    with ZipFile(BytesIO(content)) as archive:
        parts = archive.infolist()
        if len({part.filename.casefold() for part in parts}) < len(parts):
            # Which of two parts of one name is read depends on the reader.
            return "repeated part"
        looked_into = [part for part in parts if part.filename == _PART_TYPES or part.filename.endswith(".rels")]
        if any(part.file_size > LARGEST_PART for part in looked_into) or _size(looked_into) > LARGEST_PARTS:
            return "oversized part"
        if any(_OFFICE_RUNS.search(part.filename) and not _PRINTER_SETTINGS.search(part.filename) for part in parts):
            return "macros"
        for part in looked_into:
            xml = _read(archive, part)
            if part.filename == _PART_TYPES:
                if _MACROS.search(xml):
                    return "macros"
            elif _LINKED.search(xml) and _REMOTE.search(xml):
                return "remote template"
    return None


def _size(parts: Iterable[ZipInfo]) -> int:
    return sum(part.file_size for part in parts)


def _read(archive: ZipFile, part: ZipInfo) -> bytes:
    try:
        with archive.open(part) as file:
            return file.read(LARGEST_PART + 1)
    except (BadZipFile, zlib.error, OSError, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        raise AttachmentContentWrong(media_type=OFFICE) from error
