"""What all pages share: the frame around the content, rendering, and the headers."""

import re
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from api.pages.answer_texts import ANSWER
from api.pages.audit_texts import AUDIT
from api.pages.data_texts import DATA
from api.pages.draw_texts import DRAW
from api.pages.event_texts import EVENT
from api.pages.form_texts import FORMS
from api.pages.frame_texts import FRAME
from api.pages.hashed_files import address_of
from api.pages.home_texts import HOME
from api.pages.moment import MomentBar, moment_bar
from api.pages.organisation_texts import ORGANISATION
from api.pages.participate_texts import PARTICIPATE
from api.pages.programme_texts import RULES
from api.pages.project_texts import PROJECT
from api.pages.public_texts import PUBLIC
from api.pages.reader import HTML_LANGUAGE, LOCALE, Reader
from api.pages.sign_in_texts import SIGN_IN
from api.pages.texts import PAGE
from api.pages.time_texts import TIME
from api.pages.work_texts import WORK
from ledger.authors import ROLE
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
class Entry:
    """Of the navigation. `current`: the page belongs to it."""

    text: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class FeedLink:
    """For feed readers, which find it in the page's head."""

    title: str
    type: str
    href: str


@dataclass(frozen=True, slots=True)
class VisitorView:
    """Who is signed in, and where they go on: to what waits, to their account, and out."""

    role: str
    label: str
    work: str
    account: str
    sign_out: str
    token: str


@dataclass(frozen=True, slots=True)
class Frame:
    """`path` is the page's own; `other` leads to the same page in the other language, whose tag is `other_language`,
    `other_size` to the same page in large or normal type."""

    language: str
    locale: str
    large: bool
    title: str
    path: str
    home: str
    navigation: tuple[Entry, ...]
    moment: MomentBar
    other_size: str
    other: str
    other_language: str
    stylesheet: str
    icon: str
    sign_in: str
    visitor: VisitorView | None
    interface: str
    synthetic: bool
    machine: tuple[Link, ...]
    feeds: tuple[FeedLink, ...]


# Those whose pages there are, in the order of the navigation, each with the paths that belong to it.
NAVIGATION = (
    ("nav_home", "/", "/"),
    ("nav_projects", "/projects", "/projects(/.*)?"),
    ("nav_organisations", "/organisations", "/organisations(/.*)?"),
    ("nav_figures", "/figures", "/programmes/[^/]*/briefing"),
    ("nav_honours", "/honours", "/programmes/[^/]*/honours|/certificates/.*"),
    ("nav_participate", "/participate", "/participate(/.*)?"),
    ("nav_data", "/data", "/data|/events/.*|/audit(/.*)?"),
)
_ALL = (PAGE | SIGN_IN | FRAME | PUBLIC | HOME | PROJECT | TIME | EVENT | DRAW | AUDIT | DATA) | (
    ORGANISATION | RULES | PARTICIPATE | WORK | FORMS | ANSWER
)
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
    clocks: tuple[str, ...] = (),
) -> Frame:
    """`clocks`: those of the chosen moment that the page follows."""
    site = reader.say(PAGE["site"])
    return Frame(
        language=HTML_LANGUAGE[reader.language],
        locale=LOCALE[reader.language],
        large=reader.large,
        title=f"{title} · {site}",
        path=reader.at(path),
        home=reader.link("/"),
        navigation=tuple(
            Entry(reader.say(FRAME[name]), reader.link(at), re.fullmatch(belongs, path) is not None)
            for name, at, belongs in NAVIGATION
        ),
        moment=moment_bar(reader, path, parameters, clocks),
        other_size=replace(reader, large=not reader.large).link(path, **parameters),
        other=reader.other.link(path, **parameters),
        other_language=HTML_LANGUAGE[reader.other.language],
        stylesheet=reader.at(STYLESHEET),
        icon=reader.at(ICON),
        sign_in=reader.now.link("/sign-in"),
        visitor=_visitor(reader),
        interface=reader.at("/docs"),
        synthetic=synthetic,
        machine=machine,
        feeds=feeds,
    )


def _visitor(reader: Reader) -> VisitorView | None:
    who = reader.visitor
    if who is None:
        return None
    return VisitorView(
        reader.say(ROLE[who.role]),
        who.label,
        reader.now.link("/work"),
        reader.now.link("/account"),
        reader.now.link("/account/sign-out"),
        who.token,
    )


def render(template: str, reader: Reader, around: Frame, view: Any, status: int = 200) -> HTMLResponse:
    text = ENVIRONMENT.get_template(template).render(frame=around, view=view, t=TEXTS[reader.language])
    # Which names who is signed in belongs to nobody else, and not to who comes to the machine after them.
    kept = {"Cache-Control": "no-store"} if reader.visitor else {}
    return HTMLResponse(text, status, HEADERS | {"Content-Language": around.language, "Vary": "Cookie"} | kept)
