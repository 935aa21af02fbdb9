"""Honours: who decides on which, for whom, for what; and the places there are."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests.ledger.project.given import (
    APPLIED,
    AT_COMPLETION,
    AT_CONTRACT,
    DAY,
    GRANT,
    ORGANISATION,
    PROJECT,
    RULES,
    Facts,
    given,
    recorded,
)

from ledger.errors import (
    AlreadyHonoured,
    ChoiceUnknown,
    OutOfScope,
    QuotaFull,
    RecipientWrong,
    RoleMayNot,
    StepOutOfOrder,
)
from ledger.events import (
    Awarded,
    OrganisationRecipient,
    PersonRecipient,
    PlaceReleased,
    PlaceTaken,
    Role,
    Sealed,
    Withdrawn,
)
from ledger.project.honours import award, honour_rule
from ledger.project.state import Noted, Project, Status
from ledger.quota import Quota, evolve, release, take
from ledger.rules import Quota as Rule
from ledger.values import PersonName

ADVANCED = honour_rule(RULES, "advanced-organisation", Role.LEADING_GROUP)
INDIVIDUAL = honour_rule(RULES, "advanced-individual", Role.LEADING_GROUP)
THE_ORGANISATION = OrganisationRecipient(organisation=ORGANISATION, name="示例助老服务中心")
A_PERSON = PersonRecipient(
    person=UUID(int=1),
    name=Sealed[PersonName](commitment="e" * 64),
    organisation=ORGANISATION,
    organisation_name="示例助老服务中心",
)
HOLDERS = [UUID(int=number) for number in range(1, 6)]


def award_it(
    project: Project, rule: Rule = ADVANCED, recipient: OrganisationRecipient | PersonRecipient = THE_ORGANISATION
) -> Awarded:
    return award(project, rule, recipient, deed="示例：坚持送餐。", document_number="示例发〔2010〕9号", place=3)


@pytest.mark.parametrize(("rule", "recipient"), [(ADVANCED, THE_ORGANISATION), (INDIVIDUAL, A_PERSON)])
def test_an_honour_says_for_what_by_which_document_and_which_place_of_how_many(
    rule: Rule, recipient: OrganisationRecipient | PersonRecipient
) -> None:
    fact = award_it(given(*AT_COMPLETION), rule, recipient)
    assert fact == Awarded(
        honour=rule.code,
        recipient=recipient,
        deed="示例：坚持送餐。",
        document_number="示例发〔2010〕9号",
        place=3,
        places=rule.places,
    )
    honoured = given(*AT_COMPLETION, fact)
    assert honoured.honours == (Noted(len(AT_COMPLETION) + 1, fact, DAY),)
    assert honoured.status is Status.COMPLETED


@pytest.mark.parametrize(
    "facts",
    [(), (APPLIED,), AT_CONTRACT, AT_COMPLETION[:-1], (*AT_COMPLETION, Withdrawn(reason="示例。")), (GRANT,)],
)
def test_only_a_completed_project_is_honoured(facts: Facts) -> None:
    with pytest.raises(StepOutOfOrder) as refused:
        award_it(given(*facts))
    assert refused.value.details == {"status": given(*facts).status, "command": "award"}


@pytest.mark.parametrize(("rule", "recipient"), [(ADVANCED, A_PERSON), (INDIVIDUAL, THE_ORGANISATION)])
def test_an_honour_for_people_is_not_given_to_organisations_nor_the_other_way_round(
    rule: Rule, recipient: OrganisationRecipient | PersonRecipient
) -> None:
    with pytest.raises(RecipientWrong) as refused:
        award_it(given(*AT_COMPLETION), rule, recipient)
    assert refused.value.details == {"honour": rule.code, "recipient": rule.recipient}


@pytest.mark.parametrize(("rule", "recipient"), [(ADVANCED, THE_ORGANISATION), (INDIVIDUAL, A_PERSON)])
def test_a_project_honours_its_own_organisation_and_people(
    rule: Rule, recipient: OrganisationRecipient | PersonRecipient
) -> None:
    stranger = recipient.model_copy(update={"organisation": uuid4()})
    with pytest.raises(OutOfScope):
        award_it(given(*AT_COMPLETION), rule, stranger)


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
        with pytest.raises(RoleMayNot) as refused:
            honour_rule(RULES, honour, role)
        assert refused.value.details == {"role": role, "command": f"award {honour}"}


@pytest.mark.parametrize("code", ["none", "purchase"])
def test_what_the_programme_does_not_honour_with_is_refused_with_what_it_does(code: str) -> None:
    with pytest.raises(ChoiceUnknown) as refused:
        honour_rule(RULES, code, Role.LEADING_GROUP)
    choices = "advanced-organisation, advanced-individual, top-ten"
    assert refused.value.details == {"field": "honour", "value": code, "choices": choices}


def places(count: int) -> Rule:
    return ADVANCED.model_copy(update={"places": count})


def take_one(quota: Quota, rule: Rule, holder: UUID) -> PlaceTaken:
    return take(quota, rule, programme="beijing-2010", holder=holder, project=PROJECT)


def after(quota: Quota, *facts: PlaceTaken | PlaceReleased) -> Quota:
    for fact in facts:
        quota = evolve(quota, recorded(fact, 1))
    return quota


def test_a_place_is_taken_for_a_holder_and_a_project_and_released_again() -> None:
    empty = Quota(PROJECT)
    taken = take_one(empty, places(1), HOLDERS[0])
    assert (taken.quota, taken.places, taken.holder) == ("advanced-organisation", 1, HOLDERS[0])
    assert after(empty, taken).holders == {HOLDERS[0]: PROJECT}
    released = release(HOLDERS[0], PROJECT, "示例：授予有误。")
    assert after(empty, taken, released) == empty


def test_releasing_a_place_that_nobody_holds_changes_nothing() -> None:
    assert after(Quota(PROJECT), release(HOLDERS[0], PROJECT, "示例。")) == Quota(PROJECT)


@for_all(st.lists(st.tuples(st.booleans(), st.sampled_from(HOLDERS)), max_size=30), st.integers(1, 4))
def test_there_are_never_more_holders_than_places_and_nobody_holds_two(
    wishes: list[tuple[bool, UUID]], count: int
) -> None:
    quota, holders = Quota(PROJECT), set[UUID]()
    for takes, holder in wishes:
        if not takes:
            quota = after(quota, release(holder, PROJECT, "示例。"))
            holders.discard(holder)
        elif holder in holders:
            with pytest.raises(AlreadyHonoured) as twice:
                take_one(quota, places(count), holder)
            assert twice.value.details == {"quota": "advanced-organisation"}
        elif len(holders) == count:
            with pytest.raises(QuotaFull) as full:
                take_one(quota, places(count), holder)
            assert full.value.details == {"quota": "advanced-organisation", "places": count}
        else:
            quota = after(quota, take_one(quota, places(count), holder))
            holders.add(holder)
        assert set(quota.holders) == holders
