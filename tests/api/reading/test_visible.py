"""What a reader sees as state agrees with the history that this reader sees, and with the status that all are told."""

from dataclasses import replace
from uuid import UUID, uuid4

from hypothesis import given as for_all
from hypothesis import strategies as st
from tests.api.bodies import PROGRAMME, REVIEW_DECISION, approval, contract, publication, rejection, report
from tests.api.client import Town
from tests.ledger.project.given import (
    APPLIED,
    APPROVED,
    DAY,
    ORGANISATION,
    PROJECT,
    PUBLISHED,
    SIGNED,
    recorded,
    reported,
    reviewed,
)
from tests.ledger.project.honoured import judged, proposed
from tests.ledger.project.lives import CLOSED, RESUMED, SUSPENDED, TERMINATED, screened

from api.reading.visible import VisibleHistory, project_state, see_project, visible
from ledger import access
from ledger.accounts import Account
from ledger.aggregates import PROJECT as AGGREGATE
from ledger.core.envelope import Recorded, Restated, Voided
from ledger.core.fact import Fact, Role
from ledger.core.history import state
from ledger.project.application import PaperReceived, Withdrawn
from ledger.project.attachments import Attached, Attachment
from ledger.project.contract import Lapsed
from ledger.project.delivery import Milestone
from ledger.project.ending import Terminated
from ledger.project.evaluation import Evaluated
from ledger.project.objections import ObjectionRaised, ObjectionResolved
from ledger.project.proposals import HonourProposed
from ledger.project.purchase import Scored
from ledger.project.reconsideration import DecisionServed, RequestOutcome, ReviewRequestDecided, ReviewRequested
from ledger.project.review import Approved, Rejected
from ledger.project.screening import HandedIn, Returned, Screened, ScreeningResult
from ledger.project.state import Project
from ledger.transparency.origins import FIRST
from ledger.values import Document

REJECTED = Rejected(application_version=1, reviews=(), document_number="示例2号", reason="示例。")
FACTS: list[Fact] = [
    *(screened(result, DAY if result is ScreeningResult.RETURNED else None) for result in ScreeningResult),
    HandedIn(application_version=1, notice="示例"),
    Returned(application_version=1, reason="示例。", amend_by=DAY),
    reviewed(0),
    APPROVED,
    REJECTED,
    SIGNED,
    Lapsed(sign_by=DAY, reason="示例。"),
    PUBLISHED,
    reported(Milestone.START),
    reported(Milestone.COMPLETION),
    judged(90, 80, 100),
    proposed(),
    SUSPENDED,
    RESUMED,
    TERMINATED,
    CLOSED,
    Withdrawn(reason="示例。"),
    Scored(juror=UUID(int=7), score=80, reason="示例。"),
    DecisionServed(target=2, served_on=DAY, means="示例"),
    PaperReceived(version=2, received_on=DAY, scan=Document(name="示例.pdf", sha256="1" * 64), reason="示例。"),
    Attached(
        subject="示例", files=(Attachment(name="示例.pdf", sha256="1" * 64, media_type="application/pdf", bytes=9),)
    ),
]
# What a review can set aside, and what one can object to.
ABOUT: dict[str, tuple[type[Fact], ...]] = {
    "set aside": (Screened, Returned, Approved, Rejected, Terminated),
    "uphold": (Evaluated, HonourProposed),
}
BODIES = {Role.ORGANISATION: str(ORGANISATION), Role.DISTRICT: APPLIED.district}
READERS = [Account(uuid4(), role, BODIES.get(role)) for role in Role]
READERS += [Account(uuid4(), Role.ORGANISATION, str(uuid4())), Account(uuid4(), Role.DISTRICT, "110102")]


@st.composite
def histories(draw: st.DrawFn) -> list[Recorded]:
    """Any facts in any order; now and then a decision is set aside, an objection upheld, anything corrected."""
    events = [recorded(APPLIED, 1), recorded(draw(st.sampled_from(FACTS)), 2), recorded(PUBLISHED, 3)]
    for _ in range(draw(st.integers(1, 15))):
        kind = draw(st.sampled_from(["fact", "fact", "set aside", "uphold", "void", "restate"]))
        possible = [event for event in events if isinstance(event.fact, ABOUT.get(kind, Fact))]
        target = draw(st.sampled_from(possible or events))
        facts = [draw(st.sampled_from(FACTS))] if kind == "fact" else said(kind, target, len(events) + 1)
        events += [recorded(fact, version) for version, fact in enumerate(facts, len(events) + 1)]
    return events


