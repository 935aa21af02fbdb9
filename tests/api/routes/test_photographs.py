"""Photographs of projects (N25): the picture alone is kept, shown while consent lasts, and gone afterwards."""

import asyncio
from datetime import timedelta
from hashlib import sha256
from io import BytesIO

import obstore
import pytest
from PIL import Image
from tests.api.client import Caller, Town, check_problem
from tests.api.pictures import CAMERA, CAPTION, SAID, bomb, exif, photographed, picture, uploaded, with_words

from api.files.photographs import drawing
from ledger.clock import utc_now

# One resource of Photoshop, an IPTC record of four bytes.
IPTC = b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x04\x1c\x02\x00\x00"
REASON = "示例：当事人撤回同意。"


async def kept(town: Town) -> list[str]:
    """What the file store holds of photographs, once those are removed that have to go."""
    await town.service.photographs.remove(utc_now())
    listed = await obstore.list(town.service.attachments.objects, prefix="photographs").collect_async()
    return [one["path"] for one in listed]


async def test_everybody_sees_the_picture(town: Town) -> None:
    project = await town.published()
    address = await photographed(town, project)
    answer = await town.public.get(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/jpeg")
    assert Image.open(BytesIO(answer.content)).size == (80, 60)
    assert answer.headers["Cache-Control"] == "no-store"
    (fact,) = [one["fact"] for one in (await town.public.read(project))["state"]["photographs"]]
    assert fact["caption"] == CAPTION
    check_problem(await town.public.get(f"{project}/photographs/1"), 404, "photograph_unknown")


async def test_the_author_states_that_nobody_is_recognisable(town: Town) -> None:
    project = await town.published()
    photograph = (await uploaded(town.local)).json()["photograph"]
    for stated in ({"nobody_recognisable": False}, {}):
        body = {name: value for name, value in SAID.items() if name != "nobody_recognisable"} | stated
        answer = await town.local.post(f"{project}/photographs", body | {"photograph": photograph})
        check_problem(answer, 422, "photograph_statement_missing")
    await town.local.done(f"{project}/photographs", SAID | {"photograph": photograph})


@pytest.mark.parametrize(
    ("kind", "content", "found"),
    [
        ("jpeg", picture(exif=exif()), "EXIF, GPS"),
        ("png", picture("PNG", exif=exif()), "EXIF, GPS"),
        ("webp", picture("WEBP", exif=exif()), "EXIF, GPS"),
        ("jpeg", picture(xmp=b"<x:xmpmeta/>"), "XMP"),
        ("jpeg", with_words("JPEG"), "comment"),
        ("png", with_words("PNG"), "comment"),
        ("webp", with_words("WEBP"), "XMP"),
        ("jpeg", picture(extra=b"\xff\xed\x00\x20" + IPTC), "IPTC"),
        ("jpeg", picture(extra=b"\xff\xe9\x00\x0eSampleCam 20"), "other"),
    ],
)
async def test_what_cameras_write_is_refused_or_stripped(town: Town, kind: str, content: bytes, found: str) -> None:
    answer = await uploaded(town.local, content, kind)
    check_problem(answer, 422, "photograph_metadata")
    assert answer.json()["details"] == {"found": found}
    project = await town.published()
    photograph = (await uploaded(town.local, content, kind, strip=True)).json()["photograph"]
    receipt = await town.local.done(f"{project}/photographs", SAID | {"photograph": photograph})
    stripped = (await town.public.get(f"{project}/photographs/{receipt['version']}")).content
    assert b"SampleCam" not in stripped
    with Image.open(BytesIO(stripped)) as opened:
        assert not opened.getexif()
        assert opened.size == (64, 48)


async def test_a_turned_picture_stays_upright(town: Town) -> None:
    project = await town.published()
    photograph = (await uploaded(town.local, picture(exif=exif(orientation=6)), strip=True)).json()["photograph"]
    receipt = await town.local.done(f"{project}/photographs", SAID | {"photograph": photograph})
    stripped = (await town.public.get(f"{project}/photographs/{receipt['version']}")).content
    assert Image.open(BytesIO(stripped)).size == (48, 64)


async def test_what_hides_behind_the_picture_is_not_kept(town: Town) -> None:
    project = await town.published()
    photograph = (await uploaded(town.local, picture() + CAMERA.encode())).json()["photograph"]
    receipt = await town.local.done(f"{project}/photographs", SAID | {"photograph": photograph})
    assert CAMERA.encode() not in (await town.public.get(f"{project}/photographs/{receipt['version']}")).content


async def test_bombs_and_broken_pictures_are_refused(town: Town) -> None:
    check_problem(await uploaded(town.local, bomb(), "png"), 422, "photograph_too_large")
    for content in (picture()[:200], b"\xff\xd8\xff", picture("PNG")):
        check_problem(await uploaded(town.local, content), 422, "photograph_unreadable")
    check_problem(await uploaded(town.local, picture("GIF"), "gif"), 415, "attachment_type_forbidden")
    check_problem(await uploaded(town.auditor), 403, "role_may_not")
    assert await kept(town) == []


async def test_a_process_that_dies_costs_a_refusal(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "CODE", "import os; os.abort()")
    check_problem(await uploaded(town.local), 422, "photograph_unreadable")


async def test_drawers_that_are_busy_say_when_to_retry(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "TURN_SECONDS", 0.05)
    async with town.service.drawer._turn:
        answer = await uploaded(town.local)
    check_problem(answer, 503, "photographs_busy")
    assert answer.headers["Retry-After"] == "5"


async def test_the_event_loop_goes_on_meanwhile(town: Town) -> None:
    drawing_now = asyncio.create_task(uploaded(town.local, picture(size=(4000, 3000))))
    for _ in range(5):
        assert (await town.public.get("/healthz")).status_code == 200
    assert (await drawing_now).status_code == 201


async def test_each_shows_what_it_uploaded_once(town: Town) -> None:
    project = await town.published()
    photograph = (await uploaded(town.local)).json()["photograph"]
    body = SAID | {"photograph": photograph}
    check_problem(await town.district.post(f"{project}/photographs", body), 422, "photograph_not_uploaded")
    await town.local.done(f"{project}/photographs", body)
    check_problem(await town.local.post(f"{project}/photographs", body), 422, "photograph_not_uploaded")
    check_problem(await town.local.post(f"{project}/photographs", body | {"photograph": "0" * 64}), 422, None)


async def test_only_who_takes_part_shows_and_removes(town: Town) -> None:
    project = await town.published()
    address = await photographed(town, project)
    withdrawal = {"target": int(address.rsplit("/", 1)[1]), "reason": REASON}
    for caller, code in ((town.neighbour, "out_of_scope"), (town.elsewhere, "out_of_scope"), (town.leaders, None)):
        check_problem(await caller.post(f"{project}/photograph-withdrawals", withdrawal), 403, code)
    applied = await town.applied()
    photograph = (await uploaded(town.local)).json()["photograph"]
    answer = await town.local.post(f"{applied}/photographs", SAID | {"photograph": photograph})
    check_problem(answer, 409, "step_out_of_order")


@pytest.mark.parametrize("who", ["local", "district", "office"])
async def test_withdrawn_consent_removes_the_picture(town: Town, who: str) -> None:
    project = await town.published()
    address, other = await photographed(town, project), await photographed(town, project)
    assert len(await kept(town)) == 2
    version = int(address.rsplit("/", 1)[1])
    caller: Caller = getattr(town, who)
    await caller.done(f"{project}/photograph-withdrawals", {"target": version, "reason": REASON})
    for reader in (town.public, town.local, town.auditor):
        answer = await reader.get(address)
        check_problem(answer, 410, "photograph_removed")
        assert REASON in answer.json()["title"]
    again = await town.local.post(f"{project}/photograph-withdrawals", {"target": version, "reason": REASON})
    check_problem(again, 410, "photograph_removed")
    state = (await town.public.read(project))["state"]
    assert [one["fact"]["photograph"] for one in state["removed_photographs"]] == [version]
    assert len(state["photographs"]) == 1
    assert len(await kept(town)) == 1
    assert (await town.public.get(other)).status_code == 200
    async with town.service.pool.connection() as connection:
        rows = await (await connection.execute("SELECT wrapped_key IS NULL FROM ledger.photographs")).fetchall()
    assert rows == [(False,)]


async def test_without_its_key_the_stored_picture_says_nothing(town: Town) -> None:
    """Also in a copy of the file store that was made before."""
    project = await town.published()
    address = await photographed(town, project)
    content = (await town.public.get(address)).content
    (path,) = await kept(town)
    stored = bytes(await (await obstore.get_async(town.service.attachments.objects, path)).bytes_async())
    assert content[20:60] not in stored
    body = {"target": int(address.rsplit("/", 1)[1]), "reason": REASON}
    await town.local.done(f"{project}/photograph-withdrawals", body)
    check_problem(await town.public.get(address), 410, "photograph_removed")


async def test_no_answer_or_payload_tells_the_digest(town: Town) -> None:
    """Nobody who has the picture can tell from the log, the feed or an answer that it is this one."""
    project = await town.published()
    address = await photographed(town, project)
    content = (await town.public.get(address)).content
    digest = sha256(content)
    await town.followed()
    answers = [
        (await town.auditor.get(path)).text
        for path in (project, f"{project}/history", f"{project}/state", "/v1/feed", "/feed.json", "/feed.atom")
    ]
    async with town.service.pool.connection() as connection:
        rows = await (await connection.execute("SELECT convert_from(payload, 'utf8') FROM ledger.payloads")).fetchall()
        columns = await (await connection.execute("SELECT * FROM ledger.photographs")).fetchall()
    assert CAPTION in answers[3]
    everything = "\n".join([*answers, *(row[0] for row in rows), repr(columns)])
    assert digest.hexdigest() not in everything
    assert repr(digest.digest())[2:-1] not in everything
    assert "base64" not in answers[3]


async def test_same_picture_has_another_commitment_each_time(town: Town) -> None:
    commitments = {(await uploaded(town.local)).json()["photograph"] for _ in range(2)}
    assert len(commitments) == 2


async def test_photographs_nobody_shows_go_after_a_day(town: Town) -> None:
    project = await town.published()
    address = await photographed(town, project)
    assert (await uploaded(town.local)).status_code == 201
    assert len(await kept(town)) == 2
    assert await town.service.photographs.remove(utc_now() + timedelta(days=1, minutes=1)) == 1
    assert len(await kept(town)) == 1
    assert (await town.public.get(address)).status_code == 200


async def test_it_cannot_be_voided_or_restated(town: Town) -> None:
    project = await town.published()
    version = int((await photographed(town, project)).rsplit("/", 1)[1])
    void = {"kind": "void", "target": version, "reason": "示例。"}
    check_problem(await town.local.post(f"{project}/corrections", void), 409, "correction_not_possible")


async def test_the_page_shows_it_and_says_when_it_is_gone(town: Town) -> None:
    project = await town.published()
    address = await photographed(town, project, description='示例："长桌"<br>')
    page = project.removeprefix("/v1")
    before = await town.size() - 1
    html = (await town.public.get(page)).text
    assert f'<img src="{address}" alt="示例：&#34;长桌&#34;&lt;br&gt;" loading="lazy">' in html
    assert f"<figcaption>{CAPTION} · " in html
    body = {"target": int(address.rsplit("/", 1)[1]), "reason": REASON}
    await town.local.done(f"{project}/photograph-withdrawals", body)
    for address in (page, f"{page}?known_at={before}"):
        html = (await town.public.get(address)).text
        assert "<img" not in html
        assert f"照片已于2010年2月1日撤下并删除：{REASON}" in html
