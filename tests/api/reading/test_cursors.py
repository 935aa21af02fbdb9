"""No cursor, forged, edited, or carried over from another reader or question, changes what a reader sees."""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from tests.api.bodies import PROGRAMME, application
from tests.api.client import Caller, Town, check_problem
from tests.support import CURSORS

from ledger.refusals.general import CursorInvalid, CursorLost
from ledger.transparency.origins import Origins, Restart


@dataclass(frozen=True)
class List:
    """A list that is read in pages, and how."""

    path: str
    items: str
    query: tuple[tuple[str, str], ...] = ()
    cursor: str = "cursor"
    following: str = "next_cursor"

    async def page(self, caller: Caller, cursor: str | None = None, limit: int = 1) -> dict[str, Any]:
        place = {} if cursor is None else {self.cursor: cursor}
        page: dict[str, Any] = await caller.read(self.path, limit=limit, **dict(self.query), **place)
        return page

    async def walk(self, caller: Caller) -> tuple[list[Any], list[str]]:
        """All items in pages of one, and the cursors on the way."""
        items: list[Any] = []
        cursors: list[str] = []
        while True:
            page = await self.page(caller, cursors[-1] if cursors else None)
            items += page[self.items]
            following = page[self.following]
            if following is None or following in cursors:
                return items, cursors
            cursors.append(following)

    async def refused(self, caller: Caller, cursor: str) -> None:
        answer = await caller.get(self.path, limit=1, **dict(self.query), **{self.cursor: cursor})
        check_problem(answer, 422, "cursor_invalid")
        assert not cursor or cursor not in answer.text


SORTS = [List("/v1/projects", "projects", (("sort", sort),)) for sort in ("recent", "amount", "title")]
DUE = List(f"/v1/programmes/{PROGRAMME}/due", "items", (("on", "2010-12-31"),))
FEED = List("/v1/feed", "entries", (), "after", "next")
MONEY = List("/v1/audit/money", "groups", (("group_by", "project"),), "after", "next_after")
ORGANISATIONS = List("/v1/organisations", "organisations", (), "after", "next_after")
SEALED = [*SORTS, DUE, FEED]


def edited(cursor: str) -> Iterator[str]:
    """One character changed, at each place in turn; too short; too long; in another spelling of base64."""
    for place in range(0, len(cursor), 7):
        yield cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
    # The last character has bits that no byte takes.
    yield from (cursor[:-1] + last for last in "ABCDabcd" if last != cursor[-1])
    yield from (cursor[:-1], cursor + "A", f"{cursor}=", f" {cursor}", cursor + "\n")


async def test_an_unpublished_neighbour_changes_no_public_list(town: Town, subtests: pytest.Subtests) -> None:
    first = await town.published(title="甲一")
    await town.published(title="甲三")
    reports = List(f"{first}/public-reports", "reports", (), "after", "next_after")
    await town.public.done(f"{first}/public-reports", {"text": "进度与公示不符。"})
    lists = [*SEALED, MONEY, ORGANISATIONS, reports]
    await town.followed()
    without = [await one.walk(town.public) for one in lists]
    assert all(len(items) > 1 for items, _ in without[: len(SEALED)])
    hidden = await town.contracted(title="甲二")
    await town.public.done(f"{first}/public-reports", {"text": "另有意见。"})
    await town.followed()
    id_of = hidden.rsplit("/", 1)[1]
    for one, (items, _) in zip(lists, without, strict=True):
        with subtests.test(path=one.path, query=one.query):
            found, cursors = await one.walk(town.public)
            assert found == items
            assert id_of not in str(found)
            assert not any(id_of[:13] in cursor for cursor in cursors)


async def test_cursors_of_others_are_refused(town: Town, subtests: pytest.Subtests) -> None:
    for title in ("甲一", "甲三"):
        await town.published(title=title)
    await town.contracted(title="甲二")
    await town.followed()
    for number, one in enumerate([*SORTS, DUE]):
        _, own = await one.walk(town.public)
        for caller in (town.office, town.district, town.local):
            with subtests.test(path=one.path, query=one.query, caller=caller.token):
                _, theirs = await one.walk(caller)
                assert len(theirs) > len(own) > 0
                for cursor in theirs:
                    await one.refused(town.public, cursor)
                await one.refused(caller, own[0])
                await one.refused(town.neighbour, theirs[0])
        other = [*SORTS, DUE][number - 1]
        await other.refused(town.public, own[0])
        narrowed = List(one.path, one.items, (*one.query, ("district", "110105")), one.cursor, one.following)
        await narrowed.refused(town.public, own[0])


