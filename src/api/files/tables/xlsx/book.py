"""A workbook: its sheets, of which one holds the table. What a person would not see in it is refused, never skipped."""

from dataclasses import dataclass

from api.files.tables.xlsx.package import OFFICE, Package
from api.files.tables.xlsx.sheet import SPACE, TRUE, Limits, Sheet, SheetCell
from api.files.tables.xlsx.strings import SharedStrings
from api.files.tables.xlsx.styles import Styles
from api.files.tables.xlsx.unreadable import Reason, Unreadable
from api.files.tables.xlsx.xml import Handler, in_main

MOST_SHEETS = 50
LONGEST_NAME = 31  # of a sheet, in Excel


@dataclass(frozen=True)
class Table:
    """The sheet that holds the table, and its cells in the order of rows and columns."""

    sheet: str
    cells: list[SheetCell]


@dataclass(frozen=True)
class Listed:
    """A sheet as the workbook lists it."""

    name: str
    relation: str
    hidden: bool


class Book(Handler):
    root = in_main("workbook")

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[Listed] = []
        self.since_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet" and self.path[1:] == ["sheets"]:
            relation = next((found for base in OFFICE if (found := attributes.get(f"{base} id"))), "")
            hidden = attributes.get("state", "visible").strip(SPACE) != "visible"
            self.sheets.append(Listed(_shown(attributes.get("name", "")), relation, hidden))
            if len(self.sheets) > MOST_SHEETS:
                raise Unreadable(Reason.TOO_MANY_SHEETS, value=str(MOST_SHEETS))
        elif name == "workbookPr" and len(self.path) == 1:
            self.since_1904 = attributes.get("date1904", "").strip(SPACE) in TRUE


def read_book(content: bytes, limits: Limits) -> Table:
    """Raises Unreadable."""
    package = Package(content)
    part = package.relations("").one("officeDocument")
    if part is None or part not in package:
        raise Unreadable(Reason.NO_WORKBOOK)
    book, texts, styles = Book(), SharedStrings(), Styles()
    package.parse(part, book)
    relations = package.relations(part)
    for kind, handler in (("sharedStrings", texts), ("styles", styles)):
        # Some programs name a part that they leave out when it would be empty.
        if (part := relations.one(kind)) is not None and part in package:
            package.parse(part, handler)
    by_number = styles.by_number()
    tables: list[Table] = []
    for listed in book.sheets:
        sheet = Sheet(texts.texts, by_number, limits, since_1904=book.since_1904)
        try:
            package.parse(relations.by_id(listed.relation, "worksheet"), sheet)
            if not sheet.cells:
                continue
            if listed.hidden:
                raise Unreadable(Reason.HIDDEN_SHEET)
            if tables:
                raise Unreadable(Reason.SECOND_SHEET, value=tables[0].sheet)
            sheet.check()
        except Unreadable as error:
            error.sheet = listed.name
            raise
        tables.append(Table(listed.name, [sheet.cells[place] for place in sorted(sheet.cells)]))
    if not tables:
        raise Unreadable(Reason.EMPTY_SHEET, "A1", next((one.name for one in book.sheets), None))
    return tables[0]


def _shown(name: str) -> str:
    """As it is told to people: nothing that would turn or hide the text around it."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in name[:LONGEST_NAME])
