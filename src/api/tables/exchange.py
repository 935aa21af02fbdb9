"""Tables of one programme for one account: out with what it takes part in, in with what it wants written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from uuid import UUID

from pydantic import ValidationError

from api.door import ReceiptBody
from api.pages.texts import Language, Words
from api.projects import Wanted, list_page
from api.service import Service
from api.tables import application_table, progress_table
from api.tables.columns import Column
from api.tables.workbook import EMPTY, MOST_ROWS, CellError, SheetRow, read_table, write_table
from ledger.access import SEES_ALL
from ledger.accounts import Account
from ledger.aggregates import ORGANISATION, PROGRAMME, PROJECT
from ledger.commands import applications, delivery
from ledger.commands.together import Run, together
from ledger.errors import BatchRefused, ProgrammeTakesNoCommands, ProgrammeUnknown, Refusal, TableEmpty, TableRefused
from ledger.history import in_force, state
from ledger.identifiers import programme_stream
from ledger.project.state import Project
from ledger.rules import Rules
from ledger.transaction import Ask, Ledger
from ledger.values import Frozen


class RowDone(Frozen):
    row: int
    receipt: ReceiptBody


class RowError(Frozen):
    """`place`: a cell such as B7, or a row."""

    place: str
    code: str
    message: str


class TableDone(Frozen):
    done: list[RowDone]
    errors: list[RowError]


async def applications_out(service: Service, who: Account, programme: str, lang: Language) -> bytes:
    rules = await _rules(service, programme)
    projects = await _projects(service, who, programme)
    ids = list({found.holder.organisation for found in projects if found.holder})
    streams = await service.store.streams(ids)
    today = service.ledger.today()
    organisations = {stream: in_force(ORGANISATION, stream, events, today) for stream, events in streams.items()}
    paired = [(found, organisations[found.holder.organisation]) for found in projects if found.holder]
    columns, rows = application_table.columns(rules), application_table.rows_of(paired, rules)
    return write_table("申报表", columns, rows, lang)


async def progress_out(service: Service, who: Account, programme: str, lang: Language) -> bytes:
    rules = await _rules(service, programme)
    projects = await _projects(service, who, programme)
    return write_table("进度表", progress_table.columns(rules), progress_table.rows_of(projects, rules), lang)


async def applications_in(
    service: Service, ask: Ask, programme: str, content: bytes, *, all_or_none: bool, lang: str
) -> TableDone:
    rules = await _rules(service, programme)
    rows = read_table(content, application_table.columns(rules))
    present = {project.id: project.form for project in await _projects(service, ask.who, programme)}
    runs: dict[int, Run] = {}
    errors: list[CellError] = []
    for row in rows:
        if row.errors:
            errors += row.errors
            continue
        project_id = UUID(row.values["project"]) if row.values["project"] else None
        form = application_table.form_of(row.values, rules.currency)
        try:
            if project_id is None:
                applied = applications.Application.model_validate(
                    {"programme": programme, "organisation": row.values["organisation"], "form": form}
                )
                runs[row.number] = partial(applications.apply, body=applied)
            else:
                reason = row.values["reason"]
                # Asked for only where something changes.
                amended = applications.Amendment.model_validate({"form": form, "reason": reason or "-"})
                if amended.form == present.get(project_id):
                    continue
                if reason is None:
                    errors.append(CellError(row.cells["reason"], "empty", EMPTY, {}))
                    continue
                runs[row.number] = partial(applications.amend, project_id=project_id, body=amended)
        except ValidationError as error:
            errors += _cell_errors(error, row, application_table.columns(rules))
    return await _run(service.ledger, ask, runs, errors, all_or_none=all_or_none, lang=lang)


async def progress_in(
    service: Service, ask: Ask, programme: str, content: bytes, *, all_or_none: bool, lang: str
) -> TableDone:
    rules = await _rules(service, programme)
    runs: dict[int, Run] = {}
    errors: list[CellError] = []
    for row in read_table(content, progress_table.columns(rules)):
        if row.errors:
            errors += row.errors
        elif row.values["work_done"] is not None:
            try:
                report = delivery.ProgressReport.model_validate(progress_table.report_of(row.values, rules.currency))
            except ValidationError as error:
                errors += _cell_errors(error, row, progress_table.columns(rules))
            else:
                project_id = UUID(row.values["project"])
                runs[row.number] = partial(delivery.report_milestone, project_id=project_id, body=report)
    return await _run(service.ledger, ask, runs, errors, all_or_none=all_or_none, lang=lang)


async def _rules(service: Service, code: str) -> Rules:
    stream = programme_stream(code)
    programme = state(PROGRAMME, stream, (await service.store.streams([stream]))[stream])
    if programme.register:
        raise ProgrammeTakesNoCommands(programme=code)
    if programme.announced is None:
        raise ProgrammeUnknown(programme=code)
    return programme.rules


async def _projects(service: Service, who: Account, programme: str) -> list[Project]:
    """Those that the account takes part in: an organisation's own, a district's own, else all."""
    if who.organisation is None and who.district is None and who.role not in SEES_ALL:
        return []
    await service.wait_for((await service.store.head()).size - 1, of=["listing"])
    wanted = Wanted.model_construct(
        programme=programme, organisation=who.organisation, district_now=who.district, sort="title", limit=MOST_ROWS
    )
    page, _ = await list_page(service, who, wanted)
    streams = await service.store.streams([row.project for row in page.rows])
    return [state(PROJECT, row.project, streams[row.project]) for row in page.rows]


async def _run(
    ledger: Ledger, ask: Ask, runs: Mapping[int, Run], errors: Sequence[CellError], *, all_or_none: bool, lang: str
) -> TableDone:
    """All rows in one append, or each for itself under a key of its own."""
    if not runs and not errors:
        raise TableEmpty()
    found = [RowError(place=one.place, code=one.code, message=one.sentence(lang)) for one in errors]
    done = []
    if not all_or_none:
        for row, run in runs.items():
            key = ask.key and f"{ask.key}/{row}"
            try:
                done.append(RowDone(row=row, receipt=ReceiptBody.of(await run(ledger, replace(ask, key=key)))))
            except Refusal as refusal:
                found.append(_row_error(row, refusal, lang))
        return TableDone(done=done, errors=found)
    try:
        if not found:
            receipt = ReceiptBody.of(await together(ledger, ask, runs))
            return TableDone(done=[RowDone(row=row, receipt=receipt) for row in runs], errors=[])
    except BatchRefused as refused:
        found = [_row_error(row, one, lang) for row, one in refused.reasons.items()]
    raise TableRefused([error.model_dump() for error in found])


def _row_error(row: int, refusal: Refusal, lang: str) -> RowError:
    return RowError(place=f"row {row}", code=refusal.code, message=refusal.sentence(lang))


def _cell_errors(error: ValidationError, row: SheetRow, columns: Sequence[Column]) -> Iterable[CellError]:
    """Each in the cell that its value came from, or in its row where it came from several."""
    for found in error.errors(include_url=False, include_input=False):
        column = _column_of(found["loc"], row, columns)
        place = row.cells[column.key] if column else f"row {row.number}"
        yield CellError(place, found["type"], Words.same(found["msg"]), {})


def _column_of(loc: tuple[int | str, ...], row: SheetRow, columns: Sequence[Column]) -> Column | None:
    """Lines of money and support are counted in the body; in the sheet each kind has its column."""
    number = next((index for index, part in enumerate(loc) if isinstance(part, int)), None)
    if number is None:
        return next((one for one in columns if one.loc == loc), None)
    filled = [one for one in columns if one.loc[:number] == loc[:number] and row.values[one.key] is not None]
    return filled[int(loc[number])]
