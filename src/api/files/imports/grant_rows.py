"""One row of a 360Giving file as the fact it states; nothing is added, and no personal name is taken in."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import ValidationError

from ledger.identifiers import Identifier, register_code
from ledger.project.grant import GrantImported
from ledger.values import Period

T = TypeVar("T")
ORG_ID = re.compile(r"([A-Z]{2,4}-[A-Z0-9]{2,20})-\s*(\S.*)", re.DOTALL)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:?\d{2})?", re.ASCII)
CURRENCY = re.compile(r"[A-Z]{3}")
PARTIAL_DAY = re.compile(r"\d{4}(-\d{2})?", re.ASCII)
SMALLEST_EXPONENT, MOST_DIGITS = -4, 15

# The names that the file gives to what a fact calls otherwise.
FIELDS = {
    "grant": "id",
    "amount": "amountAwarded",
    "currency": "currency",
    "awarded_on": "awardDate",
    "planned": "plannedDates",
    "recipient_name": "recipientOrganization.name",
    "funder_name": "fundingOrganization.name",
    "grant_programme": "grantProgramme.title",
}


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was not imported: `grants[17] (360G-…)` and why."""

    place: str
    reason: str


Money = tuple[str, Decimal]


def money_of(row: Any) -> Money | None:
    """Currency and amount of a row that is refused; None where they cannot be read."""
    if not isinstance(row, Mapping):
        return None
    try:
        amount, currency = _amount(row.get("amountAwarded")), _currency(row.get("currency"))
    except RowProblem:
        return None
    return (currency, amount) if isinstance(currency, str) and CURRENCY.fullmatch(currency) else None


class RowProblem(Exception):
    """A row is no grant that can be imported; the message says why."""


def place_of(index: int, row: Any) -> str:
    name = row.get("id") if isinstance(row, Mapping) else None
    if not isinstance(name, str) or not name:
        return f"grants[{index}]"
    shown = "".join(character if character.isprintable() else "?" for character in name[:200])
    return f"grants[{index}] ({shown})"


@dataclass(frozen=True, slots=True)
class Read:
    """The grant, and why optional fields of it are left out, where they make no sense: its money is not optional."""

    grant: GrantImported
    left_out: tuple[str, ...]


def grant_of(row: Any, source_sha256: str) -> Read:
    """Raises RowProblem."""
    if not isinstance(row, Mapping):
        raise RowProblem("a grant is an object")
    # An empty one names nobody.
    if row.get("recipientIndividual"):
        raise RowProblem("recipientIndividual: grants to individuals are not imported, nor are their names")
    funder = _only(row, "fundingOrganization")
    recipient = _only(row, "recipientOrganization")
    left_out: list[str] = []
    planned = _optional(row, "plannedDates", _planned, left_out)
    programme = _optional(row, "grantProgramme", _grant_programme, left_out)
    try:
        funder_id = _identifier(_text(funder, "id", "fundingOrganization.id"), "fundingOrganization.id")
        grant = GrantImported.model_validate(
            {
                "programme": register_code(funder_id),
                "grant": _text(row, "id", "id"),
                "title": _text(row, "title", "title"),
                "description": _optional_text(row.get("description"), "description"),
                "amount": {"amount": _amount(row.get("amountAwarded")), "currency": _currency(row.get("currency"))},
                "awarded_on": _civil_date(row.get("awardDate"), "awardDate"),
                "planned": planned,
                "recipient": _recipient(recipient),
                "recipient_name": _text(recipient, "name", "recipientOrganization.name"),
                "funder": funder_id,
                "funder_name": _text(funder, "name", "fundingOrganization.name"),
                "grant_programme": programme,
                "source_sha256": source_sha256,
            }
        )
    except ValidationError as error:
        raise RowProblem(f"{_field(error)}: {_message(error)}") from error
    return Read(grant, tuple(left_out))


def _optional(row: Mapping[str, Any], field: str, read: Callable[[Any], T | None], left_out: list[str]) -> T | None:
    try:
        return read(row.get(field))
    except RowProblem as problem:
        left_out.append(str(problem))
        return None


