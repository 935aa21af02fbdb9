"""What each fact declares of its correction is what the decisions do."""

import ast
import inspect
import textwrap
from pathlib import Path
from typing import Any, get_args
from uuid import UUID

import pytest
from tests.ledger.project.given import APPLIED, recorded

from ledger.core.envelope import Event, Recorded, Voided, decode
from ledger.core.fact import Fact
from ledger.corrections import restate, void
from ledger.facts import FACTS
from ledger.project.fact import ProjectFact
from ledger.refusals.general import CorrectionNotPossible

GOLDEN = Path(__file__).parents[1] / "golden"
DIRECT = [name for name, fact in FACTS.items() if name not in ("Voided", "Restated")]


def golden(name: str) -> Event:
    """In the shape in which it came, its simplest."""
    there = GOLDEN.glob(f"[2-9]/{name}.*")
    return decode(min(there, key=lambda path: (path.parent.name, len(path.name))).read_bytes().strip())


def example(name: str) -> Any:
    return golden(name).fact


def after_the_application(name: str) -> list[Recorded]:
    """An example of the fact as the second of a project, or as the first where it founds what it stands on."""
    return [recorded(APPLIED, 1), recorded(example(name), 2)]


def test_what_nobody_corrects_says_what_to_do_instead() -> None:
    for fact in FACTS.values():
        rule = fact.correction
        for why in filter(None, (rule.void, rule.restate)):
            assert any("\u4e00" <= character <= "\u9fff" for character in why.zh) and why.en.isascii(), fact


@pytest.mark.parametrize("name", DIRECT)
def test_facts_are_voidable_as_the_table_says(name: str) -> None:
    rule = FACTS[name].correction
    events = after_the_application(name)
    if rule.void is None:
        assert void(events, 2, "示例。") == Voided(target=2, reason="示例。")
    else:
        with pytest.raises(CorrectionNotPossible) as refused:
            void(events, 2, "示例。")
        assert (refused.value.details["type"], refused.value.details["why_en"]) == (name, rule.void.en)


@pytest.mark.parametrize("name", DIRECT)
def test_facts_are_restatable_as_the_table_says(name: str) -> None:
    rule = FACTS[name].correction
    events = after_the_application(name)
    fact, day = events[1].fact, events[1].event.effective_on
    if rule.restate is None:
        assert restate(events, 2, fact, day, "示例。").fact == fact
    else:
        with pytest.raises(CorrectionNotPossible) as refused:
            restate(events, 2, fact, day, "示例。")
        assert refused.value.details["why_en"] == rule.restate.en


FIXED = [(fact, field) for fact in FACTS.values() for field in fact.correction.fixed]


@pytest.mark.parametrize(("fact", "field"), FIXED, ids=lambda found: getattr(found, "__name__", found))
def test_what_others_hold_on_to_stays(fact: type[Fact], field: str) -> None:
    events = after_the_application(fact.model_fields["type"].default)
    other = events[1].fact.model_copy(update={field: "other"})
    with pytest.raises(CorrectionNotPossible, match=f"{field} cannot change"):
        restate(events, 2, other, events[1].event.effective_on, "示例。")


@pytest.mark.parametrize("name", [name for name in DIRECT if FACTS[name].correction.void is None])
def test_voids_are_voidable_where_facts_may_return(name: str) -> None:
    events = [*after_the_application(name), recorded(Voided(target=2, reason="示例。"), 3)]
    if FACTS[name].correction.again:
        assert void(events, 3, "示例。").target == 3
    else:
        with pytest.raises(CorrectionNotPossible, match="record the fact again"):
            void(events, 3, "示例。")


# Facts that `decide_again` takes as they are, so that it does not show what the author said.
TAKEN_WHOLE = {
    "Applied",
    "BeneficiariesEvaluated",
    "Evaluated",
    "EarlierProjectRecorded",
    "GrantImported",
    "HonourProposed",
    "PaperReceived",
}
TAKEN_WHOLE |= {"Transferred"}
RESTATABLE = {name: fact for name, fact in FACTS.items() if fact.correction.restate is None}
OF_PROJECTS = {name: fact for name, fact in RESTATABLE.items() if issubclass(fact, ProjectFact)}


def said_again(fact: type[ProjectFact]) -> set[str]:
    """The fields that `decide_again` gives to the decision, as the author gave them; it computes the others."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(fact.decide_again)))
    of_self = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "self")
    return {node.attr for node in of_self}


@pytest.mark.parametrize("name", sorted(OF_PROJECTS.keys() - TAKEN_WHOLE))
def test_a_restatement_keeps_what_the_decision_computed(name: str) -> None:
    fact = OF_PROJECTS[name]
    computed = set(fact.model_fields) - said_again(fact) - {"type"}
    assert computed <= set(fact.correction.fixed)


# What the ledger issues, copies from elsewhere or counts, wherever it stands; see the exceptions below.
NEVER_SAID = {
    "document_number",
    "due",
    "due_on",
    "sign_by",
    "objections_until",
    "place",
    "places",
    "rank",
    "score",
    "scale",
    "frame",
    "formula",
    "sample",
    "online",
    "reviews",
    "evaluations",
    "jurors",
    "member",
    "juror",
    "organisation",
    "organisation_name",
    "authority",
    "party",
    "contact",
    "recipient",
    "rules_sha256",
}
# The author says it: the score that a juror gives, the term that an official sets, another authority and its number.
SAID_BY_THE_AUTHOR = {
    ("Scored", "score"),
    ("RectificationOrdered", "due_on"),
    ("RectificationChecked", "due_on"),
    ("Terminated", "document_number"),
    *((name, "document_number") for name in ("Renamed", "Merged", "Deregistered", "Graded", "Listed", "Delisted")),
    *((name, "authority") for name in ("SupervisorNamed", "Graded", "Listed", "Delisted")),
    ("RegistrationEnded", "document_number"),
    *((name, one) for name in ("PenaltyImposed", "PenaltyLifted") for one in ("authority", "document_number")),
    # A file that is imported again names who it names.
    ("GrantImported", "recipient"),
    # So does a table of an earlier year.
    *(("EarlierProjectRecorded", one) for one in ("organisation", "organisation_name", "place", "document_number")),
    ("EarlierYearOpened", "authority"),
}


@pytest.mark.parametrize("name", sorted(RESTATABLE))
def test_nobody_restates_what_the_ledger_issued_or_copied(name: str) -> None:
    fact = RESTATABLE[name]
    free = {field for field in fact.model_fields if (name, field) not in SAID_BY_THE_AUTHOR}
    assert free & NEVER_SAID <= set(fact.correction.fixed)


def test_the_exceptions_are_there() -> None:
    assert all(field in FACTS[name].model_fields for name, field in SAID_BY_THE_AUTHOR)
    assert all(name in OF_PROJECTS for name in TAKEN_WHOLE)
    restatable = {(name, field) for name, fact in RESTATABLE.items() for field in fact.model_fields}
    assert {field for _, field in restatable} >= NEVER_SAID


def test_a_participant_or_a_reference_stays() -> None:
    """Another organisation, person or event is another fact."""
    for name, fact in RESTATABLE.items():
        fixed = set(fact.correction.fixed)
        assert set(fact.naming) <= fixed, name
        ids = {
            field for field, info in fact.model_fields.items() if UUID in (info.annotation, *get_args(info.annotation))
        }
        said = {field for table, field in SAID_BY_THE_AUTHOR if table == name == "EarlierProjectRecorded"}
        assert ids - {"recipient"} - said <= fixed, name
