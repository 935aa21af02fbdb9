"""Invitations of the drawn over HTTP and on their pages: from the codes to a receipt on a phone (N17)."""

import csv
import re
from io import StringIO
from typing import Any

import httpx2
from tests.api.bodies import answer, evaluation
from tests.api.client import Town, check_problem
from tests.api.routes.test_evaluation import drawn
from tests.api.sign_in.browser import opened, with_login

from ledger.invitation_codes import ALPHABET, make_code

EXPIRES = {"expires_on": "2010-12-20"}
ANSWERS = {"satisfaction": 5, "helped": "much", "charged": "no", "comment": "上门送餐很及时。"}
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


def filled(**changed: str) -> dict[str, str]:
    return {"who": "self", "satisfaction": "4", "helped": "some", "charged": "no", "comment": "很好"} | changed


async def invited(town: Town, **body: Any) -> tuple[str, list[dict[str, str]]]:
    project, _ = await drawn(town)
    made = await town.district.done(f"{project}/invitations", EXPIRES | body)
    return project, made["invitations"]


async def sent(town: Town, page: str, fields: dict[str, str], headers: dict[str, str] = SAME_SITE) -> httpx2.Response:
    return await town.public.http.post(page, data=fields, headers=headers)


async def test_an_invited_answer_counts_for_the_sample(town: Town) -> None:
    project, made = await invited(town)
    assert len({one["code"] for one in made}) == len(made) == 10
    for number, one in enumerate(made[:8]):
        said = ANSWERS | {"satisfaction": 2 if number == 0 else 5}
        receipt = await town.public.done("/v1/invited-answers", {"code": one["code"], "answers": said})
        assert "entry" not in receipt
    again = {"code": made[0]["code"], "answers": ANSWERS}
    check_problem(await town.public.post("/v1/invited-answers", again), 404, "code_unusable")
    entered = answer(made[1]["entry"])
    check_problem(await town.district.post(f"{project}/feedback", entered), 409, "already_answered")
    events = await town.office.read(f"{project}/feedback")
    opened = [value for event in events for value in event["opened"].values()]
    assert [one["satisfaction"] for one in opened] == [2, 5, 5, 5, 5, 5, 5, 5]
    await town.office.done(f"{project}/evaluations", evaluation("beneficiaries", no_identifiable=False))
    counted = (await town.office.read(f"{project}/history"))[-1]["payload"]
    assert (counted["sample"]["invited"], counted["sample"]["answered"], counted["sample"]["satisfied"]) == (10, 8, 7)
    late = {"code": made[9]["code"], "answers": ANSWERS}
    check_problem(await town.public.post("/v1/invited-answers", late), 404, "code_unusable")


async def test_another_code_ends_the_lost_one(town: Town) -> None:
    project, made = await invited(town)
    check_problem(await town.office.post(f"{project}/invitations", EXPIRES), 409, "all_invited")
    lost = made[3]
    [fresh] = (await town.office.done(f"{project}/invitations", EXPIRES | {"entries": [lost["entry"]]}))["invitations"]
    with_lost = {"code": lost["code"], "answers": ANSWERS}
    check_problem(await town.public.post("/v1/invited-answers", with_lost), 404, "code_unusable")
    await town.public.done("/v1/invited-answers", {"code": fresh["code"], "answers": ANSWERS})


async def test_codes_are_told_once_to_those_who_may(town: Town) -> None:
    project, _ = await drawn(town)
    address, key = f"{project}/invitations", {"Idempotency-Key": "invite-1"}
    for who in (town.local, town.members[3], town.beneficiary):
        check_problem(await who.post(address, EXPIRES), 403, "role_may_not")
    check_problem(await town.public.post(address, EXPIRES), 401, "sign_in_needed")
    first = await town.office.post(address, EXPIRES, key)
    assert first.headers["cache-control"] == "no-store"
    check_problem(await town.office.post(address, EXPIRES, key), 409, "all_invited")
    shown = (await town.office.get(f"{project}/feedback")).text
    codes = {one["code"].replace("-", "") for one in first.json()["invitations"]}
    assert not any(code in shown or code in shown.replace("-", "") for code in codes)
    expired = town.clock
    expired.to(12, 21)
    with_old = {"code": codes.pop(), "answers": ANSWERS}
    check_problem(await town.public.post("/v1/invited-answers", with_old), 404, "code_unusable")


