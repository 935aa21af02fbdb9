"""A form becomes a PDF: Typst with the fonts of a package, so that Chinese looks the same on every machine."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import pylopdf_fonts_zh_cn
import segno
import typst

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the grid: pairs of label and value, side by side. `tall`: room for writing by hand."""

    pairs: tuple[tuple[str, str], ...]
    tall: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """`widths` in parts of the page's width; the first column is centred."""

    title: str
    header: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Box:
    """An opinion to be written, signed and sealed. `opinion` is what the ledger has already."""

    title: str
    opinion: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """`code` names the record, `link` leads to it; `synthetic` prints across the page that it is invented."""

    language: str
    title: str
    programme: str
    code: str
    link: str
    lines: tuple[Line, ...]
    tables: tuple[Table, ...]
    boxes: tuple[Box, ...]
    signature: str
    seal: str
    day: str
    note: str
    synthetic: str | None


@dataclass(frozen=True, slots=True)
class Diploma:
    """A certificate as it is printed. `mark` goes across the page; `withdrawn` says why it counts no more."""

    language: str
    title: str
    programme: str
    name: str
    sentence: str
    deed: str
    authority: str
    document: str
    day: str
    seal: str
    check: str
    code: str
    link: str
    mark: str | None
    withdrawn: str | None


@dataclass(frozen=True, slots=True)
class Figures:
    """A table of figures, on paper and on a page, with its chart as SVG, or none; the last `numbers` columns are
    figures, `foot` is the row of the total, or none."""

    heading: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    foot: tuple[str, ...]
    chart: str
    numbers: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A briefing: facts that say what it is of, tables, and the way to the same on a page."""

    language: str
    title: str
    programme: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Figures, ...]
    empty: str
    note: str
    code: str
    link: str
    synthetic: str | None


@dataclass(frozen=True, slots=True)
class Chapter:
    """Facts by name, then tables. `new_page`: one that begins on a page of its own, under a larger heading."""

    heading: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Dossier:
    """A volume of an organisation's archive. `facts` say what it rests on, `note` what it is worth as a proof."""

    language: str
    title: str
    name: str
    facts: tuple[tuple[str, str], ...]
    chapters: tuple[Chapter, ...]
    note: str
    code: str
    link: str
    synthetic: str | None


@dataclass(frozen=True, slots=True)
class Letter:
    """To the person behind a drawn entry; `qr` is the code's picture."""

    entry: str
    code: str
    qr: str


@dataclass(frozen=True, slots=True)
class Letters:
    """One page each. `link` is where a code is typed."""

    language: str
    title: str
    greeting: str
    body: str
    minor: str
    private: str
    until: str
    authority: str
    day: str
    letters: tuple[Letter, ...]
    link: str
    synthetic: str | None


Printed = Form | Diploma | Report | Dossier | Letters


def _template(form: Printed) -> str:
    match form:
        case Form():
            return "form.typ"
        case Diploma():
            return "certificate.typ"
        case Report():
            return "briefing.typ"
        case Dossier():
            return "dossier.typ"
        case Letters():
            return "invitations.typ"


@cache
def _fonts() -> typst.Fonts:
    """Read once: each compiler would keep its own 20 MB of them for a while. System fonts are left out."""
    return typst.Fonts(include_system_fonts=False, font_paths=[str(pylopdf_fonts_zh_cn.serif_path().parent)])


def picture_of(link: str) -> str:
    """A QR code as SVG."""
    return segno.make(link, error="m", micro=False).svg_inline(border=0)


def typeset(form: Printed, at: datetime) -> bytes:
    """The PDF; the same form and instant give the same bytes."""
    data = asdict(form) | {"qr": picture_of(form.link)}
    pdf = typst.compile(
        str(TEMPLATES / _template(form)),
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=int(at.timestamp()),
    )
    assert isinstance(pdf, bytes)
    return pdf
