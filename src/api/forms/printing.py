"""The forms for one reader: what the reader may see is read, and set as PDF."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID

from api.files.tables.exchange import batched
from api.forms.briefing_report import briefing_report
from api.forms.builders import Around, Summarised, application_form, contract_form, progress_form, summary_form
from api.forms.diploma import diploma
from api.forms.typeset import Form, typeset
from api.pages.reader import Reader
from api.reading.certificate import certificate
from api.reading.listing import Listed, ListingQuery, list_page
from api.reading.visible import VisibleHistory, history_of, see_project
from api.routes.briefing import BriefingWanted, briefing
from api.service import Service
from ledger.accounts import Account
from ledger.aggregates import ORGANISATION, PROGRAMME, PROJECT
from ledger.core.history import in_force, state
from ledger.identifiers import programme_stream
from ledger.project.application import Amended, Applied
from ledger.project.state import Project
from ledger.project.status import Status
from ledger.refusals.general import CorrectionTargetUnknown, ProgrammeTakesNoCommands, ProgrammeUnknown, StepOutOfOrder

LONGEST_LIST = 1000
# Streams that are read at once; between them the event loop serves others.
READ_AT_ONCE = 100
# A form without a record is dated like the notice, so that it is always the same bytes.
UNDATED = datetime(2010, 1, 18, tzinfo=UTC)


class Printer:
    """`base` is the address that the code on a form leads to."""

    def __init__(self, service: Service, who: Account, reader: Reader, base: str) -> None:
        self._service, self._who, self._reader, self._base = service, who, reader, base

    async def blank_application(self, programme: str) -> bytes:
        return await self._set(application_form(await self._around(programme), None, None, None, None), None)

    async def summary(
        self, programme: str, district: str | None, status: Status | None, known_at: str | None = None
    ) -> bytes:
        around = await self._around(programme)
        wanted = ListingQuery.model_construct(
            programme=programme,
            district=district,
            status=status,
            sort="title",
            limit=LONGEST_LIST,
            known_at=known_at,
        )
        page = await list_page(self._service, self._who, wanted)
        return await self._set(summary_form(around, district, [row async for row in self._listed(page)]), None)

    async def application(self, project_id: UUID) -> bytes:
        seen, project, around = await self._project(project_id)
        assert project.holder
        stream = project.holder.organisation
        events = (await self._service.store.streams([stream]))[stream]
        organisation = in_force(ORGANISATION, stream, events, self._service.ledger.today())
        said = [one for one in seen.visible if isinstance(one.fact, Applied | Amended)]
        shown = await history_of(self._service.ledger, seen.who, said)
        opened = {commitment: value for one in shown for commitment, value in one.opened.items()}
        contact = opened.get(project.contact.commitment) if project.contact else None
        account = opened.get(project.account.commitment) if project.account else None
        return await self._set(application_form(around, project, organisation, contact, account), seen)

    async def progress(self, project_id: UUID, report: int | None) -> bytes:
        seen, project, around = await self._project(project_id)
        found = next((one for one in project.reports if one.version == report), None)
        if report is not None and found is None:
            raise CorrectionTargetUnknown(target=report)
        return await self._set(progress_form(around, project, found), seen)

    async def contract(self, project_id: UUID) -> bytes:
        seen, project, around = await self._project(project_id)
        if project.contract is None:
            raise StepOutOfOrder(status=project.status, command="print the contract")
        return await self._set(contract_form(around, project, seen.events[-1].version), seen)

    async def certificate(self, project_id: UUID, award: int) -> bytes:
        ledger = self._service.ledger
        shown = await certificate(ledger, project_id, award)
        [event] = await ledger.store.range(shown.position, shown.position + 1)
        return await self._service.bulk.run(typeset, diploma(self._reader, shown, self._base), event.recorded_at)

    async def briefing(self, programme: str, wanted: BriefingWanted, query: str) -> bytes:
        """`query`: how it was asked for, for the link to its page."""
        shown = await briefing(self._service, self._who, programme, wanted)
        link = f"{self._base}/programmes/{programme}/briefing{'?' if query else ''}{query}"
        return await self._service.bulk.run(
            typeset, briefing_report(self._reader, shown, link), shown.recorded_at or UNDATED
        )

    async def _listed(self, page: Listed) -> AsyncIterator[Summarised]:
        """Each row with what the district said of it, and with its number in the register where no district did."""
        today = self._service.ledger.today()
        for rows in batched(page.rows, READ_AT_ONCE):
            streams = [row.project for row in rows] + list({row.organisation for row in rows if row.organisation})
            events = await self._service.store.streams(streams, page.known)
            for row in rows:
                screened = state(PROJECT, row.project, events[row.project]).screening
                known = screened.fact.registration if screened else None
                if known is None and row.organisation and events[row.organisation]:
                    organisation = in_force(ORGANISATION, row.organisation, events[row.organisation], today)
                    known = organisation.registration
                yield Summarised(row, known.id if known else "", screened.fact.reason if screened else "")

    async def _project(self, project_id: UUID) -> tuple[VisibleHistory, Project, Around]:
        """The project as this reader may see it."""
        seen = await see_project(self._service.ledger, self._who, project_id)
        project = state(PROJECT, project_id, seen.visible)
        if project.applied is None:
            assert project.founded_by
            raise ProgrammeTakesNoCommands(programme=project.founded_by.programme)
        return seen, project, await self._around(project.applied.programme)

    async def _around(self, code: str) -> Around:
        stream = programme_stream(code)
        programme = state(PROGRAMME, stream, (await self._service.store.streams([stream]))[stream])
        if programme.announced is None:
            raise ProgrammeUnknown(programme=code)
        return Around(self._reader, programme.rules, self._base)

    async def _set(self, form: Form, seen: VisibleHistory | None) -> bytes:
        """Off the event loop, since typesetting takes some tens of milliseconds. Dated by the newest event it shows."""
        return await self._service.bulk.run(typeset, form, seen.events[-1].recorded_at if seen else UNDATED)
