"""Who may read and do what, against the page that officials read; a test of the docs keeps the page."""

import re
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.docs.access_page import MARKS
from tests.docs.access_page import PAGE as ACCESS
from tests.docs.documents import tables
from tests.ledger.project.given import APPLIED, AT, GRANT, ORGANISATION, PROJECT, given, history
from tests.support import refuses

from ledger.access import (
    check,
    check_project,
    check_role,
    is_never_public,
    knows,
    reads,
    ruling,
    takes_part,
)
from ledger.accounts import ANYONE, OPERATOR, Account
from ledger.core.action import ACTIONS, Action, Scope
from ledger.core.envelope import Voided
from ledger.core.fact import Audience, Fact, Role
from ledger.facts import FACTS
from ledger.project.application import APPLY
from ledger.project.contract import CONTRACT, PUBLISH
from ledger.project.delivery import REPORT
from ledger.project.state import Project
from ledger.project.supervision import INSPECT
from ledger.refusals.general import OutOfScope, ProjectUnknown, RoleMayNot

ELSEWHERE = uuid4()
DISTRICT, OTHER_DISTRICT = "110101", "110102"

# Rows: audience. Columns: neither published nor taking part, published only, taking part only, both.
READ_BY_EVERYBODY = {
    Audience.AT_ONCE: (False, True, True, True),
    Audience.FROM_PUBLICATION: (False, True, True, True),
    Audience.NEVER: (False, False, True, True),
    Audience.CONFIDENTIAL: (False, False, False, False),
}
READ_CONFIDENTIAL = {"office", "leading_group", "auditor"}

# docs/access.md is the table of rights; a row for each command, but for those that all roles may.
RIGHTS = {row["command"].strip("`"): row for row in tables(ACCESS)[1]}
# The roles that have no column of their own, and what they may.
OTHERS = {
    role: re.findall(r"\w+", told) for role, told in re.findall(r"^- `(\w+)`: (.*)$", ACCESS.read_text("utf-8"), re.M)
}
SCOPES = {mark: scope for scope, mark in MARKS.items()}

# What belongs to an organisation and a district, and which scopes cover it.
REACH: list[tuple[UUID | None, str | None, set[Scope]]] = [
    (ORGANISATION, DISTRICT, {Scope.ALL, Scope.OWN, Scope.DISTRICT}),
    (ORGANISATION, None, {Scope.ALL, Scope.OWN, Scope.CITY}),
    (ELSEWHERE, DISTRICT, {Scope.ALL, Scope.DISTRICT}),
    (ELSEWHERE, OTHER_DISTRICT, {Scope.ALL}),
    (None, None, {Scope.ALL, Scope.CITY}),
]


def account(role: Role) -> Account:
    body = {Role.ORGANISATION: str(ORGANISATION), Role.DISTRICT: DISTRICT}.get(role)
    return Account(uuid4(), role, body)


def scope_of(command: Action, role: Role) -> Scope | None:
    if role in OTHERS:
        return Scope.ALL if command in OTHERS[role] else None
    return SCOPES.get(RIGHTS[command][f"`{role}`"]) if command in RIGHTS else Scope.ALL


def fact_for(audience: Audience) -> Fact:
    return next(fact for fact in FACTS.values() if fact.audience is audience).model_construct(type="")


@pytest.mark.parametrize(("role", "audience"), list(product(Role, READ_BY_EVERYBODY)))
def test_only_its_audience_reads_a_fact(role: Role, audience: Audience) -> None:
    fact = fact_for(audience)
    found = tuple(
        reads(account(role), fact, published=published, part=part)
        for part, published in product((False, True), repeat=2)
    )
    if audience is Audience.CONFIDENTIAL and role in READ_CONFIDENTIAL:
        assert found == (True, True, True, True)
    else:
        assert found == READ_BY_EVERYBODY[audience]


@pytest.mark.parametrize("name", sorted(name for name, fact in FACTS.items() if fact.audience is Audience.AS_TARGET))
@pytest.mark.parametrize("target", [2, 3])
def test_a_target_that_is_not_earlier_is_never_public(name: str, target: int) -> None:
    """No command records such a fact, but another writer could."""
    kind: Any = FACTS[name]

    def about(version: int) -> Any:
        proposed = Voided(target=version, reason="示例。")
        return kind.model_construct(target=version, request=version, proposed=proposed)

    fact = about(target)
    events = history(APPLIED, fact, about(2))
    assert ruling(events, fact).type == name
    assert is_never_public(events, fact)
    for role in Role:
        assert not reads(account(role), ruling(events, fact), published=True, part=True)


