"""The storage format: every fact ever stored must load for ever, and come out as the bytes it went in as.

The files in tests/golden are stored events, byte for byte, named after the fact and the variant of it: in the
folder itself those of shape 1, in 2/, 3/ and so on those of the later shapes. What an event is read as is the file of
its name in the newest folder that has one: a shape that changes a fact brings a file for each example of it. A new
fact brings a new file in the newest folder; a file that is there is never changed.
"""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from pydantic import BaseModel, ValidationError

from ledger.core.envelope import Actor, Event, decode, encode
from ledger.core.fact import Fact, Role, instant_text
from ledger.core.upcasting import SHAPE, ShapeUnknown
from ledger.facts import FACTS
from ledger.project.contract import Published

FOLDER = Path(__file__).parents[1] / "golden"
FIRST_SHAPE = {path.stem: path.read_bytes() for path in FOLDER.glob("*.json")}
# By shape, then by name.
STORED = {1: FIRST_SHAPE} | {
    shape: {path.stem: path.read_bytes() for path in FOLDER.joinpath(str(shape)).glob("*.json")}
    for shape in range(2, SHAPE + 1)
}


def newest() -> dict[str, bytes]:
    """Each example as the newest shape has it."""
    found: dict[str, bytes] = {}
    for shape, stored in STORED.items():
        if shape > 1:
            found |= {
                name: payload.replace(b'{"shape":%d,' % shape, b'{"shape":%d,' % SHAPE, 1)
                for name, payload in stored.items()
            }
    return found


GOLDEN = newest()
DISCRIMINATORS = {"type", "by", "kind", "shape"}


