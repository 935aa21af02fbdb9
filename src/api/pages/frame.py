"""What all pages share: the frame around the content, rendering, and the headers."""

from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.pages.answer_texts import ANSWER
from api.pages.hashed_files import address_of
from api.pages.reader import HTML_LANGUAGE, Reader
from api.pages.sign_in_texts import SIGN_IN
from api.pages.texts import PAGE
from ledger.core.words import Language

HERE = Path(__file__).parent
_POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors "
HEADERS = {"Content-Security-Policy": _POLICY + "'none'"}
# For the one page that others may show in a frame.
FRAMEABLE = {"Content-Security-Policy": _POLICY + "*"}


@dataclass(frozen=True, slots=True)
class Link:
    """`href` is empty for what only has a name."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class FeedLink:
    """For feed readers, which find it in the page's head."""

    title: str
    type: str
    href: str


@dataclass(frozen=True, slots=True)
class Frame:
    """`path` is the page's own; `other` leads to the same page in the other language, whose tag is `other_language`."""

    language: str
    title: str
    path: str
    home: str
    other: str
    other_language: str
    stylesheet: str
    icon: str
    sign_in: Link
    interface: str
    synthetic: bool
    machine: tuple[Link, ...]
    feeds: tuple[FeedLink, ...]


_ALL = PAGE | SIGN_IN | ANSWER
# Attributes, because a dictionary's own methods would hide texts of their names.
TEXTS: dict[Language, SimpleNamespace] = {
    "zh": SimpleNamespace(**{key: words.zh for key, words in _ALL.items()}),
    "en": SimpleNamespace(**{key: words.en for key, words in _ALL.items()}),
}


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in environment.list_templates():
        environment.get_template(name)
    return environment


ENVIRONMENT = _environment()
STYLESHEET, ICON = address_of("style.css"), address_of("icon.svg")


def frame(
    reader: Reader,
    path: str,
    parameters: dict[str, Any],
    *,
    title: str,
    synthetic: bool = False,
    machine: tuple[Link, ...] = (),
    feeds: tuple[FeedLink, ...] = (),
) -> Frame:
    site = reader.say(PAGE["site"])
    return Frame(
        language=HTML_LANGUAGE[reader.language],
        title=f"{title} · {site}",
        path=reader.at(path),
        home=reader.link("/"),
        other=reader.other.link(path, **parameters),
        other_language=HTML_LANGUAGE[reader.other.language],
        stylesheet=reader.at(STYLESHEET),
        icon=reader.at(ICON),
        sign_in=Link(reader.say(SIGN_IN["sign_in"]), reader.link("/sign-in")),
        interface=reader.at("/docs"),
        synthetic=synthetic,
        machine=machine,
        feeds=feeds,
    )


def render(template: str, reader: Reader, around: Frame, view: Any, status: int = 200) -> HTMLResponse:
    text = ENVIRONMENT.get_template(template).render(frame=around, view=view, t=TEXTS[reader.language])
    return HTMLResponse(text, status, HEADERS | {"Content-Language": around.language})
