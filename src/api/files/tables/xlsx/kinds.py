"""Other kinds of file that people take for a workbook, told by their first bytes or by their parts."""

import re
from collections.abc import Collection

from api.files.tables.xlsx.unreadable import Reason

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
# BIFF 2 to 4: Excel before it kept its sheets in an OLE container.
_BARE_BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08")
_MARKUP = (
    (b"urn:schemas-microsoft-com:office:spreadsheet", Reason.XML_SPREADSHEET),
    (b"urn:oasis:names:tc:opendocument", Reason.ODS),
    (b"<html", Reason.HTML),
    (b"<table", Reason.HTML),
)


def kind_of(content: bytes) -> Reason | None:
    """None for a zip, which may be a workbook."""
    if content.startswith(ZIP):
        return None
    if not content:
        return Reason.EMPTY_FILE
    if content.startswith(OLE):
        # The names of streams, in UTF-16: a workbook with a password is a zip, encrypted, inside such a container.
        encrypted = any(name.encode("utf-16-le") in content for name in ("EncryptedPackage", "EncryptionInfo"))
        return Reason.PASSWORD if encrypted else Reason.OLD_EXCEL
    if content.startswith(_BARE_BIFF):
        return Reason.OLD_EXCEL
    if content.startswith(b"%PDF-"):
        return Reason.PDF
    head = content[:4096].replace(b"\0", b"").lower()
    if head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe \t\r\n").startswith(b"<"):
        return next((reason for mark, reason in _MARKUP if mark in head), Reason.NO_WORKBOOK)
    return Reason.CSV if _is_text(content) else Reason.NO_WORKBOOK


def _is_text(content: bytes) -> bool:
    encodings = ("utf-16",) if content.startswith(BOMS[1:]) else ("utf-8", "gb18030")
    if encodings[0] != "utf-16" and _NO_TEXT.search(content):
        return False
    for encoding in encodings:
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def kind_of_package(names: Collection[str]) -> Reason | None:
    """By the names of its parts, in lower case; None for what may be a workbook."""
    if any(name.endswith("vbaproject.bin") for name in names):
        return Reason.MACROS
    if "_rels/.rels" in names:
        if any(name.endswith("workbook.bin") for name in names):
            return Reason.XLSB
        return Reason.WORD if "word/document.xml" in names else None
    if "ofd.xml" in names:
        return Reason.OFD
    if "uof.xml" in names or "content/uof.xml" in names:
        return Reason.UOF
    return Reason.ODS if "content.xml" in names else Reason.NO_WORKBOOK
