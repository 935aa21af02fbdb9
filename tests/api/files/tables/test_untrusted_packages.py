"""Files that are no workbook, or one made to exhaust or deceive its reader."""

from typing import Any

import pytest
from tests.api.files.tables.reading import read, refused, sheet_of
from tests.api.files.tables.spellings import MAIN, Cell, Content, Spelling, parts_of, workbook, zipped

from api.files.tables.reasons import refusal_of
from api.files.tables.xlsx.package import MOST_UNPACKED
from api.files.tables.xlsx.sheet import MOST_CELLS
from api.files.tables.xlsx.strings import MOST_STRINGS
from api.files.tables.xlsx.unreadable import Reason, Unreadable
from api.files.tables.xlsx.xml import MOST_DEPTH, MOST_ELEMENTS

NAMESPACE = f'xmlns="{MAIN}"'
ENTITIES = '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (
            f"{ENTITIES}<worksheet {NAMESPACE}><sheetData><row><c><v>&b;</v></c></row></sheetData></worksheet>",
            "foreign_xml",
        ),
        (f'<!DOCTYPE a SYSTEM "file:///etc/passwd"><worksheet {NAMESPACE}/>', "foreign_xml"),
        (f'<?xml version="1.0" encoding="GBK"?><worksheet {NAMESPACE}/>', "foreign_xml"),
        (f'<?xml version="1.0" encoding="utf-7"?><worksheet {NAMESPACE}/>', "foreign_xml"),
        (f'<?xml version="1.0" encoding="UTF-16"?><worksheet {NAMESPACE}/>', "damaged"),
        ("<worksheet><sheetData/></worksheet>", "damaged"),
        ('<worksheet xmlns="urn:other"><sheetData/></worksheet>', "damaged"),
        (f"<worksheet {NAMESPACE}>" + "<a>" * MOST_DEPTH + "</a>" * MOST_DEPTH + "</worksheet>", "damaged"),
        (f"<worksheet {NAMESPACE}><sheetData>" + "<c " * 10_000, "damaged"),
        (f"<worksheet {NAMESPACE}><sheetData>" + "<row><c r='" * 10_000, "damaged"),
        (f"<worksheet {NAMESPACE}" + "".join(f" a{n}='1'" for n in range(200_000)) + "/>", "empty_sheet"),
        (f"<worksheet {NAMESPACE}>" + "<a/>" * MOST_ELEMENTS + "</worksheet>", "too_many_cells"),
        (
            f"<worksheet {NAMESPACE}><sheetData><row>" + "<c/>" * MOST_CELLS + "</row></sheetData></worksheet>",
            "damaged",
        ),
        (
            f"<worksheet {NAMESPACE}><sheetData>" + "<row/>" * MOST_CELLS + "<row/></sheetData></worksheet>",
            "too_many_cells",
        ),
    ],
    ids=lambda value: str(value)[:30],
)
def test_xml_beyond_what_a_table_needs_is_refused(xml: str, reason: str) -> None:
    assert refused(sheet_of(xml))[0] == reason


def test_sheets_are_bounded_together() -> None:
    others = tuple((str(number), "visible", None) for number in range(49))
    parts = parts_of(workbook(Content((Cell(1, 1, "x"),), others=others)))
    row = f'<worksheet xmlns="{MAIN}"><sheetData>{"<row/>" * 24_000}</sheetData></worksheet>'.encode()
    many = {name: row if name.startswith("xl/other") else part for name, part in parts.items()}
    assert refused(zipped(many, compressed=False))[0] is Reason.TOO_MANY_CELLS
    assert refused(workbook(Content((), others=(*others, *others))))[0] is Reason.TOO_MANY_SHEETS


def test_shared_strings_are_bounded() -> None:
    parts = parts_of(workbook(Content((Cell(1, 1, "x"),)), Spelling(strings="shared")))

    def shared(inside: str) -> bytes:
        return zipped(parts | {"xl/words.xml": f"<sst {NAMESPACE}>{inside}</sst>".encode()}, compressed=False)

    assert len(read(shared("<si><t>x</t></si>")).cells) == 1
    assert refused(shared("<si/>" * (MOST_STRINGS + 1)))[0] is Reason.TOO_MUCH_TEXT
    assert refused(shared(f"<si><t>{'x' * 40_000}</t></si>"))[0] is Reason.TOO_MUCH_TEXT
    # One long text that many cells share takes room again when it is read.
    many = tuple(Cell(row, column, "长" * 30_000) for row in range(1, 20) for column in range(1, 5))
    assert refused(workbook(Content(many), Spelling(strings="shared")))[0] is Reason.TOO_MUCH_TEXT


def _bomb(parts: dict[str, bytes]) -> bytes:
    return zipped(parts | {"xl/media/image1.png": bytes(MOST_UNPACKED - 1_000_000)})


