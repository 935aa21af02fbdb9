"""Applying, amending, withdrawing: what an organisation brings before anybody looks at it."""

from typing import Any
from uuid import uuid4

import pytest
from tests.ledger.project.given import (
    APPLIED,
    AT,
    DAY,
    FORM,
    GRANT,
    OLD_PROGRAMME,
    PROGRAMME,
    REGISTERED,
    RULES,
    Facts,
    amendment,
    form,
    funds,
    given,
    recorded,
    reviewed,
)
from tests.support import refuses

from ledger.core.fact import Sealed
from ledger.core.refusal import Refusal
from ledger.identifiers import Identifier
from ledger.organisation.registration import OrganisationAlreadyRegistered, OrganisationKind, register
from ledger.organisation.state import Organisation, evolve
from ledger.project.application import (
    Particulars,
    SupportKind,
    SupportReasonMissing,
    SupportRequest,
    Withdrawn,
    amend,
    apply,
    requested_amount,
    withdraw,
)
from ledger.project.districts_served import WHOLE_CITY, DistrictsServedUnclear
from ledger.project.funding import FundingSourceRepeated
from ledger.project.state import evolve as evolve_project
from ledger.project.status import Status
from ledger.refusals.general import ChoiceUnknown, CurrencyWrong, OrganisationUnknown, StepOutOfOrder
from ledger.values import BankAccount, Contact, FundingSource

WITHDRAWN = Withdrawn(reason="示例：与另一项目合并。")

WRONG_FORMS: list[tuple[dict[str, Any], type[Refusal], dict[str, Any]]] = [
    ({"category": "space-travel"}, ChoiceUnknown, {"field": "category", "value": "space-travel"}),
    ({"budget": (funds(FundingSource.OWN, "1", "USD"),)}, CurrencyWrong, {"expected": "CNY", "got": "USD"}),
    (
        {"budget": (funds(FundingSource.OWN, "1"), funds(FundingSource.OWN, "2"))},
        FundingSourceRepeated,
        {"source": FundingSource.OWN},
    ),
    ({"districts_served": ("110101", "110101")}, DistrictsServedUnclear, {}),
    ({"districts_served": ("110101", WHOLE_CITY)}, DistrictsServedUnclear, {}),
    (
        {"districts_served": ("110101", "310101")},
        ChoiceUnknown,
        {
            "field": "districts_served",
            "value": "310101",
            "choices": ", ".join((WHOLE_CITY, *(one.code for one in RULES.districts))),
        },
    ),
    ({"support": ()}, SupportReasonMissing, {"amount": "30000.00"}),
    (
        {"support": (SupportRequest(kind=SupportKind.VENUE, reason="需要厨房。"),)},
        SupportReasonMissing,
        {"amount": "30000.00"},
    ),
]


def test_an_organisation_applies_with_a_project_of_a_programme() -> None:
    contact, account = Sealed[Contact](commitment="c" * 64), Sealed[BankAccount](commitment="d" * 64)
    fact = apply(REGISTERED, FORM, particulars=Particulars(contact, account), programme=PROGRAMME)
    assert fact == APPLIED.model_copy(update={"contact": contact, "account": account})
    project = given(fact)
    assert (project.contact, project.account) == (contact, account)
    assert (project.status, project.form, project.form_version) == (Status.APPLIED, FORM, 1)


@pytest.mark.parametrize("served", [None, (WHOLE_CITY,), ("110101",), ("110103", "110105")])
def test_an_application_may_name_the_districts_it_serves(served: tuple[str, ...] | None) -> None:
    assert apply(REGISTERED, form(districts_served=served), programme=PROGRAMME).form.districts_served == served


def test_an_amendment_keeps_what_it_does_not_replace() -> None:
    contact, account = Sealed[Contact](commitment="c" * 64), Sealed[BankAccount](commitment="d" * 64)
    project = given(apply(REGISTERED, FORM, particulars=Particulars(contact, account), programme=PROGRAMME))
    other = Sealed[BankAccount](commitment="e" * 64)
    fact = amend(project, FORM, "示例。", particulars=Particulars(account=other), programme=PROGRAMME, today=DAY)
    assert (fact.organisation, fact.district) == (REGISTERED.id, "110101")
    amended = evolve_project(project, recorded(fact, 2))
    assert (amended.contact, amended.account) == (contact, other)


@pytest.mark.parametrize("budget", [(), (funds(FundingSource.OWN, "5"),), (funds(FundingSource.REQUESTED, "0.00"),)])
def test_an_application_without_a_request_is_short(budget: tuple[Any, ...]) -> None:
    asks_nothing = form(plan=None, budget=budget, place=None, support=())
    assert apply(REGISTERED, asks_nothing, programme=PROGRAMME).form == asks_nothing
    assert requested_amount(asks_nothing) == 0


