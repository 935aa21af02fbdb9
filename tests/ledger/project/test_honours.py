"""Honours: who decides on which, for whom, for what; and the places there are."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests.ledger.project.given import APPLIED, AT, DAY, GRANT, PROJECT, RULES, Facts, given, recorded
from tests.ledger.project.honoured import (
    A_PERSON,
    BY_OTHERS,
    SHOWN_UNTIL,
    THE_ORGANISATION,
    asked,
    awarded,
    judged,
    judged_itself,
    proposed,
)
from tests.support import refuses

from ledger.aggregates import QUOTA
from ledger.core.fact import Role
from ledger.project.application import Withdrawn
from ledger.project.ending import Closed, Terminated
from ledger.project.evaluation import EvaluationPublished
from ledger.project.fact import Occurrence
from ledger.project.honours import (
    AlreadyRevoked,
    Awarded,
    AwardUnknown,
    HonourRevoked,
    PlaquePresented,
    PlaquePresentedAlready,
    PlaqueTooEarly,
    RecipientWrong,
    award,
    find_award,
    honour_rule,
    present_plaque,
    revoke,
)
from ledger.project.nominations import OrganisationRecipient, PersonRecipient
from ledger.project.proposals import ProposalMissing
from ledger.project.state import Project
from ledger.project.status import Status
from ledger.quota import PlaceReleased, PlaceTaken, Quota, release, take
from ledger.refusals.general import (
    AlreadyHonoured,
    ChoiceUnknown,
    EvaluationNotFinal,
    OutOfScope,
    QuotaFull,
    RoleMayNot,
    StepOutOfOrder,
)
from ledger.rules import Quota as Rule
from ledger.rules import Rules

# As the first programmes were announced.
WITHOUT_OBJECTIONS = RULES.model_copy(update={"objections": False, "evaluation": BY_OTHERS})
WITHOUT_NOMINATIONS = WITHOUT_OBJECTIONS.model_copy(update={"nominations": False})
JUDGED: Facts = (*AT.COMPLETION, judged(88, 88, 88))
ADVANCED = honour_rule(RULES, "advanced-organisation", Role.LEADING_GROUP)
INDIVIDUAL = honour_rule(RULES, "advanced-individual", Role.LEADING_GROUP)
HOLDERS = [UUID(int=number) for number in range(1, 6)]


def award_it(
    project: Project,
    rule: Rule = ADVANCED,
    recipient: OrganisationRecipient | PersonRecipient = THE_ORGANISATION,
    rules: Rules = WITHOUT_NOMINATIONS,
) -> Awarded:
    return award(
        project,
        rule,
        recipient,
        deed="示例：坚持送餐。",
        document_number="示例发〔2010〕9号",
        place=3,
        rules=rules,
        today=SHOWN_UNTIL + timedelta(days=1),
    )


@pytest.mark.parametrize(("rule", "recipient"), [(ADVANCED, THE_ORGANISATION), (INDIVIDUAL, A_PERSON)])
def test_an_honour_states_deed_document_and_place(
    rule: Rule, recipient: OrganisationRecipient | PersonRecipient
) -> None:
    fact = award_it(given(*JUDGED), rule, recipient)
    assert fact == Awarded(
        honour=rule.code,
        recipient=recipient,
        deed="示例：坚持送餐。",
        document_number="示例发〔2010〕9号",
        place=3,
        places=rule.places,
    )
    honoured = given(*JUDGED, fact)
    assert honoured.honours == (Occurrence(len(JUDGED) + 1, fact, DAY),)
    assert honoured.status is Status.COMPLETED


@pytest.mark.parametrize(
    "facts", [(), (APPLIED,), AT.CONTRACT, AT.COMPLETION[:-1], (*AT.COMPLETION, Withdrawn(reason="示例。")), (GRANT,)]
)
def test_only_a_completed_project_is_honoured(facts: Facts) -> None:
    with refuses(StepOutOfOrder, status=given(*facts).status, command="award"):
        award_it(given(*facts))


@pytest.mark.parametrize(("rule", "recipient"), [(ADVANCED, A_PERSON), (INDIVIDUAL, THE_ORGANISATION)])
def test_honours_suit_their_kind_of_recipient(rule: Rule, recipient: OrganisationRecipient | PersonRecipient) -> None:
    with refuses(RecipientWrong, honour=rule.code, recipient=rule.recipient):
        award_it(given(*AT.COMPLETION), rule, recipient)


@pytest.mark.parametrize(("rule", "recipient"), [(ADVANCED, THE_ORGANISATION), (INDIVIDUAL, A_PERSON)])
def test_a_project_honours_its_own_organisation_and_people(
    rule: Rule, recipient: OrganisationRecipient | PersonRecipient
) -> None:
    stranger = recipient.model_copy(update={"organisation": uuid4()})
    with pytest.raises(OutOfScope):
        award_it(given(*AT.COMPLETION), rule, stranger)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    ("honour", "decided_by"),
    [
        ("advanced-organisation", "leading_group"),
        ("advanced-individual", "leading_group"),
        ("top-ten", "promotion_association"),
    ],
)
def test_an_honour_is_decided_by_whom_the_programme_says(honour: str, decided_by: str, role: Role) -> None:
    if role == decided_by:
        assert honour_rule(RULES, honour, role).code == honour
    else:
        with refuses(RoleMayNot, role=role, command=f"award {honour}"):
            honour_rule(RULES, honour, role)


@pytest.mark.parametrize("code", ["none", "purchase"])
def test_an_unknown_honour_lists_the_known_ones(code: str) -> None:
    with pytest.raises(ChoiceUnknown) as refused:
        honour_rule(RULES, code, Role.LEADING_GROUP)
    choices = "advanced-organisation, advanced-individual, top-ten"
    assert refused.value.details == {"field": "honour", "value": code, "choices": choices}


def test_an_honour_waits_for_its_proposal() -> None:
    with pytest.raises(ProposalMissing):
        award_it(given(*JUDGED), rules=WITHOUT_OBJECTIONS)
    assert award_it(given(*JUDGED, proposed()), rules=WITHOUT_OBJECTIONS).honour == "advanced-organisation"


def test_an_honour_waits_for_final_evaluations() -> None:
    rules = RULES.model_copy(update={"nominations": False})
    evaluated: Facts = (*AT.COMPLETION, judged_itself(), asked(36), judged(88, 88, 88))
    first = len(AT.COMPLETION) + 1
    shown = EvaluationPublished(
        evaluations=(first, first + 1, first + 2), notice="示例公示", objections_until=SHOWN_UNTIL
    )
    last_day = shown.model_copy(update={"objections_until": SHOWN_UNTIL + timedelta(days=1)})
    added_since = judged(70, 70, 70, member=106)
    for facts in (evaluated, (*evaluated, last_day), (*evaluated, shown, added_since)):
        with pytest.raises(EvaluationNotFinal):
            award_it(given(*facts), rules=rules)
    assert award_it(given(*evaluated, shown), rules=rules).honour == "advanced-organisation"


def test_an_honoured_project_closes_but_cannot_terminate() -> None:
    closed = Closed(conclusion="示例：结项。")
    terminated = Terminated(document_number="示例11号", reason="示例。", refund=None)
    assert award_it(given(*JUDGED, closed)).honour == "advanced-organisation"
    with pytest.raises(StepOutOfOrder):
        award_it(given(*AT.COMPLETION, terminated, closed))


AWARD = len(AT.COMPLETION) + 1


def revoke_it(project: Project, version: int = AWARD, place_freed_because: str | None = None) -> HonourRevoked:
    return revoke(
        project,
        find_award(project, version),
        reason="示例：材料不实。",
        document_number="示例发〔2010〕10号",
        place_freed_because=place_freed_because,
    )


@pytest.mark.parametrize("freed", [None, "示例：依名次递补。"])
def test_revocation_keeps_the_place_unless_freed(freed: str | None) -> None:
    honoured = given(*AT.COMPLETION, awarded())
    fact = revoke_it(honoured, place_freed_because=freed)
    assert (fact.award, fact.place_freed_because) == (AWARD, freed)
    after = given(*AT.COMPLETION, awarded(), fact)
    assert (honoured.is_honoured(AWARD), honoured.holds_place(AWARD)) == (True, True)
    assert (after.is_honoured(AWARD), after.holds_place(AWARD)) == (False, freed is None)


def test_only_an_honour_is_revoked_and_only_once() -> None:
    honoured = given(*AT.COMPLETION, awarded())
    for version in (1, AWARD - 1, AWARD + 1):
        with refuses(AwardUnknown, version=version):
            revoke_it(honoured, version)
    with refuses(AlreadyRevoked, version=AWARD):
        revoke_it(given(*AT.COMPLETION, awarded(), revoke_it(honoured)))


def places(count: int) -> Rule:
    return ADVANCED.model_copy(update={"places": count})


def take_one(quota: Quota, rule: Rule, holder: UUID) -> PlaceTaken:
    return take(quota, rule, programme="beijing-2010", holder=holder, project=PROJECT)


def after(quota: Quota, *facts: PlaceTaken | PlaceReleased) -> Quota:
    for fact in facts:
        quota = QUOTA.evolve(quota, recorded(fact, 1))
    return quota


def test_a_place_is_taken_released_and_retaken() -> None:
    empty = Quota(PROJECT)
    taken = take_one(empty, places(1), HOLDERS[0])
    assert (taken.quota, taken.places, taken.holder) == ("advanced-organisation", 1, HOLDERS[0])
    assert after(empty, taken).holders == {HOLDERS[0]: PROJECT}
    released = release(HOLDERS[0], PROJECT, "示例：授予有误。")
    assert after(empty, taken, released) == empty


def test_releasing_a_place_that_nobody_holds_changes_nothing() -> None:
    assert after(Quota(PROJECT), release(HOLDERS[0], PROJECT, "示例。")) == Quota(PROJECT)


@for_all(st.lists(st.tuples(st.booleans(), st.sampled_from(HOLDERS)), max_size=30), st.integers(1, 4))
def test_holders_never_exceed_places_or_repeat(wishes: list[tuple[bool, UUID]], count: int) -> None:
    quota, holders = Quota(PROJECT), set[UUID]()
    for takes, holder in wishes:
        if not takes:
            quota = after(quota, release(holder, PROJECT, "示例。"))
            holders.discard(holder)
        elif holder in holders:
            with refuses(AlreadyHonoured, quota="advanced-organisation"):
                take_one(quota, places(count), holder)
        elif len(holders) == count:
            with refuses(QuotaFull, quota="advanced-organisation", places=count):
                take_one(quota, places(count), holder)
        else:
            quota = after(quota, take_one(quota, places(count), holder))
            holders.add(holder)
        assert set(quota.holders) == holders


def test_a_plaque_is_presented_once_for_an_honour_that_counts() -> None:
    facts = (*AT.COMPLETION, awarded())
    project = given(*facts)
    version, day = len(facts), project.honours[0].on
    fact = present_plaque(project, find_award(project, version), day, "示例总结表彰大会")
    assert fact == PlaquePresented(award=version, presented_on=day, ceremony="示例总结表彰大会")
    assert given(*facts, fact).plaques[0].fact == fact
    with refuses(PlaquePresentedAlready, version=version):
        present_plaque(given(*facts, fact), find_award(project, version), day, "示例")
    eve = day - timedelta(days=1)
    with refuses(PlaqueTooEarly, presented_on=eve.isoformat(), awarded_on=day.isoformat()):
        present_plaque(project, find_award(project, version), eve, "示例")
    revoked = HonourRevoked(award=version, reason="示例。", document_number="1", place_freed_because=None)
    with refuses(AlreadyRevoked, version=version):
        present_plaque(given(*facts, revoked), find_award(project, version), day, "示例")
