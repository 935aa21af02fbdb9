"""How facts are told on pages: what they say (`Fact.told`), with dates, money, codes and the events that they name as
one reader reads them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import count
from string import Formatter
from typing import Any, TypeVar

from api.pages.code_texts import (
    CREDIT_LIST,
    EVALUATION,
    INSPECTION_RESULT,
    PENALTY,
    PENALTY_ENDING,
    RELATION,
    REQUEST_OUTCOME,
    SCREENING,
    SUPPORT_OUTCOME,
    UNDER,
)
from api.pages.reader import Reader
from api.pages.texts import PAGE
from ledger.authors import ROLE
from ledger.core.fact import Fact, Sealed
from ledger.core.words import Words
from ledger.project.application import DraftFact
from ledger.rules import Rules
from ledger.values import FundingLine, Money, Period, PersonName

C = TypeVar("C", bound=StrEnum)


def _by_type(table: Mapping[C, Words]) -> dict[tuple[type[StrEnum], str], Words]:
    return {(type(code), code.value): words for code, words in table.items()}


# By their type too: codes of two kinds may be the same word.
_CODES = (
    _by_type(SCREENING)
    | _by_type(SUPPORT_OUTCOME)
    | _by_type(REQUEST_OUTCOME)
    | _by_type(RELATION)
    | _by_type(UNDER)
    | _by_type(CREDIT_LIST)
    | _by_type(INSPECTION_RESULT)
    | _by_type(PENALTY)
    | _by_type(PENALTY_ENDING)
    | _by_type(ROLE)
)


@dataclass(frozen=True, slots=True)
class Named:
    """An event that others of its stream name. `draft`: of an application, which one, from 1."""

    fact: Fact
    effective_on: date
    draft: int | None = None


def named_by_version(events: Iterable[tuple[int, Fact, date]]) -> dict[int, Named]:
    """Of one stream, in its order: version, fact, and the day on which it took effect."""
    found: dict[int, Named] = {}
    drafts = count(1)
    for version, fact, day in events:
        found[version] = Named(fact, day, next(drafts) if isinstance(fact, DraftFact) else None)
    return found


@dataclass(frozen=True, slots=True)
class Naming:
    """How codes, sealed names and versions of one project read for one reader. `opened`: sealed values by commitment.
    `events`: what may be named, by version."""

    reader: Reader
    rules: Rules | None
    opened: Mapping[str, Any] = field(default_factory=dict)
    events: Mapping[int, Named] = field(default_factory=dict)

    def say(self, words: Words, **values: object) -> str:
        return self.reader.say(words, **{name: self.shown(value) for name, value in values.items()})

    def fill(self, words: Words, fact: Fact) -> str:
        names = {name for _, name, _, _ in Formatter().parse(words.zh) if name}
        values = {name: getattr(fact, name) for name in names}
        cited = {name: self.cited(values[name]) for name in names.intersection(fact.naming)}
        return self.say(words, **values | cited)

    def cited(self, version: int) -> str:
        match self.events.get(version):
            case None:
                return self.reader.say(PAGE["event_withheld"])
            case Named(draft=int(draft)):
                return self.reader.say(PAGE["draft"], draft=draft)
            case Named(fact, day):
                return fact.cited_as(self, day)

    def joined(self, *sentences: str | None) -> str:
        return (" " if self.reader.language == "en" else "").join(filter(None, sentences))

    def listed(self, names: Iterable[str]) -> str:
        return self.reader.say(PAGE["comma"]).join(names)

    def number(self, number: int) -> str:
        return self.reader.number(number)

    def total(self, lines: tuple[FundingLine, ...]) -> str | None:
        return self.reader.total(lines)

    def milestone(self, code: str) -> str:
        found = next((rule for rule in self.rules.milestones if rule.code == code), None) if self.rules else None
        return self.reader.say(found.name) if found else code

    def honour(self, code: str) -> str:
        quota = self.rules.quota(code) if self.rules else None
        return self.reader.say(quota.name) if quota else code

    def title(self, code: str) -> str:
        name = self.honour(code)
        return name if "“" in name else f"“{name}”"

    def evaluator(self, by: str) -> str:
        return self.reader.say(EVALUATION[by])

    def of_organisation(self, name: Sealed[PersonName], organisation: str) -> str:
        value = self.opened.get(name.commitment)
        opened = value["name"] if value else self.reader.say(PAGE["name_closed"])
        return self.reader.say(PAGE["of_organisation"], name=opened, organisation=organisation)

    def coded(self, value: StrEnum) -> str:
        """A code by its name, or as it is stored where no sentence tells of it."""
        words = _CODES.get((type(value), value.value))
        return self.reader.say(words) if words else value.value

    def shown(self, value: object) -> object:
        """As this reader reads it, where that is not the value itself."""
        match value:
            case date():
                return self.reader.day(value).text
            case Money():
                return self.reader.money(value)
            case Period():
                return self.reader.period(value)
            case StrEnum():
                return self.reader.say(_CODES[type(value), value.value])
            case _:
                return value
