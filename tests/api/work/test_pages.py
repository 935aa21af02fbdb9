"""The pages of work: valid, in both languages, and saying who one is and what is there."""

import re
from html.parser import HTMLParser

from tests.api.client import Town
from tests.api.work.clerk import ORIGIN, Clerk, Page, clerk

VOID = {"meta", "link", "input", "br", "img", "hr"}


class Checked(HTMLParser):
    """Whether tags are closed in their order, ids stand once, and what labels and errors point to is there."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.pointed: list[str] = []
        self.wrong: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if "id" in said:
            self.ids.append(said["id"])
        self.pointed += [said[name] for name in ("for",) if name in said]
        self.pointed += said.get("aria-describedby", "").split()
        if said.get("href", "").startswith("#f-"):
            self.pointed.append(said["href"][1:])
        if "style" in said or any(name.startswith("on") for name in said):
            self.wrong.append(f"{tag} with {said}")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}>")

    @property
    def problems(self) -> list[str]:
        twice = [one for one in set(self.ids) if self.ids.count(one) > 1]
        return self.wrong + self.open + twice + [one for one in self.pointed if one not in self.ids]


async def test_pages_of_work_are_well_formed_in_both_languages(town: Town) -> None:
    project = (await town.applied()).removeprefix("/v1")
    await town.followed()
    district, organisation = await clerk(town, town.district), await clerk(town, town.local)
    for path, person in (
        ("/work", district),
        (f"{project}/decide", district),
        (f"{project}/do/screening", district),
        ("/work/projects", district),
        ("/work/organisations", district),
        ("/do/apply", organisation),
        (f"{project}/do/amendment", organisation),
    ):
        for language in ("", "?lang=en"):
            await person.open(path + language)
            _check(person, language)
    await organisation.open("/do/apply?lang=en")
    await organisation.press("add:form.support")
    await organisation.press("check")
    assert organisation.status == 422
    _check(organisation, "?lang=en")
    answer = await town.public.http.get("/work", headers={"Cookie": district.cookie})
    assert "no-store" in answer.headers["cache-control"]
    assert "<script" not in answer.text


def _check(person: Clerk, language: str) -> None:
    text = person.page.text
    assert Checked(text).problems == []
    assert ('lang="en"' if language else 'lang="zh-CN"') in text
    main = text.partition("<main")[2].partition("</main>")[0]
    if language:
        said = re.sub(r"<(option|p|dd|small|b|li|h1|a|span|textarea|legend)\b[^>]*>[^<]*", "", main)
        assert not re.search(r"[\u4e00-\u9fff]", re.sub(r'value="[^"]*"', "", said))


async def test_receipt_is_shown_with_its_style(town: Town) -> None:
    project = (await town.applied()).removeprefix("/v1")
    await town.followed()
    district = await clerk(town, town.district)
    page = await district.open(f"{project}/do/screening")
    sent = page.fields | {"result": "passed", "reason": "材料齐全。", "_step": "check"}
    headers = {"Cookie": district.cookie, "Origin": ORIGIN, "Accept": "text/html"}
    checked = await district.http.post(page.action, data=sent, headers=headers)
    sent = Page(checked.text).fields | {"_step": "send"}
    answer = await district.http.post(page.action, data=sent, headers=headers)
    assert answer.status_code == 201, answer.text
    for name in ("content-security-policy", "cache-control", "x-frame-options"):
        assert len(answer.headers.get_list(name)) == 1
    assert "default-src 'self'" in answer.headers["content-security-policy"]


async def test_addresses_of_nothing_are_not_found(town: Town) -> None:
    person = await clerk(town, town.office)
    for path in ("/do/nothing", "/projects/x/do/screening", "/organisations/x/decide", "/programmes/x!/decide"):
        await person.open(path)
        assert person.status == 404, path


async def test_pages_of_work_come_in_large_type(town: Town) -> None:
    person = await clerk(town, town.office)
    for path in ("/work", "/work/projects", "/do/register-organisation", "/tables"):
        await person.open(f"{path}?text=large")
        assert person.status == 200, path
