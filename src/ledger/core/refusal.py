"""What a refusal is: a named no with a stable code and words in both languages."""

import re
from collections.abc import Mapping
from enum import Enum
from typing import Any, ClassVar


class Kind(Enum):
    """What a refusal means to the caller; the interface maps it to a status."""

    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    GONE = "gone"
    STALE = "stale"
    INVALID = "invalid"
    TOO_LARGE = "too_large"
    UNSUPPORTED = "unsupported"
    TOO_MANY = "too_many"
    UNAVAILABLE = "unavailable"


class Refusal(Exception):
    """A named no. `details` fill the placeholders of the sentences and travel to the client. `whatever_is_said`: it
    does not depend on what the command says, only on the state of things and on who gives it."""

    kind: ClassVar[Kind]
    whatever_is_said: ClassVar[bool] = False
    zh: ClassVar[str]
    en: ClassVar[str]
    code: ClassVar[str]

    def __init_subclass__(cls) -> None:
        cls.code = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(self, **details: Any) -> None:
        super().__init__(self.code, details)
        self.details = details

    def sentence(self, language: str, said: Mapping[str, Any] | None = None) -> str:
        """`said`: the details as this language names them, when that differs."""
        return (self.en if language == "en" else self.zh).format_map(self.details if said is None else said)

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence('en')}"
