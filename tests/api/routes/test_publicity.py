"""Stories of a project and what media reported (N25): who tells them, where they are read."""

from typing import Any

import pytest
from tests.api.bodies import MEDIA_REPORT, PROGRAMME, STORY
from tests.api.client import Town, check_problem


async def test_stories_and_media_are_in_the_feed(town: Town) -> None:
    project = await town.published()
    for path, body, caller in (("stories", STORY, town.local), ("media-reports", MEDIA_REPORT, town.district)):
        await caller.done(f"{project}/{path}", body)
    history = await town.public.read(f"{project}/history")
    assert [event["type"] for event in history][-2:] == ["StoryTold", "MediaReported"]
    await town.followed()
    feed = (await town.public.get("/v1/feed", programme=PROGRAMME)).text
    assert STORY["title"] in feed
    assert MEDIA_REPORT["title"] in feed


async def test_only_published_projects_are_publicised(town: Town) -> None:
    applied = await town.applied()
    check_problem(await town.local.post(f"{applied}/stories", STORY), 409, "step_out_of_order")
    project = await town.published()
    for caller in (town.neighbour, town.elsewhere):
        check_problem(await caller.post(f"{project}/stories", STORY), 403, "out_of_scope")
    for caller in (town.members[0], town.leaders):
        check_problem(await caller.post(f"{project}/media-reports", MEDIA_REPORT), 403, "role_may_not")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"published_on": "2010-02-02"}, "dated_in_future"),
        ({"link": "javascript:alert(1)"}, "invalid_request"),
        ({"link": "https://"}, "invalid_request"),
    ],
)
async def test_a_report_has_appeared_and_can_be_followed(town: Town, changes: dict[str, Any], code: str) -> None:
    project = await town.published()
    check_problem(await town.local.post(f"{project}/media-reports", MEDIA_REPORT | changes), 422, code)


async def test_its_author_takes_a_story_back(town: Town) -> None:
    project = await town.published()
    receipt = await town.local.done(f"{project}/stories", STORY)
    void = {"kind": "void", "target": receipt["version"], "reason": "示例：当事人撤回同意。"}
    check_problem(await town.office.post(f"{project}/corrections", void), 403, "not_the_author")
    await town.local.done(f"{project}/corrections", void)
    assert (await town.public.read(project))["state"]["stories"] == []
