"""The support that is arranged (N7): by the office, or by a district for its own."""

from typing import Annotated

from pydantic import Field

from ledger.commands.command import ProjectCommand
from ledger.core.fact import Fact
from ledger.programme import Programme
from ledger.project import support
from ledger.project.state import Project
from ledger.project.support import ARRANGE_SUPPORT, SupportOutcome
from ledger.unit_of_work import UnitOfWork
from ledger.values import Text


class Support(ProjectCommand, action=ARRANGE_SUPPORT):
    """What became of a request for support: granted, partly, refused (N7).

    `request`: its place in the application as it reads now, from 0."""

    request: Annotated[int, Field(ge=0, le=19, strict=True)]
    outcome: SupportOutcome
    given: Text | None = None
    reason: Text

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return support.arrange(project, self.request, outcome=self.outcome, given=self.given, reason=self.reason)
