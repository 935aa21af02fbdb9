"""Somebody who does all of their part on pages: reads a form, fills in what stands on it, and sends it."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx2
from tests.api.client import Caller, Town

from ledger.sign_in.sessions import open_session
from ledger.tokens import find_account

ORIGIN = "http://ledger"


@dataclass
class Page(HTMLParser):
    """The one form that works, and what it says: controls by name, each with the values that it takes, if any."""

    text: str
    action: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)
    files: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    _form: bool = False
    _area: str = ""
    _select: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(said.get("href", ""))
        if tag == "form" and said.get("method") == "post":
            self._form, self.action = True, said["action"]
        if not self._form:
            return
        name = said.get("name", "")
        match tag:
            case "input" if said.get("type") in ("radio", "checkbox"):
                self.options.setdefault(name, []).append(said["value"])
                if "checked" in said:
                    self.fields[name] = said["value"]
            case "input" if said.get("type") == "file":
                self.files.add(name.removesuffix(".file"))
            case "input":
                self.fields[name] = said.get("value", "")
            case "textarea":
                self._area = name
                self.fields[name] = ""
            case "select":
                self._select = name
                self.fields[name] = ""
            case "option" if self._select:
                self.options.setdefault(self._select, []).append(said["value"])
                if "selected" in said:
                    self.fields[self._select] = said["value"]
            case "button":
                self.buttons.append(said.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = False
        if tag == "textarea":
            self._area = ""
        if tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data.removeprefix("\n")

    @property
    def errors(self) -> list[str]:
        found = re.search(r'class="problem".*?<ul>(.*?)</ul>', self.text, re.DOTALL)
        return re.findall(r"<li>(.*?)</li>", found[1], re.DOTALL) if found else []


@dataclass
class Clerk:
    http: httpx2.AsyncClient
    cookie: str
    language: str = ""
    page: Page = field(default_factory=lambda: Page(""))
    status: int = 0

    async def open(self, path: str) -> Page:
        answer = await self.http.get(
            path, headers={"Cookie": self.cookie, "Accept": "text/html"}, follow_redirects=True
        )
        self.page, self.status = Page(answer.text), answer.status_code
        return self.page

    async def press(self, step: str, **more: str) -> Page:
        sent = self.page.fields | {"_step": step} | more
        headers = {"Cookie": self.cookie, "Origin": ORIGIN, "Accept": "text/html"}
        answer = await self.http.post(self.page.action, data=sent, headers=headers)
        self.page, self.status = Page(answer.text), answer.status_code
        return self.page

    def fill(self, values: dict[str, str]) -> None:
        """Only what stands on the page, and only what it offers."""
        for name, value in values.items():
            offered = self.page.options.get(name)
            if offered is not None:
                assert value in offered, (name, value, offered)
            else:
                assert name in self.page.fields, (name, sorted(self.page.fields))
            self.page.fields[name] = value

    def untouched(self, name: str) -> str:
        return self.page.fields[name]

    async def upload(self, path: str, name: str = "示例.pdf", content: bytes = b"%PDF-1.7 example") -> None:
        """A file, in the way in which a browser sends a form with files."""
        assert path in self.page.files, (path, self.page.files)
        headers = {"Cookie": self.cookie, "Origin": ORIGIN, "Accept": "text/html"}
        answer = await self.http.post(
            self.page.action,
            data=self.page.fields | {"_step": "show:"},
            files={f"{path}.file": (name, content, "application/pdf")},
            headers=headers,
        )
        assert answer.status_code == 200, answer.text
        self.page = Page(answer.text)

    async def does(self, path: str, values: dict[str, str] | None = None, *, opened: str = "") -> int:
        """Fills in a form, reads it through and sends it; the position on the receipt."""
        page = await self.open(path)
        assert self.status == 200, page.text
        if opened:
            page.fields["_way"] = opened
            await self.press("open")
        self.fill(values or {})
        return await self.sends()

    async def sends(self) -> int:
        page = await self.press("check")
        assert self.status == 200, (page.errors, page.text if not page.errors else "")
        page = await self.press("send")
        assert self.status == 201, (page.errors, page.text if not page.errors else "")
        found = re.search(r'<dd class="figure">(\d+)</dd>', page.text)
        assert found
        return int(found[1])


async def clerk(town: Town, caller: Caller) -> Clerk:
    """The caller, signed in on pages."""
    assert caller.token
    async with town.service.pool.connection() as connection:
        account = await find_account(connection, caller.token)
        assert account
        secret = await open_session(connection, account.id, account.id, "", town.clock(), awaits=False)
    return Clerk(caller.http, f"minsheng={secret}")
