"""What a form does while it is filled in, and when it is sent twice."""

import json
import re
from contextlib import suppress

import pytest
from fastapi import Request
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from tests.api import bodies
from tests.api.client import Town
from tests.api.work.clerk import ORIGIN, clerk

from api.app import LARGEST_MEGABYTES
from api.work.describe import described
from api.work.offers import OFFERS, Offer, Target
from api.work.sent import LARGEST_FIELD, MOST_FIELDS, read_form
from api.work.values import Choice, Read, typed_of
from ledger.commands.secretariat import DecisionRecords

# Commands that no form is for, and bodies that no form makes.
WITHOUT_A_FORM: set[str] = set()
RESTATED = {"restate", "award"}


async def test_errors_stand_at_their_fields_and_nothing_typed_is_lost(town: Town) -> None:
    project = (await town.applied()).removeprefix("/v1")
    district = await clerk(town, town.district)
    await district.open(f"{project}/do/screening")
    district.fill({"reason": "  材料齐全 <b>。", "amend_by": "2010-13-45"})
    page = await district.press("check")
    assert district.status == 422
    assert any('href="#f-result"' in line for line in page.errors)
    assert any('href="#f-amend_by"' in line for line in page.errors)
    assert 'id="e-amend_by"' in page.text
    assert "&lt;b&gt;" in page.text
    assert page.fields["reason"].strip() == "材料齐全 <b>。"
    # The decision itself refuses before anything is sent.
    page.fields["amend_by"] = "2010-02-20"
    district.fill({"result": "passed"})
    await district.press("check")
    assert district.status in (409, 422)
    assert "材料齐全" in district.page.text
    size = await town.size()
    page.fields["amend_by"] = ""
    await district.press("check", result="passed", amend_by="")
    assert await town.size() == size


async def test_form_sent_twice_writes_once(town: Town) -> None:
    project = (await town.applied()).removeprefix("/v1")
    district = await clerk(town, town.district)
    await district.open(f"{project}/do/screening")
    district.fill({"result": "passed", "reason": "材料齐全。"})
    checked = await district.press("check")
    before = await town.size()
    first = await district.press("send")
    district.page = checked
    second = await district.press("send")
    figures = re.compile(r'<dd class="figure">(\d+)</dd>')
    assert figures.findall(first.text) == figures.findall(second.text)
    assert await town.size() == before + 1


async def test_form_belongs_to_its_session_and_its_role(town: Town) -> None:
    project = (await town.applied()).removeprefix("/v1")
    district, stranger = await clerk(town, town.district), await clerk(town, town.neighbour)
    page = await district.open(f"{project}/do/screening")
    page.fields["token"] = "0" * 64
    await district.press("check")
    assert district.status == 403
    await stranger.open(f"{project}/do/screening")
    assert stranger.status in (403, 404)
    await stranger.open(f"{project}/decide")
    assert stranger.status == 404
    answer = await town.public.http.get(f"{project}/decide", headers={"Accept": "text/html"})
    assert answer.status_code == 303
    elsewhere = await town.public.http.post(
        f"{project}/do/screening", headers={"Cookie": district.cookie, "Origin": "https://evil.example"}
    )
    assert elsewhere.status_code == 403
    odd = {"Cookie": district.cookie, "Origin": ORIGIN, "Content-Type": "text/plain"}
    assert (await town.public.http.post(f"{project}/do/screening", content=b"a", headers=odd)).status_code == 415


async def test_files_and_rows_come_and_go_without_scripts(town: Town) -> None:
    project = (await town.applied()).removeprefix("/v1")
    organisation = await clerk(town, town.local)
    await organisation.open(f"{project}/do/attachments")
    organisation.fill({"subject": "活动照片"})
    await organisation.upload("files.0")
    await organisation.press("add:files")
    await organisation.press("add:files")
    await organisation.press("drop:files.1")
    page = organisation.page
    assert page.fields["files.rows"] == "2"
    assert page.fields["files.0.name"] == "示例.pdf"
    assert page.fields["subject"] == "活动照片"
    await organisation.sends()
    [file] = (await town.local.read(f"/v1{project}/history"))[-1]["payload"]["files"]
    assert file["name"] == "示例.pdf"
    # Who takes part opens it from the page, published or not.
    district, stranger = await clerk(town, town.district), await clerk(town, town.neighbour)
    path = f"{project}/files/{file['sha256']}"
    assert path in (await district.open(f"{project}/decide")).links
    await district.open(path)
    assert (district.status, district.page.text) == (200, "%PDF-1.7 example")
    await stranger.open(path)
    assert stranger.status == 404


class Offered(dict[str, list[Choice]]):
    """Of each list whatever was typed."""

    def __init__(self, typed: dict[str, str]) -> None:
        super().__init__()
        self._typed = typed

    def get(self, path: str, default: object = None) -> list[Choice]:
        keys = [name.removeprefix(f"{path}.").partition(".")[0] for name in self._typed if name.startswith(f"{path}.")]
        return [Choice(key, key) for key in dict.fromkeys(keys)]


@pytest.mark.parametrize("name", bodies.COMMANDS)
def test_what_was_typed_makes_the_body_again(name: str) -> None:
    """Of every command: a form can say what the API can."""
    _, path, body = bodies.COMMANDS[name]
    offer = next((one for one in OFFERS.values() if _at(one) == path), None)
    if offer is None:
        assert name in WITHOUT_A_FORM
        return
    for way in offer.ways:
        said = body[way.inside] if way.inside else body
        with suppress(ValidationError):
            meant = way.model.model_validate_json(json.dumps(said))
            typed = dict(typed_of(described(way.model), said))
            read = Read(typed, Offered(typed), "CNY").body(described(way.model))
            assert way.model.model_validate_json(json.dumps(read)) == meant
            return
    assert name in RESTATED