def test_an_organisation_that_nobody_registered_cannot_apply() -> None:
    stranger = Organisation(uuid4())
    with refuses(OrganisationUnknown, organisation=stranger.id):
        apply(stranger, FORM, programme=PROGRAMME)


@pytest.mark.parametrize("district", ["310101", ""])
def test_an_organisation_outside_all_districts_cannot_apply(district: str) -> None:
    elsewhere = Organisation(REGISTERED.id, "示例中心", OrganisationKind.ASSOCIATION, district)
    with pytest.raises(ChoiceUnknown) as refused:
        apply(elsewhere, FORM, programme=PROGRAMME)
    assert refused.value.details["field"] == "district"


def test_an_organisation_of_the_city_belongs_to_no_district() -> None:
    of_the_city = Organisation(REGISTERED.id, "示例中心", OrganisationKind.ASSOCIATION, None)
    assert apply(of_the_city, FORM, programme=PROGRAMME).district is None


@pytest.mark.parametrize(("changes", "refusal", "details"), WRONG_FORMS)
def test_a_form_against_the_rules_is_refused(
    changes: dict[str, Any], refusal: type[Refusal], details: dict[str, Any]
) -> None:
    with pytest.raises(refusal) as applying:
        apply(REGISTERED, form(**changes), programme=PROGRAMME)
    with pytest.raises(refusal) as amending:
        amend(given(APPLIED), form(**changes), "示例。", programme=PROGRAMME, today=DAY)
    assert applying.value.details == amending.value.details
    assert details.items() <= applying.value.details.items()


@pytest.mark.parametrize("facts", [(APPLIED,), AT.REVIEW])
def test_an_application_is_amended_until_it_is_decided(facts: Facts) -> None:
    shorter = form(title="示例：送餐")
    fact = amend(given(*facts), shorter, "示例：更正名称。", programme=OLD_PROGRAMME, today=DAY)
    assert fact == amendment(shorter, "示例：更正名称。")
    amended = given(*facts, fact)
    assert (amended.form, amended.form_version) == (shorter, len(facts) + 1)


def test_an_amendment_keeps_application_and_reviews() -> None:
    amended = given(*AT.REVIEW, amendment(form(title="示例：送餐")))
    assert amended.applied == APPLIED
    assert [review.fact.application_version for review in amended.reviews] == [1, 1, 1]


@pytest.mark.parametrize("facts", [(APPLIED,), AT.REVIEW, AT.APPROVAL])
def test_a_project_is_withdrawn_until_its_contract_is_signed(facts: Facts) -> None:
    fact = withdraw(given(*facts), "示例：与另一项目合并。")
    assert fact == WITHDRAWN
    assert given(*facts, fact).status is Status.WITHDRAWN


@pytest.mark.parametrize("facts", [(), (APPLIED, WITHDRAWN), AT.CONTRACT, AT.COMPLETION])
def test_withdrawal_needs_an_unsigned_application(facts: Facts) -> None:
    with refuses(StepOutOfOrder, status=given(*facts).status, command="withdraw"):
        withdraw(given(*facts), "示例。")


@pytest.mark.parametrize("facts", [(), (APPLIED, WITHDRAWN), AT.APPROVAL, AT.CONTRACT])
def test_what_is_decided_cannot_be_amended(facts: Facts) -> None:
    with refuses(StepOutOfOrder, status=given(*facts).status, command="amend"):
        amend(given(*facts), FORM, "示例。", programme=PROGRAMME, today=DAY)


def test_an_organisation_is_registered_once() -> None:
    details: dict[str, Any] = {
        "identifiers": (Identifier(scheme="CN-REG", id="示例0001"),),
        "name": "示例社区社团",
        "kind": OrganisationKind.COMMUNITY,
        "district": "110101",
        "contract_body": "示例街道办事处",
        "contact": None,
    }
    new = Organisation(REGISTERED.id)
    fact = register(new, **details)
    organisation = evolve(new, recorded(fact, 1))
    assert organisation == Organisation(
        new.id, details["name"], details["kind"], "110101", details["identifiers"], "示例街道办事处"
    )
    with refuses(OrganisationAlreadyRegistered, organisation=new.id):
        register(organisation, **details)


def test_a_review_alone_creates_no_project() -> None:
    assert not given(reviewed(0)).exists


def test_an_imported_grant_is_public_at_once() -> None:
    project = given(GRANT)
    assert (project.exists, project.is_public, project.status) == (True, True, Status.GRANTED)
