"""Workbooks written by hand, in the many ways that XML and the packaging rules allow to write the same."""

from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from posixpath import dirname, join, relpath
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from hypothesis import strategies as st

from api.files.tables.xlsx.sheet import column_name

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT_MAIN = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


@dataclass(frozen=True)
class Cell:
    """`value` is a number where it is no text; `style` indexes FORMATS; `inside` is XML in place of the value."""

    row: int
    column: int
    value: str | float | None = None
    kind: str | None = None
    style: int = 0
    inside: Callable[["Spelling"], str] | None = None


@dataclass(frozen=True)
class Content:
    """What a workbook says, however it is spelled. The other sheets are named, and hold one cell each."""

    cells: tuple[Cell, ...]
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[tuple[int, int], ...] = ()
    merged: str | None = None
    formats: tuple[str, ...] = ("General", "yyyy\\-mm\\-dd", 'yyyy"年"m"月"d"日";@', "h:mm", ";;;")
    since_1904: bool = False
    state: str = "visible"
    others: tuple[tuple[str, str, str | None], ...] = ()


@dataclass(frozen=True)
class Spelling:
    prefix: str = ""
    quote: str = '"'
    space: str = " "
    encoding: str = "utf-8"
    strict: bool = False
    lower_references: bool = False
    without_references: bool = False
    strings: str = "inline"
    text: str = "plain"
    noise: bool = False
    compressed: bool = True
    workbook: str = "xl/workbook.xml"
    sheet: str = "xl/worksheets/sheet1.xml"
    targets: str = "relative"
    upper_names: bool = False
    shared: list[str] = field(default_factory=list, compare=False)

    def element(self, name: str, inside: str | None = None, /, **attributes: object) -> str:
        """Underscores in the names of attributes stand for colons."""
        named = "".join(
            f"{self.space}{key.replace('_', ':')}{self._equals}{self.quote}{escape(str(value), {self.quote: '&#34;'})}"
            f"{self.quote}"
            for key, value in attributes.items()
            if value is not None
        )
        tag = f"{self.prefix}:{name}" if self.prefix else name
        if inside is None:
            return f"<{tag}{named}{self.space if self.noise else ''}/>"
        return f"<{tag}{named}{self.space if self.noise else ''}>{inside}</{tag}>"

    @property
    def _equals(self) -> str:
        return f"{self.space}={self.space}" if self.noise else "="

    def root(self, name: str, inside: str) -> str:
        key = f"xmlns_{self.prefix}" if self.prefix else "xmlns"
        namespaces = {key: STRICT_MAIN if self.strict else MAIN, "xmlns_rel": STRICT_OFFICE if self.strict else OFFICE}
        return self.element(name, inside, **namespaces)

    def written(self, text: str) -> str:
        match self.text:
            case "cdata" if "]]>" not in text:
                return f"<![CDATA[{text}]]>"
            case "references":
                return "".join(f"&#x{ord(sign):x};" for sign in text)
        return escape(text)

    def runs(self, text: str) -> str:
        """The text as `t`, or in two runs with properties and a reading between."""
        keep = {"xml_space": "preserve"}
        if self.strings != "rich":
            return self.element("t", self.written(text), **keep)
        middle = len(text) // 2
        first, second = (self.element("t", self.written(part), **keep) for part in (text[:middle], text[middle:]))
        reading = self.element("rPh", self.element("t", "pinyin"), sb=0, eb=1)
        properties = self.element("rPr", self.element("b") + self.element("sz", val=11))
        return self.element("r", first) + self.element("r", properties + second) + reading

    def document(self, body: str) -> bytes:
        declared = {"utf-8-sig": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}.get(self.encoding, "utf-8")
        mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(self.encoding, b"")
        start = f"<?xml version={self.quote}1.0{self.quote} encoding={self.quote}{declared}{self.quote}?>"
        return mark + f"{start}{'<!-- c r= -->' if self.noise else ''}{body}".encode(self.encoding)


def workbook(content: Content, spelling: Spelling | None = None) -> bytes:
    said = spelling or Spelling()
    said.shared.clear()
    folder = dirname(said.workbook)
    parts = {said.sheet: said.document(_sheet(content, said))}
    relations = [("s1", "worksheet", said.sheet), ("st", "styles", join(folder, "look.xml"))]
    listed = said.element("sheet", None, name="表", sheetId=1, state=content.state, rel_id="s1")
    for number, (name, state, value) in enumerate(content.others, 2):
        inside = "" if value is None else said.element("row", said.element("c", said.element("v", value), r="A1"), r=1)
        path = join(folder, f"other{number}.xml")
        parts[path] = said.document(said.root("worksheet", said.element("sheetData", inside)))
        relations.append((f"s{number}", "worksheet", path))
        listed += said.element("sheet", None, name=name, sheetId=number, state=state, rel_id=f"s{number}")
    parts[join(folder, "look.xml")] = said.document(_styles(content, said))
    if said.shared:
        items = "".join(said.element("si", said.runs(text)) for text in said.shared)
        parts[join(folder, "words.xml")] = said.document(said.root("sst", items))
        relations.append(("w", "sharedStrings", join(folder, "words.xml")))
    dated = said.element("workbookPr", None, date1904="1" if content.since_1904 else None)
    parts[said.workbook] = said.document(said.root("workbook", dated + said.element("sheets", listed)))
    parts[join(folder, "_rels", f"{said.workbook.rpartition('/')[2]}.rels")] = _relations(relations, folder, said)
    parts["_rels/.rels"] = _relations([("w", "officeDocument", said.workbook)], "", said)
    parts["[Content_Types].xml"] = b"<Types/>"
    return zipped(
        {name.upper() if said.upper_names else name: part for name, part in parts.items()}, compressed=said.compressed
    )


