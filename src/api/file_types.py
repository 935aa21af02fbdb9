"""The types of file that are taken, and how the content of each begins."""

import re
from collections.abc import Callable

from ledger.errors import AttachmentContentWrong, AttachmentTypeForbidden

OFFICE = "application/vnd.openxmlformats-officedocument"
_NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def _begins(*beginnings: bytes) -> Callable[[bytes], bool]:
    return lambda content: content.startswith(beginnings)


def _office(folder: bytes) -> Callable[[bytes], bool]:
    # An archive whose entries' names stand in it as they are.
    return lambda content: content.startswith(b"PK\x03\x04") and folder in content


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


TYPES: dict[str, Callable[[bytes], bool]] = {
    "application/pdf": _begins(b"%PDF-"),
    "image/png": _begins(b"\x89PNG\r\n\x1a\n"),
    "image/jpeg": _begins(b"\xff\xd8\xff"),
    f"{OFFICE}.wordprocessingml.document": _office(b"word/"),
    f"{OFFICE}.spreadsheetml.sheet": _office(b"xl/"),
    "text/csv": _is_text,
    "text/plain": _is_text,
}


def taken_type(content_type: str | None) -> str:
    """The media type without its parameters. Raises AttachmentTypeForbidden."""
    media_type = (content_type or "").partition(";")[0].strip().lower()
    if media_type not in TYPES:
        raise AttachmentTypeForbidden(choices=", ".join(TYPES))
    return media_type


def check_content(content: bytes, media_type: str) -> None:
    if not TYPES[media_type](content):
        raise AttachmentContentWrong(media_type=media_type)
