"""JSON whose amounts are exact numbers: a float has 15 digits, an amount up to 19."""

import json
import re
from decimal import Decimal
from typing import Any

# No text of the ledger holds this character (ledger/values.py), so nothing else looks like a marked amount.
_MARK = "\x01"
_MARKED = re.compile(r'"\\u0001(-?[0-9]+(?:\.[0-9]+)?)"')


def exact_json(value: Any, indent: int | None = None) -> str:
    """Decimals are written as numbers with the digits they have."""
    text = json.dumps(
        value, ensure_ascii=False, default=_marked, separators=None if indent else (",", ":"), indent=indent
    )
    return _MARKED.sub(r"\1", text) if _MARKED.search(text) else text


def _marked(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{_MARK}{value:f}"
    raise TypeError(f"{type(value).__name__} is not written as JSON")
