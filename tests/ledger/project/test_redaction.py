"""Taking texts out of recorded events: what can go, what stays, and how the rest is read."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from pydantic import TypeAdapter
from tests.ledger.project.given import APPLIED, AT, DAY, PROJECT, SIGNED, form, history, recorded
from tests.ledger.test_storage_format import GOLDEN

from ledger.aggregates import PROJECT as AGGREGATE
from ledger.core.envelope import Event, Recorded, Redacted, Restated, Voided, decode, encode
from ledger.core.fact import Fact
from ledger.core.history import state, subject_of
from ledger.core.redacted import instead, versions_replaced
from ledger.corrections import restate, void
from ledger.project.application import Applied
from ledger.project.state import Project
from ledger.redaction import MARK, redact, texts_of
from ledger.refusals.general import CorrectionNotPossible, CorrectionTargetUnknown
from ledger.refusals.storage import RedactionNotPossible

NAME = "示例张某"
WITH_NAME = APPLIED.model_copy(update={"form": form(content=f"为{NAME}等老人送午餐。{NAME}由志愿者探访。")})
_PROJECT: TypeAdapter[Project] = TypeAdapter(Project)


def redacted(events: Sequence[Recorded], target: int, texts: dict[str, Sequence[str]]) -> list[Recorded]:
    """The stream as it is read from now on, with the redaction at its end."""
    fact = redact(events, target, texts, reason="示例。", authority="示例规定")
    event = decode(encode(recorded(fact, len(events) + 1).event))
    assert isinstance(event.fact, Redacted)
    newest = replace(recorded(fact, len(events) + 1), event=event)
    gone = set(versions_replaced(event.fact))

    def read(one: Recorded) -> Recorded:
        if one.version not in gone:
            return one
        now, redaction = instead(event, one.version, newest.position)
        return replace(one, event=now, redaction=redaction)

    return [*map(read, events), newest]


def test_every_occurrence_of_a_passage_is_removed() -> None:
    events = redacted(history(WITH_NAME), 1, {"form.content": [NAME]})
    assert events[0].said(Applied).form.content == f"为{MARK}等老人送午餐。{MARK}由志愿者探访。"
    assert events[0].fact == WITH_NAME.model_copy(update={"form": form(content=events[0].said(Applied).form.content)})
    assert NAME.encode() not in encode(events[1].event)


def test_without_passages_the_whole_text_goes() -> None:
    events = redacted(history(WITH_NAME), 1, {"form.content": [], "form.support.0.reason": [], "form.title": []})
    form_now = events[0].said(Applied).form
    assert (form_now.content, form_now.support[0].reason, form_now.title) == (MARK, MARK, MARK)


def test_of_two_passages_the_longer_goes_first() -> None:
    events = redacted(history(WITH_NAME), 1, {"form.content": ["张某", NAME]})
    assert events[0].said(Applied).form.content == f"为{MARK}等老人送午餐。{MARK}由志愿者探访。"


def test_the_reason_of_a_late_entry_can_go_too() -> None:
    (event,) = history(WITH_NAME)
    late = replace(event, event=event.event.model_copy(update={"late_reason": f"{NAME}住院。"}))
    events = redacted([late], 1, {"late_reason": [NAME]})
    assert events[0].event.late_reason == f"{MARK}住院。"
    assert events[0].fact == WITH_NAME


@pytest.mark.parametrize(
    "texts",
    [
        {"form.budget.0.money.amount": []},
        {"form.beneficiaries.count": []},
        {"form.schedule.start": []},
        {"form.category": []},
        {"organisation": []},
        {"type": []},
        {"form": []},
        {"late_reason": []},
        {"form.support.9.reason": []},
        {"": []},
        {"form.content": ["没有这句"]},
        {"form.content": [NAME, "没有这句"]},
        {"form.content": [MARK]},
    ],
)
def test_missing_text_cannot_be_redacted(texts: dict[str, Sequence[str]]) -> None:
    with pytest.raises(RedactionNotPossible) as refused:
        redact(history(WITH_NAME), 1, texts, reason="示例。", authority="示例规定")
    assert NAME not in str(refused.value.details)


@pytest.mark.parametrize("target", [0, 2, -1])
def test_only_an_event_that_is_there_can_be_redacted(target: int) -> None:
    with pytest.raises(CorrectionTargetUnknown):
        redact(history(WITH_NAME), target, {"form.content": []}, reason="示例。", authority="示例规定")


def test_names_and_headings_can_be_redacted_and_numbers_cannot() -> None:
    texts = {path.rpartition(".")[2] for name in GOLDEN for path, _ in texts_of(decode(GOLDEN[name]))}
    assert {"title", "organisation_name", "notice", "authority", "subject"} <= texts
    assert texts.isdisjoint({"document_number", "number", "voucher", "sha256", "id", "cost"})


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_every_text_of_every_fact_is_redactable(name: str) -> None:
    event = decode(GOLDEN[name])
    texts = dict(texts_of(event))
    if not texts:
        return
    one = Recorded(7, PROJECT, 1, event.received_at, event)
    if MARK in texts.values():
        return
    now = redacted([one], 1, {path: [] for path in texts})[0].event
    assert dict(texts_of(now)) == dict.fromkeys(texts, MARK)
    assert _without_texts(now) == _without_texts(event)
    assert now.nonce != event.nonce or event.nonce == "0" * 32


def _without_texts(event: Event) -> Any:
    stored = event.model_dump(mode="json", exclude={"nonce"})
    for path, _ in texts_of(event):
        place: Any = stored if path == "late_reason" else stored["fact"]
        *before, last = path.split(".")
        for step in before:
            place = place[int(step) if isinstance(place, list) else step]
        place[last] = None
    return stored


def test_a_second_redaction_replaces_the_first() -> None:
    first = redacted(history(WITH_NAME), 1, {"form.content": [NAME]})
    second = redacted(first, 1, {"form.content": ["志愿者"]})
    third = redacted(second, 1, {"form.title": []})
    assert third[0].said(Applied).form.content == f"为{MARK}等老人送午餐。{MARK}由{MARK}探访。"
    assert third[0].said(Applied).form.title == MARK
    assert [one.redaction and one.redaction.by for one in third] == [40, 40, 40, None]
    # So the bytes of all but the newest can go, and each redaction still says why it was.
    assert [one.fact.type for one in third] == ["Applied", "Redacted", "Redacted", "Redacted"]
    assert all("志愿者".encode() not in encode(one.event) for one in third)
    assert [one.said(Redacted).target for one in third[1:]] == [1, 2, 3]


def test_a_redaction_s_own_reason_can_go() -> None:
    first = redacted(history(WITH_NAME), 1, {"form.content": [NAME]})
    second = redacted(first, 2, {"reason": []})
    assert second[1].said(Redacted).reason == MARK
    assert second[0].fact == first[0].fact
    assert second[0].redaction and second[0].redaction.by == second[2].position


def test_a_correction_repeating_the_text_needs_its_own() -> None:
    other = Restated(target=1, restated_on=DAY, fact=WITH_NAME, reason="示例。")
    events = redacted(history(WITH_NAME, other), 2, {"fact.form.content": [NAME]})
    assert NAME not in state(AGGREGATE, PROJECT, events).form.content  # type: ignore[union-attr]
    assert NAME in events[0].said(Applied).form.content


def test_a_redacted_event_stays_correctable() -> None:
    events = redacted(history(WITH_NAME, SIGNED), 2, {"services": []})
    assert void(events, 2, "示例。").target == 2
    fact = events[1].fact.model_copy(update={"number": "示例更正"})
    assert restate(events, 2, fact, DAY, "示例。").fact == fact
    with pytest.raises(CorrectionNotPossible):
        void(events, 3, "示例。")
    with pytest.raises(CorrectionNotPossible):
        restate(events, 3, events[2].fact, DAY, "示例。")
    assert subject_of(events, events[2]).version == 2


life = st.lists(st.sampled_from(AT.COMPLETION[1:]), max_size=6)


@for_all(life, st.data())
def test_redaction_changes_only_the_redacted_texts(later: list[Fact], data: st.DataObject) -> None:
    facts: list[Fact] = [WITH_NAME, *later]
    if data.draw(st.booleans()):
        facts.append(Voided(target=data.draw(st.integers(2, max(len(facts), 2))), reason="示例。"))
        facts.insert(1, Restated(target=1, restated_on=DAY, fact=WITH_NAME, reason="示例。"))
    events = history(*facts)
    before = events
    for _ in range(data.draw(st.integers(1, 3))):
        target = data.draw(st.integers(1, len(events)))
        texts = [path for path, text in texts_of(events[target - 1].event) if text != MARK]
        if texts:
            chosen = data.draw(st.lists(st.sampled_from(texts), min_size=1, unique=True))
            events = redacted(events, target, {path: [] for path in chosen})
    for known in (None, *(one.position for one in before)):
        for effective in (None, DAY):
            old, new = (state(AGGREGATE, PROJECT, seen, known, effective) for seen in (before, events))
            changed = _differences(_PROJECT.dump_python(old, mode="json"), _PROJECT.dump_python(new, mode="json"))
            assert all(now == MARK for now in changed)
            assert old.status is new.status


def _differences(old: Any, new: Any) -> list[Any]:
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        return [found for key in old for found in _differences(old[key], new[key])]
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [found for one, other in zip(old, new, strict=True) for found in _differences(one, other)]
    return [] if old == new else [new]