def _at(offer: Offer) -> str:
    """As the table of commands writes it."""
    starts = {
        Target.PROJECT: "{project}/",
        Target.ORGANISATION: f"{bodies.REGISTER}/",
        Target.PROGRAMME: f"/v1/programmes/{bodies.PROGRAMME}/",
    }
    founded = {"apply": "/v1/projects", "register-organisation": "/v1/organisations"}
    return founded[offer.name] if offer.target is Target.NOTHING else starts[offer.target] + offer.name


def test_errors_of_nested_rows_find_their_fields() -> None:
    node = described(DecisionRecords)
    typed = {"records.a": "on", "records.b": "on", "records.b.decision.kind": "approval"}
    read = Read(typed, {"records": [Choice(one, one) for one in ("x", "a", "b")]}, "CNY")
    assert [one["project"] for one in read.body(node)["records"]] == ["a", "b"]
    place = ("records", 1, "decision", "approval", "amount", "amount")
    assert read.place_of(node, place) == "records.b.decision.amount"


def sent(body: bytes, media_type: str = 'multipart/form-data; boundary="x"') -> Request:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body}

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", media_type.encode())], "app": None}
    return Request(scope, receive)


def part(name: str, content: str, more: str = "") -> str:
    return f'--x\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{content}\r\n'


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (sent(b"--x\r\nno name\r\n\r\na\r\n--x--"), 400),
        (sent(b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--"), 400),
        (sent(b"junk--x\r\n--x--"), 400),
        (sent(part("a", "1").encode(), "multipart/form-data"), 400),
        (sent(part("a", "1" * (LARGEST_FIELD + 1)).encode() + b"--x--"), 400),
        (sent("".join(part(str(n), "1") for n in range(MOST_FIELDS + 1)).encode() + b"--x--"), 400),
        (sent("".join(part(str(n), "", '; filename=""') for n in range(MOST_FIELDS + 1)).encode() + b"--x--"), 400),
        (sent("&".join(f"{n}=1" for n in range(MOST_FIELDS + 1)).encode(), "application/x-www-form-urlencoded"), 400),
        (sent(b"a=1", "text/plain"), 415),
    ],
)
async def test_malformed_and_too_large_forms_are_refused(request_: Request, status: int) -> None:
    with pytest.raises(HTTPException) as refused:
        await read_form(request_)
    assert refused.value.status_code == status


async def test_parts_keep_bytes_and_names() -> None:
    file = '; filename="甲%22.pdf"\r\nContent-Type: application/pdf'
    body = part("a.b", "一\r\n二") + part("f", "\r\n--y\r\n", file) + part("g", "", '; filename=""') + "--x--\r\n"
    found = await read_form(sent(body.encode()))
    assert found.fields == {"a.b": "一\r\n二"}
    assert list(found.files) == ["f"]
    assert (found.files["f"].name, found.files["f"].media_type) == ('甲".pdf', "application/pdf")
    assert found.files["f"].content == b"\r\n--y\r\n"


async def test_form_larger_than_its_limit_is_refused(town: Town) -> None:
    project = (await town.applied()).removeprefix("/v1")
    organisation = await clerk(town, town.local)
    page = await organisation.open(f"{project}/do/attachments")
    headers = {"Cookie": organisation.cookie, "Origin": ORIGIN, "Accept": "text/html"}
    content = b"%PDF-1.7" + bytes(LARGEST_MEGABYTES * 1_000_000)
    files = {"files.0.file": ("示例.pdf", content, "application/pdf")}
    answer = await town.public.http.post(page.action, data=page.fields, files=files, headers=headers)
    assert answer.status_code == 413


async def test_draft_outlives_the_browser_and_ends_with_the_receipt(town: Town) -> None:
    await town.applied()
    await town.followed()
    organisation = await clerk(town, town.local)
    page = await organisation.open("/do/apply")
    [copied] = [link for link in page.links if "copy=" in link]
    organisation.fill({"form.title": "半份申报表"})
    await organisation.press("save")
    again = await clerk(town, town.local)
    work = await again.open("/work")
    assert "/do/apply" in [link.partition("?")[0] for link in work.links]
    page = await again.open("/do/apply")
    assert page.fields["form.title"] == "半份申报表"
    assert 'role="status"' in page.text
    other = await clerk(town, town.city)
    assert (await other.open("/do/apply")).fields["form.title"] == ""
    await again.press("discard")
    page = await again.open(copied)
    assert page.fields["form.title"] == bodies.form()["title"]
    assert page.fields["form.budget.own.money"] == "20000.00"
    assert page.fields["form.schedule.start"] == ""
    again.fill({"form.schedule.start": "2010-03-15", "form.schedule.end": "2010-11-25"})
    # What has to be there and may be empty.
    again.fill({"form.fit": "符合宗旨。"})
    await again.sends()
    assert (await again.open("/do/apply")).fields["form.title"] == ""
    await other.open(copied)
    assert other.status in (403, 404)


async def test_what_changed_since_it_was_shown_is_looked_at_again(town: Town) -> None:
    project = (await town.published()).removeprefix("/v1")
    district = await clerk(town, town.district)
    await district.open(f"{project}/do/suspension")
    district.fill({"reason": "场地停用。"})
    await district.press("check")
    assert district.status == 200
    await town.local.done(f"/v1{project}/self-checks", {"findings": "按计划进行。"})
    await district.press("send")
    assert district.status == 412
    assert district.page.fields["reason"].strip() == "场地停用。"
    await district.sends()
