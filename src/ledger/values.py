"""Small values that facts are made of: text, dates, digests, money, identifiers.

Money is an exact decimal with a currency, written as a string; a JSON number is refused, because
a float has no exact value. Dates are civil dates, in extended ISO form only.
"""

import re
from calendar import monthrange
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, dataclass_transform

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
)
from pydantic_core import PydanticCustomError

ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
AMOUNT = re.compile(r"(0|[1-9][0-9]{0,14})(\.[0-9]{1,4})?")
FORBIDDEN_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
LINE_BREAKS = re.compile("[\t\n\r]")
EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 31)


if TYPE_CHECKING:
    from pydantic._internal._model_construction import ModelMetaclass

    # What `frozen` in the configuration means, in words that every type checker reads.
    @dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(Field,))
    class FrozenMeta(ModelMetaclass): ...
else:
    FrozenMeta = type(BaseModel)


class Frozen(BaseModel, metaclass=FrozenMeta):
    """Data that never changes and knows no field beyond those it declares."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _clean(text: str) -> str:
    # What is printable holds nothing forbidden, and to ask that is much cheaper than to search.
    if not text.isprintable() and FORBIDDEN_CHARACTERS.search(text):
        raise PydanticCustomError("forbidden_character", "text holds a control character or half of a surrogate pair")
    return text


def _one_line(text: str) -> str:
    if not text.isprintable() and LINE_BREAKS.search(text):
        raise PydanticCustomError("several_lines", "this is text of one line, without tabs")
    return _clean(text)


def _civil_date(value: Any) -> Any:
    if isinstance(value, str):
        right = ISO_DATE.fullmatch(value) is not None
    else:
        right = isinstance(value, date) and not isinstance(value, datetime)
    if not right:
        raise PydanticCustomError("date_form", "a date is written YYYY-MM-DD")
    return value


def _within_calendar(value: date) -> date:
    if not EARLIEST <= value <= LATEST:
        raise PydanticCustomError("date_range", "a date lies between 1900-01-01 and 2199-12-31")
    return value


def _amount(value: Any) -> Any:
    if isinstance(value, Decimal):
        value = format(value, "f")
    if not isinstance(value, str):
        raise PydanticCustomError("amount_not_a_string", 'an amount is a string such as "1234.50", never a number')
    if not AMOUNT.fullmatch(value):
        raise PydanticCustomError("amount_form", "an amount has up to 15 digits and up to 4 decimals, and no sign")
    return Decimal(value)


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or earlier for a negative number; the last of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def years_after(day: date, years: int) -> date:
    """The same day so many years later; the day after 28 February where that year has no 29th."""
    leap = (day.month, day.day) == (2, 29)
    return date(day.year + years, 3, 1) if leap and years % 4 else day.replace(year=day.year + years)


_LENGTH = StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
# One line that is a number or a key: by it things find each other, so it is never redacted.
Line = Annotated[str, _LENGTH, AfterValidator(_one_line)]
# One line of words, such as a name or a heading, which can be redacted.
Label = Annotated[str, _LENGTH, AfterValidator(_one_line), "words"]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000), AfterValidator(_clean)]
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,79}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
CivilDate = Annotated[date, BeforeValidator(_civil_date), AfterValidator(_within_calendar)]
Amount = Annotated[
    Decimal, BeforeValidator(_amount), PlainSerializer(lambda value: format(value, "f"), return_type=str)
]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]


class Money(Frozen):
    """An exact, non-negative amount: `{"amount": "1234.50", "currency": "CNY"}`."""

    amount: Amount
    currency: Currency


class Period(Frozen):
    """Civil dates, both included."""

    start: CivilDate
    end: CivilDate

    def model_post_init(self, _: Any) -> None:
        if self.end < self.start:
            raise PydanticCustomError("period_reversed", "a period ends on or after the day it starts")


class FundingSource(StrEnum):
    """Where a project's means come from (N6: 投入)."""

    OWN = "own"
    DONATED = "donated"
    REQUESTED = "requested"
    IN_KIND = "in_kind"


class FundingLine(Frozen):
    source: FundingSource
    money: Money


WebAddress = Annotated[Line, Field(pattern=r"^https?://[^\s/]+(/\S*)?$", max_length=500)]


class Document(Frozen):
    """A file by its content."""

    name: Label
    sha256: Digest


class Contact(Frozen):
    """Whom to ask; personal data, so it stands in no event but sealed."""

    name: Label
    telephone: Line
    email: Line | None = None


class BankAccount(Frozen):
    """Where an organisation is paid; stands in no event but sealed."""

    holder: Label
    bank: Label
    number: Line


class PersonName(Frozen):
    name: Label
