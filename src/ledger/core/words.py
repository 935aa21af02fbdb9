"""Texts in both languages, and how a fact is told to a reader."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self

from pydantic import ConfigDict

from ledger.values import Line

if TYPE_CHECKING:
    from ledger.core.fact import Fact, Sealed
    from ledger.values import FundingLine, PersonName

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages."""

    # As a field of rules and answers, where it is validated: each language is one line, and there is no third one.
    __pydantic_config__ = ConfigDict(extra="forbid")

    zh: Line
    en: Line

    @classmethod
    def same(cls, text: str) -> Self:
        """What others said, in one language."""
        return cls(text, text)

    def in_(self, language: Language, **values: Any) -> str:
        """`{names}` in the text stand for the values."""
        text = self.en if language == "en" else self.zh
        return text.format_map(values) if values else text


class Teller(Protocol):
    """Tells facts to one reader, in the reader's language."""

    def say(self, words: Words, **values: object) -> str:
        """The text with each value as this reader reads it: dates, money, periods and codes by their names."""
        ...

    def fill(self, words: Words, fact: "Fact") -> str:
        """The text with the fields of the fact that it names."""
        ...

    def joined(self, *sentences: str | None) -> str: ...

    def listed(self, names: Iterable[str]) -> str: ...

    def number(self, number: int) -> str: ...

    def total(self, lines: "tuple[FundingLine, ...]") -> str | None: ...

    def cited(self, version: int) -> str:
        """What the event at that version of the same stream is called."""
        ...

    def milestone(self, code: str) -> str: ...

    def honour(self, code: str) -> str: ...

    def title(self, code: str) -> str:
        """The honour in quotation marks."""
        ...

    def evaluator(self, by: str) -> str: ...

    def of_organisation(self, name: "Sealed[PersonName]", organisation: str) -> str: ...
