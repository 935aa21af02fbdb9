"""RFC 8785 JSON of data without fractions, as commitments take it."""

import json
from typing import Any

LARGEST = (1 << 53) - 1


def canonical(value: Any) -> bytes:
    """Raises ValueError for numbers that are no integers within ±(2^53 - 1), and for half surrogate pairs."""
    return _text(value).encode("utf-8")


def _text(value: Any) -> str:
    match value:
        case None | bool() | str():
            return json.dumps(value, ensure_ascii=False)
        case int() if abs(value) <= LARGEST:
            return str(value)
        case list():
            return f"[{','.join(map(_text, value))}]"
        case dict():
            names = sorted(value, key=lambda name: name.encode("utf-16-be"))
            return f"{{{','.join(f'{_text(name)}:{_text(value[name])}' for name in names)}}}"
        case _:
            raise ValueError(f"{str(value)[:40]} is no integer of up to 2^53 - 1")
