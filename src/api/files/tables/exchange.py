"""Tables of one programme for one account: out with what it takes part in, in with what it wants written."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import TypeVar
from uuid import UUID

from pydantic import ValidationError

from api.files.tables import acceptance_table, application_table, contract_table, decision_table, progress_table
from api.files.tables.cell_errors import cell_errors
from api.files.tables.incoming import Incoming, Manner, TableDone
from api.files.tables.versions import Versioned
from api.files.tables.workbook import EMPTY, CellError, SheetRow, read_table, write_table
from api.reading.listing import ListingQuery, list_page
from api.service import Service
from ledger import access
from ledger.access import SEES_ALL
from ledger.accounts import Account
from ledger.aggregates import ORGANISATION, PROGRAMME, PROJECT
from ledger.commands.application import Amendment, Application
from ledger.commands.batches import OneNumber, decided, of_programme
from ledger.commands.delivery import ProgressReport
from ledger.core.history import in_force, state
from ledger.core.words import Language
from ledger.identifiers import programme_stream
from ledger.programme import Programme
from ledger.project.application import ApplicationForm
from ledger.refusals.general import ProgrammeTakesNoCommands, ProgrammeUnknown
from ledger.transaction import Decide
from ledger.unit_of_work import CommandContext

T = TypeVar("T")
# Streams that are read and folded at once; between them the event loop serves others.
PAGE = 100


async def applications_out(service: Service, who: Account, programme: str, lang: Language) -> bytes:
    rules = (await _programme(service, programme)).rules
    projects = await _projects(service, who, programme)
    ids = list({found.project.holder.organisation for found in projects if found.project.holder})
    today = service.ledger.today()
    organisations = {
        stream: in_force(ORGANISATION, stream, events, today)
        for part in batched(ids, PAGE)
        for stream, events in (await service.store.streams(part)).items()
    }
    paired = [(found, organisations[found.project.holder.organisation]) for found in projects if found.project.holder]
    columns, rows = application_table.columns(rules), application_table.rows_of(paired, rules)
    return await asyncio.to_thread(write_table, "申报表", columns, rows, lang)


async def progress_out(service: Service, who: Account, programme: str, lang: Language) -> bytes:
    rules = (await _programme(service, programme)).rules
    rows = progress_table.rows_of(await _projects(service, who, programme), rules)
    return await asyncio.to_thread(write_table, "进度表", progress_table.columns(rules), rows, lang)


async def applications_in(
    service: Service, context: CommandContext, programme: str, content: bytes, manner: Manner
) -> TableDone:
    found = await _programme(service, programme)
    columns = application_table.columns(found.rules)
    rows = await read_table(service.table_reader, content, context.who.id, columns)
    incoming = await Incoming.of(service.ledger, context, f"applications/{programme}", rows)
    present = await _present(service, access.within(context.who, found), incoming.rows)
    for row in incoming.rows:
        project_id = _project_of(row)
        said = {
            "form": application_table.form_of(row.values, found.rules.currency),
            **application_table.sealed_of(row.values),
        }
        try:
            if project_id is None:
                applied = Application.model_validate(
                    {"programme": programme, "organisation": row.values["organisation"], **said}
                )
                incoming.add(row, applied.decide)
            else:
                reason = row.values["reason"]
                # Asked for only where something changes.
                amended = Amendment.model_validate({**said, "reason": reason or "-"})
                if amended.form.stored == present.get(project_id) and not (amended.contact or amended.account):
                    continue
                if reason is None:
                    incoming.errors.append(CellError(row.cells["reason"], "empty", EMPTY, {}))
                    continue
                incoming.add(row, amended.on(project_id))
        except ValidationError as error:
            incoming.errors += cell_errors(error, row, columns)
    return await incoming.written(manner)


async def progress_in(
    service: Service, context: CommandContext, programme: str, content: bytes, manner: Manner
) -> TableDone:
    rules = (await _programme(service, programme)).rules
    columns = progress_table.columns(rules)
    read = await read_table(service.table_reader, content, context.who.id, columns)
    rows = [row for row in read if row.errors or row.values["work_done"] is not None]
    incoming = await Incoming.of(service.ledger, context, f"progress/{programme}", rows)

    def asked(row: SheetRow) -> Decide:
        report = ProgressReport.model_validate(progress_table.report_of(row.values, rules.currency))
        return report.on(UUID(row.values["project"]))

    incoming.add_each(columns, asked)
    return await incoming.written(manner)


async def decisions_out(service: Service, who: Account, programme: str, lang: Language) -> bytes:
    await _programme(service, programme)
    rows = decision_table.rows_of(await _projects(service, who, programme))
    return await asyncio.to_thread(write_table, "审定表", decision_table.COLUMNS, rows, lang)


async def decisions_in(
    service: Service, context: CommandContext, programme: str, content: bytes, manner: Manner
) -> TableDone:
    """All rows together, under one document number."""
    rules = (await _programme(service, programme)).rules
    read = await read_table(service.table_reader, content, context.who.id, decision_table.COLUMNS)
    rows = [row for row in read if row.errors or row.values["decision"] is not None]
    incoming = await Incoming.of(service.ledger, context, f"decisions/{programme}", rows)
    projects = tuple(dict.fromkeys(UUID(row.values["project"]) for row in incoming.rows))
    public = any(row.values["decision"] == decision_table.APPROVED for row in incoming.rows)
    one = OneNumber(manner.number, projects, never_public=not public)

    def asked(row: SheetRow) -> Decide:
        terms = decision_table.decision_of(row.values, rules.currency)
        return decided(programme, UUID(row.values["project"]), terms, one)

    incoming.add_each(decision_table.COLUMNS, asked)
    return await incoming.written(replace(manner, all_or_none=True))


async def contracts_out(service: Service, who: Account, programme: str, lang: Language) -> bytes:
    rules = (await _programme(service, programme)).rules
    rows = contract_table.rows_of(await _projects(service, who, programme), rules)
    return await asyncio.to_thread(write_table, "合同表", contract_table.columns(rules), rows, lang)


async def contracts_in(
    service: Service, context: CommandContext, programme: str, content: bytes, manner: Manner
) -> TableDone:
    rules = (await _programme(service, programme)).rules
    columns = contract_table.columns(rules)
    read = await read_table(service.table_reader, content, context.who.id, columns)
    rows = [row for row in read if row.errors or row.values["number"] is not None]
    incoming = await Incoming.of(service.ledger, context, f"contracts/{programme}", rows)
    incoming.errors += contract_table.repeated_numbers(incoming.rows)

    def asked(row: SheetRow) -> Decide:
        contract = contract_table.contract_of(row.values, rules)
        return of_programme(programme, UUID(row.values["project"]), contract)

    incoming.add_each(columns, asked)
    return await incoming.written(manner)


async def acceptances_out(service: Service, who: Account, programme: str, lang: Language) -> bytes:
    rules = (await _programme(service, programme)).rules
    rows = acceptance_table.rows_of(await _projects(service, who, programme), rules)
    return await asyncio.to_thread(write_table, "验收表", acceptance_table.COLUMNS, rows, lang)


async def acceptances_in(
    service: Service, context: CommandContext, programme: str, content: bytes, manner: Manner
) -> TableDone:
    await _programme(service, programme)
    read = await read_table(service.table_reader, content, context.who.id, acceptance_table.COLUMNS)
    rows = [row for row in read if row.errors or row.values["decision"] is not None]
    incoming = await Incoming.of(service.ledger, context, f"acceptances/{programme}", rows)

    def asked(row: SheetRow) -> Decide:
        decision = acceptance_table.decision_of(row.values)
        return of_programme(programme, UUID(row.values["project"]), decision)

    incoming.add_each(acceptance_table.COLUMNS, asked)
    return await incoming.written(manner)


async def _programme(service: Service, code: str) -> Programme:
    stream = programme_stream(code)
    programme = state(PROGRAMME, stream, (await service.store.streams([stream]))[stream])
    if programme.kept:
        raise ProgrammeTakesNoCommands(programme=code)
    if programme.announced is None:
        raise ProgrammeUnknown(programme=code)
    return programme


async def _projects(service: Service, who: Account, programme: str) -> list[Versioned]:
    """All that the account takes part in: an organisation's own, a district's own, else everything."""
    if who.organisation is None and who.district is None and who.role not in SEES_ALL:
        return []
    await service.wait_for((await service.store.head()).size - 1, of=["listing"])
    wanted = ListingQuery.model_construct(
        programme=programme, organisation=who.organisation, district_now=who.district, sort="title", limit=PAGE
    )
    found: list[Versioned] = []
    while True:
        page = await list_page(service, who, wanted)
        streams = await service.store.streams([row.project for row in page.rows])
        found += [
            Versioned(state(PROJECT, row.project, streams[row.project]), len(streams[row.project])) for row in page.rows
        ]
        if page.next_cursor is None:
            return found
        wanted = wanted.model_copy(update={"cursor": page.next_cursor})


async def _present(service: Service, who: Account, rows: Sequence[SheetRow]) -> dict[UUID, ApplicationForm | None]:
    """The forms as they read now of the projects in these rows, of those that the account takes part in: an answer that
    depends on a form tells what it says."""
    found: dict[UUID, ApplicationForm | None] = {}
    for part in batched([id for row in rows if (id := _project_of(row))], PAGE):
        for stream, events in (await service.store.streams(part)).items():
            if events and PROJECT.holds(events):
                project = state(PROJECT, stream, events)
                holder = project.holder
                if holder and access.takes_part(who, holder.organisation, holder.district):
                    found[stream] = project.form
    return found


def _project_of(row: SheetRow) -> UUID | None:
    return UUID(row.values["project"]) if row.values["project"] else None


def batched(items: Sequence[T], size: int) -> Iterator[list[T]]:
    following = iter(items)
    while part := list(islice(following, size)):
        yield part
