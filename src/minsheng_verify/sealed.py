"""A sealed value against its commitment: what the log holds instead of personal data."""

from hashlib import sha256
from typing import Any

from minsheng_verify.canonical import canonical


def commitment(purpose: str, salt: bytes, value: Any) -> str:
    """SHA-256 of minsheng/sealed/v1, 0, purpose, 0, salt, and the value as RFC 8785 JSON; in hexadecimal digits.
    Raises ValueError for a value that has no such form."""
    return sha256(b"minsheng/sealed/v1\0" + purpose.encode() + b"\0" + salt + canonical(value)).hexdigest()