def _field(error: ValidationError) -> str:
    places = [str(part) for part in error.errors()[0]["loc"]]
    name = places[-1] if places[-1] == "currency" else places[0]
    return FIELDS.get(name, name)


def _message(error: ValidationError) -> str:
    return error.errors(include_input=False, include_url=False)[0]["msg"]


def _only(row: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    found = row.get(field)
    if not isinstance(found, list) or not found:
        raise RowProblem(f"{field}: it is missing")
    if len(found) > 1:
        raise RowProblem(f"{field}: there are {len(found)}, and a grant here has one")
    if not isinstance(found[0], Mapping):
        raise RowProblem(f"{field}: it is no object")
    return found[0]


def _text(row: Mapping[str, Any], name: str, field: str) -> str:
    text = _optional_text(row.get(name), field)
    if text is None:
        raise RowProblem(f"{field}: it is missing")
    return text


def _optional_text(value: Any, field: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise RowProblem(f"{field}: it is no text")
    return value if value.strip() else None


def _identifier(text: str, field: str) -> Identifier:
    found = ORG_ID.fullmatch(text.strip())
    try:
        return Identifier(scheme=found[1], id=found[2]) if found else Identifier(scheme="other", id=text)
    except ValidationError as error:
        raise RowProblem(f"{field}: {_message(error)}") from error


def _recipient(recipient: Mapping[str, Any]) -> Identifier | None:
    text = _optional_text(recipient.get("id"), "recipientOrganization.id")
    return None if text is None else _identifier(text, "recipientOrganization.id")


def _amount(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise RowProblem("amountAwarded: it is no number")
    amount = Decimal(value)
    if amount < 0:
        raise RowProblem("amountAwarded: it is negative")
    # Before anything writes the number out: 1e999999999 is short only here.
    exponent = amount.as_tuple().exponent
    if amount.adjusted() >= MOST_DIGITS or not isinstance(exponent, int) or exponent < SMALLEST_EXPONENT:
        raise RowProblem("amountAwarded: it has more than 15 digits or more than 4 decimals")
    return amount.copy_abs()


def _currency(value: Any) -> Any:
    """`gbp` and `GBP ` are spellings of a code."""
    return value.strip().upper() if isinstance(value, str) else value


def _civil_date(value: Any, field: str) -> date:
    """The day as written, whatever its time zone."""
    if value is None:
        raise RowProblem(f"{field}: it is missing")
    if isinstance(value, str):
        try:
            if DAY.fullmatch(value):
                return date.fromisoformat(value)
            if MOMENT.fullmatch(value):
                return datetime.fromisoformat(value.upper()).date()
        except ValueError as error:
            raise RowProblem(f"{field}: there is no such day or time") from error
    raise RowProblem(f"{field}: it is no date such as 2015-06-10 or 2015-06-10T00:00:00Z")


def _planned(value: Any) -> Period | None:
    """The first of the planned periods, when both of its days are stated."""
    if not value:
        return None
    if not isinstance(value, list) or not isinstance(value[0], Mapping):
        raise RowProblem("plannedDates: it is no array of objects")
    start, end = value[0].get("startDate"), value[0].get("endDate")
    if start is None or end is None:
        return None
    # The standard allows a year or a month alone, which names no day, and none is made up.
    if any(isinstance(day, str) and PARTIAL_DAY.fullmatch(day) for day in (start, end)):
        return None
    try:
        return Period(start=_civil_date(start, "plannedDates.startDate"), end=_civil_date(end, "plannedDates.endDate"))
    except ValidationError as error:
        raise RowProblem(f"plannedDates: {_message(error)}") from error


def _grant_programme(value: Any) -> str | None:
    if not value:
        return None
    if not isinstance(value, list) or not isinstance(value[0], Mapping):
        raise RowProblem("grantProgramme: it is no array of objects")
    return _optional_text(value[0].get("title"), "grantProgramme.title")
