"""Objections while something is shown, and who decides on them (N19, N20)."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from tests.ledger.project.given import ORGANISATION, Facts, given, history
from tests.ledger.project.test_evaluation import AT_EVALUATION, AT_NOTICE, VERSIONS, objected, published

from ledger.core.envelope import Recorded
from ledger.project.nominations import OrganisationRecipient
from ledger.project.objections import (
    AlreadyObjected,
    NotOpenToObjection,
    ObjectionAlreadyResolved,
    ObjectionRaised,
    ObjectionResolved,
    ObjectionUnknown,
    ResolverInvolved,
    raise_objection,
    resolve_objection,
)
from ledger.project.proposals import HonourProposed

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
    """The objections are the objector's, all else the author's."""
    return [
        replace(event, account=OBJECTOR if isinstance(event.fact, ObjectionRaised) else AUTHOR)
        for event in history(*facts)
    ]


def raised(facts: Facts, target: int, *, who: UUID = OBJECTOR, today: date = TODAY) -> ObjectionRaised:
    return raise_objection(given(*facts), acted(facts), target, "示例。", who=who, today=today)


def resolved(facts: Facts, objection: int, *, who: UUID = THIRD, upheld: bool = True) -> ObjectionResolved:
    return resolve_objection(given(*facts), acted(facts), objection, upheld=upheld, reason="示例。", who=who)


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
    fallen = objected(len(facts), upheld=True, facts=facts)
    assert given(*fallen).proposals == ()
    with pytest.raises(NotOpenToObjection):
        raised(fallen, len(facts))


def test_an_account_has_one_open_objection_to_a_target() -> None:
    facts = objected(VERSIONS[0], upheld=None)
    with pytest.raises(AlreadyObjected):
        raised(facts, VERSIONS[0])
    assert raised(facts, VERSIONS[1]).target == VERSIONS[1]
    assert raised(facts, VERSIONS[0], who=THIRD).target == VERSIONS[0]
    assert raised(objected(VERSIONS[0], upheld=False), VERSIONS[0]).target == VERSIONS[0]


def test_objections_close_and_reopen_with_the_target() -> None:
    fallen = objected(VERSIONS[0], upheld=True)
    with pytest.raises(NotOpenToObjection):
        raised(fallen, VERSIONS[0])
    again: Facts = (*fallen, AT_EVALUATION[VERSIONS[0] - 1])
    again = (*again, published(given(*again), today=AFTER))
    assert raised(again, VERSIONS[1], today=AFTER).target == VERSIONS[1]


@pytest.mark.parametrize("upheld", [True, False])
def test_an_objection_is_resolved_once_and_names_its_target(upheld: bool) -> None:
    facts = objected(VERSIONS[2], upheld=None)
    resolution = resolved(facts, len(facts), upheld=upheld)
    assert (resolution.objection, resolution.target, resolution.upheld) == (len(facts), VERSIONS[2], upheld)
    with pytest.raises(ObjectionAlreadyResolved):
        resolved((*facts, resolution), len(facts))


@pytest.mark.parametrize("version", [1, NOTICE, NOTICE + 2])
def test_what_is_no_objection_is_not_resolved(version: int) -> None:
    with pytest.raises(ObjectionUnknown):
        resolved(objected(VERSIONS[2], upheld=None), version)


@pytest.mark.parametrize("who", [AUTHOR, OBJECTOR])
def test_neither_the_objector_nor_the_author_resolves(who: UUID) -> None:
    facts = objected(VERSIONS[2], upheld=None)
    with pytest.raises(ResolverInvolved):
        resolved(facts, len(facts), who=who)
