"""The pages of tables: downloaded, filled in, checked cell by cell, and written once they are right."""

import base64
import binascii
from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from api.files.tables.incoming import Manner, RowDone, RowError, TableDone
from api.files.tables.routes import XLSX
from api.files.tables.workbook import MOST_ROWS
from api.files.tables.xlsx.unreadable import Unreadable
from api.pages.form_texts import FORMS
from api.pages.frame import Link, frame, render
from api.pages.reader import LOOK
from api.pages.work_texts import WORK
from api.problem_texts import sentence
from api.problems import STATUS, names_for
from api.protocol.query import takes
from api.refusal_notes import note
from api.sign_in.visits import Visit, signed_in
from api.work.choices import programmes_of
from api.work.form import STEP, ErrorLine
from api.work.form_pages import SEND
from api.work.offers import Target
from api.work.pages import place_of, private
from api.work.place import Place
from api.work.sent import Sent, sent_form
from api.work.table_views import DoneLine, TableGroup, TablesView, TableView
from api.work.tables import TABLES, Grid, Table, grid_of, row_of, tables_of
from api.work.views import StepLink
from ledger.access import check_role
from ledger.core.refusal import Kind, Refusal
from ledger.refusals.tables import TableRefused
from ledger.unit_of_work import CommandContext

router = APIRouter(include_in_schema=False)
MOST_COLUMNS = 100
FILE, CONTENT, EACH, NUMBER = "table", "content", "each", "document_number"


@router.get("/tables", openapi_extra=takes(*LOOK))
async def show_tables(request: Request) -> Response:
    visit = await signed_in(request)
    place = await place_of(request, visit)
    reader = place.reader
    groups = [
        TableGroup(
            one.label,
            [
                StepLink(
                    reader.say(table.title), reader.link(f"/tables/{one.value}/{table.name}"), reader.say(table.lead)
                )
                for table in tables_of(place.who)
            ],
        )
        for one in await programmes_of(place)
    ]
    title = reader.say(FORMS["tables_title"])
    back = Link(reader.say(WORK["work"]), reader.link("/work"))
    view = TablesView(title, back, [one for one in groups if one.tables])
    return private(render("tables.html", reader, frame(reader, "/tables", {}, title=title), view))


@router.get("/tables/{named}/{table}", openapi_extra=takes(*LOOK))
async def show_table(request: Request, named: str, table: str) -> Response:
    visit = await signed_in(request)
    place, found = await _asked(request, visit, named, table)
    return _page(place, visit, found)


@router.get("/tables/{named}/{table}/file.xlsx", openapi_extra=takes(*LOOK))
async def download_table(request: Request, named: str, table: str) -> Response:
    """With what the account takes part in, to be filled in."""
    place, found = await _asked(request, await signed_in(request), named, table)
    content = await found.out(place.service, place.who, named, place.reader.language)
    name = f'attachment; filename="{found.name}-{named}.xlsx"'
    return private(Response(content, media_type=XLSX, headers={"Content-Disposition": name}))


@router.post("/tables/{named}/{table}", openapi_extra=takes(*LOOK))
async def take_table(request: Request, named: str, table: str) -> Response:
    """Checks a file, and writes the one that was checked."""
    visit = await signed_in(request)
    sent = await sent_form(request, visit)
    place, found = await _asked(request, visit, named, table)
    is_sent = sent.fields.get(STEP) == SEND
    content = _sent_again(sent) if is_sent else sent.files[FILE].content if FILE in sent.files else b""
    if not content:
        return _page(place, visit, found, problem=place.reader.say(FORMS["table_missing"]), status=422)
    manner = Manner(
        place.reader.language,
        all_or_none=found.together or sent.fields.get(EACH) != "on",
        dry_run=not is_sent,
        number=sent.fields.get(NUMBER, "").strip()[:200] or None,
    )
    try:
        done = await found.into(place.service, CommandContext(visit.account), named, content, manner)
    except TableRefused as refused:
        # Somebody was faster than who read the check.
        done = TableDone(done=[], errors=[RowError.model_validate(one) for one in refused.errors])
    except Refusal as refusal:
        if refusal.kind in (Kind.UNAVAILABLE, Kind.UNAUTHENTICATED):
            raise
        await note(request, refusal)
        said = sentence(refusal, place.reader.language, await names_for(request, refusal))
        return _page(place, visit, found, problem=said, status=STATUS[refusal.kind])
    grid = await _grid(place, content, done.errors) if done.errors else None
    if done.done:
        return _page(place, visit, found, done=done.done, errors=done.errors, grid=grid, status=201)
    status = 422 if done.errors else 200
    return _page(
        place,
        visit,
        found,
        errors=done.errors,
        grid=grid,
        possible=len(done.possible) if not done.errors or not manner.all_or_none else 0,
        carried=[
            (CONTENT, base64.b64encode(content).decode()),
            *((name, value) for name in (EACH, NUMBER) if (value := sent.fields.get(name))),
        ],
        status=status,
    )


