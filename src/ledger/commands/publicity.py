"""Stories and photographs of a project, and what media reported of it (N25)."""

from ledger.commands.command import ProjectCommand
from ledger.commands.served import Giver, served
from ledger.core.fact import Fact, Sealed, Version
from ledger.programme import Programme
from ledger.project import publicity
from ledger.project.photographs import WITHDRAW_PHOTOGRAPH, Picture, show_photograph, withdraw_photograph
from ledger.project.publicity import PUBLICISE
from ledger.project.state import Project
from ledger.store import Pictures, Shown
from ledger.unit_of_work import UnitOfWork
from ledger.values import CivilDate, Digest, Line, Text, WebAddress


@served(Giver.HONOURS, "stories", "tell_story", "Tell a story of a project")
class Story(ProjectCommand, action=PUBLICISE):
    """Tell a story of a published project (N25). It names nobody who was helped."""

    title: Line
    text: Text

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return publicity.tell(project, self.title, self.text)


@served(Giver.HONOURS, "media-reports", "add_media_report", "Add what media reported")
class MediaReport(ProjectCommand, action=PUBLICISE):
    """A newspaper or station reported about a published project (N25)."""

    outlet: Line
    title: Line
    published_on: CivilDate
    link: WebAddress | None = None

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return publicity.report_media(project, self.outlet, self.title, self.published_on, self.link)


@served(Giver.HONOURS, "photographs", "show_photograph", "Add a photograph of a project")
class Photograph(ProjectCommand, action=PUBLICISE):
    """Show a photograph of a published project, uploaded before (N25). `nobody_recognisable` states that no beneficiary
    can be recognised in it and no minor; `description` says what it shows to those who do not see it."""

    photograph: Digest
    caption: Line
    description: Text
    nobody_recognisable: bool = False

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        work.pictures = Pictures(shows=(Shown(work.context.who.id, self.photograph),))
        sealed = Sealed[Picture](commitment=self.photograph)
        return show_photograph(project, sealed, self.caption, self.description, self.nobody_recognisable)


@served(Giver.HONOURS, "photograph-withdrawals", "withdraw_photograph", "Remove a photograph")
class PhotographWithdrawal(ProjectCommand, action=WITHDRAW_PHOTOGRAPH):
    """Remove a photograph, such as when consent is taken back (N25). The picture is gone from then on; that it was
    removed and why stays, so the reason names nobody."""

    target: Version
    reason: Text

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        withdrawn, sealed = withdraw_photograph(project, self.target, self.reason)
        work.pictures = Pictures(withdraws=(sealed.commitment,))
        return withdrawn
