"""Objections to evaluations and proposed honours, and what becomes of them (N19, N20)."""

from ledger.commands.command import ProjectCommand
from ledger.commands.loading import check_since
from ledger.core.fact import Fact, Version
from ledger.programme import Programme
from ledger.project import objections
from ledger.project.objections import OBJECT, RESOLVE_OBJECTION
from ledger.project.state import Project
from ledger.unit_of_work import UnitOfWork
from ledger.values import Text


class ObjectionBody(ProjectCommand, action=OBJECT):
    """Object to an evaluation or a proposed honour while it is shown (N19, N20).

    `target`: the version of the evaluation, or of the proposed honour."""

    target: Version
    reason: Text

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        events = work.loaded[project.id].events
        return objections.raise_objection(
            project, events, self.target, self.reason, who=work.context.who.id, today=work.today
        )


class ResolutionBody(ProjectCommand, action=RESOLVE_OBJECTION):
    """Uphold or dismiss an objection (N19, N20); what it is upheld against counts no more."""

    objection: Version
    upheld: bool
    reason: Text

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        events = work.loaded[project.id].events
        if 1 <= self.objection <= len(events):
            check_since(work, events[self.objection - 1].event.effective_on)
        return objections.resolve_objection(
            project, events, self.objection, upheld=self.upheld, reason=self.reason, who=work.context.who.id
        )