def said(kind: str, about: Recorded, version: int) -> list[Fact]:
    target, fact = about.version, about.fact
    match kind:
        case "set aside" if isinstance(fact, ABOUT[kind]):
            decision = ReviewRequestDecided(
                request=version,
                target=target,
                result=RequestOutcome.SET_ASIDE,
                document_number="示例3号",
                reason="示例。",
            )
            return [ReviewRequested(target=target, reason="示例。"), decision]
        case "uphold" if isinstance(fact, ABOUT[kind]):
            upheld = ObjectionResolved(objection=version, target=target, accepted=True, reason="示例。")
            return [ObjectionRaised(target=target, reason="示例。"), upheld]
        case "void" if target > 1:
            return [Voided(target=target, reason="示例。")]
        case "restate" if not isinstance(fact, Voided | Restated):
            return [Restated(target=target, restated_on=DAY, fact=fact, reason="示例。")]
        case _:
            return []


def as_told(who: Account, project: Project) -> Project:
    """The project as all facts have it, without what the reader is never told of."""
    holder = project.holder
    if who.role not in access.SEES_CONFIDENTIAL:
        project = replace(project, reviews=(), scores=())
    if not (holder and access.takes_part(who, holder.organisation, holder.district)):
        project = replace(project, rejected=None, lapsed=None, requests=(), objections=())
        project = replace(project, served=(), papers=(), attached=())
    return project


@for_all(histories())
def test_each_reader_sees_the_state_without_secrets(events: list[Recorded]) -> None:
    """So nothing hidden shows by what came of it, and all else agrees, the status too."""
    project = state(AGGREGATE, PROJECT, events)
    for who in filter(lambda who: access.knows(who, project), READERS):
        seen = state(AGGREGATE, PROJECT, list(visible(who, project, events)))
        assert seen == as_told(who, project)
        assert seen.status == as_told(who, project).status


@for_all(histories())
def test_the_shown_status_is_true_unless_hidden(events: list[Recorded]) -> None:
    project = state(AGGREGATE, PROJECT, events)
    for who in filter(lambda who: access.knows(who, project), READERS):
        told = project_state(
            VisibleHistory(who, events, list(visible(who, project, events)), FIRST), events[-1].position, None
        )
        seen = state(AGGREGATE, PROJECT, list(visible(who, project, events)))
        assert told.status == seen.status or told.status in ("rejected", "lapsed", "under_review")


async def test_a_set_aside_termination_is_so_for_all(town: Town) -> None:
    project = await town.published()
    town.clock.to(3, 1)
    await town.local.done(f"{project}/milestones", report("start"))
    ended = await town.district.done(f"{project}/termination", {"document_number": "示例8号", "reason": "无法继续。"})
    asked = await town.local.done(
        f"{project}/review-requests", {"target": ended["version"], "reason": "示例：请复核。"}
    )
    decision = REVIEW_DECISION | {"request": asked["version"]}
    decided = await town.office.done(f"{project}/review-decisions", decision)
    for reader in (town.public, town.local, town.office):
        answer = await reader.read(project)
        assert (answer["status"], answer["state"]["terminated"]) == ("in_delivery", None)
    history = await town.public.read(f"{project}/history")
    assert history[-1]["payload"]["type"] == "ReviewRequestDecided"
    assert history[-1]["version"] == decided["version"]
    assert asked["version"] not in [event["version"] for event in history]
    before = await town.public.read(f"{project}/state", known_at=str(ended["position"]))
    assert before["status"] == "terminated"


async def test_a_rejections_outcome_stays_with_participants(town: Town) -> None:
    project = await town.reviewed()
    rejected = await town.leaders.done(f"{project}/rejection", rejection())
    asked = await town.local.done(f"{project}/review-requests", {"target": rejected["version"], "reason": "示例。"})
    other = await town.account("leading_group")
    await other.done(f"{project}/review-decisions", REVIEW_DECISION | {"request": asked["version"]})
    await town.leaders.done(f"{project}/approval", approval())
    await town.district.done(f"{project}/contract", contract())
    await town.office.done(f"/v1/programmes/{PROGRAMME}/publications", publication(project))
    types = [event["type"] for event in await town.public.read(f"{project}/history")]
    assert not {"Rejected", "ReviewRequested", "ReviewRequestDecided"} & set(types)
    assert (await town.local.read(f"{project}/history"))[-4]["type"] == "ReviewRequestDecided"


async def test_privileged_readers_see_the_same_past(old_town: Town) -> None:
    project = await old_town.published()
    old_town.clock.to(3, 15)
    reported = await old_town.local.done(f"{project}/milestones", report("start"))
    changes = {"kind": "restate", "target": reported["version"], "reason": "示例。", "changes": {"people_served": 70}}
    await old_town.corrected(project, changes)
    ledger, project_id = old_town.service.ledger, UUID(project.rsplit("/", 1)[1])
    for role in sorted(access.SEES_ALL):
        caller, who = await old_town.account(role), Account(uuid4(), role, None)
        seen = await see_project(ledger, who, project_id)
        for event in seen.events:
            answer = await caller.read(f"{project}/state", known_at=str(event.position))
            assert answer == project_state(seen, event.position, None).model_dump(mode="json")
            history = await caller.read(f"{project}/history", known_at=str(event.position))
            visible_then = [one.version for one in seen.visible if one.position <= event.position]
            assert [one["version"] for one in history] == visible_then
