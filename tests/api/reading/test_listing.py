"""The listings: what is found, by whom, in which order, and page by page while events arrive (N2, N12, D4)."""

from typing import Any

import pytest
from tests.api.bodies import DISTRICT, PROGRAMME, award, form, publication, report
from tests.api.client import Caller, Town, check_problem

SORTS = ("recent", "amount", "title")
IDENTIFIERS = [{"scheme": "CN-REG", "id": "示例京朝民证字第0002号"}]


def asking_for(amount: str) -> list[dict[str, Any]]:
    return [{"source": "requested", "money": {"amount": amount, "currency": "CNY"}}]


async def titles(caller: Caller, **query: Any) -> list[str]:
    page = await caller.read("/v1/projects", **query)
    found = [project["title"] for project in page["projects"]]
    assert page["next_cursor"] or len(found) == page["total"]
    return found


async def walk(caller: Caller, **query: Any) -> list[str]:
    """All pages; `between` is called after the first."""
    between = query.pop("between", None)
    page = await caller.read("/v1/projects", **query)
    found, known = page["projects"], page["known"]
    if between:
        await between()
    while page["next_cursor"]:
        page = await caller.read("/v1/projects", **query | {"cursor": page["next_cursor"]})
        assert page["known"] == known
        found += page["projects"]
    assert len(found) == page["total"]
    return [project["title"] for project in found]


async def test_each_filter_leaves_what_it_names(town: Town) -> None:
    await town.applied(title="甲", category="health")
    await town.applied(town.city, title="乙")
    await town.reviewed(title="丙", category="schooling")
    await town.followed()
    for query, found in [
        ({}, ["丙", "乙", "甲"]),
        ({"programme": PROGRAMME}, ["丙", "乙", "甲"]),
        ({"category": "health"}, ["甲"]),
        ({"district": DISTRICT}, ["丙", "甲"]),
        ({"district": DISTRICT, "category": "schooling"}, ["丙"]),
        ({"status": "under_review"}, ["丙"]),
        ({"status": "applied"}, ["乙", "甲"]),
        ({"organisation": str(town.city_id)}, ["乙"]),
        ({"q": "甲", "organisation": str(town.city_id)}, []),
    ]:
        assert await titles(town.office, **query) == found, query


SEARCHES: list[tuple[str, set[str]]] = [
    ("老", {"送餐", "读书"}),
    ("老人", {"送餐", "读书"}),
    ("人老", set()),
    ("独居老人", {"送餐"}),
    ("老人独居", set()),
    # Both pairs stand in the text, the three characters do not.
    ("送餐厅", set()),
    ("老人 上门", {"送餐"}),
    ("LUNch", {"送餐"}),
    ("club reading", {"读书"}),
    ("unch", set()),
    ("助老协会", {"读书"}),
    ("社区", {"送餐"}),
    ("%", set()),
    ("'", set()),
    ("老人 & !", {"送餐", "读书"}),
]


async def test_search_finds_chinese_and_english_prefixes(town: Town, subtests: pytest.Subtests) -> None:
    await town.applied(title="送餐", content="为独居老人送餐上门，社区餐厅备餐。Free lunch for everyone.")
    await town.applied(town.city, title="读书", content="老人的读书会。A reading club.")
    await town.followed()
    for asked, found in SEARCHES:
        with subtests.test(asked):
            assert set(await titles(town.office, q=asked)) == found


async def test_orders_are_by_time_amount_and_title(town: Town) -> None:
    for title, amount in (("b", "9.00"), ("a", "100.00"), ("c", "20.50")):
        await town.applied(title=title, budget=asking_for(amount))
    await town.applied(title="A", budget=[], support=[])
    await town.followed()
    assert await titles(town.office) == ["A", "c", "a", "b"]
    assert await titles(town.office, sort="amount", figure="requested") == ["a", "c", "b", "A"]
    assert await titles(town.office, sort="title") == ["A", "a", "b", "c"]


