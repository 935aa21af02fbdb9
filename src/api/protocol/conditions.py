"""The conditions of a request for reading: which answers the client holds already, and which part it wants."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Self

from api.protocol.headers import value

_TAG = re.compile(rb'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_RANGE = re.compile(rb"bytes=[ \t]*([0-9]{0,18})-([0-9]{0,18})[ \t]*", re.IGNORECASE)
NAMES = frozenset((b"if-none-match", b"if-modified-since", b"range", b"if-range"))


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes of an answer, the last one included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Conditions:
    none_match: bytes | None
    modified_since: bytes | None
    range: bytes | None
    if_range: bytes | None

    @classmethod
    def of(cls, fields: Iterable[tuple[bytes, bytes]]) -> Self | None:
        """None for a request without any."""
        given = [(name, said) for name, said in fields if name in NAMES]
        if not given:
            return None
        return cls(*(value(given, name) for name in (b"if-none-match", b"if-modified-since", b"range", b"if-range")))

    def held(self, etag: bytes | None, last_modified: bytes | None) -> bytes | None:
        """Whether the client holds this answer: its tag, as the client has it (a cache finds its copy by that), or
        nothing in its place. None when it does not."""
        if self.none_match is not None:
            if self.none_match.strip() == b"*":
                return etag or b""
            wanted = etag and etag.removeprefix(b"W/")
            tags = (found[0] for found in _TAG.finditer(self.none_match))
            return next((tag for tag in tags if tag.removeprefix(b"W/") == wanted), None)
        since, modified = _time(self.modified_since), _time(last_modified)
        return etag or b"" if since and modified and modified <= since else None

    def wants_part(self, etag: bytes | None, last_modified: bytes | None) -> bool:
        """A malformed range, or several at once, are as none: the client gets the whole."""
        found = _RANGE.fullmatch(self.range or b"")
        if found is None or not (found[1] or found[2]):
            return False
        if found[1] and found[2] and int(found[2]) < int(found[1]):
            return False
        if self.if_range is None:
            return True
        if self.if_range.startswith(b'"'):
            return self.if_range == etag
        return last_modified is not None and self.if_range == last_modified

    def span(self, length: int) -> Span | None:
        """The part that is wanted of so many bytes; None when it lies outside."""
        found = _RANGE.fullmatch(self.range or b"")
        assert found
        first, last = found[1], found[2]
        if first:
            span = Span(int(first), min(int(last), length - 1) if last else length - 1)
        else:
            span = Span(max(0, length - int(last or 0)), length - 1)
        return span if span.first <= span.last else None


def _time(given: bytes | None) -> datetime | None:
    try:
        found = parsedate_to_datetime((given or b"").decode("latin-1"))
    except ValueError:
        return None
    return found if found.tzinfo else None
