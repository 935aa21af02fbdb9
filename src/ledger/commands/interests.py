"""Declaring an interest in a project, and who is kept from judging it (N8)."""

from uuid import UUID

from ledger import interests
from ledger.access import Command
from ledger.aggregates import INTERESTS
from ledger.commands.entry import Body, load_project
from ledger.identifiers import interest_stream
from ledger.transaction import Ask, Ledger, Receipt, Work
from ledger.values import Text


def member_pseudonym(ledger: Ledger, ask: Ask, project_id: UUID) -> UUID:
    """One person's name within one project, which nobody can follow to another project."""
    return ledger.vault.pseudonym("member", ask.who.id, project_id)


async def check_no_interest(work: Work, project_id: UUID) -> None:
    """For everybody who judges. Raises InterestStands when the asker declared an interest in the project."""
    declared = await work.load(INTERESTS, interest_stream(project_id))
    interests.check_none(declared, member_pseudonym(work.ledger, work.ask, project_id))


class Interest(Body):
    nature: Text


async def declare(ledger: Ledger, ask: Ask, project_id: UUID, body: Interest) -> Receipt:
    stream = interest_stream(project_id)

    async def decide(work: Work) -> None:
        await load_project(work, project_id, Command.DECLARE_INTEREST, None)
        declared = await work.load(INTERESTS, stream)
        fact = interests.declare(
            declared,
            project=project_id,
            person=member_pseudonym(ledger, ask, project_id),
            role=ask.who.role,
            nature=body.nature,
        )
        work.write(stream, fact)

    return await ledger.transact(ask, decide)
