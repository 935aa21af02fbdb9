"""Objections while something is shown, and who decides on them (N19, N20)."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests.ledger.project.given import ORGANISATION, RULES, Facts, given, history
from tests.ledger.project.test_evaluation import AT_EVALUATION, AT_NOTICE, VERSIONS, objected, published

from ledger.core.envelope import Recorded
from ledger.core.fact import Role, Sealed
from ledger.project.evaluation import evaluation_is_final
from ledger.project.nominations import OrganisationRecipient
from ledger.project.objections import (
    AlreadyObjected,
    NotOpenToObjection,
    ObjectionAlreadyResolved,
    ObjectionRaised,
    ObjectionResolved,
    ObjectionUnknown,
    PublicObjectionRaised,
    ResolverInvolved,
    handlers_of,
    object_publicly,
    raise_objection,
    resolve_by,
    resolve_objection,
)
from ledger.project.proposals import HonourProposed, ProposalObjected, check_proposal
from ledger.values import Contact

AUTHOR, OBJECTOR, THIRD = UUID(int=401), UUID(int=402), UUID(int=403)
TODAY, LAST_DAY, AFTER = date(2010, 11, 22), date(2010, 11, 30), date(2010, 12, 1)
PROPOSED = HonourProposed(
    honour="advanced-organisation",
    recipient=OrganisationRecipient(organisation=ORGANISATION, name="示例助老服务中心"),
    deed="示例。",
    formula=1,
    score="88.00",
    rank=1,
    nominated=2,
    departure=None,
    notice="示例公示",
    objections_until=date(2010, 12, 20),
)
NOTICE = len(AT_NOTICE)


def acted(facts: Facts) -> list[Recorded]:
    """The objections are the objector's, all else the author's, of the office."""
    return [
        replace(event, account=OBJECTOR if isinstance(event.fact, ObjectionRaised) else AUTHOR)
        for event in history(*facts)
    ]


def by(role: Role, events: list[Recorded], version: int) -> list[Recorded]:
    """The event at that version is of this role."""
    old = events[version - 1]
    event = old.event.model_copy(update={"actor": old.event.actor.model_copy(update={"role": role})})
    return [*events[: version - 1], replace(old, event=event), *events[version:]]


def raised(facts: Facts, target: int, *, who: UUID = OBJECTOR, today: date = TODAY) -> ObjectionRaised:
    return raise_objection(given(*facts), acted(facts), target, "示例。", who=who, today=today)


def resolved(facts: Facts, objection: int, *, who: UUID = THIRD, accepted: bool = True) -> ObjectionResolved:
    role = Role.LEADING_GROUP
    return resolve_objection(
        given(*facts), acted(facts), objection, accepted=accepted, reason="示例。", who=who, role=role
    )


@pytest.mark.parametrize("target", VERSIONS)
def test_objections_are_open_until_the_notice_ends(target: int) -> None:
    assert raised(AT_NOTICE, target, today=LAST_DAY).target == target
    with pytest.raises(NotOpenToObjection):
        raised(AT_NOTICE, target, today=AFTER)
    with pytest.raises(NotOpenToObjection):
        raised(AT_EVALUATION, target)


@pytest.mark.parametrize("target", [1, NOTICE - 4, NOTICE, NOTICE + 1, 10**9])
def test_nothing_else_is(target: int) -> None:
    with pytest.raises(NotOpenToObjection):
        raised(AT_NOTICE, target)


def test_a_proposal_takes_objections_while_shown() -> None:
    facts = (*AT_NOTICE, PROPOSED)
    assert raised(facts, len(facts), today=date(2010, 12, 20)).target == len(facts)
    with pytest.raises(NotOpenToObjection):
        raised(facts, len(facts), today=date(2010, 12, 21))
    fallen = objected(len(facts), accepted=True, facts=facts)
    assert given(*fallen).proposals == ()
    with pytest.raises(NotOpenToObjection):
        raised(fallen, len(facts))


def test_an_account_has_one_open_objection_to_a_target() -> None:
    facts = objected(VERSIONS[0], accepted=None)
    with pytest.raises(AlreadyObjected):
        raised(facts, VERSIONS[0])
    assert raised(facts, VERSIONS[1]).target == VERSIONS[1]
    assert raised(facts, VERSIONS[0], who=THIRD).target == VERSIONS[0]
    assert raised(objected(VERSIONS[0], accepted=False), VERSIONS[0]).target == VERSIONS[0]


def test_objections_close_and_reopen_with_the_target() -> None:
    fallen = objected(VERSIONS[0], accepted=True)
    with pytest.raises(NotOpenToObjection):
        raised(fallen, VERSIONS[0])
    again: Facts = (*fallen, AT_EVALUATION[VERSIONS[0] - 1])
    again = (*again, published(given(*again), today=AFTER))
    assert raised(again, VERSIONS[1], today=AFTER).target == VERSIONS[1]


@pytest.mark.parametrize("accepted", [True, False])
def test_an_objection_is_resolved_once_and_names_its_target(accepted: bool) -> None:
    facts = objected(VERSIONS[2], accepted=None)
    resolution = resolved(facts, len(facts), accepted=accepted)
    assert (resolution.objection, resolution.target, resolution.accepted) == (len(facts), VERSIONS[2], accepted)
    with pytest.raises(ObjectionAlreadyResolved):
        resolved((*facts, resolution), len(facts))


@pytest.mark.parametrize("version", [1, NOTICE, NOTICE + 2])
def test_what_is_no_objection_is_not_resolved(version: int) -> None:
    with pytest.raises(ObjectionUnknown):
        resolved(objected(VERSIONS[2], accepted=None), version)


@pytest.mark.parametrize("who", [AUTHOR, OBJECTOR])
def test_neither_the_objector_nor_the_author_resolves(who: UUID) -> None:
    facts = objected(VERSIONS[2], accepted=None)
    with pytest.raises(ResolverInvolved):
        resolved(facts, len(facts), who=who)


SEALED = Sealed[Contact](commitment="e" * 64)


def objected_publicly(facts: Facts, target: int, today: date = TODAY) -> PublicObjectionRaised:
    return object_publicly(given(*facts), acted(facts), target, "示例。", contact=SEALED, today=today)


@pytest.mark.parametrize("target", VERSIONS)
def test_anybody_objects_while_something_is_shown(target: int) -> None:
    first = objected_publicly(AT_NOTICE, target, LAST_DAY)
    # Two strangers have one account; neither keeps the other from being heard.
    assert objected_publicly((*AT_NOTICE, first), target, LAST_DAY) == first
    with pytest.raises(NotOpenToObjection):
        objected_publicly(AT_NOTICE, target, AFTER)


@pytest.mark.parametrize(
    ("author", "handlers"),
    [
        (Role.OFFICE, (Role.LEADING_GROUP,)),
        (Role.LEADING_GROUP, (Role.OFFICE,)),
        (Role.COMMITTEE, (Role.LEADING_GROUP, Role.OFFICE)),
        (Role.PROMOTION_ASSOCIATION, (Role.LEADING_GROUP, Role.OFFICE)),
    ],
)
def test_the_body_that_decided_does_not_resolve(author: Role, handlers: tuple[Role, ...]) -> None:
    facts = objected(VERSIONS[2], accepted=None)
    events = by(author, acted(facts), VERSIONS[2])
    assert handlers_of(events, VERSIONS[2]) == handlers

    def dismissed_by(role: Role) -> ObjectionResolved:
        return resolve_objection(
            given(*facts), events, len(facts), accepted=False, reason="示例。", who=THIRD, role=role
        )

    for role in (Role.OFFICE, Role.LEADING_GROUP):
        if role in handlers:
            assert not dismissed_by(role).accepted
        else:
            with pytest.raises(ResolverInvolved):
                dismissed_by(role)


def test_an_objection_is_due_in_working_days() -> None:
    (objection,) = given(*objected(VERSIONS[0], accepted=None)).objections
    assert resolve_by(replace(objection, on=date(2010, 12, 6)), RULES) == date(2010, 12, 15)
    assert resolve_by(replace(objection, on=date(2990, 1, 1)), RULES) is None


@for_all(st.lists(st.tuples(st.sampled_from(VERSIONS), st.booleans(), st.sampled_from([None, False])), max_size=6))
def test_nothing_is_final_while_an_objection_is_open(said: list[tuple[int, bool, bool | None]]) -> None:
    facts: Facts = AT_NOTICE
    for target, publicly, accepted in said:
        facts = (
            *facts,
            objected_publicly(facts, target) if publicly else raised(facts, target, who=UUID(int=len(facts))),
        )
        if accepted is not None:
            facts = (*facts, resolved(facts, len(facts), accepted=accepted))
    still_open = any(accepted is None for _, _, accepted in said)
    assert evaluation_is_final(given(*facts), RULES, AFTER) is not still_open
    assert not evaluation_is_final(given(*facts), RULES, LAST_DAY)


@for_all(st.lists(st.sampled_from([None, False]), max_size=4))
def test_no_honour_while_an_objection_is_open(said: list[bool | None]) -> None:
    facts: Facts = (*AT_NOTICE, PROPOSED)
    target, rule = len(facts), next(quota for quota in RULES.quotas if quota.code == PROPOSED.honour)
    for accepted in said:
        facts = (*facts, objected_publicly(facts, target))
        if accepted is not None:
            facts = (*facts, resolved(facts, len(facts), accepted=accepted))
    project, after = given(*facts), date(2010, 12, 21)
    if None in said:
        with pytest.raises(ProposalObjected):
            check_proposal(project, rule, ORGANISATION, after)
    else:
        check_proposal(project, rule, ORGANISATION, after)