async def _asked(request: Request, visit: Visit, named: str, table: str) -> tuple[Place, Table]:
    """Raises RoleMayNot, and what `place_of` does."""
    place = await place_of(request, visit, Target.PROGRAMME, named)
    if (found := TABLES.get(table)) is None:
        raise HTTPException(404)
    check_role(place.who, found.action)
    return place, found


def _sent_again(sent: Sent) -> bytes:
    """The file that was checked, as the page carried it."""
    try:
        return base64.b64decode(sent.fields.get(CONTENT, ""), validate=True)
    except binascii.Error as error:
        raise HTTPException(400) from error


async def _grid(place: Place, content: bytes, errors: Sequence[RowError]) -> Grid | None:
    try:
        read = await place.service.table_reader.read(content, place.who.id, rows=MOST_ROWS + 1, columns=MOST_COLUMNS)
    except Unreadable:
        return None
    return grid_of(read, errors)


def _page(
    place: Place,
    visit: Visit,
    table: Table,
    *,
    problem: str = "",
    errors: Sequence[RowError] = (),
    grid: Grid | None = None,
    possible: int = 0,
    carried: Sequence[tuple[str, str]] = (),
    done: Sequence[RowDone] = (),
    status: int = 200,
) -> Response:
    reader = place.reader
    at = f"/tables/{place.target_id}/{table.name}"
    title = reader.say(table.title)
    programme = reader.say(place.programme.rules.name) if place.programme and place.has_rules else str(place.target_id)
    shown = {one.number for one in grid.rows} if grid else set()
    if errors and not problem:
        problem = reader.say(WORK["errors_there"], count=len(errors))
    view = TableView(
        heading=reader.say(FORMS["table_by_file"], table=title),
        about=f"{programme} · {reader.say(table.lead)}",
        back=Link(reader.say(FORMS["tables_title"]), reader.link("/tables")),
        action=reader.link(at),
        file=reader.link(f"{at}/file.xlsx"),
        token=visit.token,
        step_name=STEP,
        together=table.together,
        problem=problem,
        lines=[
            ErrorLine(_anchor(one.place) if row_of(one.place) in shown else "", _where(place, grid, one), one.message)
            for one in errors
        ],
        grid=grid,
        possible=reader.say(FORMS["table_possible"], count=possible) if possible else "",
        write=reader.say(FORMS["table_write"], count=possible),
        carried=carried,
        written=reader.say(FORMS["table_written"], count=len(done)) if done else "",
        done=[
            DoneLine(
                reader.say(FORMS["table_row"], number=one.row),
                Link(reader.number(one.receipt.position), reader.link(f"/events/{one.receipt.position}")),
                reader.number(one.receipt.version),
                reader.link(f"/projects/{one.receipt.id}/decide"),
            )
            for one in done
        ],
    )
    around = frame(reader, at, {}, title=view.heading, synthetic=place.is_synthetic)
    return private(render("table.html", reader, around, view, status))


def _anchor(place: str) -> str:
    return f"c-{place}" if not place.startswith("row ") else f"r-{row_of(place)}"


def _where(place: Place, grid: Grid | None, error: RowError) -> str:
    """The sheet and the cell, or its row."""
    reader = place.reader
    is_row = error.place.startswith("row ")
    at = reader.say(FORMS["table_row"], number=row_of(error.place)) if is_row else error.place
    return reader.say(FORMS["table_at"], sheet=grid.sheet, at=at) if grid else at