def _large(parts: dict[str, bytes]) -> bytes:
    """Within the ratio each, and too much together."""
    return zipped(parts | {f"xl/{number}.xml": bytes(MOST_UNPACKED // 31) for number in range(32)})


def _many(parts: dict[str, bytes]) -> bytes:
    return zipped(parts | {f"xl/{number}.xml": b"" for number in range(1_001)})


def _again(parts: dict[str, bytes]) -> bytes:
    return zipped(parts | {"XL/Worksheets/SHEET1.xml": parts["xl/worksheets/sheet1.xml"]})


def _locked(parts: dict[str, bytes]) -> bytes:
    """With the flag for encryption in the directory, at the first entry."""
    content = bytearray(zipped(parts))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def _lying(parts: dict[str, bytes]) -> bytes:
    """The directory says that the largest entry is small."""
    content = bytearray(zipped(parts | {"xl/worksheets/sheet1.xml": b"<a>" + b" " * 2_000_000}))
    for mark, size in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = content.rindex(b"xl/worksheets/sheet1.xml") if mark == b"PK\x01\x02" else 0
        at = content.rindex(mark, 0, start) if start else content.index(mark)
        content[at + size : at + size + 4] = (1_000).to_bytes(4, "little")
    return bytes(content)


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (_bomb, Reason.TOO_LARGE),
        (_large, Reason.TOO_LARGE),
        (_many, Reason.TOO_LARGE),
        (_again, Reason.ENTRY_TWICE),
        (_locked, Reason.PASSWORD),
        (_lying, Reason.DAMAGED),
        (lambda parts: zipped(parts | {"../evil.xml": b""}), Reason.ENTRY_NAME),
        (lambda parts: zipped(parts | {"xl/../evil.xml": b""}), Reason.ENTRY_NAME),
        (lambda parts: zipped(parts | {"/etc/passwd": b""}), Reason.ENTRY_NAME),
        (lambda parts: zipped(parts | {"xl\\evil.xml": b""}), Reason.ENTRY_NAME),
        (lambda parts: zipped(parts | {"xl/vbaProject.bin": b""}), Reason.MACROS),
        (lambda parts: zipped(parts | {"xl/workbook.bin": b""}), Reason.XLSB),
        (lambda parts: zipped(parts)[:-30], Reason.DAMAGED),
        (lambda parts: zipped({**parts, "xl/worksheets/sheet1.xml": b""}), Reason.DAMAGED),
        (lambda parts: zipped({name: part for name, part in parts.items() if "sheet1" not in name}), Reason.DAMAGED),
        (lambda parts: zipped({"_rels/.rels": b"<a/>"}), Reason.DAMAGED),
    ],
)
def test_an_archive_that_is_no_plain_package_is_refused(made: Any, reason: Reason) -> None:
    parts = parts_of(workbook(Content((Cell(1, 1, "x"),))))
    assert refused(made(parts))[0] is reason


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("content", "reason", "named"),
    [
        (b"", Reason.EMPTY_FILE, ""),
        (OLE + "Workbook".encode("utf-16-le"), Reason.OLD_EXCEL, ".xls"),
        (OLE + "Workbook".encode("utf-16-le"), Reason.OLD_EXCEL, ".et"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), Reason.PASSWORD, ""),
        (b"\x09\x08\x10\x00" + bytes(40), Reason.OLD_EXCEL, ".xls"),
        (
            zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b""}),
            Reason.ODS,
            ".ods",
        ),
        (b"<?xml version='1.0'?><o xmlns:o='urn:oasis:names:tc:opendocument:xmlns:office:1.0'/>", Reason.ODS, ".ods"),
        (zipped({"OFD.xml": b"<ofd/>", "Doc_0/Document.xml": b""}), Reason.OFD, ".ofd"),
        (zipped({"uof.xml": b""}), Reason.UOF, ".uos"),
        (zipped({"_rels/.rels": b"", "word/document.xml": b""}), Reason.WORD, "Word"),
        (zipped({"readme.txt": b""}), Reason.NO_WORKBOOK, ".xlsx"),
        ("项目名称,自有资金\n示例,1234.50\n".encode(), Reason.CSV, ".csv"),
        ("项目名称,自有资金\n示例,1234.50\n".encode("gb18030"), Reason.CSV, ".csv"),
        ("项目名称\t自有资金\n".encode("utf-16"), Reason.CSV, ".csv"),
        (b"<?xml version='1.0'?><w xmlns='urn:schemas-microsoft-com:office:spreadsheet'/>", Reason.XML_SPREADSHEET, ""),
        (b"<html><table><tr><td>1</td></tr></table></html>", Reason.HTML, ".html"),
        (b"%PDF-1.7", Reason.PDF, "PDF"),
        (b"\x00\x01\x02", Reason.NO_WORKBOOK, ".xlsx"),
        (b"PK\x03\x04 no zip", Reason.DAMAGED, ""),
    ],
)
def test_other_kinds_of_file_are_named_with_advice(content: bytes, reason: Reason, named: str) -> None:
    assert refused(content) == (reason, "")
    refusal = refusal_of(Unreadable(reason))
    assert named in refusal.sentence("zh-CN")
    assert named in refusal.sentence("en")