async def test_what_a_status_hides_is_filtered_too(town: Town) -> None:
    late, ended, resumed = [await town.published(title=title) for title in ("迟", "终", "复")]
    town.clock.to(3, 15)
    await town.local.done(f"{resumed}/milestones", report("start"))
    await town.district.done(f"{resumed}/suspension", {"reason": "。"})
    await town.district.done(f"{resumed}/resumption", {"reason": "。"})
    await town.district.done(f"{ended}/termination", {"document_number": "1", "reason": "。", "refund": None})
    town.clock.to(3, 24)
    await town.followed()

    async def marked(mark: str, **query: Any) -> list[str]:
        return await titles(town.public, marked=mark, **query)

    assert (await marked("terminated"), await marked("suspended"), await marked("honoured")) == (["终"], ["复"], [])
    assert await marked("late") == ["迟"]
    assert await marked("late", status="terminated") == []
    await town.local.done(f"{late}/milestones", report("start"))
    await town.followed()
    assert await marked("late") == ["迟"]
    for mark in ("terminated", "late"):
        page = await town.public.get("/projects", "zh", marked=mark, view="cards")
        assert page.text.count('<li class="card">') == 1


async def test_amounts_are_filtered_by_their_own_names(town: Town) -> None:
    await town.approved(title="已批")
    await town.applied(title="申请", budget=asking_for("100.00"))
    await town.followed()
    for query, found in [
        ({"at_least": "0"}, ["已批"]),
        ({"figure": "requested", "at_least": "0"}, ["申请", "已批"]),
        ({"figure": "requested", "at_most": "100.00"}, ["申请"]),
        ({"figure": "requested", "at_least": "100.01", "at_most": "30000"}, ["已批"]),
        ({"figure": "contracted", "at_least": "0"}, []),
    ]:
        assert await titles(town.office, **query) == found, query
    for query in ({"at_least": "-1"}, {"at_most": "NaN"}, {"figure": "amount"}):
        check_problem(await town.office.get("/v1/projects", **query), 422, "invalid_request")


@pytest.mark.parametrize("sort", SORTS)
async def test_a_walk_finds_each_project_once(town: Town, sort: str) -> None:
    paths = [
        await town.applied(title=f"{number % 3}号", budget=asking_for(f"{number % 4}.00"), category="health")
        for number in range(7)
    ]
    known = await town.followed()
    before = sorted(await walk(town.office, sort=sort, limit=7))

    async def between() -> None:
        await town.applied(title="0号", budget=asking_for("2.00"), category="health")
        await town.applied(title="9号", budget=asking_for("9.00"), category="health")
        for path in (paths[0], paths[3], paths[6]):
            amendment = {"form": form(title="改", budget=asking_for("1.00")), "reason": "改。"}
            await town.local.done(f"{path}/amendment", amendment)
        await town.local.done(f"{paths[1]}/withdrawal", {"reason": "不再需要。"})
        await town.followed()

    asked = {"sort": sort, "limit": 2, "category": "health"}
    found = await walk(town.office, **asked, between=between)
    assert sorted(found) == before
    assert await walk(town.office, **asked, known_at=known) == found
    assert len(await walk(town.office, **asked)) == 4 + 2


async def test_a_walk_passes_the_longest_titles(town: Town) -> None:
    for number in range(3):
        await town.applied(title="长" * 199 + str(number))
    await town.applied(title="𠮷" * 200)
    await town.followed()
    for sort in SORTS:
        assert len(set(await walk(town.office, sort=sort, limit=1))) == 4


async def test_unpublished_projects_are_listed_for_participants(town: Town) -> None:
    await town.applied(title="区")
    await town.applied(town.city, title="市")
    await town.followed()
    for caller, found in [
        (town.public, []),
        (town.neighbour, []),
        (town.elsewhere, []),
        (town.association, []),
        (town.local, ["区"]),
        (town.district, ["区"]),
        (town.city, ["市"]),
        (town.office, ["市", "区"]),
        (town.leaders, ["市", "区"]),
        (town.members[0], ["市", "区"]),
        (town.auditor, ["市", "区"]),
    ]:
        assert await titles(caller) == found
        assert await titles(caller, q="独居") == found
        assert (await caller.read("/v1/projects", limit=1))["total"] == len(found)


