"""A fact is corrected by its author alone: role, body, and of those who judge each for itself the person."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests.ledger.project.given import (
    APPLIED,
    APPROVED,
    DAY,
    MEMBERS,
    ORGANISATION,
    PUBLISHED,
    SIGNED,
    recorded,
    reviewed,
)
from tests.ledger.project.lives import screened
from tests.support import refuses

from ledger.authors import Author, author_of, authors_of, check_author
from ledger.core.envelope import Actor, Recorded, Restated, Voided
from ledger.core.fact import Fact, Role
from ledger.core.history import corrected
from ledger.corrections import restate, void
from ledger.project.correction_requests import CorrectionGranted, CorrectionRequested
from ledger.project.purchase import Scored
from ledger.project.screening import ScreeningResult
from ledger.refusals.general import CorrectionNotPossible, NotTheAuthor

OFFICE = Author(Role.OFFICE)
LEADERS = Author(Role.LEADING_GROUP)
DISTRICT, OTHER_DISTRICT = Author(Role.DISTRICT, "110101"), Author(Role.DISTRICT, "110102")
OWN, OTHER = Author(Role.ORGANISATION, str(ORGANISATION)), Author(Role.ORGANISATION, str(UUID(int=7)))
MEMBER, OTHER_MEMBER = (Author(Role.COMMITTEE, person=person) for person in MEMBERS[:2])
JUROR, OTHER_JUROR = (Author(Role.JUROR, person=person) for person in MEMBERS[:2])
EVERYBODY = (
    OFFICE,
    LEADERS,
    DISTRICT,
    OTHER_DISTRICT,
    OWN,
    OTHER,
    MEMBER,
    OTHER_MEMBER,
    JUROR,
    OTHER_JUROR,
    Author(Role.TREASURY),
    Author(Role.PROMOTION_ASSOCIATION),
    Author(Role.PUBLIC),
)
SCREENED = screened(ScreeningResult.PASSED)


def scored(juror: int) -> Scored:
    return Scored(juror=MEMBERS[juror], score=80, reason="示例。")


@dataclass(frozen=True)
class Said:
    fact: Fact
    by: Author


def events_of(*said: Said) -> list[Recorded]:
    return [by_author(recorded(one.fact, version), one.by) for version, one in enumerate(said, 1)]


def by_author(event: Recorded, author: Author) -> Recorded:
    actor = Actor(role=author.role, body=author.body, account="a" * 64, on_behalf_of=None)
    return replace(event, event=event.event.model_copy(update={"actor": actor}))


LIFE = (
    Said(APPLIED, OWN),
    Said(SCREENED, DISTRICT),
    Said(reviewed(0), MEMBER),
    Said(reviewed(1), OTHER_MEMBER),
    Said(APPROVED, LEADERS),
    Said(SIGNED, DISTRICT),
    Said(scored(0), JUROR),
    Said(scored(1), OTHER_JUROR),
)


@pytest.mark.parametrize("target", range(1, len(LIFE) + 1))
def test_the_author_alone_corrects_a_fact(target: int) -> None:
    events = events_of(*LIFE)
    author = LIFE[target - 1].by
    assert author_of(events, events[target - 1]) == author
    for reader in EVERYBODY:
        if reader == author:
            check_author(authors_of(events, events[target - 1]), reader)
        else:
            with pytest.raises(NotTheAuthor):
                check_author(authors_of(events, events[target - 1]), reader)


@pytest.mark.parametrize(
    ("author", "reader", "zh", "en"),
    [
        (MEMBER, OFFICE, "评估监督委员会委员", "the member of the committee"),
        (MEMBER, OTHER_MEMBER, "另一评估监督委员会委员", "another member of the committee"),
        (LEADERS, DISTRICT, "领导小组", "the leading group"),
        (DISTRICT, OTHER_DISTRICT, "另一区县民政局（110101）", "another district 110101"),
        (OWN, OTHER, "另一社会组织", "another organisation"),
    ],
)
def test_the_refusal_names_the_author(author: Author, reader: Author, zh: str, en: str) -> None:
    with pytest.raises(NotTheAuthor) as refused:
        check_author([author], reader)
    assert (refused.value.details["author_zh"], refused.value.details["author_en"]) == (zh, en)


def test_the_refusal_names_the_reader() -> None:
    with refuses(
        NotTheAuthor,
        author_zh="领导小组",
        author_en="the leading group",
        reader_zh="区县民政局（110101）",
        reader_en="the district 110101",
    ):
        check_author([LEADERS], DISTRICT)


def test_an_official_corrects_its_own_entries_for_others() -> None:
    events = events_of(Said(APPLIED, OFFICE))
    check_author(authors_of(events, events[0]), OFFICE)
    with pytest.raises(NotTheAuthor):
        check_author(authors_of(events, events[0]), OWN)


def test_a_person_the_fact_does_not_name_is_nobody() -> None:
    for role in (Role.COMMITTEE, Role.JUROR):
        with pytest.raises(NotTheAuthor):
            check_author([Author(role)], Author(role))
    with pytest.raises(NotTheAuthor):
        check_author([Author(Role.DISTRICT)], Author(Role.DISTRICT))


def test_a_correction_is_its_authors_and_protects_the_target() -> None:
    """Histories from before this rule hold corrections by the office."""
    restated = Restated(target=2, restated_on=DAY, fact=SCREENED, reason="示例。")
    events = events_of(Said(APPLIED, OWN), Said(SCREENED, DISTRICT), Said(restated, OFFICE))
    assert authors_of(events, events[2]) == [OFFICE]
    assert authors_of(events, events[1]) == [DISTRICT, OFFICE]
    with pytest.raises(NotTheAuthor):
        check_author(authors_of(events, events[1]), DISTRICT)
    # Voided by its author, it protects nothing any more.
    undone = [*events, by_author(recorded(Voided(target=3, reason="示例。"), 4), OFFICE)]
    assert authors_of(undone, undone[3]) == [OFFICE]
    assert authors_of(undone, undone[1]) == [DISTRICT]


def test_a_persons_correction_stays_the_persons() -> None:
    events = events_of(Said(APPLIED, OWN), Said(reviewed(0), MEMBER), Said(Voided(target=2, reason="示例。"), MEMBER))
    check_author(authors_of(events, events[2]), MEMBER)
    with pytest.raises(NotTheAuthor):
        check_author(authors_of(events, events[2]), OTHER_MEMBER)


Attempt = tuple[Author, str, int, int]
attempts = st.lists(
    st.tuples(st.sampled_from(EVERYBODY), st.sampled_from(["void", "restate"]), st.integers(1, 20), st.integers(0, 4)),
    max_size=14,
)


@for_all(attempts)
def test_nobody_changes_what_another_decided(attempts: Sequence[Attempt]) -> None:
    """Whatever corrections are tried, by whomever: each that is taken changes facts of its author alone."""
    events = events_of(*LIFE)
    for reader, kind, target, days in attempts:
        if target > len(events):
            continue
        found = events[target - 1]
        try:
            check_author(authors_of(events, found), reader)
            day = DAY.replace(day=1 + days)
            fact: Fact = (
                void(events, target, "示例。") if kind == "void" else restate(events, target, found.fact, day, "示例。")
            )
        except (NotTheAuthor, CorrectionNotPossible):
            continue
        more = [*events, by_author(recorded(fact, len(events) + 1), reader)]
        before, after = ({one.version: one.event for one in corrected(some)} for some in (events, more))
        for version in before.keys() | after.keys():
            if before.get(version) != after.get(version):
                assert author_of(more, more[version - 1]) == reader
        events = more


def test_a_restatement_that_a_decider_confirmed_stays_its_authors() -> None:
    """The leading group approved, so it confirms; in place of an author it decides itself."""
    proposed = Restated(target=1, restated_on=DAY, fact=APPLIED, reason="示例。")
    asked = CorrectionRequested(proposed=proposed, asked_of=5, answer_by=DAY)
    granted = CorrectionGranted(request=9, in_place_of=None, reason=None)
    said = (*LIFE, Said(asked, OWN), Said(granted, LEADERS), Said(proposed, LEADERS))
    events = events_of(*said)
    assert authors_of(events, events[0]) == [OWN, OWN]
    in_place = granted.model_copy(update={"in_place_of": Role.ORGANISATION})
    for others in (Said(in_place, LEADERS), Said(PUBLISHED, LEADERS)):
        events = events_of(*said[:9], others, said[10])
        assert authors_of(events, events[0]) == [OWN, LEADERS]
    by_the_office = Said(asked.model_copy(update={"asked_of": 1}), OFFICE)
    events = events_of(*LIFE, by_the_office, Said(granted, OWN), Said(proposed, OWN))
    assert authors_of(events, events[0]) == [OWN, OWN]