def zipped(parts: dict[str, bytes], *, compressed: bool = True) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED if compressed else ZIP_STORED) as book:
        for name, part in parts.items():
            book.writestr(name, part)
    return out.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as book:
        return {name: book.read(name) for name in book.namelist()}


def _sheet(content: Content, said: Spelling) -> str:
    rows = ""
    by_row: dict[int, list[Cell]] = {}
    for cell in sorted(content.cells, key=lambda one: (one.row, one.column)):
        by_row.setdefault(cell.row, []).append(cell)
    last = 0
    for number, cells in by_row.items():
        left_out = said.without_references and number == last + 1
        inside, column = "", 0
        for cell in cells:
            implied = said.without_references and cell.column == column + 1
            inside += _cell(cell, said, implied=implied)
            column = cell.column
        hidden = ("true" if said.noise else "1") if number in content.hidden_rows else None
        row = said.element("row", inside, spans="1:3", hidden=hidden, r=None if left_out else number)
        rows, last = rows + row + ("<!-- - -->\n" if said.noise else ""), number
    columns = "".join(
        said.element("col", None, min=first, max=last, width=10, hidden=1) for first, last in content.hidden_columns
    )
    merged = said.element("mergeCells", said.element("mergeCell", None, ref=content.merged)) if content.merged else ""
    before = said.element("dimension", None, ref="A1:XFD1048576" if said.noise else "A1")
    return said.root(
        "worksheet",
        before + (said.element("cols", columns) if columns else "") + said.element("sheetData", rows) + merged,
    )


def _cell(cell: Cell, said: Spelling, *, implied: bool) -> str:
    name = f"{column_name(cell.column)}{cell.row}"
    reference = None if implied else name.lower() if said.lower_references else name
    kind, inside = cell.kind, ""
    if cell.inside:
        inside = cell.inside(said)
    elif isinstance(cell.value, str) and kind is None:
        kind, inside = _text(cell.value, said)
    elif cell.value is not None:
        inside = said.element("v", said.written(str(cell.value)))
    return said.element("c", inside or None, t=kind, s=cell.style or None, r=reference)


def _text(text: str, said: Spelling) -> tuple[str, str]:
    match said.strings:
        case "shared" | "rich":
            if text not in said.shared:
                said.shared.append(text)
            return "s", said.element("v", str(said.shared.index(text)))
        case "result":
            return "str", said.element("v", said.written(text))
    return "inlineStr", said.element("is", said.runs(text))


def _styles(content: Content, said: Spelling) -> str:
    formats = "".join(
        said.element("numFmt", None, numFmtId=200 + number, formatCode=code)
        for number, code in enumerate(content.formats)
    )
    used = "".join(said.element("xf", None, numFmtId=200 + number) for number in range(len(content.formats)))
    return said.root("styleSheet", said.element("numFmts", formats) + said.element("cellXfs", used))


def _relations(relations: list[tuple[str, str, str]], folder: str, said: Spelling) -> bytes:
    base = STRICT_OFFICE if said.strict else OFFICE
    plain = Spelling(quote=said.quote, space=said.space, noise=said.noise, encoding=said.encoding)
    inside = "".join(
        plain.element("Relationship", None, Id=name, Type=f"{base}/{kind}", Target=_target(path, folder, said))
        for name, kind, path in relations
    )
    return plain.document(plain.element("Relationships", inside, xmlns=PACKAGE))


def _target(path: str, folder: str, said: Spelling) -> str:
    match said.targets:
        case "absolute":
            return f"/{path}"
        case "roundabout":
            return f"./nowhere/../{relpath(path, folder or '.')}"
        case "escaped":
            return relpath(path, folder or ".").replace("e", "%65")
    return relpath(path, folder or ".")


CHOICES: dict[str, list[Any]] = {
    "prefix": ["", "x", "main", "表"],
    "quote": ['"', "'"],
    "space": [" ", "\t", "\n", "\r\n", "  \t\n "],
    "encoding": ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be"],
    "strict": [False, True],
    "lower_references": [False, True],
    "without_references": [False, True],
    "strings": ["inline", "shared", "rich", "result"],
    "text": ["plain", "cdata", "references"],
    "noise": [False, True],
    "compressed": [True, False],
    "workbook": ["xl/workbook.xml", "book.xml", "a/b/c.bin", "xl/main/Workbook.XML"],
    "sheet": ["xl/worksheets/sheet1.xml", "sheet.dat", "data/one.xml", "xl/表一.xml"],
    "targets": ["relative", "absolute", "roundabout", "escaped"],
    "upper_names": [False, True],
}
# Any combination, and each choice by itself.
SPELLINGS = st.builds(Spelling, **{name: st.sampled_from(values) for name, values in CHOICES.items()})
VARIANTS = [Spelling(), *(Spelling(**{name: value}) for name, values in CHOICES.items() for value in values[1:])]
