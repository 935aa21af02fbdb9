"""Whatever becomes of a project, corrections included: its releases are valid, and merging them gives what it is."""

import json
import warnings
from decimal import Decimal
from pathlib import Path
from typing import Any

import ocdsmerge  # type: ignore[import-untyped]  # ships no types
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.api.open_data.standards import OCDS, check_ocds, needs, ocds_schemas
from tests.ledger.project.given import AT, GRANT, RULES, recorded
from tests.projections.moved import LIFE, moved_stories
from tests.projections.streams import stories

from api.open_data.numbers import exact_json
from api.open_data.ocds_changes import Object, change, merged
from api.open_data.ocds_releases import Release, releases_of
from api.open_data.public import Directory, public_project
from ledger.aggregates import PROJECT
from ledger.core.envelope import Recorded, Restated, Voided, decode
from ledger.core.fact import Audience, Fact
from ledger.facts import FACTS
from ledger.project.fact import ProjectFact

PREFIX = "ocds-000000"
HEAD: Object = {
    "uri": "http://ledger/ocds/releases.json",
    "version": "1.1",
    "publishedDate": "2010-01-01T00:00:00Z",
    "publisher": {"name": "示例"},
}


def published(events: list[Recorded]) -> tuple[list[Release], Object]:
    public = public_project(events[0].stream, events)
    return releases_of(public, PREFIX, Directory(rules={"beijing-2010": RULES})) if public else ([], {})


def as_read(value: Any) -> Any:
    """As a client reads it."""
    return json.loads(exact_json(value))


@pytest.fixture(scope="module")
def merger() -> Any:
    return ocdsmerge.Merger(ocds_schemas()["release-schema.json"])


def check(events: list[Recorded], merger: Any) -> None:
    """At every position."""
    for number in range(1, len(events) + 1):
        found, compiled = published(events[:number])
        if not found:
            continue
        bodies = [as_read(release.body) for release in found]
        check_ocds(HEAD | {"releases": bodies}, "release-package-schema.json")
        record = {"ocid": compiled["ocid"], "releases": bodies, "compiledRelease": as_read(compiled)}
        check_ocds(HEAD | {"records": [record]}, "record-package-schema.json")
        # Other tools warn of two objects with one id in a list, which would be a fault of ours.
        with warnings.catch_warnings(action="error"):
            assert merger.create_compiled_release(bodies) == as_read(compiled)


def told(*facts: Fact) -> list[Recorded]:
    return [recorded(fact, version) for version, fact in enumerate(facts, 1)]


def stored() -> dict[str, Fact]:
    """A stored example of each public fact of a project; what speaks of another is in the stories."""
    found = {}
    for path in sorted((Path(__file__).parents[2] / "golden" / "2").glob("*.json")):
        fact = decode(path.read_bytes()).fact
        if fact.ocds:
            found[path.stem] = fact
    return found


def test_every_public_fact_of_a_project_has_its_tag() -> None:
    public = {
        fact
        for fact in FACTS.values()
        if issubclass(fact, ProjectFact) and fact.audience in (Audience.AT_ONCE, Audience.FROM_PUBLICATION)
    }
    assert {fact for fact in FACTS.values() if fact.ocds} == public


@needs(OCDS)
def test_releases_of_a_life_merge_to_its_state(merger: Any) -> None:
    check(told(*LIFE), merger)
    check(told(*AT.COMPLETION), merger)
    check(told(GRANT), merger)


@needs(OCDS)
@pytest.mark.parametrize("name", sorted(stored()))
def test_any_fact_said_and_taken_back_leaves_valid_releases(merger: Any, name: str) -> None:
    fact = stored()[name]
    founding = fact.type in ("Applied", "GrantImported", "EarlierProjectRecorded")
    facts = (fact,) if founding else (*AT.PUBLICATION, fact)
    void = Voided(target=len(facts), reason="示例。")
    again = Restated(target=len(facts), restated_on=recorded(fact, 1).event.effective_on, fact=fact, reason="示例。")
    check(told(*facts, void, again), merger)


@needs(OCDS)
@given(st.one_of(moved_stories(), stories()))
@settings(max_examples=40)
def test_releases_of_disordered_facts_merge_too(merger: Any, story: Any) -> None:
    projects: dict[Any, list[Recorded]] = {}
    for position, entry in enumerate(story.entries):
        if story.streams[entry.stream].aggregate is PROJECT:
            one = recorded(entry.fact, entry.version, entry.on, position)
            projects.setdefault(entry.stream, []).append(one)
    for events in projects.values():
        check(events, merger)


def test_a_release_says_what_changed_and_nothing_else() -> None:
    found, compiled = published(told(*AT.COMPLETION))
    by_type = {release.body["ledgerEvent"]["type"]: release.body for release in found}
    assert by_type["Applied"]["tag"] == ["tender"]
    assert "contracts" not in by_type["Applied"]
    assert "awards" not in by_type["ContractSigned"]
    assert {"tender", "planning", "parties", "buyer"}.isdisjoint(by_type["MilestoneReported"])
    assert [release.body["id"].rsplit("-", 1)[1] for release in found] == [str(one.position) for one in found]
    assert compiled["tag"] == ["compiled"]
    assert "Reviewed" not in by_type


def test_a_release_stays_as_it_is_whatever_comes_later() -> None:
    events = told(*LIFE, Voided(target=len(LIFE), reason="示例。"))
    whole = [release.body for release in published(events)[0]]
    for number in range(1, len(events) + 1):
        found = [release.body for release in published(events[:number])[0]]
        assert found == whole[: len(found)]


def test_what_was_said_before_publication_becomes_public_with_it() -> None:
    events = told(*AT.COMPLETION)
    assert published(events[: len(AT.PUBLICATION) - 1]) == ([], {})
    at = events[len(AT.PUBLICATION) - 1].position
    found = published(events)[0]
    assert {one.public_at for one in found if one.position < at} == {at}
    assert all(one.public_at == one.position for one in found if one.position >= at)


def test_withdrawn_items_stay_as_cancelled_entries() -> None:
    before = {
        "awards": [{"id": "a", "status": "active", "value": {"amount": 1, "currency": "CNY"}}],
        "x": [{"id": "y"}],
    }
    said = change(before, {"x": [{"id": "z"}]})
    assert said == {
        "awards": [{"id": "a", "status": "cancelled", "value": {"amount": None, "currency": None}}],
        "x": [{"id": "z"}],
    }
    assert merged(before, said) == {
        "awards": [{"id": "a", "status": "cancelled", "value": {}}],
        "x": [{"id": "y"}, {"id": "z"}],
    }


def test_amounts_are_exact_numbers() -> None:
    value = {"a": Decimal("123456789012345.6789"), "b": Decimal("30000.00"), "c": '\\u00011.5"', "d": '"\\u00011'}
    text = exact_json(value)
    assert '"a":123456789012345.6789' in text
    assert json.loads(text, parse_float=Decimal) == value
