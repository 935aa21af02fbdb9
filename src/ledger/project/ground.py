"""What the facts of a project are decided on once more: its programme, its rules and the facts that count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from ledger.core.envelope import Recorded
from ledger.core.fact import Fact
from ledger.programme import Programme
from ledger.project.application import Applied, PaperReceived
from ledger.project.earlier import EarlierProjectRecorded
from ledger.project.fact import ProjectFact
from ledger.project.grant import GrantImported
from ledger.project.review import FloorWaived, Reviewed
from ledger.project.state import Project
from ledger.refusals.general import ProjectUnknown
from ledger.rules import Rules


@dataclass(frozen=True)
class Ground:
    """`rules`: the programme's own, or fewer for a reader who does not read all events. `written`: the events, also
    those that do not count any more."""

    programme: Programme
    rules: Rules
    written: Sequence[Recorded]
    counting: Sequence[Recorded]

    @cached_property
    def papers(self) -> Mapping[int, date]:
        """The day on which a form came on paper, by its version."""
        facts = (recorded.fact for recorded in self.counting)
        return {fact.version: fact.received_on for fact in facts if isinstance(fact, PaperReceived)}

    @cached_property
    def received(self) -> Mapping[int, date]:
        """The day of receipt in the programme's zone, by version."""
        zone = self.rules.zone
        return {found.version: found.event.received_at.astimezone(zone).date() for found in self.counting}

    @cached_property
    def waived(self) -> Mapping[int, str]:
        """By the version of an approval: why it was given below the floor."""
        facts = (recorded.fact for recorded in self.counting)
        return {fact.approval: fact.reason for fact in facts if isinstance(fact, FloorWaived)}

    @cached_property
    def members(self) -> Mapping[UUID | None, UUID]:
        """The pseudonyms of those who reviewed, by account."""
        return {
            found.account: found.fact.member
            for found in self.counting
            if found.account and isinstance(found.fact, Reviewed)
        }

    def fact_at(self, version: int) -> Fact | None:
        """As it was written, whether it counts or not."""
        return next((found.fact for found in self.written if found.version == version), None)

    def day(self, recorded: Recorded) -> date:
        return self.received[recorded.version]

    def judged_on(self, recorded: Recorded) -> date:
        """The day by which phases are judged. Forms on paper are judged by the day of receipt; without their paper they
        may have come when the phase was over."""
        return self.papers.get(recorded.version, self.day(recorded))

    def decide_again(self, project: Project, recorded: Recorded) -> Fact:
        """The fact as it would be decided now, on this state before it. What a decision asks of other streams, such as
        organisations, quotas and nominations, is not asked again: a correction of a project changes nothing there.
        Raises Refusal."""
        fact = recorded.said(ProjectFact)
        if not project.exists and not isinstance(fact, Applied | GrantImported | EarlierProjectRecorded):
            raise ProjectUnknown(project=project.id)
        return fact.decide_again(self, project, recorded)
