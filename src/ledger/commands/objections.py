"""Objections to evaluations and proposed honours, and what becomes of them (N19, N20)."""

import secrets
from uuid import UUID

from ledger.aggregates import PUBLIC_REPORT
from ledger.commands.command import Command, ProjectCommand
from ledger.commands.loading import check_since, load_project
from ledger.commands.served import Giver, served
from ledger.core.fact import Fact, Version
from ledger.programme import Programme
from ledger.project import objections
from ledger.project.objections import OBJECT, OBJECT_PUBLICLY, RESOLVE_OBJECTION
from ledger.project.public_reports import receive
from ledger.project.state import Project
from ledger.refusals.general import ProjectUnknown
from ledger.transaction import Decide
from ledger.unit_of_work import UnitOfWork
from ledger.values import Contact, Frozen, Text
from ledger.vault import Purpose
from ledger.veils import Veil


@served(Giver.ORGANISATION, "objections", "raise_objection", "Raise an objection")
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


class PublicObjectionBody(Command, action=OBJECT_PUBLICLY):
    """With real name and contact, which only those may open who handle the objection; without them it is taken as a
    report by the public 监督举报."""

    target: Version
    reason: Text
    contact: Contact | None = None

    def on(self, project_id: UUID) -> Decide:
        async def decide(work: UnitOfWork) -> None:
            project, _ = await load_project(work, project_id, self.action, self.step)
            if not project.is_public:
                raise ProjectUnknown(project=project_id)
            if self.contact is None:
                objections.check_open(project, self.target, work.today)
                text = f"对公示事项（版本 {self.target}）的匿名异议：{self.reason}"
                work.write(work.unborn(PUBLIC_REPORT, Veil.random()), receive(project_id, text, None))
                return
            # A subject of each objection's own: two by one person are not known to be so.
            subject = work.ledger.vault.pseudonym("objector", secrets.token_hex(16))
            contact = await work.seal(self.contact, subject, Purpose.OBJECTOR)
            events = work.loaded[project_id].events
            fact = objections.object_publicly(
                project, events, self.target, self.reason, contact=contact, today=work.today
            )
            work.write(project_id, fact)

        return decide


class ResolutionTerms(Frozen):
    objection: Version
    accepted: bool
    reason: Text

    def resolve(self, work: UnitOfWork, project: Project) -> Fact:
        events = work.loaded[project.id].events
        if 1 <= self.objection <= len(events):
            check_since(work, events[self.objection - 1].event.effective_on)
        return objections.resolve_objection(
            project,
            events,
            self.objection,
            accepted=self.accepted,
            reason=self.reason,
            who=work.context.who.id,
            role=work.context.who.role,
        )


@served(Giver.EVALUATION, "objection-resolutions", "resolve_objection", "Resolve an objection")
class ResolutionBody(ResolutionTerms, ProjectCommand, action=RESOLVE_OBJECTION):
    """Uphold or dismiss an objection (N19, N20); what it is upheld against counts no more."""

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return self.resolve(work, project)
