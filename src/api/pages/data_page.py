"""`/data`: what can be downloaded, followed, embedded, asked by programs and verified (N25)."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.files.exports.writers import has_parquet
from api.pages.asked import catalogue_of, service_of
from api.pages.catalogue import Programmes
from api.pages.data_texts import DATA
from api.pages.frame import Link, frame, render
from api.pages.listing_view import Choice, Select
from api.pages.reader import CARRIED, LOOK, Reader, reader_for
from api.protocol.query import takes
from api.sign_in.visits import SEEN
from projections.registry import TABLES

router = APIRouter(include_in_schema=False, dependencies=SEEN)
EMBED = ("programme", "district", "category")
# Of the list in the frame, which shows the language that was chosen for it.
EMBED_LANGUAGE = "embed_lang"


@dataclass(frozen=True, slots=True)
class TableFiles:
    name: str
    files: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Example:
    title: str
    href: str
    command: str


@dataclass(frozen=True, slots=True)
class DataView:
    """`code` and `preview`: of the list to embed."""

    tables: tuple[TableFiles, ...]
    others: tuple[Link, ...]
    feeds: tuple[Link, ...]
    path: str
    hidden: tuple[tuple[str, str], ...]
    selects: tuple[Select, ...]
    code: str
    preview: str
    preview_title: str
    examples: tuple[Example, ...]
    reference: tuple[Link, ...]
    verify: tuple[Link, ...]
    audit: str


@router.get("/data", openapi_extra=takes(*dict.fromkeys((*LOOK, *CARRIED, *EMBED, EMBED_LANGUAGE))))
async def show_data(request: Request) -> Response:
    reader, service = reader_for(request), service_of(request)
    known = await service.followed("listing")
    programmes = await catalogue_of(request).programmes(known)
    asked = {name: value for name in (*EMBED, EMBED_LANGUAGE) if (value := request.query_params.get(name, "").strip())}
    base = str(request.base_url).rstrip("/")
    view = data_view(reader, programmes, asked, base, known)
    around = frame(reader, "/data", asked, title=reader.say(DATA["data_title"]), clocks=("known_at",))
    return render("data.html", reader, around, view)


def data_view(reader: Reader, programmes: Programmes, asked: dict[str, str], base: str, known: int) -> DataView:
    """`base`: where this service is found from outside."""
    then = {"known_at": reader.known_at}
    chosen = {name: value for name, value in asked.items() if name in EMBED}
    language = "en" if asked.get(EMBED_LANGUAGE) == "en" else None
    # The frame's own address, without what this page carries.
    embedded = reader.now.plain("/embed", **chosen, lang=language)
    source = base + embedded.removeprefix(reader.root)
    title = reader.say(DATA["data_projects"])
    suffixes = (("CSV", "csv"), ("Excel", "xlsx"), *((("Parquet", "parquet"),) if has_parquet() else ()))
    return DataView(
        tables=tuple(
            TableFiles(
                reader.say(DATA[f"data_{table.name}"]),
                tuple(Link(text, reader.plain(f"/exports/{table.name}.{suffix}", **then)) for text, suffix in suffixes),
            )
            for table in TABLES
        ),
        others=tuple(
            Link(reader.say(DATA[key]), reader.plain(path, **then))
            for key, path in (
                ("data_registry", "/exports/registry.zip"),
                ("data_package", "/exports/datapackage.json"),
                ("data_releases", "/ocds/releases.json"),
                ("data_records", "/ocds/records.json"),
                ("data_grants", "/360giving.json"),
                ("data_catalogue", "/catalog.jsonld"),
            )
        ),
        feeds=(
            Link(reader.say(DATA["data_atom"]), reader.now.file("/feed.atom")),
            Link(reader.say(DATA["data_json_feed"]), reader.now.file("/feed.json")),
            Link(reader.say(DATA["data_feed"]), reader.at("/v1/feed")),
            Link(reader.say(DATA["data_stream"]), reader.at("/v1/feed/stream")),
        ),
        path=reader.at("/data"),
        hidden=tuple(reader.carried.items()),
        selects=tuple(_selects(reader, programmes, asked)),
        code=f'<iframe src="{_attribute(source)}" title="{title}" width="100%" height="640" loading="lazy"></iframe>',
        preview=embedded,
        preview_title=title,
        examples=tuple(_examples(reader, programmes, base, known)),
        reference=(
            Link(reader.say(DATA["data_reference"]), reader.at("/docs")),
            Link(reader.say(DATA["data_specification"]), reader.at("/openapi.json")),
        ),
        verify=tuple(
            Link(reader.say(DATA[key]), href)
            for key, href in (
                ("data_newest", reader.link(f"/events/{known}") if known >= 0 else ""),
                ("data_checkpoint", reader.at("/log/checkpoint")),
                ("data_key", reader.at("/log/key")),
            )
            if href
        ),
        audit=reader.link("/audit"),
    )


def _attribute(text: str) -> str:
    """Within quotation marks of HTML: the template escapes the code once more, to show it."""
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def _selects(reader: Reader, programmes: Programmes, asked: dict[str, str]) -> list[Select]:
    programme = asked.get("programme")
    options = {
        "programme": {one.code: reader.say(one.name) for one in programmes.listed},
        "district": {code: reader.say(name) for code, name in programmes.districts(programme).items()},
        "category": {code: reader.say(name) for code, name in programmes.categories(programme).items()},
    }
    found = []
    for name, named in options.items():
        every = {"": reader.say(DATA["data_any"])}
        choices = tuple(Choice(code, text, code == asked.get(name, "")) for code, text in (every | named).items())
        found.append(Select(name, reader.say(DATA[f"data_{name}"]), choices))
    languages = (("", "data_chinese"), ("en", "data_english"))
    spoken = tuple(
        Choice(code, reader.say(DATA[key]), code == asked.get(EMBED_LANGUAGE, "")) for code, key in languages
    )
    return [*found, Select(EMBED_LANGUAGE, reader.say(DATA["data_language"]), spoken)]


def _examples(reader: Reader, programmes: Programmes, base: str, known: int) -> list[Example]:
    code = next((one.code for one in programmes.listed if one.rules), None)
    found = [("data_example_log", "/log/checkpoint")]
    if known >= 0:
        found[:0] = [("data_example_then", f"/v1/organisations?known_at={known}")]
    if code:
        found[:0] = [
            ("data_example_projects", f"/v1/projects?programme={code}"),
            ("data_example_figures", f"/v1/programmes/{code}/statistics?by=category"),
        ]
    return [Example(reader.say(DATA[key]), reader.at(path), f'curl "{base}{path}"') for key, path in found]