@pytest.mark.parametrize(("command", "role"), list(product(ACTIONS.values(), Role)))
def test_a_role_does_what_its_row_allows(command: Action, role: Role) -> None:
    scope = scope_of(command, role)
    if scope is None:
        with refuses(RoleMayNot, role=role, command=command):
            check_role(account(role), command)
        with pytest.raises(RoleMayNot):
            check(account(role), command, organisation=ORGANISATION, district=DISTRICT)
    else:
        assert check_role(account(role), command) is scope


@pytest.mark.parametrize(("command", "role"), list(product(ACTIONS.values(), Role)))
def test_a_right_reaches_as_far_as_its_scope(command: Action, role: Role) -> None:
    scope = scope_of(command, role)
    for organisation, district, covering in REACH:
        if scope in covering:
            check(account(role), command, organisation=organisation, district=district)
        else:
            with pytest.raises(RoleMayNot if scope is None else OutOfScope):
                check(account(role), command, organisation=organisation, district=district)


@pytest.mark.parametrize("role", [Role.ORGANISATION, Role.DISTRICT])
def test_an_account_for_no_body_reaches_nothing(role: Role) -> None:
    nobody = Account(uuid4(), role, None)
    assert not takes_part(nobody, None, None)
    for organisation, district in product((None, ORGANISATION), (None, DISTRICT)):
        with pytest.raises(OutOfScope):
            check(nobody, APPLY, organisation=organisation, district=district)


def test_the_body_of_another_role_gives_no_scope() -> None:
    juror = Account(uuid4(), Role.JUROR, DISTRICT)
    assert (juror.organisation, juror.district) == (None, None)
    assert not takes_part(juror, None, DISTRICT)


@pytest.mark.parametrize(
    ("role", "before_publication"),
    [
        (Role.ORGANISATION, True),
        (Role.DISTRICT, True),
        (Role.OFFICE, True),
        (Role.COMMITTEE, True),
        (Role.JUROR, False),
        (Role.LEADING_GROUP, True),
        (Role.PROMOTION_ASSOCIATION, False),
        (Role.TREASURY, True),
        (Role.BENEFICIARY, False),
        (Role.AUDITOR, True),
        (Role.CREDIT_SYSTEM, False),
        (Role.PUBLIC, False),
        (Role.ADMINISTRATOR, False),
    ],
)
def test_participants_know_an_unpublished_project(role: Role, before_publication: bool) -> None:
    assert knows(account(role), given(*AT.CONTRACT)) is before_publication
    assert knows(account(role), given(*AT.PUBLICATION)) is True


def test_outsiders_do_not_know_an_unpublished_project() -> None:
    for stranger in (Account(uuid4(), Role.ORGANISATION, str(ELSEWHERE)), Account(uuid4(), Role.DISTRICT, "110102")):
        assert not knows(stranger, given(*AT.CONTRACT))


@pytest.mark.parametrize("command", ACTIONS.values())
def test_an_unknown_project_is_reported_as_missing(command: Action) -> None:
    strangers = [ANYONE, account(Role.JUROR), Account(uuid4(), Role.ORGANISATION, str(ELSEWHERE))]
    for stranger in strangers:
        with refuses(ProjectUnknown, project=PROJECT):
            check_project(stranger, command, given(*AT.CONTRACT))


@pytest.mark.parametrize("role", Role)
def test_a_project_without_events_is_unknown_to_everybody(role: Role) -> None:
    with pytest.raises(ProjectUnknown):
        check_project(account(role), PUBLISH, Project(PROJECT))


def test_a_known_project_reports_the_missing_right() -> None:
    published = given(*AT.PUBLICATION)
    with pytest.raises(OutOfScope):
        check_project(Account(uuid4(), Role.ORGANISATION, str(ELSEWHERE)), REPORT, published)
    with pytest.raises(RoleMayNot):
        check_project(ANYONE, REPORT, published)
    check_project(account(Role.ORGANISATION), REPORT, published)


def test_office_and_district_sign_for_their_own() -> None:
    of_the_city = given(APPLIED.model_copy(update={"district": None}))
    check_project(OPERATOR, CONTRACT, of_the_city)
    check_project(account(Role.DISTRICT), CONTRACT, given(APPLIED))
    with pytest.raises(OutOfScope):
        check_project(OPERATOR, CONTRACT, given(APPLIED))


def test_an_imported_grant_is_public_and_unowned() -> None:
    grant = given(GRANT)
    assert knows(ANYONE, grant)
    check_project(OPERATOR, INSPECT, grant)
    with pytest.raises(RoleMayNot):
        check_project(ANYONE, INSPECT, grant)
    with pytest.raises(OutOfScope):
        check_project(account(Role.DISTRICT), INSPECT, grant)
    with pytest.raises(OutOfScope):
        check_project(account(Role.ORGANISATION), REPORT, grant)
