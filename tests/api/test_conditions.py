"""What a request may demand and what any request can meet: keys, versions, waiting, languages, sign-in, sizes."""

import asyncio
import re
from collections.abc import AsyncIterator

import httpx2
import pytest
from tests.api.bodies import PROGRAMME, application, report, review
from tests.api.client import Caller, Town

from ledger.accounts import open_account
from ledger.core.fact import Role
from ledger.tokens import issue_token, revoke_tokens_of

KEY = {"Idempotency-Key": "a-key-of-mine"}


def code_of(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def said_by(answer: httpx2.Response) -> tuple[int, bytes, str, str]:
    return answer.status_code, answer.content, answer.headers["etag"], answer.headers["location"]


async def test_a_repeated_key_gets_the_first_answer(town: Town) -> None:
    first = await town.local.post("/v1/projects", application(town.local_id), KEY)
    size = await town.size()
    again = await town.local.post("/v1/projects", application(town.local_id), KEY, wait=1)
    assert said_by(again) == said_by(first)
    assert first.status_code == 201
    assert await town.size() == size


async def test_a_key_sent_concurrently_writes_once(town: Town) -> None:
    size = await town.size()
    asked = [town.local.post("/v1/projects", application(town.local_id), KEY) for _ in range(8)]
    answers = await asyncio.gather(*asked)
    assert {said_by(answer)[0] for answer in answers} == {201}
    assert len({said_by(answer) for answer in answers}) == 1
    assert await town.size() == size + 1


async def test_a_key_wins_over_a_later_conflict(town: Town) -> None:
    project = await town.published()
    town.clock.to(3, 15)
    first = await town.local.post(f"{project}/milestones", report("start"), KEY)
    await town.local.done(f"{project}/milestones", report("early"))
    assert said_by(await town.local.post(f"{project}/milestones", report("start"), KEY)) == said_by(first)
    town.clock.to(12, 20)
    assert said_by(await town.local.post(f"{project}/milestones", report("start"), KEY)) == said_by(first)
    assert code_of(await town.local.post(f"{project}/milestones", report("start"))) == (409, "milestone_out_of_order")


async def test_a_key_is_for_one_request_of_one_account(town: Town) -> None:
    project = await town.applied()
    withdrawal = {"reason": "不再需要。"}
    await town.local.done("/v1/projects", application(town.local_id), KEY)
    other_body = await town.local.post("/v1/projects", application(town.local_id, title="另一个"), KEY)
    assert code_of(other_body) == (422, "key_reused")
    assert code_of(await town.local.post(f"{project}/withdrawal", withdrawal, KEY)) == (422, "key_reused")
    assert (await town.city.post("/v1/projects", application(town.city_id), KEY)).status_code == 201


async def test_a_refused_request_does_not_use_its_key_up(town: Town) -> None:
    wrong = await town.local.post("/v1/projects", application(town.local_id, category="sport"), KEY)
    assert code_of(wrong) == (422, "choice_unknown")
    await town.local.done("/v1/projects", application(town.local_id), KEY)


async def test_a_key_of_another_form_is_refused(town: Town, subtests: pytest.Subtests) -> None:
    for key in ("", "two words", "k" * 201, "ключ"):
        with subtests.test(key):
            headers = [(b"Idempotency-Key", key.encode()), (b"Authorization", f"Bearer {town.local.token}".encode())]
            answer = await town.local.http.post("/v1/projects", json=application(town.local_id), headers=headers)
            assert code_of(answer) == (422, "header_invalid")
            assert answer.json()["details"] == {"header": "Idempotency-Key"}


IF_MATCH: list[tuple[str, tuple[int, str | None]]] = [
    ('"1"', (201, None)),
    ('W/"1"', (201, None)),
    ("1", (201, None)),
    ("*", (201, None)),
    ('"2"', (412, "version_stale")),
    ("0", (412, "version_stale")),
    ("", (422, "header_invalid")),
    ("one", (422, "header_invalid")),
    ('"1', (422, "header_invalid")),
    ('"1", "2"', (201, None)),
    ('"2" , W/"1"', (201, None)),
    ('"1-0123456789abcdef"', (201, None)),
    ('"2-0123456789abcdef"', (412, "version_stale")),
    ('"2", "3"', (412, "version_stale")),
    ('"1", one', (422, "header_invalid")),
    ('"1",', (422, "header_invalid")),
    ('"-1"', (422, "header_invalid")),
    ("9" * 40, (422, "header_invalid")),
]


async def test_if_match_names_the_expected_version(town: Town, subtests: pytest.Subtests) -> None:
    for if_match, answered in IF_MATCH:
        with subtests.test(if_match):
            project = await town.applied(town.city)
            answer = await town.members[0].post(f"{project}/reviews", review(), {"If-Match": if_match})
            assert (answer.status_code, answer.json().get("code")) == answered


async def test_if_match_accepts_the_readers_etag(town: Town) -> None:
    project = await town.reviewed(town.city)
    etag = (await town.city.get(project)).headers["etag"]
    assert re.fullmatch(r'"4-[0-9a-f]{16}"', etag)
    withdrawal = {"reason": "不再需要。"}
    receipt = await town.city.done(f"{project}/withdrawal", withdrawal, {"If-Match": etag})
    assert receipt["version"] == 5


async def test_a_key_is_looked_up_before_the_version(town: Town) -> None:
    project = await town.applied(town.city)
    headers = KEY | {"If-Match": '"1"'}
    first = await town.members[0].post(f"{project}/reviews", review(), headers)
    await town.members[1].done(f"{project}/reviews", review())
    assert said_by(await town.members[0].post(f"{project}/reviews", review(), headers)) == said_by(first)
    stale = await town.members[2].post(f"{project}/reviews", review(), headers)
    assert code_of(stale) == (412, "version_stale")
    other = await town.members[0].post(f"{project}/reviews", review(), headers | {"If-Match": '"3"'})
    assert code_of(other) == (422, "key_reused")


async def test_after_waiting_the_listing_shows_what_was_written(town: Town) -> None:
    for number in range(1, 4):
        answer = await town.local.post("/v1/projects", application(town.local_id), wait="true")
        assert answer.status_code == 201
        listed = await town.local.read("/v1/projects")
        assert (listed["total"], listed["known"]) == (number, answer.json()["position"])


async def test_an_extension_is_found_at_its_location(town: Town) -> None:
    extension = {"phase": "application", "last_day": "2010-03-15", "reason": "春节。"}
    answer = await town.office.post(f"/v1/programmes/{PROGRAMME}/phase-extensions", extension)
    assert answer.headers["location"] == f"/v1/programmes/{PROGRAMME}"
    found = await town.public.get(answer.headers["location"])
    assert found.json()["phases"][0] | {"name": None} == {
        "code": "application",
        "name": None,
        "start": "2010-01-01",
        "last_day": "2010-03-15",
        "extended": True,
        "open_today": True,
        "steps": ["apply", "amend"],
    }


LANGUAGES = [
    ("en-GB,en;q=0.9", "en"),
    ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
    ("en,zh;q=0.5", "en"),
    ("", "zh-CN"),
    ("fr", "zh-CN"),
    ("zh;q=0.1, en-GB;q=0.2", "en"),
    ("en;q=0.8, zh-Hans-CN;q=0.9", "zh-CN"),
    ("en;q=0.5, zh;q=0.5", "en"),
    ("EN-us", "en"),
    ("en;q=0", "zh-CN"),
    ("zh;q=0, *", "en"),
    ("en;q=0.5, *;q=0.8", "zh-CN"),
    ("*", "zh-CN"),
    ("fr, *;q=0, en;q=0.001", "en"),
    ("en;q=high, zh;q=0.1", "zh-CN"),
    ("en;q=1.5", "zh-CN"),
    ("then, sienna, zhen", "zh-CN"),
    (";;,,=", "zh-CN"),
]


async def test_the_title_follows_the_requested_language(town: Town, subtests: pytest.Subtests) -> None:
    for asked, language in LANGUAGES:
        with subtests.test(asked):
            titles = {"en": "A valid bearer token is needed.", "zh-CN": "需要有效的访问令牌。"}
            answer = await town.public.post("/v1/projects", {}, {"Accept-Language": asked})
            assert answer.headers["content-language"] == language
            assert answer.json() == {
                "type": "urn:minsheng:problem:sign_in_needed",
                "title": titles[language],
                "status": 401,
                "code": "sign_in_needed",
                "details": {},
            }


async def test_who_cannot_be_known_is_asked_to_sign_in(town: Town, subtests: pytest.Subtests) -> None:
    for authorization in ("Bearer nonsense", "Bearer ", "Basic b2ZmaWNlOg==", "msl_abc", "Bearer msl_\xe9"):
        with subtests.test(authorization):
            headers = [(b"Authorization", authorization.encode("latin-1"))]
            for answer in (
                await town.public.http.post("/v1/projects", json=application(town.local_id), headers=headers),
                await town.public.http.get("/v1/projects", headers=headers),
            ):
                assert code_of(answer) == (401, "sign_in_needed")
                assert answer.headers["www-authenticate"] == "Bearer"
                assert answer.headers["content-type"] == "application/problem+json"


async def test_revoked_and_expired_tokens_no_longer_sign_in(town: Town) -> None:
    async with town.service.pool.connection() as connection:
        account = await open_account(connection, Role.AUDITOR, None, "auditor")
        expired = await issue_token(connection, account.id, days=0)
        revoked = await issue_token(connection, account.id)
        assert await revoke_tokens_of(connection, account.id) == 2
        valid = await issue_token(connection, account.id)
    for token in (expired, revoked):
        assert code_of(await Caller(town.public.http, token).get("/v1/projects")) == (401, "sign_in_needed")
    assert (await Caller(town.public.http, valid).get("/v1/projects")).status_code == 200


async def test_hidden_things_are_missing_and_visible_ones_forbidden(town: Town) -> None:
    project = await town.applied()
    amendment = {"form": application(town.local_id)["form"], "reason": "改。"}
    for caller in (town.city, town.elsewhere, town.association):
        assert code_of(await caller.post(f"{project}/amendment", amendment)) == (404, "project_unknown")
        assert code_of(await caller.get(project)) == (404, "project_unknown")
    assert code_of(await town.members[0].post(f"{project}/amendment", amendment)) == (403, "role_may_not")
    published = await town.published()
    assert code_of(await town.city.post(f"{published}/amendment", amendment)) == (403, "out_of_scope")
    assert code_of(await town.elsewhere.post(f"{published}/amendment", amendment)) == (403, "out_of_scope")


async def test_an_address_takes_its_own_methods_only(town: Town) -> None:
    project = await town.applied()
    for method, path, allowed in [
        ("PUT", "/v1/projects", "GET, HEAD, OPTIONS, POST"),
        ("DELETE", project, "GET, HEAD, OPTIONS"),
        ("GET", f"{project}/milestones", "OPTIONS, POST"),
        ("PATCH", f"/v1/programmes/{PROGRAMME}", "GET, HEAD, OPTIONS"),
    ]:
        answer = await town.office.http.request(method, path)
        assert code_of(answer) == (405, "method_not_allowed")
        assert answer.headers["allow"] == allowed
    for path in ("/v1", "/v1/nothing", f"{project}/nothing", f"{project}/history/1"):
        assert code_of(await town.office.get(path)) == (404, "not_found")


async def test_ten_megabytes_are_too_much_whether_announced_or_not(town: Town) -> None:
    content = b'{"programme":"' + b"a" * 10_000_000 + b'"}'

    async def in_pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(content), 65_536):
            yield content[start : start + 65_536]

    size = await town.size()
    said = {"Authorization": f"Bearer {town.local.token}", "Content-Type": "application/json"}
    for headers in (said, said | KEY):
        for sent in (content, in_pieces()):
            answer = await town.local.http.post("/v1/projects", content=sent, headers=headers)
            assert code_of(answer) == (413, "body_too_large")
            assert answer.headers["content-type"] == "application/problem+json"
    assert await town.size() == size


async def test_only_json_is_taken(town: Town, subtests: pytest.Subtests) -> None:
    for media_type in ("text/plain", "application/x-www-form-urlencoded", "application/xml", ""):
        with subtests.test(media_type):
            headers = {"Authorization": f"Bearer {town.local.token}", "Content-Type": media_type}
            answer = await town.local.http.post("/v1/projects", content=b"{}", headers=headers)
            assert code_of(answer) == (415, "media_type_unsupported")
