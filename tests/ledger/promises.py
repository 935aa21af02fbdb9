"""A programme year in which anybody may ask for anything at any time, and what must hold all the while."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar
from uuid import UUID

from hypothesis import currently_in_test_context, event
from hypothesis.stateful import RuleBasedStateMachine, invariant
from obstore.store import MemoryStore
from tests.ledger.store.checks import check_whole
from tests.ledger.world import World
from tests.support import MASTER, OFFICE, HandClock, account, small_programme, veiled

from ledger.access import ruling
from ledger.accounts import Account
from ledger.aggregates import (
    FEEDBACK,
    FRAME,
    INTERESTS,
    NOMINATIONS,
    ORGANISATION,
    PROGRAMME,
    PROJECT,
    PUBLIC_REPORT,
    QUOTA,
    REGISTER,
)
from ledger.attachments import Attachments
from ledger.commands.programme import announce
from ledger.core.envelope import Recorded, Restated, Voided
from ledger.core.fact import Audience, Role
from ledger.core.history import Aggregate, corrected, state
from ledger.core.refusal import Refusal
from ledger.identifiers import organisation_stream, programme_stream, quota_stream
from ledger.organisation.ending import Merged, RegistrationEnded
from ledger.organisation.registration import IdentifierClaimed, OrganisationRegistered
from ledger.programme import POSSIBLE_LATE, Programme, ProgrammeAnnounced, check_follows
from ledger.project.application import Applied, PaperReceived
from ledger.project.contract import ContractSigned, Published
from ledger.project.correction_requests import CorrectionGranted, CorrectionRequested
from ledger.project.delivery import Milestone, MilestoneReported, returned_milestones
from ledger.project.ending import Closed
from ledger.project.evaluation import BeneficiariesEvaluated, Evaluated
from ledger.project.feedback import Feedback, FeedbackReceived
from ledger.project.findings import findings
from ledger.project.honours import Awarded
from ledger.project.interests import InterestDeclared
from ledger.project.nominations import Nominated
from ledger.project.open_answers import OpenAnswered
from ledger.project.proposals import HonourProposed, standing_proposal
from ledger.project.public_reports import PublicReportReceived
from ledger.project.purchase import EnteredCompetition, Purchased, Scored
from ledger.project.review import Approved, Rejected, Reviewed
from ledger.project.sampling import Frame, FrameRegistered, SampleDrawn
from ledger.project.screening import HandedIn, Screened
from ledger.project.state import Project
from ledger.project.support import open_requests
from ledger.quota import PlaceReleased, PlaceTaken, Quota
from ledger.register import DocumentIssued, NumberIssued
from ledger.transaction import Decide, Ledger
from ledger.unit_of_work import CommandContext, Receipt
from ledger.values import Document
from ledger.vault import Vault
from ledger.veils import Veiled

R = TypeVar("R")
PLACES = {"top-ten": 2, "advanced-organisation": 3, "advanced-individual": 2}
PURCHASED = 2
STEPS: dict[type, str] = {
    Applied: "apply",
    Screened: "screen",
    HandedIn: "hand_in",
    Reviewed: "review",
    Approved: "approve",
    Rejected: "reject",
    ContractSigned: "contract",
    Published: "publish",
    MilestoneReported: "report",
    Evaluated: "evaluate",
    Nominated: "nominate",
    HonourProposed: "propose",
    EnteredCompetition: "enter_competition",
    Scored: "purchase",
    Purchased: "purchase",
    FrameRegistered: "evaluate",
    SampleDrawn: "evaluate",
    FeedbackReceived: "evaluate",
    OpenAnswered: "evaluate",
    BeneficiariesEvaluated: "evaluate",
    Awarded: "award",
}
FOUNDERS: dict[type, Aggregate[Any]] = {
    ProgrammeAnnounced: PROGRAMME,
    OrganisationRegistered: ORGANISATION,
    IdentifierClaimed: ORGANISATION,
    Applied: PROJECT,
    InterestDeclared: INTERESTS,
    NumberIssued: REGISTER,
    DocumentIssued: REGISTER,
    PlaceTaken: QUOTA,
    Nominated: NOMINATIONS,
    PublicReportReceived: PUBLIC_REPORT,
    FrameRegistered: FRAME,
    FeedbackReceived: FEEDBACK,
    OpenAnswered: FEEDBACK,
}


class Year(RuleBasedStateMachine):
    """Sends commands, reads back what they wrote, and holds it against what must be true. The rules that say
    which commands are in test_stateful.py."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.clock = HandClock()
        self.ledger = Ledger(world.store, Vault(MASTER, world.store), self.clock)
        self.code = next(world.codes)
        self.size = self.head()
        self.streams: dict[UUID, list[Recorded]] = {}
        self.remembered: list[tuple[int, UUID, Any]] = []
        self.organisations: list[UUID] = []
        self.projects: list[UUID] = []
        self.reports: list[UUID] = []
        self.files = Attachments(MemoryStore(), world.store.pool)
        self.was_public: set[UUID] = set()
        self.interested: set[tuple[UUID, UUID]] = set()
        self.touched: set[UUID] = set()
        self._folded: dict[UUID, tuple[int, Any]] = {}
        places = {honour.replace("-", "_"): number for honour, number in PLACES.items()}
        self.do(
            "announce",
            CommandContext(OFFICE),
            announce(small_programme(self.code, purchase=PURCHASED, **places)),
        )

    def do(self, name: str, context: CommandContext, decide: Decide) -> Receipt | None:
        """The receipt, or None when the ledger refused by name and wrote nothing."""
        try:
            receipt = self.world.run(self.ledger.transact(context, decide))
        except Refusal as refusal:
            self.note(f"{name}: {refusal.code}")
            assert self.head() == self.size
            return None
        self.note(name)
        self.world.done[name] += 1
        self.take_in()
        return receipt

    def note(self, what: str) -> None:
        if currently_in_test_context():
            event(what)

    def head(self) -> int:
        return self.world.run(self.world.store.head()).size

    def take_in(self) -> None:
        """Reads what is new; each event is held against what was known before it."""
        size = self.head()
        assert size > self.size
        self.touched = set()
        new = self.world.run(self.world.store.range(self.size, size))
        papers = {(one.stream, one.fact.version): one.fact for one in new if isinstance(one.fact, PaperReceived)}
        for found in new:
            self.check_on_arrival(found, papers.get((found.stream, found.version)))
            self.streams.setdefault(found.stream, []).append(found)
            self.touched.add(found.stream)
        self.size = size
        self.remembered += [(size - 1, stream, self.known(stream)) for stream in self.touched]
        self.was_public |= {stream for stream in self.projects if self.project(stream).is_public}

    def known(self, stream: UUID, aggregate: Aggregate[Any] | None = None) -> Any:
        """The state at the head, folded once for each version."""
        events = self.streams.get(stream, [])
        if not events or self._folded.get(stream, (0, None))[0] != len(events):
            folded = state(aggregate or FOUNDERS[type(events[0].fact)], stream, events)
            self._folded[stream] = (len(events), folded)
        return self._folded[stream][1]

    def project(self, stream: UUID) -> Project:
        found = self.known(stream, PROJECT)
        assert isinstance(found, Project)
        return found

    @property
    def programme(self) -> Programme:
        found = self.known(programme_stream(self.code), PROGRAMME)
        assert isinstance(found, Programme)
        return found

    def quota(self, honour: str) -> Quota:
        found = self.known(quota_stream(self.code, honour), QUOTA)
        assert isinstance(found, Quota)
        return found

    def upload(self, who: Account) -> Document:
        stored = self.world.run(self.files.put(f"示例 {self.size}".encode(), "text/plain", who.id))
        return Document(name="示例.txt", sha256=stored.sha256)

    def frame(self, project: UUID) -> Frame:
        found = self.known(veiled(Veiled.FRAME, project), FRAME)
        assert isinstance(found, Frame)
        return found

    def feedback(self, project: UUID) -> Feedback:
        found = self.known(veiled(Veiled.FEEDBACK, project), FEEDBACK)
        assert isinstance(found, Feedback)
        return found

    @property
    def today(self) -> date:
        return self.clock.now.astimezone(self.programme.rules.zone).date()

    def is_open(self, step: str, day: date) -> bool:
        phases = self.programme.rules.phases
        (phase,) = [phase for phase in phases if step in phase.steps]
        return phase.start <= day and (step in POSSIBLE_LATE or day <= self.programme.last_day(phase))

    def move_to(self, day: date) -> None:
        """At noon in Beijing; the clock never goes back."""
        self.clock.now = max(self.clock.now, datetime.combine(day, time(4), UTC))

    def pick(self, number: int) -> UUID:
        return self.projects[number % len(self.projects)]

    def own(self, number: int) -> Account:
        """The account of the organisation that the project of this number is of."""
        holder = self.project(self.pick(number)).holder if self.projects else None
        return account(Role.ORGANISATION, holder.organisation) if holder else OFFICE

    def version_seen(self, number: int) -> int:
        return self.project(self.pick(number)).form_version or 1

    def version_back(self, project: UUID, back: int) -> int:
        return max(1, len(self.streams[project]) - back)

    def fact_at(self, project: UUID, version: int) -> str:
        return type(self.streams[project][version - 1].fact).__name__

    def author(self, project: UUID, version: int) -> Account:
        found = self.streams[project][version - 1]
        assert found.account is not None
        return Account(found.account, found.event.actor.role, found.event.actor.body)

    def check_whose(self, correction: Recorded) -> None:
        """By the author of the target, unless somebody was asked who answers for it."""
        answer = self.streams[correction.stream][-1].fact
        fact = correction.fact
        assert isinstance(fact, Voided | Restated)
        said, actor = self.author(correction.stream, fact.target), correction.event.actor
        if isinstance(answer, CorrectionGranted):
            request = self.streams[correction.stream][answer.request - 1].fact
            assert isinstance(request, CorrectionRequested)
            said = self.author(correction.stream, request.asked_of)
            if answer.in_place_of:
                assert actor.role is Role.LEADING_GROUP
                return
        assert said.role is actor.role
        assert said.role not in (Role.COMMITTEE, Role.JUROR) or said.id == correction.account

    def check_on_arrival(self, found: Recorded, paper: PaperReceived | None) -> None:
        assert found.version == len(self.streams.get(found.stream, [])) + 1
        if step := STEPS.get(type(found.fact)):
            received = found.event.received_at.astimezone(self.programme.rules.zone).date()
            assert self.is_open(step, paper.received_on if paper else received)
            assert paper is None or paper.received_on == found.event.effective_on <= received
        if isinstance(found.fact, Voided | Restated) and found.stream in self.projects:
            self.check_whose(found)
        if isinstance(found.fact, SampleDrawn):
            frame = self.frame(found.fact.project).registered
            assert frame and received >= frame.announced_on
        if isinstance(found.fact, Reviewed | Approved | Rejected):
            before = self.project(found.stream)
            assert before.applied is not None
            assert before.handed_in or before.applied.district is None
            assert (found.stream, found.account) not in self.interested
        if isinstance(found.fact, MilestoneReported):
            before = self.project(found.stream)
            assert before.is_public and before.contract is not None
            reported = {report.fact.milestone for report in before.reports}
            order = [item.milestone for item in before.contract.due]
            ahead = [code for code in order if code not in reported][:1]
            assert found.fact.milestone in [*returned_milestones(before), *ahead]
            assert not before.suspended and not before.terminated and not before.closed

        if isinstance(found.fact, Closed):
            before = self.project(found.stream)
            assert before.settlement and before.evaluations and not open_requests(before)
        if isinstance(found.fact, Awarded):
            received = found.event.received_at.astimezone(self.programme.rules.zone).date()
            holder = found.fact.recipient.holder
            proposal = standing_proposal(self.project(found.stream), found.fact.honour, holder)
            assert proposal is not None and proposal.fact.objections_until < received

    @invariant()
    def milestones_are_in_order(self) -> None:
        """Those that were returned come again. A void may leave a gap, which is for the findings; a restatement keeps
        its milestone."""
        for stream in self.projects:
            events = self.streams[stream]
            every = [found.fact.milestone for found in events if isinstance(found.fact, MilestoneReported)]
            reported = list(dict.fromkeys(every))
            if not any(isinstance(found.fact, Voided) for found in events):
                assert reported == list(Milestone)[: len(reported)]

    @invariant()
    def what_nobody_corrected_the_rules_would_not_have_refused(self) -> None:
        """Neither of all events nor of those that an organisation reads; a late entry may come before what it followed.
        Whatever was corrected, findings come to an end."""
        for stream in self.touched & set(self.projects):
            events = self.streams[stream]
            confidential = Audience.CONFIDENTIAL
            open_to_all = [found for found in events if ruling(events, found.fact).audience is not confidential]
            found = findings(events, self.programme)
            found += findings(open_to_all, self.programme, confidential=False)
            if not any(isinstance(event.fact, Voided | Restated) for event in events):
                assert {finding.code for finding in found} <= {"effective_order"}, found
                assert not found or any(event.event.late_reason for event in events)

    @invariant()
    def places_are_held_by_the_honours_that_count(self) -> None:
        for honour, places in PLACES.items():
            held = self.quota(honour).holders
            assert len(held) <= places
            counting = [
                (found.fact.recipient.holder, stream)
                for stream in self.projects
                for found in self.project(stream).honours
                if found.fact.honour == honour and self.project(stream).holds_place(found.version)
            ]
            assert sorted(counting) == sorted(held.items())
            self.check_movements(self.streams.get(quota_stream(self.code, honour), []), places)

    @staticmethod
    def check_movements(events: Sequence[Recorded], places: int) -> None:
        """Recounts the places, one movement after the other."""
        held: set[UUID] = set()
        for found in events:
            match found.fact:
                case PlaceTaken(holder=holder):
                    assert holder not in held
                    held.add(holder)
                case PlaceReleased(holder=holder):
                    held.remove(holder)
            assert len(held) <= places

    @invariant()
    def answers_are_counted_apart_and_only_of_those_who_were_drawn(self) -> None:
        for stream in self.projects:
            frame, given = self.frame(stream), self.feedback(stream)
            assert set(given.sample) <= set(frame.sample.drawn if frame.sample else ())
            if counted := self.project(stream).beneficiaries:
                fact = counted.fact
                assert (fact.sample.answered if fact.sample else 0) == len(given.sample)
                assert (fact.online.answered if fact.online else 0) == len(given.online)

    @invariant()
    def document_numbers_are_given_out_once_and_in_order(self) -> None:
        facts = [found.fact for stream in self.projects for found in self.streams[stream]]
        given = {getattr(fact, "document_number", None) for fact in facts}
        for register in self.programme.rules.registers:
            before, after = register.pattern.format(year=self.programme.rules.year, number="#").split("#")
            wanted = re.compile(f"{re.escape(before)}([0-9]+){re.escape(after)}")
            issued = {int(found[1]) for one in given if one and (found := wanted.fullmatch(one))}
            # Years before this one, of the same authority, may have begun the register.
            first = min(issued, default=1)
            assert issued == set(range(first, first + len(issued)))

    @invariant()
    def an_organisation_ends_once_and_nothing_is_announced_for_after_it(self) -> None:
        for stream in self.organisations:
            ended = False
            for found in corrected(self.streams[stream]):
                announced = found.event.effective_on > self.today and found.fact.ahead
                ends = isinstance(found.fact, Merged | RegistrationEnded)
                assert not (ended and (ends or announced)), found
                ended |= ends

    @invariant()
    def districts_lead_somewhere_and_phases_never_become_shorter(self) -> None:
        """What counts of a programme, each in its turn."""
        stream = programme_stream(self.code)
        assert check_follows(stream, corrected(self.streams[stream])) == self.known(stream)

    @invariant()
    def an_identifier_is_of_one_organisation(self) -> None:
        """And the stream that it names either is the organisation or says whose it is."""
        held = [(identifier, stream) for stream in self.organisations for identifier in self.known(stream).identifiers]
        assert len({identifier for identifier, _ in held}) == len(held)
        for identifier, stream in held:
            named = self.known(organisation_stream(identifier), ORGANISATION)
            assert stream in (named.id, named.claimed_by)

    @invariant()
    def what_was_published_stays_public(self) -> None:
        assert all(self.project(stream).is_public for stream in self.was_public)

    @invariant()
    def what_the_ledger_keeps_in_memory_is_what_is_stored(self) -> None:
        for stream in self.touched:
            if timeline := self.ledger.cached(stream):
                assert timeline.events == tuple(self.streams[stream])
                assert timeline.state == self.known(stream)

    def teardown(self) -> None:
        self.touched = set(self.streams)
        self.what_the_ledger_keeps_in_memory_is_what_is_stored()
        self.what_nobody_corrected_the_rules_would_not_have_refused()
        stored = self.world.run(self.world.store.streams(list(self.streams)))
        assert stored == self.streams
        for position, stream, seen in self.remembered:
            aggregate = FOUNDERS[type(stored[stream][0].fact)]
            assert state(aggregate, stream, stored[stream], known=position) == seen
        assert check_whole(self.world.database) == self.size


def late(who: Account, today: date, days: int) -> CommandContext:
    """The ask of an official who enters something some days late; 0: on the day."""
    return CommandContext(who, today - timedelta(days=days), "纸质材料补录。") if days else CommandContext(who)
