"""What a correction changed, field by field."""

from datetime import date

from tests.ledger.project.given import APPLIED, APPROVED, DAY, form, recorded, reviewed, yuan

from api.reading.changes import Change
from api.reading.corrected import changed_by
from ledger.core.envelope import Recorded, Restated, Voided
from ledger.core.fact import Fact
from ledger.project.correction_requests import CorrectionRequested


def restated(target: int, fact: Fact, on: date = DAY) -> Restated:
    return Restated(target=target, restated_on=on, fact=fact, reason="示例。")


def voided(target: int) -> Voided:
    return Voided(target=target, reason="示例。")


def told(*facts: Fact) -> dict[int, list[Change]]:
    return changed_by([recorded(fact, version) for version, fact in enumerate(facts, 1)])


LESS = APPROVED.model_copy(update={"amount": yuan("20000.00")})
LEAST = APPROVED.model_copy(update={"amount": yuan("10000.00")})


def amounts(before: str, after: str) -> list[Change]:
    return [Change(path="/amount/amount", before=before, after=after)]


def test_a_restatement_changes_fields_and_the_day() -> None:
    renamed = APPLIED.model_copy(update={"form": form(title="示例：送餐")})
    assert told(APPLIED, restated(1, renamed, date(2010, 1, 20))) == {
        2: [
            Change(path="/effective_on", before="2010-02-01", after="2010-01-20"),
            Change(path="/form/title", before=APPLIED.form.title, after="示例：送餐"),
        ]
    }


def test_each_correction_is_told_against_what_it_replaced() -> None:
    """A second restatement, and the void of it, which lets the first one hold again."""
    changed = told(APPLIED, APPROVED, restated(2, LESS), restated(2, LEAST), voided(4))
    assert changed == {
        3: amounts("30000.00", "20000.00"),
        4: amounts("20000.00", "10000.00"),
        5: amounts("10000.00", "20000.00"),
    }


def test_a_void_changes_no_field() -> None:
    assert told(APPLIED, APPROVED, voided(2), voided(3)) == {3: [], 4: []}


def test_a_request_tells_what_it_would_change() -> None:
    asked = CorrectionRequested(proposed=restated(2, LESS), asked_of=2, answer_by=DAY)
    gone = CorrectionRequested(proposed=voided(2), asked_of=2, answer_by=DAY)
    assert told(APPLIED, APPROVED, asked) == {3: amounts("30000.00", "20000.00")}
    assert told(APPLIED, APPROVED, gone) == {}


def test_hidden_versions_are_not_needed() -> None:
    """Readers who see no reviews have gaps in the versions."""
    facts: list[Fact] = [APPLIED, reviewed(0), reviewed(1), APPROVED, restated(4, LESS), voided(5)]
    seen: list[Recorded] = [recorded(fact, version) for version, fact in enumerate(facts, 1) if version not in (2, 3)]
    assert changed_by(seen) == {5: amounts("30000.00", "20000.00"), 6: amounts("20000.00", "30000.00")}
