"""Corrections: what can be voided or restated, and what must stay as it was."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests.ledger.project.given import (
    APPLIED,
    APPROVED,
    AT,
    DAY,
    GRANT,
    ORGANISATION,
    PROJECT,
    PUBLISHED,
    SIGNED,
    Facts,
    amendment,
    form,
    history,
    reported,
    reviewed,
    yuan,
)
from tests.ledger.project.lives import BACK, PAID
from tests.support import refuses

from ledger.aggregates import PROJECT as AGGREGATE
from ledger.core.envelope import Restated, Voided
from ledger.core.fact import Fact
from ledger.core.history import state
from ledger.corrections import moved_place, restate, target_of, void
from ledger.project.application import Withdrawn
from ledger.project.delivery import Milestone
from ledger.project.honours import AlreadyRevoked, Awarded, AwardUnknown, HonourRevoked, find_award, revoke
from ledger.project.nominations import OrganisationRecipient
from ledger.project.state import Project
from ledger.project.status import Status
from ledger.refusals.general import CorrectionNotPossible, CorrectionTargetUnknown

LATER = date(2010, 2, 3)
AMENDED = amendment(form(title="示例：送餐"))
AWARDED = Awarded(
    honour="top-ten",
    recipient=OrganisationRecipient(organisation=ORGANISATION, name="示例助老服务中心"),
    deed="示例。",
    document_number="示例发〔2010〕9号",
    place=1,
    places=10,
)


def voided(target: int) -> Voided:
    return Voided(target=target, reason="示例：录错。")


def void_in(facts: Facts, target: int) -> Voided:
    return void(history(*facts), target, "示例：录错。")


def restate_in(facts: Facts, target: int, fact: Fact) -> Restated:
    return restate(history(*facts), target, fact, LATER, "示例：录错。")


def project_of(*facts: Fact) -> Project:
    return state(AGGREGATE, PROJECT, history(*facts))


@pytest.mark.parametrize("target", range(2, len(AT.COMPLETION) + 1))
def test_anything_after_the_application_but_publication_can_be_voided(target: int) -> None:
    if AT.COMPLETION[target - 1] == PUBLISHED:
        with pytest.raises(CorrectionNotPossible, match="cannot be unpublished"):
            void_in(AT.COMPLETION, target)
    else:
        assert void_in(AT.COMPLETION, target) == voided(target)


@pytest.mark.parametrize("founding", [APPLIED, GRANT])
def test_what_founds_a_project_is_not_voided(founding: Fact) -> None:
    with pytest.raises(CorrectionNotPossible, match="founds the project") as refused:
        void_in((founding,), 1)
    assert refused.value.details["type"] == founding.type
    assert "撤回" in refused.value.sentence("zh")


def test_what_is_void_is_not_voided_again() -> None:
    with pytest.raises(CorrectionNotPossible, match="void already"):
        void_in((APPLIED, AMENDED, voided(2)), 2)


def test_a_void_that_was_voided_can_be_said_again() -> None:
    facts: Facts = (APPLIED, AMENDED, voided(2), voided(3))
    assert project_of(*facts).form == AMENDED.form
    assert void_in(facts, 2) == voided(2)
    assert project_of(*facts, voided(2)).form == APPLIED.form


def test_voiding_a_withdrawal_brings_the_project_back() -> None:
    facts: Facts = (APPLIED, Withdrawn(reason="示例。"))
    assert project_of(*facts).status is Status.WITHDRAWN
    assert project_of(*facts, void_in(facts, 2)).status is Status.APPLIED


def test_voiding_a_restatement_lets_the_target_read_as_before() -> None:
    better = APPLIED.model_copy(update={"form": form(title="示例：送餐")})
    facts: Facts = (APPLIED, restate_in((APPLIED,), 1, better))
    assert project_of(*facts).form == better.form
    assert project_of(*facts, void_in(facts, 2)) == project_of(APPLIED)


@pytest.mark.parametrize("correct", [void_in, lambda facts, target: restate_in(facts, target, APPLIED)])
@pytest.mark.parametrize("target", [-1, 0, 2, 99])
def test_there_is_nothing_to_correct_where_no_event_is(correct: Any, target: int) -> None:
    with refuses(CorrectionTargetUnknown, target=target):
        correct((APPLIED,), target)
    with pytest.raises(CorrectionTargetUnknown):
        target_of([], 1)


@pytest.mark.parametrize(
    ("original", "changes"),
    [
        (APPLIED, {"form": form(title="示例：送餐")}),
        (reviewed(0), {"public_benefit": reviewed(0, passed=False).public_benefit}),
        (APPROVED, {"amount": yuan("1"), "reason": "示例。"}),
        (SIGNED, {"number": "示例合同2010-2", "amount": None}),
        (PUBLISHED, {"notice": "示例公告第9号"}),
        (reported(Milestone.START), {"people_served": 11}),
        (AWARDED, {"deed": "示例：风雪无阻。"}),
        (GRANT, {"amount": yuan("1", "GBP"), "title": "Another title"}),
    ],
)
def test_a_fact_is_restated_with_another_day(original: Fact, changes: dict[str, Any]) -> None:
    better = original.model_copy(update=changes)
    fact = restate_in((APPLIED, original), 2, better)
    assert fact == Restated(target=2, restated_on=LATER, fact=better, reason="示例：录错。")


def test_a_restatement_keeps_the_type() -> None:
    with pytest.raises(CorrectionNotPossible, match="type must stay Applied"):
        restate_in((APPLIED,), 1, AMENDED)


@pytest.mark.parametrize("correction", [voided(2), Restated(target=1, restated_on=DAY, fact=APPLIED, reason="示例。")])
def test_a_correction_is_voided_not_restated(correction: Fact) -> None:
    with pytest.raises(CorrectionNotPossible, match="void a correction"):
        restate_in((APPLIED, AMENDED, correction), 3, correction)


def test_restating_does_not_revive_a_void_fact() -> None:
    # A voided honour gave its place back; counting again without taking one would exceed the quota.
    facts: Facts = (*AT.COMPLETION, AWARDED, voided(len(AT.COMPLETION) + 1))
    with pytest.raises(CorrectionNotPossible, match="it is void"):
        restate_in(facts, len(AT.COMPLETION) + 1, AWARDED.model_copy(update={"deed": "示例：风雪无阻。"}))


def test_a_contract_voided_after_publication_leaves_the_project_public() -> None:
    project = project_of(*AT.PUBLICATION, void_in(AT.PUBLICATION, AT.PUBLICATION.index(SIGNED) + 1))
    assert (project.contract, project.is_public, project.status) == (None, True, Status.PUBLISHED)


@for_all(st.lists(st.tuples(st.sampled_from(["void", "restate", "revoke", "free"]), st.integers(1, 12)), max_size=12))
def test_an_honour_holds_its_place_while_it_counts(steps: list[tuple[str, int]]) -> None:
    facts: list[Fact] = [APPLIED, AWARDED]
    holds_place = True
    for step, target in steps:
        events = history(*facts)
        fact: Fact
        try:
            if step in ("revoke", "free"):
                project = project_of(*facts)
                fact = revoke_it(project, "示例：依名次递补。" if step == "free" else None)
            else:
                fact = (
                    void(events, target, "示例。")
                    if step == "void"
                    else restate(events, target, AWARDED, DAY, "示例。")
                )
        except (AlreadyRevoked, AwardUnknown, CorrectionNotPossible, CorrectionTargetUnknown):
            continue
        moved = moved_place(events, fact) if isinstance(fact, Voided) else None
        if moved is not None:
            assert moved == (AWARDED, not holds_place)
        if moved is not None or step == "free":
            holds_place = not holds_place
        facts.append(fact)
        after = project_of(*facts)
        assert holds_place == any(after.holds_place(honour.version) for honour in after.honours)


def revoke_it(project: Project, place_freed_because: str | None = None) -> HonourRevoked:
    return revoke(
        project,
        find_award(project, 2),
        reason="示例：材料不实。",
        document_number="示例发〔2010〕10号",
        place_freed_because=place_freed_because,
    )


def test_voiding_what_is_no_honour_moves_none() -> None:
    assert moved_place(history(*AT.COMPLETION), voided(2)) is None


@pytest.mark.parametrize("fact", [PAID, BACK])
def test_a_voided_payment_is_recorded_again_not_restored(fact: Fact) -> None:
    # The money may have been paid again since: bringing this one back as well would pay it twice.
    facts: Facts = (APPLIED, fact, voided(2))
    with pytest.raises(CorrectionNotPossible, match="record the fact again"):
        void_in(facts, 3)


def test_a_restatement_keeps_the_summary() -> None:
    start, completion = reported(Milestone.START), reported(Milestone.COMPLETION)
    assert (start.summary, completion.summary is None) == (None, False)
    for original, summary in ((start, completion.summary), (completion, None)):
        with pytest.raises(CorrectionNotPossible, match="belongs to completion"):
            restate_in((APPLIED, original), 2, original.model_copy(update={"summary": summary}))
