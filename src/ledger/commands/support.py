"""The support that is asked for, arranged and answered (N7): by the office, or by a district for its own."""

from typing import Annotated

from pydantic import Field

from ledger.commands.command import FormCommand, ProjectCommand
from ledger.commands.served import Giver, served
from ledger.core.fact import Fact, Version
from ledger.programme import Programme
from ledger.project import support
from ledger.project.application import SupportKind
from ledger.project.state import Project
from ledger.project.support import ARRANGE_SUPPORT, REQUEST_SUPPORT, SupportOutcome
from ledger.unit_of_work import UnitOfWork
from ledger.values import CivilDate, Line, Text


class _SupportPlace(ProjectCommand):
    """`request`: its place, from 0, in the application as it reads now. One made later is at 0 of the version
    `asked`."""

    request: Annotated[int, Field(ge=0, le=19, strict=True)]
    asked: Version | None = None


@served(Giver.SELECTION, "support", "arrange_support", "Answer a request for support")
class Support(_SupportPlace, action=ARRANGE_SUPPORT):
    """What became of a request for support: granted, partly, refused (N7).

    `request`: its place, from 0, in the application as it reads now. One made later is at 0 of the version `asked`."""

    result: SupportOutcome
    given: Text | None = None
    reason: Text

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return support.arrange(
            project, self.request, asked=self.asked, result=self.result, given=self.given, reason=self.reason
        )


@served(Giver.SELECTION, "support-deferrals", "defer_support", "Say who arranges a request for support")
class SupportDeferral(_SupportPlace, action=ARRANGE_SUPPORT):
    """Who arranges a request for support 统筹中, and until when it is answered (N7).

    `responsible`: the body that arranges it, `until` when. `request`, `asked`: as in an answer."""

    responsible: Line
    until: CivilDate
    reason: Text

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return support.defer(
            project,
            self.request,
            asked=self.asked,
            responsible=self.responsible,
            until=self.until,
            reason=self.reason,
            today=work.today,
        )


@served(Giver.ORGANISATION, "support-requests", "request_support", "Ask for further support")
class LaterSupport(FormCommand, action=REQUEST_SUPPORT):
    """Ask for further support while the project is carried out (N7), beyond what the application asked for."""

    kind: SupportKind
    reason: Text

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return support.ask(project, kind=self.kind, reason=self.reason)
