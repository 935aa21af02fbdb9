"""Districts succeed one another (国函〔2010〕55号): who has whose scope, and what stays as it was."""

from dataclasses import replace
from uuid import uuid4

import pytest
from tests.ledger.project.given import APPLIED, AT, FORM, PROGRAMME, REGISTERED, given, recorded

from ledger import aggregates
from ledger.access import check_project, knows, within
from ledger.accounts import OPERATOR, Account
from ledger.core.fact import Role
from ledger.core.refusal import Refusal
from ledger.programme import (
    DistrictNotInForce,
    DistrictRepeated,
    DistrictsReorganised,
    DistrictSucceeded,
    Programme,
    reorganise_districts,
)
from ledger.project.application import apply
from ledger.project.contract import CONTRACT
from ledger.refusals.general import OutOfScope, ProjectUnknown

DECREE = "国函〔2010〕55号"


def succeeded(*pairs: tuple[str, str]) -> tuple[DistrictSucceeded, ...]:
    return tuple(DistrictSucceeded(former=former, to=to) for former, to in pairs)


def after(*decrees: tuple[tuple[str, str], ...]) -> Programme:
    programme = PROGRAMME
    for version, pairs in enumerate(decrees, 2):
        fact = reorganise_districts(programme, DECREE, succeeded(*pairs))
        programme = aggregates.PROGRAMME.evolve(programme, recorded(fact, version))
    return programme


# 东城 and 崇文 became 东城, 西城 and 宣武 became 西城; the codes of the new ones are those of two old ones.
OF_2010 = (("110101", "110101"), ("110103", "110101"), ("110102", "110102"), ("110104", "110102"))
REORGANISED = after(OF_2010)


def district(code: str) -> Account:
    return Account(uuid4(), Role.DISTRICT, code)


def test_a_district_is_its_own_successor_first() -> None:
    assert PROGRAMME.successor_of("110103") == "110103"
    assert REORGANISED.succeeded == {"110103": "110101", "110104": "110102"}
    found = [REORGANISED.successor_of(code) for code in ("110101", "110103", "110104", "110105", "999999")]
    assert found == ["110101", "110101", "110102", "110105", "999999"]


def test_successions_are_followed_to_their_end() -> None:
    chained = after((("110103", "110101"),), (("110101", "110105"),))
    assert chained.successor_of("110103") == "110105"
    assert chained.districts_now["110103"] == chained.districts_now["110101"] == "110105"


def test_circular_successions_still_name_a_district() -> None:
    assert replace(PROGRAMME, succeeded={"110103": "110101", "110101": "110103"}).successor_of("110103") == "110103"


@pytest.mark.parametrize(
    ("pairs", "refusal"),
    [
        ([("999999", "110101")], DistrictNotInForce),
        ([("110103", "999999")], DistrictNotInForce),
        ([("110103", "110101"), ("110103", "110102")], DistrictRepeated),
        # A successor is there afterwards.
        ([("110103", "110101"), ("110101", "110102")], DistrictNotInForce),
        ([("110103", "110101"), ("110101", "110103")], DistrictNotInForce),
    ],
)
def test_a_decree_that_leads_nowhere_is_refused(pairs: list[tuple[str, str]], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        reorganise_districts(PROGRAMME, DECREE, succeeded(*pairs))


@pytest.mark.parametrize("pair", [("110103", "110105"), ("110105", "110103")])
def test_an_abolished_district_cannot_be_named_again(pair: tuple[str, str]) -> None:
    with pytest.raises(DistrictNotInForce):
        reorganise_districts(REORGANISED, DECREE, succeeded(pair))


def test_the_successor_inherits_the_right_to_act() -> None:
    project = given(APPLIED.model_copy(update={"district": "110103"}))
    for code in ("110101", "110103"):
        act = within(district(code), REORGANISED)
        assert knows(act, project) is (code == "110101")
    check_project(within(district("110101"), REORGANISED), CONTRACT, project)
    with pytest.raises(ProjectUnknown):
        check_project(within(district("110103"), REORGANISED), CONTRACT, project)
    with pytest.raises(ProjectUnknown):
        check_project(within(district("110101"), PROGRAMME), CONTRACT, project)


def test_a_successor_gains_nothing_else() -> None:
    act = within(district("110101"), REORGANISED)
    check_project(act, CONTRACT, given(*AT.CONTRACT))
    assert not act.acts_for("110104")
    assert not act.acts_for(None)
    with pytest.raises(OutOfScope):
        check_project(OPERATOR, CONTRACT, given(*AT.CONTRACT))


def test_other_roles_stay_who_they_are() -> None:
    assert within(OPERATOR, REORGANISED) is OPERATOR
    juror = Account(uuid4(), Role.JUROR, "110101")
    assert not within(juror, REORGANISED).acts_for("110101")


def test_an_application_counts_for_todays_district() -> None:
    organisation = replace(REGISTERED, district="110103")
    assert apply(organisation, FORM, programme=PROGRAMME).district == "110103"
    assert apply(organisation, FORM, programme=REORGANISED).district == "110101"


def test_a_decree_is_kept_as_it_reads() -> None:
    fact = reorganise_districts(PROGRAMME, DECREE, succeeded(*OF_2010))
    assert fact == DistrictsReorganised(decree=DECREE, successions=succeeded(*OF_2010))
