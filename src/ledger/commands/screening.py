"""Screening and hand-in by the district, return by the office (N9)."""

from uuid import UUID

from pydantic import Field

from ledger import access
from ledger.access import Command
from ledger.commands.entry import Body, for_each, load_programme, load_project
from ledger.core.fact import Version
from ledger.programme import check_phase
from ledger.project import screening
from ledger.project.screening import ScreeningResult
from ledger.project.state import Project
from ledger.rules import Rules
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext, Receipt, UnitOfWork
from ledger.values import CivilDate, Line, Text


class Screening(Body):
    """`amend_by` only for one that is returned; without it the programme's term holds."""

    application_version: Version
    result: ScreeningResult
    reason: Text
    amend_by: CivilDate | None = None


async def screen(ledger: Ledger, context: CommandContext, project_id: UUID, body: Screening) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        project, rules = await load_project(work, project_id, Command.SCREEN, "screen")
        fact = screening.screen(
            project,
            body.application_version,
            result=body.result,
            reason=body.reason,
            amend_by=body.amend_by,
            rules=rules,
            today=work.today,
        )
        work.write(project_id, fact)

    return await ledger.transact(context, decide)


class HandIn(Body):
    """The receipt speaks of the first project."""

    projects: tuple[UUID, ...] = Field(min_length=1, max_length=1000)
    notice: Line


async def hand_in(ledger: Ledger, context: CommandContext, programme_code: str, body: HandIn) -> Receipt:
    """N9: all or none."""

    async def decide(work: UnitOfWork) -> None:
        access.check_role(context.who, Command.HAND_IN)
        check_phase(await load_programme(work, programme_code), "hand_in", work.today)

        async def hand_in_one(project_id: UUID, project: Project, rules: Rules) -> None:
            work.write(project_id, screening.hand_in(project, body.notice, rules=rules))

        await for_each(work, programme_code, body.projects, Command.HAND_IN, hand_in_one)

    return await ledger.transact(context, decide)


class Return(Body):
    """Without `amend_by` the programme's term holds."""

    application_version: Version
    reason: Text
    amend_by: CivilDate | None = None


async def give_back(ledger: Ledger, context: CommandContext, project_id: UUID, body: Return) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        project, rules = await load_project(work, project_id, Command.RETURN, None)
        fact = screening.give_back(
            project,
            body.application_version,
            reason=body.reason,
            amend_by=body.amend_by,
            rules=rules,
            today=work.today,
        )
        work.write(project_id, fact)

    return await ledger.transact(context, decide)
