"""The one codec of cursors: where a page ended, and what its later pages keep.

A cursor is encrypted and authenticated, so nobody can make or change one, and it is bound to the list, to the question
and to what its reader may see, so nobody can carry one over. The key belongs to the installation: cursors survive a
restart, and every service on the same database reads them. The same place always gives the same text (AES-SIV), so
answers keep their ETag."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from pydantic import BaseModel

from ledger.accounts import Account
from ledger.refusals.general import CursorInvalid, CursorLost
from ledger.transparency.origins import FIRST, Origins

LONGEST = 1000
# What a later page takes from its cursor instead of its own address.
_KEPT = {"cursor", "after", "limit", "known_at", "on"}


@dataclass(frozen=True, repr=False)
class Cursors:
    """`origins`: which log the positions in the cursors are of. After a loss, a cursor from what is lost is refused by
    name, since other events take its place."""

    key: bytes
    origins: Origins = FIRST

    def of(self, what: str, who: Account | None = None, *question: object) -> "Codec":
        """For one list. `who`: None where everybody who reads the list sees the same in it."""
        bound = [what, who and [who.role.value, who.body], *map(_said, question)]
        return Codec(AESSIV(self.key), self.origins, json.dumps(bound).encode())


@dataclass(frozen=True, repr=False)
class Codec:
    cipher: AESSIV
    origins: Origins
    bound: bytes

    def sealed(self, *place: Any) -> str:
        """Of numbers, texts, and what a text says: a day, an id, an amount; None is an empty text."""
        plain = [value if isinstance(value, int) else "" if value is None else str(value) for value in place]
        text = json.dumps([self.origins.base, self.origins.generation, *plain], separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self.cipher.encrypt(text, [self.bound])).decode("ascii").rstrip("=")

    def read(
        self,
        cursor: str,
        *kinds: Callable[[Any], Any],
        field: str = "cursor",
        at: int | None = None,
        resume: Callable[[int], str] | None = None,
    ) -> list[Any]:
        """The place, of values of these kinds: int, bool, str, or what reads one from a text, such as UUID. `at`: which
        of them is the last position that the reader has seen; a cursor from before a loss is still good if that is
        kept. `resume`: a cursor for what is behind a position. Raises CursorInvalid, CursorLost."""
        try:
            if len(cursor) > LONGEST:
                raise ValueError
            sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
            # Several texts decode to the same bytes, but only one was given out.
            if base64.urlsafe_b64encode(sealed).decode("ascii").rstrip("=") != cursor:
                raise ValueError
            base, generation, *values = json.loads(self.cipher.decrypt(sealed, [self.bound]))
            if base != self.origins.base:
                raise ValueError
            place = [_read(kind, value) for kind, value in zip(kinds, values, strict=True)]
        except (InvalidTag, ValueError, ArithmeticError) as error:
            raise CursorInvalid(field=field) from error
        kept = self.origins.kept_below(generation)
        if kept is not None and (at is None or place[at] >= kept):
            following = resume(kept - 1) if resume else ""
            raise CursorLost(field=field, fork=kept, origin=self.origins.present, resume=following)
        return place


def day_or_none(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _read(kind: Callable[[Any], Any], value: object) -> Any:
    plain = kind in (int, bool, str)
    if type(value) is not (kind if plain else str):
        raise ValueError
    return value if plain else kind(value)


def _said(question: object) -> object:
    return question.model_dump(mode="json", exclude=_KEPT) if isinstance(question, BaseModel) else str(question)