async def test_guesses_are_refused_alike_and_limited(town: Town) -> None:
    _, made = await invited(town)
    page = made[0]["page"]
    assert (await sent(town, page, filled(to="send"))).status_code == 200
    texts = set()
    for typed in (made[0]["code"], make_code()):
        wrong = await town.public.http.get(f"/f/{typed}")
        assert wrong.status_code == 404
        texts.add(wrong.text)
    assert len(texts) == 1
    slip = made[1]["code"][:-1] + next(one for one in ALPHABET if one != made[1]["code"][-1])
    assert (await town.public.http.get(f"/f/{slip}")).status_code == 422
    statuses = [(await town.public.http.get(f"/f/{make_code()}")).status_code for _ in range(30)]
    assert statuses[0] == 404 and statuses[-1] == 429
    limited = await town.public.http.get(f"/f/{make_code()}")
    assert int(limited.headers["retry-after"]) > 0


async def test_a_phone_reaches_the_receipt_question_by_question(town: Town) -> None:
    _, made = await invited(town)
    page, http = made[0]["page"], town.public.http
    first = await http.get(page)
    assert (first.status_code, first.headers["cache-control"]) == (200, "no-store")
    assert first.headers["referrer-policy"] == "same-origin" and "示例" in first.text
    assert "<script" not in first.text
    fields: dict[str, str] = {"who": "self"}
    for step, chosen in (("satisfaction", "5"), ("helped", "much"), ("charged", "no")):
        shown = await sent(town, page, fields | {"to": step})
        assert shown.status_code == 200 and shown.text.count('type="radio"') >= 3
        skipped = await sent(town, page, fields | {"to": "send"})
        assert skipped.status_code == 422 and "请选一项" in skipped.text
        fields[step] = chosen
    checked = await sent(town, page, fields | {"to": "check", "comment": "谢谢<b>"})
    assert "很满意" in checked.text and "谢谢&lt;b&gt;" in checked.text
    received = await sent(town, page, fields | {"to": "send"})
    assert received.status_code == 200 and re.search(r'class="receipt">[0-9]+<', received.text)
    assert (await sent(town, page, fields | {"to": "send"})).status_code == 404
    english = await http.get(f"{made[1]['page']}?lang=en")
    assert "How was this service?" in english.text


async def test_a_guardian_answers_from_this_site_alone(town: Town) -> None:
    project, made = await invited(town)
    led = await sent(town, "/f", {"code": made[0]["code"].lower().replace("-", " ")})
    assert (led.status_code, led.headers["location"]) == (303, made[0]["page"])
    assert (await sent(town, "/f", {"code": "ABC"})).status_code == 422
    page = made[0]["page"]
    nameless = await sent(town, page, filled(who="another", to="send"))
    assert nameless.status_code == 422 and "代填原因" in nameless.text
    guardian = filled(who="another", name="孙示例", relation="parent", why="minor")
    assert "孙示例" in (await sent(town, page, guardian | {"to": "check"})).text
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert (await sent(town, page, guardian | {"to": "send"}, headers)).status_code == 403
    assert (await sent(town, page, guardian | {"to": "send"})).status_code == 200
    events = await town.office.read(f"{project}/feedback")
    assert {"name": "孙示例", "relation": "parent", "why": "minor"} in events[-1]["opened"].values()


async def test_the_office_prints_letters_and_takes_a_table(town: Town) -> None:
    project, entries = await drawn(town)
    address = f"/projects/{project.rsplit('/', 1)[1]}/invitations"
    async with opened(town) as browser:
        assert (await browser.get(address)).status_code == 303
        await with_login(town, browser)
        assert "抽中 10 人，其中 0 人已发过号码" in (await browser.get(address)).text
        letters = await browser.send(address, EXPIRES | {"as": "letters"})
        assert letters.content.startswith(b"%PDF") and letters.headers["cache-control"] == "no-store"
        assert "10 人已发过号码" in (await browser.get(address)).text
        assert (await browser.send(address, EXPIRES | {"as": "table"})).status_code == 409
        table = await browser.send(address, EXPIRES | {"as": "table", "entries": f"{entries[0]}\n{entries[1]}"})
    rows = list(csv.DictReader(StringIO(table.content.decode("utf-8-sig"))))
    assert [row["entry"] for row in rows] == entries[:2]
    assert all(row["page"].endswith(row["code"]) and row["page"] in row["message"] for row in rows)
    assert (await town.public.http.get(f"/f/{rows[0]['code']}")).status_code == 200
