"""Wrong questions to the readings: a coded refusal, never an error of the service."""

import base64
import json
from typing import Any

import pytest
from tests.api.bodies import ANY_ID
from tests.api.client import Town, check_problem


def cursor(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


CURSORS = {
    "no cursor": "nonsense",
    "Chinese": "下一页",
    "no JSON": base64.urlsafe_b64encode(b"{").decode(),
    "another form": cursor(1, 2),
    "an endless position": base64.urlsafe_b64encode(f'[1e999, "recent", "1", "{ANY_ID}"]'.encode()).decode(),
    "a huge position": cursor(10**30, "recent", "1", ANY_ID),
    "a place that is no number": cursor(3, "recent", "first", ANY_ID),
    "a huge place": cursor(3, "recent", "9" * 40, ANY_ID),
    "no id": cursor(3, "recent", "1", "1"),
    "another order": cursor(3, "title", "1", ANY_ID),
    "no order": cursor(3, "price", "1", ANY_ID),
    "deep": base64.urlsafe_b64encode(b"[" * 140).decode(),
}
QUERIES: list[tuple[str, dict[str, Any]]] = [
    *(("/v1/projects", {"cursor": one}) for one in CURSORS.values()),
    ("/v1/projects", {"cursor": cursor(3, "amount", "much", ANY_ID), "sort": "amount"}),
    ("/v1/projects", {"cursor": cursor(3, "amount", "1e999999", ANY_ID), "sort": "amount"}),
    ("/v1/projects", {"cursor": cursor(3, "title", "\0", ANY_ID), "sort": "title"}),
    ("/v1/projects", {"cursor": cursor(3, "title", "\ud800", ANY_ID), "sort": "title"}),
    ("/v1/projects", {"q": "a\0b"}),
    ("/v1/projects", {"q": "长" * 201}),
    ("/v1/projects", {"q": ""}),
    ("/v1/projects", {"programme": "Beijing 2010"}),
    ("/v1/projects", {"category": "\0"}),
    ("/v1/projects", {"district": "a" * 81}),
    ("/v1/projects", {"status": "done"}),
    ("/v1/projects", {"organisation": "示例"}),
    ("/v1/projects", {"sort": "price"}),
    ("/v1/projects", {"limit": "0"}),
    ("/v1/projects", {"limit": str(10**30)}),
    ("/v1/projects", {"limit": "ten"}),
    ("/v1/projects", {"surprise": "1"}),
    ("/v1/projects", {"known_at": "yesterday"}),
    ("/v1/organisations", {"q": "a\0b"}),
    ("/v1/organisations", {"q": "长" * 201}),
    ("/v1/organisations", {"after": "1"}),
    ("/v1/organisations", {"limit": "201"}),
    ("/v1/organisations", {"district": "\0"}),
    ("/v1/organisations", {"known_at": "2010-02-30"}),
    ("/v1/organisations/{organisation}/history", {"after": "-2"}),
    ("/v1/organisations/{organisation}/history", {"limit": str(10**30)}),
    ("/v1/organisations/{organisation}/history", {"known_at": "\0"}),
    ("/v1/organisations/1", {}),
    ("/v1/organisations/%00/history", {}),
    ("/v1/projects/1", {}),
    ("/v1/projects/%ED%A0%80/state", {}),
    ("/v1/programmes", {"known_at": "now"}),
    ("/v1/programmes/BEIJING", {}),
    ("/v1/programmes/%00", {}),
]


async def test_a_question_that_is_wrong_is_refused(town: Town, subtests: pytest.Subtests) -> None:
    await town.published()
    for path, query in QUERIES:
        with subtests.test(path=path, query=str(query)[:60]):
            check_problem(await town.public.get(path.format(organisation=town.local_id), **query), 422)
