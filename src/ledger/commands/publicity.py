"""Stories of a project and what media reported of it (N25)."""

from ledger.commands.command import ProjectCommand
from ledger.commands.served import Giver, served
from ledger.core.fact import Fact
from ledger.programme import Programme
from ledger.project import publicity
from ledger.project.publicity import PUBLICISE
from ledger.project.state import Project
from ledger.unit_of_work import UnitOfWork
from ledger.values import CivilDate, Line, Text, WebAddress


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
