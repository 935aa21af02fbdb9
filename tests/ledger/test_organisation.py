"""The life of an organisation (N6, N22): pure decisions, and what its facts say on a day."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from tests.ledger.project.given import ORGANISATION, RULES, recorded
from tests.support import refuses

from ledger.core.fact import Fact
from ledger.core.refusal import Refusal
from ledger.identifiers import Identifier
from ledger.organisation.ending import (
    Deregistered,
    Merged,
    MergedIntoItself,
    RegistrationEnd,
    RegistrationEnded,
    end_registration,
    merge,
)
from ledger.organisation.particulars import Relocated, Renamed, SupervisorNamed, name_supervisor, relocate, rename
from ledger.organisation.registration import (
    IdentifierClaimed,
    IdentifierNotInForce,
    IdentifierRepeated,
    IdentifierSuccessionWrong,
    IdentifierTaken,
    OrganisationAlreadyRegistered,
    OrganisationKind,
    OrganisationRegistered,
    add_identifier,
    claim,
    claims,
    register,
)
from ledger.organisation.standing import (
    AlreadyListed,
    Delisted,
    GradeValidityWrong,
    Listed,
    NotListed,
    check_validity,
    enter_list,
    five_years_from,
    grade,
    leave_list,
)
from ledger.organisation.state import (
    Organisation,
    OrganisationBarred,
    OrganisationDeregistered,
    OrganisationExcluded,
    OrganisationMerged,
    OrganisationUnchanged,
    check_eligible,
    evolve,
)
from ledger.rules import CreditList, EligibilityRule
from ledger.values import LATEST

OTHER = UUID(int=77)
REG = Identifier(scheme="CN-REG", id="示例民证字第1号")
NEW_REG = Identifier(scheme="CN-REG", id="示例民证字第2号")
CODE = Identifier(scheme="CN-ORGCODE", id="DEMA00013")
USCI = Identifier(scheme="CN-USCI", id="52110000DEMA000136")
USCI_OF_ANOTHER = Identifier(scheme="CN-USCI", id="52110000DEMA000211")
REGISTERED = OrganisationRegistered(
    identifiers=(REG, CODE),
    name="示例助老服务中心",
    kind=OrganisationKind.PRIVATE_NON_ENTERPRISE,
    district="110103",
    contract_body=None,
    contact=None,
)
MERGED = Merged(into=OTHER, into_name="示例联合会", document_number="示例1号")
DEREGISTERED = Deregistered(reason="自行解散。", document_number="示例2号")
LISTED = Listed(list=CreditList.SERIOUS, reason="示例。", authority="示例民政局", document_number="示例3号")
DELISTED = Delisted(list=CreditList.SERIOUS, reason="示例。", authority="示例民政局", document_number="示例4号")
UNBORN = Organisation(OTHER)
DAY = date(2010, 6, 1)
PAPER = {"authority": "示例民政局", "document_number": "示例5号"}


def given(*facts: Fact | tuple[Fact, date]) -> Organisation:
    organisation = Organisation(ORGANISATION)
    for version, found in enumerate(facts, 1):
        fact, on = found if isinstance(found, tuple) else (found, date(2010, 2, 1))
        organisation = evolve(organisation, recorded(fact, version, on))
    return organisation


def another(*facts: Fact) -> Organisation:
    organisation = Organisation(OTHER)
    for version, fact in enumerate((REGISTERED, *facts), 1):
        organisation = evolve(organisation, recorded(fact, version))
    return organisation


def test_former_names_stay_known() -> None:
    organisation = given(REGISTERED, rename(given(REGISTERED), "示例养老中心", "示例1号"))
    assert (organisation.name, organisation.former_names) == ("示例养老中心", ("示例助老服务中心",))


def test_a_unified_code_replaces_the_organisation_code() -> None:
    added, claimed = add_identifier(given(REGISTERED), USCI, CODE)
    assert claimed == (USCI,)
    organisation = given(REGISTERED, added)
    assert organisation.identifiers == (REG, CODE, USCI)
    assert organisation.in_force == (REG, USCI)
    assert organisation.replaced == {CODE: USCI}
    assert organisation.added[0].on == date(2010, 2, 1)


def test_a_unified_code_keeps_the_inner_code() -> None:
    for replaces in (CODE, REG, None):
        with refuses(IdentifierSuccessionWrong, expected="DEMA00013", got="DEMA00021"):
            add_identifier(given(REGISTERED), USCI_OF_ANOTHER, replaces)
    with pytest.raises(IdentifierSuccessionWrong):
        registered_with(CODE, USCI_OF_ANOTHER)
    assert registered_with(CODE, USCI).identifiers == (CODE, USCI)


def test_what_is_no_identifier_in_force_is_not_replaced() -> None:
    for organisation, replaces in (
        (given(REGISTERED), NEW_REG),
        (given(REGISTERED, add_identifier(given(REGISTERED), USCI, CODE)[0]), CODE),
    ):
        with pytest.raises(IdentifierNotInForce):
            add_identifier(organisation, Identifier(scheme="CN-REG", id="示例3号"), replaces)


def test_an_identifier_belongs_to_one_organisation() -> None:
    with pytest.raises(IdentifierTaken) as refused:
        claim(another(), NEW_REG, ORGANISATION)
    assert refused.value.details["organisation"] == OTHER
    claimed_by_a_third = evolve(
        Organisation(OTHER), recorded(IdentifierClaimed(identifier=NEW_REG, organisation=UUID(int=9)), 1)
    )
    with pytest.raises(IdentifierTaken) as refused:
        claim(claimed_by_a_third, NEW_REG, ORGANISATION)
    assert refused.value.details["organisation"] == UUID(int=9)
    with pytest.raises(OrganisationAlreadyRegistered):
        registered_with(NEW_REG, there=claimed_by_a_third)
    with pytest.raises(IdentifierRepeated):
        registered_with(REG, CODE, REG)
    with pytest.raises(IdentifierTaken):
        add_identifier(given(REGISTERED), REGISTERED.identifiers[0], None)


def test_a_unified_code_claims_the_code_within() -> None:
    assert claims((REG, USCI)) == (USCI, CODE)
    assert claims((REG, CODE, USCI)) == (CODE, USCI)
    assert claims((CODE, USCI)) == (USCI,)
    _, claimed = add_identifier(given(registered_with(REG)), USCI, None)
    assert claimed == (USCI, CODE)
    _, claimed = add_identifier(given(registered_with(REG, USCI)), CODE, None)
    assert claimed == ()
    with pytest.raises(IdentifierSuccessionWrong):
        add_identifier(given(registered_with(REG, USCI_OF_ANOTHER)), CODE, None)


def registered_with(*identifiers: Identifier, there: Organisation = UNBORN) -> OrganisationRegistered:
    return register(
        there,
        identifiers=identifiers,
        name="示例社",
        kind=OrganisationKind.COMMUNITY,
        district=None,
        contract_body=None,
        contact=None,
    )


def test_the_supervisor_and_the_district_change() -> None:
    organisation = given(
        REGISTERED, name_supervisor(given(REGISTERED), "示例教委"), Relocated(district=None, reason="升格。")
    )
    assert (organisation.supervisor, organisation.district) == ("示例教委", None)
    assert relocate(given(REGISTERED), "110101", "区划调整。").district == "110101"


def test_a_merged_organisation_names_its_successor() -> None:
    organisation = given(REGISTERED, (merge(given(REGISTERED), another(), "示例1号"), DAY))
    assert (organisation.is_active, organisation.successor) == (False, OTHER)
    assert organisation.merged is not None
    assert (organisation.merged.on, organisation.merged.fact.into_name) == (DAY, "示例助老服务中心")


def test_a_deregistered_organisation_has_none() -> None:
    organisation = given(REGISTERED, ended(given(REGISTERED), RegistrationEnd.CANCELLED))
    assert (organisation.is_active, organisation.successor) == (False, None)


def ended(organisation: Organisation, kind: RegistrationEnd) -> RegistrationEnded:
    return end_registration(organisation, kind, reason="示例。", document_number="示例2号")


@pytest.mark.parametrize("kind", RegistrationEnd)
def test_a_refusal_tells_how_the_registration_ended(kind: RegistrationEnd) -> None:
    with refuses(OrganisationDeregistered, document_number="示例2号", ended=kind.value):
        ended(given(REGISTERED, ended(given(REGISTERED), kind)), kind)
    with refuses(OrganisationDeregistered, document_number="示例2号", ended="not_recorded"):
        ended(given(REGISTERED, DEREGISTERED), kind)


STEPS: dict[str, Callable[[Organisation], object]] = {
    "rename": lambda one: rename(one, "示例新名", "示例1号"),
    "add an identifier": lambda one: add_identifier(one, NEW_REG, None),
    "name a supervisor": lambda one: name_supervisor(one, "示例教委"),
    "relocate": lambda one: relocate(one, "110101", "区划调整。"),
    "merge": lambda one: merge(one, another(), "示例1号"),
    "be merged into": lambda one: merge(another(), one, "示例1号"),
    "deregister": lambda one: ended(one, RegistrationEnd.CANCELLED),
    "grade": lambda one: grade(one, 4, valid_from=DAY, valid_until=None, **PAPER),
    "be eligible": lambda one: check_eligible(one, RULES, DAY),
}


@pytest.mark.parametrize("step", STEPS)
def test_an_organisation_that_is_no_more_takes_no_step(step: str) -> None:
    STEPS[step](given(REGISTERED))
    with refuses(OrganisationMerged, into=OTHER, into_name="示例联合会"):
        STEPS[step](given(REGISTERED, MERGED))
    with pytest.raises(OrganisationDeregistered):
        STEPS[step](given(REGISTERED, DEREGISTERED))


UNCHANGED: list[tuple[Fact, Callable[[Organisation], object]]] = [
    (Renamed(name="示例甲", document_number="1"), lambda one: rename(one, "示例甲", "示例1号")),
    (SupervisorNamed(authority="示例教委"), lambda one: name_supervisor(one, "示例教委")),
    (Relocated(district=None, reason="示例。"), lambda one: relocate(one, None, "示例。")),
]


@pytest.mark.parametrize(("fact", "step"), UNCHANGED)
def test_what_would_change_nothing_is_refused(fact: Fact, step: Callable[[Organisation], object]) -> None:
    with pytest.raises(OrganisationUnchanged):
        step(given(REGISTERED, fact))


def test_an_organisation_is_not_merged_into_itself() -> None:
    with pytest.raises(MergedIntoItself):
        merge(given(REGISTERED), given(REGISTERED), "示例1号")


def test_a_grade_lasts_five_years_by_default() -> None:
    first = grade(given(REGISTERED), 3, valid_from=date(2008, 2, 29), valid_until=None, **PAPER)
    second = grade(given(REGISTERED), 5, valid_from=DAY, valid_until=date(2010, 6, 30), **PAPER)
    assert first.valid_until == date(2013, 2, 28)
    organisation = given(REGISTERED, first, second)
    found = {
        day: graded.grade if (graded := organisation.grade_on(day)) else None
        for day in (date(2008, 2, 28), date(2008, 2, 29), DAY, date(2010, 7, 1), date(2013, 3, 1))
    }
    assert list(found.values()) == [None, 3, 5, 3, None]


def test_five_years_respect_the_calendar() -> None:
    assert five_years_from(date(2010, 1, 1)) == date(2014, 12, 31)
    assert five_years_from(date(2198, 1, 1)) == LATEST


def test_a_grade_does_not_end_before_it_starts() -> None:
    with pytest.raises(GradeValidityWrong):
        grade(given(REGISTERED), 3, valid_from=DAY, valid_until=date(2010, 5, 31), **PAPER)
    check_validity(grade(given(REGISTERED), 3, valid_from=DAY, valid_until=DAY, **PAPER))


def test_a_list_counts_from_entry_to_exit() -> None:
    may, june, july = (date(2010, month, 1) for month in (5, 6, 7))
    organisation = given(REGISTERED, (LISTED, may), (DELISTED, june), (LISTED, july))
    days = [date(2010, 4, 30), may, date(2010, 5, 31), june, july]
    assert [len(organisation.lists_on(day)) for day in days] == [0, 1, 1, 0, 1]


def test_lists_are_entered_and_left_once() -> None:
    with pytest.raises(AlreadyListed):
        enter_list(given(REGISTERED, LISTED), CreditList.SERIOUS, reason="示例。", **PAPER)
    assert enter_list(given(REGISTERED, LISTED), CreditList.ABNORMAL, reason="示例。", **PAPER).list == "abnormal"
    # What was deregistered by force is listed all the same.
    assert enter_list(given(REGISTERED, DEREGISTERED), CreditList.SERIOUS, reason="示例。", **PAPER).list == "serious"
    assert leave_list(given(REGISTERED, LISTED), CreditList.SERIOUS, reason="示例。", **PAPER).list == "serious"
    for facts in ((REGISTERED,), (REGISTERED, LISTED, DELISTED)):
        with pytest.raises(NotListed):
            leave_list(given(*facts), CreditList.SERIOUS, reason="示例。", **PAPER)


STRICT = RULES.model_copy(update={"eligibility": EligibilityRule(barred_lists=(CreditList.SERIOUS,), excluded=(USCI,))})
ABNORMAL = LISTED.model_copy(update={"list": CreditList.ABNORMAL})
NOT_ELIGIBLE: list[tuple[tuple[Fact, ...], type[Refusal]]] = [
    ((LISTED,), OrganisationBarred),
    ((ABNORMAL, LISTED), OrganisationBarred),
    ((add_identifier(given(REGISTERED), USCI, CODE)[0],), OrganisationExcluded),
]


@pytest.mark.parametrize(("facts", "refusal"), NOT_ELIGIBLE)
def test_barred_lists_exclude_where_rules_say_so(facts: tuple[Fact, ...], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        check_eligible(given(REGISTERED, *facts), STRICT, DAY)
    check_eligible(given(REGISTERED, *facts), RULES, DAY)


def test_other_or_left_lists_do_not_bar() -> None:
    for facts in ((), (ABNORMAL,), (LISTED, DELISTED)):
        check_eligible(given(REGISTERED, *facts), STRICT, DAY)
