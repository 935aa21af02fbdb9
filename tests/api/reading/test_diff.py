"""What changed between two bases: field by field, by corrections alone, and as one reader may see it."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.api.bodies import form, report
from tests.api.client import Town, check_problem
from tests.ledger.test_history import DAYS, histories, is_correction

from api.reading.changes import changes
from api.reading.diff import Bases, DiffAnswer, project_diff
from api.reading.visible import VisibleHistory
from ledger.accounts import OPERATOR
from ledger.core.envelope import Recorded, Restated, Voided
from ledger.core.history import FOLD_VERSION, with_corrections
from ledger.transparency.origins import FIRST

days = st.sampled_from([None, *DAYS])


def compared(events: list[Recorded], *bases: Any, corrections_only: bool = False) -> DiffAnswer:
    return project_diff(
        VisibleHistory(OPERATOR, events, events, FIRST), Bases(*bases), corrections_only=corrections_only
    )


def cuts(data: st.DataObject, events: list[Recorded]) -> tuple[int, int]:
    positions = st.sampled_from([event.position for event in events])
    first, last = sorted((data.draw(positions), data.draw(positions)))
    return first, last


@given(histories(), st.data(), days)
def test_equal_bases_have_no_changes_and_nothing_between(events: list[Recorded], data: st.DataObject, day: Any) -> None:
    known = cuts(data, events)[0]
    for corrections_only in (False, True):
        answer = compared(events, known, known, day, day, corrections_only=corrections_only)
        assert (answer.changes, answer.events) == ([], [])


@given(histories(), st.data(), days)
def test_corrections_alone_are_the_whole_difference(events: list[Recorded], data: st.DataObject, day: Any) -> None:
    first, last = cuts(data, events)
    only = with_corrections(events, first, last)
    assert all(event.position <= first or is_correction(event) for event in only)
    corrected = compared(events, first, last, day, day, corrections_only=True)
    assert corrected == compared(only, first, last, day, day, corrections_only=True)
    assert corrected.changes == compared(only, first, last, day, day).changes


@given(histories(), st.data())
def test_corrections_are_those_of_what_was_known(events: list[Recorded], data: st.DataObject) -> None:
    first, last = cuts(data, events)

    def subject(event: Recorded) -> Recorded:
        fact = event.fact
        return subject(events[fact.target - 1]) if isinstance(fact, Voided | Restated) else event

    wanted = [
        event
        for event in events
        if event.position <= first
        or (event.position <= last and is_correction(event) and subject(event).position <= first)
    ]
    assert with_corrections(events, first, last) == wanted


@given(histories(), st.data(), days)
def test_facts_that_came_since_change_nothing_by_corrections(
    events: list[Recorded], data: st.DataObject, day: Any
) -> None:
    first, last = cuts(data, events)
    if not any(is_correction(event) for event in events if first < event.position <= last):
        assert compared(events, first, last, day, day, corrections_only=True).changes == []


# Documents as states are: the same fields on both sides, lists with and without something to tell items apart.
values = st.one_of(st.integers(0, 3), st.text("a~/", max_size=2), st.booleans().map(str))
items = st.lists(
    st.fixed_dictionaries({"version": st.integers(1, 5), "x": values}),
    max_size=4,
    unique_by=lambda item: item["version"],
)
documents = st.fixed_dictionaries(
    {
        "a/b": values,
        "~": values,
        "reports": items,
        "names": st.lists(values, max_size=3),
        "in": st.fixed_dictionaries({"y": items}),
    }
)


@given(documents, documents)
def test_there_are_changes_exactly_where_documents_differ(before: Any, after: Any) -> None:
    found = list(changes(before, after))
    assert (found == []) == (before == after)
    assert len({change.path for change in found}) == len(found)
    assert [(one.path, one.after, one.before) for one in found] == sorted(
        ((one.path, one.before, one.after) for one in changes(after, before)),
        key=lambda one: [change.path for change in found].index(one[0]),
    )
    for change in found:
        for document, value in ((before, change.before), (after, change.after)):
            assert resolved(document, change.path) == value


def resolved(document: Any, path: str) -> Any:
    """The pointer followed, where lists of items with versions are objects by version."""
    for part in path.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        if isinstance(document, list):
            document = {str(item["version"]): item for item in document}
        document = document.get(name)
        if document is None:
            return None
    return document


def test_an_insertion_changes_nothing_behind_it() -> None:
    one, two, three = ({"version": version, "x": version} for version in (1, 2, 3))
    assert [change.path for change in changes({"r": [one, three]}, {"r": [one, two, three]})] == ["/r/2"]
    [moved] = changes({"r": [one, three]}, {"r": [three, one]})
    assert (moved.path, moved.after) == ("/r", [three, one])


async def correct(town: Town, project: str, kind: str, target: int, **more: Any) -> dict[str, Any]:
    body = {"kind": kind, "target": target, "reason": "误录，予以更正。"} | more
    return await town.corrected(project, body)


def by_path(answer: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {one["path"]: (one["before"], one["after"]) for one in answer["changes"]}


async def test_news_and_corrections_are_told_apart(old_town: Town) -> None:
    project = await old_town.published()
    old_town.clock.to(3, 15)
    start = await old_town.local.done(f"{project}/milestones", report("start"))
    old_town.clock.to(5, 10)
    await correct(old_town, project, "restate", start["version"], changes={"people_served": 70})
    early = await old_town.local.done(f"{project}/milestones", report("early"))
    late = await correct(old_town, project, "restate", early["version"], changes={"people_served": 5})
    served = f"/state/reports/{start['version']}/fact/people_served"

    whole = await old_town.public.read(f"{project}/diff", **{"from": "2010-03-15", "to": "2010-05-10"})
    assert by_path(whole)[served] == (90, 70)
    assert by_path(whole)[f"/state/reports/{early['version']}"][0] is None
    assert [event["type"] for event in whole["events"]] == ["Restated", "MilestoneReported", "Restated"]
    assert (whole["from"]["known"], whole["to"]["known"]) == (start["position"], late["position"])

    only = await old_town.public.read(
        f"{project}/diff", **{"from": "2010-03-15", "to": "2010-05-10", "corrections_only": "true"}
    )
    assert by_path(only) == {served: (90, 70)}
    assert [(event["type"], event["target"]) for event in only["events"]] == [("Restated", start["version"])]
    assert {base: only[base] for base in ("from", "to")} == {base: whole[base] for base in ("from", "to")}


async def test_between_two_days_lies_what_became_effective(old_town: Town) -> None:
    project = await old_town.published()
    old_town.clock.to(3, 15)
    start = await old_town.local.done(f"{project}/milestones", report("start"))
    days = {"from_effective_on": "2010-03-14", "to_effective_on": "2010-03-15"}
    head = str(start["position"])
    answer = await old_town.public.read(f"{project}/diff", **{"from": head, "to": head}, **days)
    assert by_path(answer)["/status"] == ("published", "in_delivery")
    assert [(event["position"], event["type"]) for event in answer["events"]] == [
        (start["position"], "MilestoneReported")
    ]


async def test_a_reader_sees_changes_within_their_view(old_town: Town) -> None:
    project = await old_town.published()
    first = (await old_town.office.read(f"{project}/history"))[0]["position"]
    public, office = [
        await who.read(f"{project}/diff", **{"from": first}) for who in (old_town.public, old_town.office)
    ]
    assert "/state/reviews/4" not in by_path(public) and "/state/reviews/4" in by_path(office)
    assert "Reviewed" not in {event["type"] for event in public["events"]}
    assert [event["position"] for event in office["events"] if event["type"] == "Reviewed"]
    hidden = await old_town.applied()
    check_problem(await old_town.public.get(f"{hidden}/diff", **{"from": first}), 404, "project_unknown")


async def test_both_axes_say_what_became_of_each_event(old_town: Town) -> None:
    project = await old_town.published()
    old_town.clock.to(3, 15)
    start = await old_town.district.done(f"{project}/milestones", report("start"))
    old_town.clock.to(5, 10)
    early = await old_town.local.done(f"{project}/milestones", report("early"))
    restated = await correct(
        old_town, project, "restate", start["version"], changes={"people_served": 70}, effective_on="2010-02-01"
    )
    voided = await correct(old_town, project, "void", early["version"])
    history = f"{project}/history"

    recorded = await old_town.public.read(history)
    assert [one["version"] for one in recorded] == sorted(one["version"] for one in recorded)
    became = {one["version"]: (one["restated_by"], one["voided_by"]) for one in recorded}
    assert became[start["version"]] == (restated["version"], None)
    assert became[early["version"]] == (None, voided["version"])
    assert became[1] == (None, None)
    assert next(one for one in recorded if one["version"] == start["version"])["payload"]["people_served"] == 90

    effective = await old_town.public.read(history, axis="effective")
    [moved] = [one for one in effective if one["version"] == start["version"]]
    assert (moved["payload"]["people_served"], moved["effective_on"]) == (70, "2010-02-01"), "as it was restated"
    assert moved["restated_by"] == restated["version"]
    assert effective[-1]["voided_by"] == voided["version"]
    assert {one["type"] for one in effective} & {"Voided", "Restated"} == set()
    assert [(one["effective_on"], one["position"]) for one in effective] == sorted(
        (one["effective_on"], one["position"]) for one in effective
    )
    assert set(effective[0]) == set(recorded[0])

    before = await old_town.public.read(history, axis="effective", known_at=early["position"])
    assert [one["version"] for one in before][-2:] == [start["version"], early["version"]]
    assert {(one["restated_by"], one["voided_by"]) for one in before} == {(None, None)}


async def test_only_immutable_differences_are_cacheable(old_town: Town) -> None:
    project = await old_town.published()
    head = await old_town.size() - 1
    whole: dict[str, Any] = {"known_at": head, "fold_version": FOLD_VERSION}
    lasting = await old_town.public.get(f"{project}/state", **whole)
    assert lasting.headers["cache-control"] == "public, max-age=86400, immutable"
    bases: dict[str, Any] = {"from": head - 1, "to": head, "fold_version": FOLD_VERSION}
    assert "immutable" in (await old_town.public.get(f"{project}/diff", **bases)).headers["cache-control"]
    for who, path, query in (
        (old_town.office, "state", whole),
        (old_town.public, "state", {"known_at": head}),
        (old_town.public, "state", {"fold_version": FOLD_VERSION}),
        (old_town.public, "state", {"known_at": "2010-02-01", "fold_version": FOLD_VERSION}),
        (old_town.public, "diff", {"from": head - 1, "fold_version": FOLD_VERSION}),
        (old_town.public, "history", {"known_at": head}),
    ):
        answer = await who.get(f"{project}/{path}", **query)
        assert answer.headers["cache-control"] == ("private" if who is old_town.office else "public") + ", no-cache"
        assert "Authorization" in answer.headers["vary"]
    again = await old_town.public.http.get(
        f"{project}/state", params={"known_at": head}, headers={"If-None-Match": lasting.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    await correct(old_town, project, "restate", 1, changes={"form": form(title="示例：改名")})
    changed = await old_town.public.http.get(f"{project}/state", headers={"If-None-Match": lasting.headers["etag"]})
    assert changed.status_code == 200
