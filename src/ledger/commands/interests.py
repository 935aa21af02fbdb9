"""Declaring an interest in a project (N8); who did is kept from judging it by `open_project`."""

from uuid import UUID

from ledger.access import Command
from ledger.aggregates import INTERESTS
from ledger.commands.entry import Body, load_project, member_pseudonym
from ledger.project import interests
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext, Receipt, UnitOfWork
from ledger.values import Text
from ledger.veils import Veiled


class Interest(Body):
    nature: Text


async def declare(ledger: Ledger, context: CommandContext, project_id: UUID, body: Interest) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        await load_project(work, project_id, Command.DECLARE_INTEREST, None)
        stream = work.veiled(await ledger.veils.of(Veiled.INTERESTS, project_id))
        declared = await work.load(INTERESTS, stream)
        fact = interests.declare(
            declared,
            project=project_id,
            person=member_pseudonym(ledger, context, project_id),
            role=context.who.role,
            nature=body.nature,
        )
        work.write(stream, fact)

    return await ledger.transact(context, decide)
