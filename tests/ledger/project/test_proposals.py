"""Proposals: who of the nominated comes to be shown, in which order, and when an honour may follow."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from tests.ledger.project.given import AT, ORGANISATION, PROJECT, RULES, Facts, given
from tests.ledger.project.honoured import (
    A_PERSON,
    BY_OTHERS,
    SHOWN_UNTIL,
    THE_ORGANISATION,
    asked,
    awarded,
    dated,
    judged,
    judged_itself,
    nominated,
    proposed,
)
from tests.support import refuses

from ledger.core.refusal import Refusal
from ledger.project.ending import Closed
from ledger.project.evaluation import EvaluationPublished, evaluation_is_final, missing_evaluations
from ledger.project.finality import NotEvaluated
from ledger.project.nominations import Nominated, OrganisationRecipient
from ledger.project.objections import ObjectionRaised, ObjectionResolved
from ledger.project.proposals import (
    PROPOSE_HONOUR,
    AlreadyProposed,
    DepartureMissing,
    DepartureNotNeeded,
    HonourProposed,
    NotNominated,
    ProposalMissing,
    ProposalObjected,
    ProposalStillShown,
    Slate,
    check_proposal,
    propose,
    slate_of,
    standing_proposal,
)
from ledger.project.state import Project
from ledger.project.supervision import Suspended
from ledger.refusals.general import AlreadyHonoured, EvaluationNotFinal, QuotaFull, StepOutOfOrder
from ledger.rules import Rules
from ledger.terms import WorkingDaysUnknown

TODAY = date(2010, 12, 6)
ADVANCED = next(quota for quota in RULES.quotas if quota.code == "advanced-organisation")
WITH_OBJECTIONS = RULES.model_copy(update={"objections": True})
WITHOUT_OBJECTIONS = RULES.model_copy(update={"objections": False, "evaluation": BY_OTHERS})
THREE = [UUID(int=number) for number in (1, 2, 3)]
NEXT = len(AT.COMPLETION) + 1


def town(*scores: int) -> tuple[dict[UUID, Nominated], dict[UUID, Project]]:
    """Organisations nominated with a project each, of the same ids, that a third party scored so."""
    projects, nominations = {}, {}
    for id, score in zip(THREE, scores, strict=False):
        recipient = OrganisationRecipient(organisation=id, name=f"示例{id.int}社")
        nominations[id] = nominated(recipient, project=id)
        projects[id] = dated(id, asked(40), judged(score, score, score))
    return nominations, projects


def slate(named: list[UUID], holders: list[UUID] | None = None, places: int = 100, **changed: Project) -> Slate:
    """Of three nominees with 90, 80 and 70 points."""
    nominations, projects = town(90, 80, 70)
    projects |= {project.id: project for project in changed.values()}
    rule = ADVANCED.model_copy(update={"places": places})
    return slate_of(rule, nominations, projects, holders or [], named, RULES)


def put(onto: Slate, id: UUID, departure: str | None = None, **more: Any) -> tuple[HonourProposed, Slate]:
    project = more.pop("project", None) or town(90, 80, 70)[1][id]
    arguments: dict[str, Any] = {"deed": None, "notice": "示例公示", "rules": WITHOUT_OBJECTIONS, "today": TODAY}
    return propose(onto, project, id, departure=departure, **(arguments | more))


def test_a_proposal_states_rank_and_objection_period() -> None:
    fact, _ = put(slate([THREE[0]]), THREE[0])
    # Seven working days after Monday the sixth.
    assert (fact.formula, fact.score, fact.rank, fact.nominated) == (2, "81.75", 1, 3)
    assert (fact.objections_until, fact.departure, fact.deed) == (SHOWN_UNTIL, None, "示例：送餐一年。")
    assert put(slate([THREE[0]]), THREE[0], deed="示例：另述。")[0].deed == "示例：另述。"


def test_passing_over_a_nominee_needs_a_reason() -> None:
    with refuses(DepartureMissing, rank=2, passed_over=1):
        put(slate([THREE[1]]), THREE[1])
    fact, _ = put(slate([THREE[1]]), THREE[1], departure="示例：第一名放弃。")
    assert fact.departure == "示例：第一名放弃。"


def test_no_reason_above_the_passed_over() -> None:
    onto = slate([THREE[0], THREE[2]])
    _, onto = put(onto, THREE[0])
    with refuses(DepartureMissing, rank=3, passed_over=2):
        put(onto, THREE[2])
    with refuses(DepartureNotNeeded, rank=1):
        put(slate([THREE[0]]), THREE[0], departure="示例。")


@pytest.mark.parametrize(
    "changed",
    [
        {"holders": [THREE[0]]},
        {"first": dated(THREE[0], proposed(OrganisationRecipient(organisation=THREE[0], name="示例")))},
        {"first": dated(THREE[0], awarded(OrganisationRecipient(organisation=THREE[0], name="示例")))},
    ],
    ids=["holds a place", "is proposed", "was honoured"],
)
def test_who_was_chosen_already_is_not_passed_over(changed: dict[str, Any]) -> None:
    fact, _ = put(slate([THREE[1]], **changed), THREE[1])
    assert fact.departure is None


def test_people_of_one_project_do_not_compete() -> None:
    other = A_PERSON.model_copy(update={"person": UUID(int=2)})
    nominations = {who.holder: nominated(who, "advanced-individual") for who in (A_PERSON, other)}
    project = dated(PROJECT, judged(90, 90, 90))
    rule = next(quota for quota in RULES.quotas if quota.code == "advanced-individual")
    onto = slate_of(rule, nominations, {PROJECT: project}, [], [other.person], RULES)
    fact, _ = put(onto, other.person, project=project)
    assert (fact.rank, fact.nominated, fact.departure) == (2, 2, None)


def test_only_nominees_are_proposed_with_their_project() -> None:
    for id, project in ((UUID(int=9), None), (THREE[0], town(90, 80)[1][THREE[1]])):
        with refuses(NotNominated, honour="advanced-organisation"):
            put(slate([id]), id, project=project or dated(id))


def test_nobody_is_proposed_twice_nor_when_honoured() -> None:
    _, onto = put(slate([THREE[0]]), THREE[0])
    with pytest.raises(AlreadyProposed):
        put(onto, THREE[0])
    with pytest.raises(AlreadyHonoured):
        put(slate([THREE[0]], holders=[THREE[0]]), THREE[0])


def test_there_are_no_more_proposals_than_places_left() -> None:
    onto = slate(THREE, places=2)
    for id in THREE[:2]:
        _, onto = put(onto, id)
    with pytest.raises(QuotaFull):
        put(onto, THREE[2])
    with pytest.raises(QuotaFull):
        put(slate(THREE[:1], holders=[UUID(int=8), UUID(int=9)], places=2), THREE[0])


@pytest.mark.parametrize("facts", [AT.DELIVERY, (*AT.COMPLETION, Suspended(reason="示例。"))])
def test_only_what_is_achieved_is_proposed(facts: Facts) -> None:
    project = given(*facts)
    with refuses(StepOutOfOrder, status=project.status, command=PROPOSE_HONOUR):
        onto = slate_of(ADVANCED, {ORGANISATION: nominated()}, {PROJECT: project}, [], [ORGANISATION], RULES)
        put(onto, ORGANISATION, project=project)


def test_a_closed_project_is_still_proposed() -> None:
    project = given(*AT.COMPLETION, judged(90, 90, 90), Closed(conclusion="示例：结项。"))
    onto = slate_of(ADVANCED, {ORGANISATION: nominated()}, {PROJECT: project}, [], [ORGANISATION], RULES)
    assert put(onto, ORGANISATION, project=project)[0].rank == 1


def test_proposals_need_a_known_calendar() -> None:
    with refuses(WorkingDaysUnknown, year=2041):
        put(slate([THREE[0]]), THREE[0], today=date(2040, 12, 6))


EVALUATED: Facts = (judged(90, 90, 90), asked(40), judged_itself())
SHOWN = EvaluationPublished(
    evaluations=(NEXT, NEXT + 1, NEXT + 2), notice="示例公示", objections_until=date(2010, 12, 3)
)
OBJECTED = ObjectionRaised(target=NEXT, reason="示例：分数有误。")


def resolved(upheld: bool) -> ObjectionResolved:
    return ObjectionResolved(objection=NEXT + 4, target=NEXT, accepted=upheld, reason="示例。")


@pytest.mark.parametrize(
    ("facts", "final"),
    [
        ((), False),
        (EVALUATED, False),
        ((*EVALUATED, SHOWN), True),
        ((*EVALUATED, SHOWN, OBJECTED), False),
        ((*EVALUATED, SHOWN, OBJECTED, resolved(False)), True),
        ((*EVALUATED, SHOWN, OBJECTED, resolved(True)), False),
        ((*EVALUATED, SHOWN, judged(80, 80, 80, member=104)), False),
        ((*EVALUATED, SHOWN.model_copy(update={"objections_until": TODAY})), False),
    ],
    ids=["none", "not shown", "shown", "objected", "dismissed", "upheld", "one is not shown", "last day"],
)
@pytest.mark.parametrize("rules", [WITH_OBJECTIONS, WITHOUT_OBJECTIONS], ids=["objections", "none"])
def test_contestable_evaluations_must_be_final_first(facts: Facts, final: bool, rules: Rules) -> None:
    project = given(*AT.COMPLETION, *facts)
    assert evaluation_is_final(project, rules, TODAY) is final
    onto = slate_of(ADVANCED, {ORGANISATION: nominated()}, {PROJECT: project}, [], [ORGANISATION], RULES)
    if not rules.objections and missing_evaluations(project, rules):
        with refuses(NotEvaluated, missing="third_party"):
            put(onto, ORGANISATION, project=project, rules=rules)
    elif final or not rules.objections:
        assert put(onto, ORGANISATION, project=project, rules=rules)[0].rank == 1
    else:
        with pytest.raises(EvaluationNotFinal):
            put(onto, ORGANISATION, project=project, rules=rules)


@pytest.mark.parametrize(
    ("facts", "today", "refusal", "details"),
    [
        ((), SHOWN_UNTIL, ProposalMissing, {"honour": "advanced-organisation"}),
        ((proposed(A_PERSON),), SHOWN_UNTIL, ProposalMissing, {"honour": "advanced-organisation"}),
        ((proposed(honour="top-ten"),), SHOWN_UNTIL, ProposalMissing, {"honour": "advanced-organisation"}),
        ((proposed(),), SHOWN_UNTIL, ProposalStillShown, {"until": "2010-12-15"}),
        ((proposed(), OBJECTED), SHOWN_UNTIL + timedelta(days=1), ProposalObjected, {"objection": NEXT + 1}),
    ],
    ids=["none", "another recipient's", "another honour's", "still shown", "objected"],
)
def test_an_honour_waits_for_its_proposal(
    facts: Facts, today: date, refusal: type[Refusal], details: dict[str, Any]
) -> None:
    with refuses(refusal, **details):
        check_proposal(given(*AT.COMPLETION, *facts), ADVANCED, ORGANISATION, today)


def test_only_an_upheld_objection_ends_a_proposal() -> None:
    later = SHOWN_UNTIL + timedelta(days=1)
    after = {
        upheld: given(
            *AT.COMPLETION,
            proposed(),
            OBJECTED,
            ObjectionResolved(objection=NEXT + 1, target=NEXT, accepted=upheld, reason="示例。"),
        )
        for upheld in (True, False)
    }
    check_proposal(after[False], ADVANCED, ORGANISATION, later)
    with pytest.raises(ProposalMissing):
        check_proposal(after[True], ADVANCED, ORGANISATION, later)


def test_each_grant_needs_a_proposal_of_its_own() -> None:
    project = given(*AT.COMPLETION, proposed(), awarded())
    assert standing_proposal(project, "advanced-organisation", ORGANISATION) is None
    again = given(*AT.COMPLETION, proposed(), awarded(), proposed())
    found = standing_proposal(again, "advanced-organisation", ORGANISATION)
    assert found is not None
    assert (found.version, found.fact.recipient) == (NEXT + 2, THE_ORGANISATION)
