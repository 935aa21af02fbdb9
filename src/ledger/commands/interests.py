"""Declaring an interest in a project (N8); who did is kept from judging it by `open_project`."""

from uuid import UUID

from ledger.aggregates import INTERESTS
from ledger.commands.command import Command
from ledger.commands.loading import load_project, member_pseudonym
from ledger.commands.served import Giver, served
from ledger.project import interests
from ledger.project.interests import DECLARE_INTEREST
from ledger.transaction import Decide
from ledger.unit_of_work import UnitOfWork
from ledger.values import Text
from ledger.veils import Veiled


@served(
    Giver.DECISIONS,
    "/v1/projects/{project_id}/interests",
    "declare_interest",
    "Declare an interest",
    at="/v1/projects/{project_id}/interests",
)
class Interest(Command, action=DECLARE_INTEREST):
    """Declare an interest in a project, and be barred from judging it (N8)."""

    nature: Text

    def on(self, project_id: UUID) -> Decide:
        async def decide(work: UnitOfWork) -> None:
            await load_project(work, project_id, self.action, self.step)
            stream = work.veiled(await work.ledger.veils.of(Veiled.INTERESTS, project_id))
            fact = interests.declare(
                await work.load(INTERESTS, stream),
                project=project_id,
                person=member_pseudonym(work, project_id),
                role=work.context.who.role,
                nature=self.nature,
            )
            work.write(stream, fact)

        return decide
