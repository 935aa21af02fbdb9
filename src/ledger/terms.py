"""Terms in working days: until when something is shown, or has to be answered."""

from datetime import date

from ledger.core.refusal import Kind, Refusal
from ledger.rules import Rules


class WorkingDaysUnknown(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "{year} 年的工作日安排尚不可知，公示期无法计算。",
        "The working days of {year} are not known, so the notice period cannot be told.",
    )


def notice_ends(rules: Rules, today: date) -> date:
    """The last day of a notice period that begins today."""
    return working_days_from(today, rules.deadlines.notice, rules)


def working_days_from(today: date, count: int, rules: Rules) -> date:
    """The last day of a term in working days that begins today. Raises WorkingDaysUnknown."""
    try:
        return rules.working_days_after(today, count)
    except ValueError as error:
        raise WorkingDaysUnknown(year=today.year + 1) from error
