"""What facts hold to that tell of a day on which something was."""

from datetime import date

from ledger.core.fact import Fact
from ledger.refusals.general import DatedInFuture, SignedTooEarly


def check_past(fact: Fact, today: date) -> None:
    """Raises DatedInFuture: what has happened, also by a restatement, was not after today."""
    for field, day in fact.past_days():
        if day > today:
            raise DatedInFuture(field=field, day=day.isoformat(), today=today.isoformat())


def check_signed_after(earliest: date, signed_on: date) -> None:
    """Raises SignedTooEarly. `earliest`: the day of what the signature rests on."""
    if signed_on < earliest:
        raise SignedTooEarly(signed_on=signed_on.isoformat(), earliest=earliest.isoformat())
