"""The fields of facts, and what differs between two states, as people read them: names and values in words."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, get_args, get_type_hints
from uuid import UUID

from api.openapi.fields import FIELDS
from api.pages.code_texts import SOURCE, STATUS
from api.pages.fact_field_texts import FACT_FIELDS
from api.pages.reader import Reader
from api.pages.sentences import Naming
from api.pages.time_texts import TIME
from ledger.core.fact import Fact, Sealed
from ledger.core.words import Words
from ledger.facts import FACT, FACTS
from ledger.project.state import Project
from ledger.project.status import Status
from ledger.values import FundingLine, Money, Period, PersonName

LONGEST = 600
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def field_name(reader: Reader, name: str) -> str:
    """As on the forms, where a form asks for it."""
    if name in FACT_FIELDS:
        return reader.say(FACT_FIELDS[name])
    if reader.language == "zh" and name in FIELDS:
        return FIELDS[name].zh
    return name.replace("_", " ")


def _facts_in(kind: Any, depth: int = 0) -> Iterator[type[Fact]]:
    """The facts that a part of the state holds."""
    if isinstance(kind, type) and issubclass(kind, Fact) and hasattr(kind, "named"):
        yield kind
    for inner in get_args(kind):
        yield from _facts_in(inner, depth + 1)
    if is_dataclass(kind) and depth < 4 and isinstance(kind, type):
        yield from _facts_in(get_type_hints(kind).get("fact"), depth + 1)


def _parts() -> dict[str, Words]:
    """The parts of a project's state that hold facts of one kind are called as these."""
    hints = get_type_hints(Project)
    found = {part.name: list(_facts_in(hints[part.name])) for part in fields(Project)}
    return {name: kinds[0].named for name, kinds in found.items() if kinds}


_PARTS = _parts()


def part_name(reader: Reader, part: str) -> str:
    """Of a project's state."""
    return reader.say(_PARTS[part]) if part in _PARTS else field_name(reader, part)


@dataclass(frozen=True, slots=True)
class FieldRow:
    """`label`: where it stands, from the outside in."""

    label: str
    value: str


def fact_rows(naming: Naming, fact: Fact) -> tuple[FieldRow, ...]:
    """What a fact says, field by field; fields that say nothing are left out."""
    return tuple(_rows(naming, fact, ""))


def _rows(naming: Naming, model: Any, within: str) -> Iterator[FieldRow]:
    for name in type(model).model_fields:
        value = getattr(model, name)
        if value is None or value == () or (name == "type" and not within):
            continue
        label = f"{within}{field_name(naming.reader, name)}"
        if name == "type":
            yield FieldRow(label, naming.reader.say(FACTS[value].named))
        elif isinstance(model, Fact) and name in model.naming:
            versions = value if isinstance(value, tuple) else (value,)
            yield FieldRow(label, naming.listed(naming.cited(version) for version in versions))
        else:
            yield from _valued(naming, name, value, label)


def _valued(naming: Naming, name: str, value: Any, label: str) -> Iterator[FieldRow]:
    text = _text(naming, name, value)
    if text is not None:
        yield FieldRow(label, text)
    elif isinstance(value, tuple):
        single = [_text(naming, name, one) for one in value]
        if None not in single:
            yield FieldRow(label, naming.listed(filter(None, single)))
        else:
            for number, one in enumerate(value, 1):
                yield from _rows(naming, one, f"{label} {number} · ")
    else:
        yield from _rows(naming, value, f"{label} · ")


def _text(naming: Naming, name: str, value: Any) -> str | None:
    """None of what has fields of its own."""
    reader = naming.reader
    match value:
        case bool():
            return reader.say(TIME["yes" if value else "no"])
        case Sealed():
            return _sealed(naming, value)
        case datetime():
            return reader.instant(value).text
        case FundingLine():
            return f"{reader.say(SOURCE[value.source])} {reader.money(value.money)}"
        case StrEnum():
            return naming.coded(value)
        case date() | Money() | Period():
            return str(naming.shown(value))
        case Words():
            return reader.say(value)
        case int():
            return reader.number(value)
        case str():
            return _shortened(reader, _coded(naming, name, value))
        case UUID() | Decimal():
            return str(value)
        case PersonName():
            return value.name
        case _:
            return None


def _coded(naming: Naming, name: str, value: str) -> str:
    """A code of the programme by its name."""
    rules = naming.rules
    if name == "milestone":
        return naming.milestone(value)
    if name == "honour":
        return naming.honour(value)
    if rules and name == "category" and (category := rules.category(value)):
        return naming.reader.say(category.name)
    if rules and name == "district" and (district := rules.district(value)):
        return naming.reader.say(district.name)
    return value


def _sealed(naming: Naming, value: Sealed[Any]) -> str:
    opened = naming.opened.get(value.commitment)
    if isinstance(opened, Mapping) and "name" in opened:
        return str(opened["name"])
    return naming.reader.say(TIME["sealed"], commitment=value.commitment[:12])


def _shortened(reader: Reader, text: str) -> str:
    if len(text) <= LONGEST:
        return text
    return text[:LONGEST] + reader.say(TIME["cut_off"], length=reader.number(len(text)))


def plain(naming: Naming, place: str, value: Any) -> str:
    """A value of a state's document. What facts say is told as on the project's page."""
    reader = naming.reader
    told = tuple(_told(naming, value))
    if told:
        return naming.joined(*told)
    match value:
        case _ if value in (None, [], {}):
            return reader.say(TIME["nothing_there"])
        case bool():
            return reader.say(TIME["yes" if value else "no"])
        case int():
            return reader.number(value)
        case str() if place == "status":
            return reader.say(STATUS[Status(value)])
        case str() if _DAY.fullmatch(value):
            return reader.day(date.fromisoformat(value)).text
        case str():
            return _shortened(reader, _coded(naming, place, value))
        case {"amount": str(amount), "currency": str(currency), **rest} if not rest:
            return reader.money(Money(amount=Decimal(amount), currency=currency))
        case dict():
            colon = reader.say(TIME["between"])
            return naming.listed(
                f"{field_name(reader, name)}{colon}{plain(naming, name, one)}"
                for name, one in value.items()
                if one not in (None, [], {})
            )
        case list():
            return naming.listed(plain(naming, place, one) for one in value)
        case _:
            return json.dumps(value, ensure_ascii=False)


def _told(naming: Naming, value: Any) -> Iterator[str]:
    if not isinstance(value, dict):
        return
    if (kind := value.get("type")) in FACTS:
        fact = FACT.validate_python(value)
        yield fact.told(naming) if hasattr(fact, "sentence") else naming.reader.say(FACTS[str(kind)].named)
        return
    for inner in value.values():
        yield from _told(naming, inner)