async def test_the_listing_is_answered_as_it_was_known(town: Town) -> None:
    first = await town.contracted(title="甲")
    second = await town.contracted(title="乙")
    before = await town.size() - 1
    together = f"/v1/programmes/{PROGRAMME}/publications"
    receipt = await town.office.done(together, publication(first, second))
    await town.followed()
    assert receipt["position"] == before + 1
    assert await titles(town.public) == ["乙", "甲"]
    assert await titles(town.public, known_at=before) == []
    assert await titles(town.public, known_at=before + 1) == ["甲"]
    assert await titles(town.office, known_at=before, status="contracted") == ["乙", "甲"]
    shown = (await town.public.read("/v1/projects", q="甲"))["projects"][0]
    assert shown == {
        "id": first.rsplit("/", 1)[1],
        "position": before + 1,
        "programme": PROGRAMME,
        "title": "甲",
        "organisation": str(town.local_id),
        "organisation_name": "示例朝阳助老服务中心",
        "category": "elderly-disabled",
        "district": DISTRICT,
        "place": "朝阳区",
        "districts_served": None,
        "status": "published",
        "requested": {"amount": "30000.00", "currency": "CNY"},
        "approved": {"amount": "30000.00", "currency": "CNY"},
        "contracted": {"amount": "30000.00", "currency": "CNY"},
        "purchased": None,
        "paid": None,
        "spent": None,
        "returned": None,
        "people_planned": 100,
        "people_served": None,
        "milestones": 0,
        "honours": 0,
        "terminated": False,
        "suspended": False,
        "since": "2010-03-15",
        "published": True,
    }


async def test_organisations_are_searched_and_paged(town: Town) -> None:
    head = await town.followed()

    async def names(**query: Any) -> set[str]:
        page = await town.public.read("/v1/organisations", **query)
        return {found["name"] for found in page["organisations"]}

    assert await names(q="助老") == {"示例市助老协会", "示例朝阳助老服务中心"}
    assert await names(q="助老", district=DISTRICT) == {"示例朝阳助老服务中心"}
    assert await names(q="_") == set()
    assert await names(known_at=head - 1) == {"示例市助老协会", "示例朝阳助老服务中心"}
    found: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        page = await town.public.read("/v1/organisations", limit=1, **after)
        found += page["organisations"]
        if page["next_after"] is None:
            break
        after = {"after": page["next_after"]}
    assert [one["id"] for one in found] == sorted({one["id"] for one in found})
    assert len(found) == 3
    shown = await town.public.read(f"/v1/organisations/{town.local_id}")
    [listed] = [one for one in found if one["id"] == shown["id"]]
    own = {"identifiers": IDENTIFIERS, "grade": None, "status": "active"}
    assert {name: shown[name] for name in listed.keys() - own.keys()} | own == listed
    assert [{name: one[name] for name in ("scheme", "id")} for one in shown["identifiers"]] == IDENTIFIERS
    unknown = await town.public.get("/v1/organisations/00000000-0000-4000-8000-000000000000")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "organisation_unknown")


async def test_the_history_of_an_organisation_is_read_in_parts(town: Town) -> None:
    await town.published()
    path = f"/v1/organisations/{town.local_id}/history"
    whole = await town.public.read(path)
    assert whole["next_after"] is None
    parts, after = [], -1
    while after is not None:
        part = await town.public.read(path, limit=2, after=after)
        parts += part["events"]
        after = part["next_after"]
    assert parts == whole["events"]
    assert len(parts) == 7


async def test_a_programme_shows_phases_and_free_places(town: Town) -> None:
    project = await town.evaluated()
    await town.proposed(project, "top-ten", town.association)
    town.clock.to(12, 16)
    before = await town.size() - 1
    await town.association.done(f"/v1/programmes/{PROGRAMME}/awards", award(project, "top-ten"))
    await town.followed()
    (listed,) = await town.public.read("/v1/programmes")
    assert (listed["code"], listed["takes_commands"], listed["synthetic"]) == (PROGRAMME, True, False)
    shown = await town.public.read(f"/v1/programmes/{PROGRAMME}")
    assert listed["name"] == shown["name"]
    assert [phase["code"] for phase in shown["phases"] if phase["open_today"]] == ["honours"]
    # The last day of February 2010 was a Sunday.
    assert shown["phases"][0]["last_day"] == "2010-03-01"

    async def places(**query: Any) -> tuple[int, int, int]:
        quotas = (await town.public.read(f"/v1/programmes/{PROGRAMME}", **query))["quotas"]
        return next((q["places"], q["taken"], q["left"]) for q in quotas if q["code"] == "top-ten")

    assert await places() == (10, 1, 9)
    assert await places(known_at=before) == (10, 0, 10)
    unknown = await town.public.get("/v1/programmes/beijing-2011")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "programme_unknown")