async def test_cursors_that_are_no_cursors_are_refused(town: Town) -> None:
    for title in ("甲一", "甲三"):
        await town.published(title=title)
    hidden = (await town.contracted(title="甲二")).rsplit("/", 1)[1]
    known = await town.followed()
    for one in SEALED:
        _, [cursor, *_] = await one.walk(town.public)
        for wrong in edited(cursor):
            await one.refused(town.public, wrong)
        sort = dict(one.query).get("sort", "recent")
        for place in ([known, sort, "", hidden], [known, "2010-12-31", "2010-01-01", hidden], [known, known]):
            plain = json.dumps(place).encode()
            for forged in (plain.decode(), base64.urlsafe_b64encode(plain).decode(), plain.hex()):
                await one.refused(town.public, forged)
    check_problem(await town.public.get("/v1/projects", cursor="a" * 1001), 422, "invalid_request")


async def test_empty_cursors_do_not_restart_a_list(town: Town, subtests: pytest.Subtests) -> None:
    project = await town.published()
    await town.followed()
    lists = [(one, town.public) for one in (*SEALED, List(f"{project}/public-reports", "reports", (), "after"))]
    lists += [(List(f"/v1/audit/{name}", name), town.auditor) for name in ("late-entries", "exceptions", "pairs")]
    lists += [
        (List("/v1/worklist", "items"), town.district),
        (List("/v1/credit/changes", "changes", (), "after"), town.office),
    ]
    for one, caller in lists:
        with subtests.test(path=one.path):
            await one.refused(caller, "")
    page = await town.public.http.get("/projects?cursor=", headers={"Accept": "text/html"})
    assert page.status_code == 422


async def test_reports_are_no_places_in_a_list(town: Town) -> None:
    """The day and the id of a report that nobody has answered yet are not for everybody."""
    project = await town.published()
    report = (await town.public.done(f"{project}/public-reports", {"text": "进度与公示不符。"}))["id"]
    reports = List(f"{project}/public-reports", "reports", (), "after", "next_after")
    await reports.refused(town.public, report)


async def test_cursors_survive_a_restart_and_serve_two_services() -> None:
    for what in ("feed", "credit"):
        first, second = CURSORS.of(what), type(CURSORS)(CURSORS.key).of(what)
        assert second.read(first.sealed(1, "x"), int, str) == [1, "x"]
        assert first.sealed(1, "x") == second.sealed(1, "x")


async def test_cursors_of_another_log_are_refused() -> None:
    other = type(CURSORS)(CURSORS.key, Origins(base="other.example/log")).of("feed")
    with pytest.raises(CursorInvalid):
        CURSORS.of("feed").read(other.sealed(1, 1), int, int)


async def test_a_cursor_survives_a_loss_as_far_as_kept() -> None:
    def resumed(last: int) -> str:
        return f"behind {last}"

    before = type(CURSORS)(CURSORS.key, Origins(base="log.example")).of("feed")
    restart = Restart(2, 20, 17, 17, "")
    after = type(CURSORS)(CURSORS.key, Origins((restart,), "log.example")).of("feed")
    assert after.read(before.sealed(16, "x"), int, str, at=0) == [16, "x"]
    with pytest.raises(CursorLost) as lost:
        after.read(before.sealed(17, "x"), int, str, at=0, resume=resumed)
    details = {"field": "cursor", "fork": 17, "origin": "log.example/restart-2", "resume": "behind 16"}
    assert lost.value.details == details
    # A page of a listing, which names no position that it has seen.
    with pytest.raises(CursorLost):
        after.read(before.sealed(3), int)
    assert after.read(after.sealed(30, "x"), int, str, at=0) == [30, "x"]


async def test_work_lists_and_audits_refuse_cursors_of_others(town: Town) -> None:
    late = {"late_entry": {"effective_on": "2010-02-01", "reason": "示例：补录纸质材料。"}}
    for number in range(3):
        await town.office.done("/v1/projects", application(town.city_id, title=f"甲{number}") | late)
        await town.applied(title=f"乙{number}")
    await town.followed()
    entries = List("/v1/audit/late-entries", "entries")
    waiting = List("/v1/worklist", "items")
    for one, owner, other in ((entries, town.auditor, town.office), (waiting, town.district, town.elsewhere)):
        following = (await one.page(owner))["next_cursor"]
        assert following
        await one.refused(other, following)
        for wrong in edited(following):
            await one.refused(owner, wrong)
        assert (await one.page(owner, following))[one.items] is not None
