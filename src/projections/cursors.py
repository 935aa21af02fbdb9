"""The one codec of cursors: where a page ended, and what its later pages keep.

A cursor is encrypted and authenticated, so nobody can make or change one, and it is bound to the list, to the question
and to what its reader may see, so nobody can carry one over. The key belongs to the installation: cursors survive a
restart, and every service on the same database reads them. The same place always gives the same text (AES-SIV), so
answers keep their ETag."""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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
        text = json.dumps([self.origins.base, self.origins.generation, *place], separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self.cipher.encrypt(text, [self.bound])).decode("ascii").rstrip("=")

    def read(
        self,
        cursor: str,
        *types: type,
        field: str = "cursor",
        at: int | None = None,
        resume: Callable[[int], str] | None = None,
    ) -> list[Any]:
        """The place, of values of these types. `at`: which of them is the last position that the reader has seen; a
        cursor from before a loss is still good if that is kept. `resume`: a cursor for what is behind a position.
        Raises CursorInvalid, CursorLost."""
        with self.opened(cursor, *types, field=field, at=at, resume=resume) as place:
            return place

    @contextmanager
    def opened(
        self,
        cursor: str,
        *types: type,
        field: str = "cursor",
        at: int | None = None,
        resume: Callable[[int], str] | None = None,
    ) -> Iterator[list[Any]]:
        """As `read`; a ValueError raised inside, by a value that does not parse, counts as CursorInvalid too."""
        try:
            if len(cursor) > LONGEST:
                raise ValueError
            sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
            # Several texts decode to the same bytes, but only one was given out.
            if base64.urlsafe_b64encode(sealed).decode("ascii").rstrip("=") != cursor:
                raise ValueError
            base, generation, *place = json.loads(self.cipher.decrypt(sealed, [self.bound]))
            if base != self.origins.base or [type(value) for value in place] != list(types):
                raise ValueError
            kept = self.origins.kept_below(generation)
            if kept is not None and (at is None or place[at] >= kept):
                following = resume(kept - 1) if resume else ""
                raise CursorLost(field=field, fork=kept, origin=self.origins.present, resume=following)
            yield place
        except (InvalidTag, ValueError) as error:
            raise CursorInvalid(field=field) from error


def _said(question: object) -> object:
    return question.model_dump(mode="json", exclude=_KEPT) if isinstance(question, BaseModel) else str(question)
