"""Opaque cursors: where a page ended, and what its later pages keep."""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ledger.errors import ChoiceUnknown


def encoded(*place: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode("ascii")


def decoded(cursor: str, *types: type) -> list[Any]:
    """The place, of values of these types. Raises ChoiceUnknown for what no page has given."""
    with reading(cursor, *types) as place:
        return place


@contextmanager
def reading(cursor: str, *types: type) -> Iterator[list[Any]]:
    """As `decoded`, also for what is made of the values inside: what cannot be made of them was given by no page."""
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
        if not isinstance(place, list) or [type(value) for value in place] != list(types):
            raise ValueError(cursor)
        if any(isinstance(value, int) and not 0 <= value < 2**60 for value in place):
            raise ValueError(cursor)
        yield place
    except (RecursionError, ValueError) as error:
        raise ChoiceUnknown(field="cursor", value=cursor[:80], choices="next_cursor") from error