def models_within(annotation: Any) -> Iterator[type[BaseModel]]:
    """The models that a field's type is made of, wherever they stand in it."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) is Annotated:
        yield from models_within(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, UnionType, tuple):
        for part in get_args(annotation):
            yield from models_within(part)


def models_of_a_payload() -> list[type[BaseModel]]:
    found: list[type[BaseModel]] = []
    waiting: list[type[BaseModel]] = [Event]
    while waiting:
        model = waiting.pop()
        if model not in found:
            found.append(model)
            for field in model.model_fields.values():
                waiting.extend(models_within(field.annotation))
    return found


MODELS = models_of_a_payload()


def lines_of(stored: dict[str, bytes]) -> set[str]:
    return {f"{sha256(payload).hexdigest()}  {name}.json" for name, payload in stored.items()}


def added_to(old: Any, new: Any) -> Any:
    """The older value with what the newer one has besides, which is null throughout."""
    if isinstance(old, dict) and isinstance(new, dict):
        assert old.keys() <= new.keys()
        return {name: added_to(old[name], value) if name in old else None for name, value in new.items()}
    return old


def event(fact: Fact, received_at: datetime) -> Event:
    actor = Actor(role=Role.OFFICE, body=None, account="a" * 64, on_behalf_of=None)
    return Event(
        fact=fact, effective_on=date(2010, 3, 1), received_at=received_at, late_reason=None, actor=actor, nonce="0" * 32
    )


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_a_stored_event_round_trips(name: str) -> None:
    assert encode(decode(GOLDEN[name])) == GOLDEN[name]


def test_first_shape_files_are_unchanged() -> None:
    kept = FOLDER.joinpath("shape-1.sha256").read_text().splitlines()
    assert sorted(lines_of(FIRST_SHAPE)) == sorted(kept)


@pytest.mark.parametrize("shape", range(2, SHAPE))
def test_files_of_older_shapes_are_unchanged(shape: int) -> None:
    assert set(FOLDER.joinpath(f"shape-{shape}.sha256").read_text().splitlines()) <= lines_of(STORED[shape])


@pytest.mark.parametrize("shape,name", [(shape, name) for shape, stored in STORED.items() for name in stored])
def test_events_of_each_shape_load_as_the_newest(shape: int, name: str) -> None:
    assert encode(decode(STORED[shape][name])) == GOLDEN[name]
    assert decode(STORED[shape][name]) == decode(GOLDEN[name])


@pytest.mark.parametrize("name", sorted(FIRST_SHAPE))
def test_the_second_shape_marks_gaps_alone(name: str) -> None:
    assert b'"shape"' not in FIRST_SHAPE[name]
    old, new = json.loads(FIRST_SHAPE[name]), json.loads(STORED[2][name])
    official = old["actor"]["role"] in ("office", "district")
    assert new.pop("shape") == 2
    assert new["actor"].pop("on_behalf_of") == ("not_recorded" if official else None)
    assert new == old


@pytest.mark.parametrize("shape,name", [(shape, name) for shape in (3, 4) for name in STORED[shape]])
def test_later_shapes_add_only_what_nobody_stated(shape: int, name: str) -> None:
    if name in STORED[shape - 1]:
        old, new = json.loads(STORED[shape - 1][name]), json.loads(STORED[shape][name])
        assert new | {"shape": shape - 1} == added_to(old, new)


@pytest.mark.parametrize("name", sorted(STORED[5]))
def test_the_fifth_shape_says_the_same_in_two_words(name: str) -> None:
    words = {"outcome": "result", "fulfilled": "accepted", "upheld": "accepted"}
    old, new = json.loads(STORED[2][name]), json.loads(STORED[5][name])
    assert new["fact"] == {words.get(field, field): value for field, value in old["fact"].items()}
    assert not words.keys() & new["fact"].keys()


@pytest.mark.parametrize("name", sorted(set(STORED[6]) & set(STORED[2])))
def test_the_sixth_shape_adds_no_instalments(name: str) -> None:
    old, new = json.loads(STORED[2][name]), json.loads(STORED[6][name])
    contract = new["fact"].get("decision", new["fact"])
    assert contract.pop("instalments") is None
    assert new | {"shape": 2} == old


def test_facts_inside_other_facts_are_upcast_too() -> None:
    screened = json.loads(STORED[2]["Screened"])["fact"]
    restated = {"type": "Restated", "target": 2, "restated_on": "2010-03-01", "fact": screened, "reason": "示例。"}
    asked = json.loads(STORED[2]["CorrectionRequested.restate"])
    asked["fact"]["proposed"] = restated
    redacted = json.loads(STORED[2]["Redacted"])
    redacted["fact"]["replacement"]["fact"] = screened
    for stored in (asked, redacted):
        assert decode(json.dumps(stored).encode()).shape == SHAPE


@pytest.mark.parametrize("shape", [SHAPE + 1, 0, -1, 1.5, "2", True, None])
def test_a_future_shape_is_refused(shape: Any) -> None:
    stored = json.loads(GOLDEN["Published"])
    with pytest.raises(ShapeUnknown) as refused:
        decode(json.dumps(stored | {"shape": shape}).encode())
    assert refused.value.details["known"] == SHAPE == Event.model_fields["shape"].default
    with pytest.raises(ShapeUnknown):
        decode(GOLDEN["Published"].replace(b'"shape":%d' % SHAPE, b'"shape":%d' % (SHAPE + 1)))


def test_an_event_that_mixes_two_shapes_is_refused() -> None:
    stored = json.loads(GOLDEN["Published"])
    with pytest.raises(ValidationError):
        decode(json.dumps(stored | {"shape": 1}).encode())
    with pytest.raises(ValidationError):
        decode(FIRST_SHAPE["Published"].replace(b'{"fact"', b'{"shape":2,"fact"'))
    for shape in range(2, SHAPE):
        for name in set(STORED[shape]) & set(STORED[shape + 1]):
            with pytest.raises(ValidationError):
                decode(STORED[shape + 1][name].replace(b'{"shape":%d' % (shape + 1), b'{"shape":%d' % shape))


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_a_stored_event_matches_its_file_name(name: str) -> None:
    stored = json.loads(GOLDEN[name])
    assert stored["fact"]["type"] == name.split(".")[0]
    assert type(decode(GOLDEN[name]).fact) is FACTS[stored["fact"]["type"]]


def test_facts_and_examples_match_one_to_one() -> None:
    assert {name.split(".")[0] for name in GOLDEN} == set(FACTS)


def test_every_model_of_a_payload_has_a_stored_example() -> None:
    seen: set[type[BaseModel]] = set()

    def visit(value: Any) -> None:
        if isinstance(value, BaseModel):
            seen.add(type(value))
            for _, part in value:
                visit(part)
        elif isinstance(value, tuple):
            for part in value:
                visit(part)

    for payload in GOLDEN.values():
        visit(decode(payload))
    assert set(MODELS) - seen == set()


def test_all_parts_of_facts_are_inspected() -> None:
    assert set(FACTS.values()) < set(MODELS)
    assert {"ApplicationForm", "FundingLine", "Money", "Actor", "Sealed[Contact]"} < {
        model.__name__ for model in MODELS
    }


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_no_field_has_a_default_that_could_edit_history(model: type[BaseModel]) -> None:
    with_default = {name for name, field in model.model_fields.items() if not field.is_required()}
    assert with_default <= DISCRIMINATORS
    for name in with_default:
        # The one value there is, so the default adds nothing to what is stored.
        annotation = model.model_fields[name].annotation
        assert get_origin(annotation) is Literal
        assert get_args(annotation) == (model.model_fields[name].default,)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_stored_classes_are_frozen_and_closed(model: type[BaseModel]) -> None:
    assert model.model_config.get("frozen") is True
    assert model.model_config.get("extra") == "forbid"


def test_stored_names_are_plain_words() -> None:
    for name in FACTS:
        assert re.fullmatch(r"[A-Z][A-Za-z]+", name)
    for payload in GOLDEN.values():
        assert not re.search(rb"ledger\.|events\.|__main__", payload)


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_a_field_too_many_or_too_few_is_refused(name: str) -> None:
    stored = json.loads(GOLDEN[name])
    damaged = [stored | {"other": 1}, stored | {"fact": stored["fact"] | {"other": 1}}]
    damaged += [{key: stored[key] for key in stored if key != missing} for missing in stored]
    for missing in stored["fact"]:
        damaged.append(stored | {"fact": {key: value for key, value in stored["fact"].items() if key != missing}})
    for wrong in damaged:
        with pytest.raises(ValidationError):
            decode(json.dumps(wrong).encode())


@pytest.mark.parametrize("name", ["ledger.events.Applied", "applied", "Deleted", "", None])
def test_a_name_that_is_no_fact_is_refused(name: Any) -> None:
    stored = json.loads(GOLDEN["Published"])
    with pytest.raises(ValidationError, match="union_tag"):
        decode(json.dumps(stored | {"fact": stored["fact"] | {"type": name}}).encode())


def test_chinese_text_is_stored_as_it_is_written() -> None:
    assert "示例：为独居老人送餐 🍲".encode() in GOLDEN["Applied"]


def test_instants_are_stored_in_utc_microseconds() -> None:
    noon_in_beijing = datetime(2010, 3, 1, 12, 0, 0, 5, tzinfo=timezone(timedelta(hours=8)))
    assert instant_text(noon_in_beijing) == "2010-03-01T04:00:00.000005Z"
    stored = json.loads(encode(event(Published(notice="示例公告"), noon_in_beijing)))
    assert stored["received_at"] == "2010-03-01T04:00:00.000005Z"


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValidationError, match="an instant has a zone"):
        event(Published(notice="示例公告"), datetime(2010, 3, 1, 12, tzinfo=UTC).replace(tzinfo=None))
