"""Several projects at once: chosen on a page, with what stands in the way of the others."""

from tests.api.bodies import PROGRAMME
from tests.api.client import Town
from tests.api.work.clerk import clerk
from tests.api.work.test_pages import Checked

AT = f"/programmes/{PROGRAMME}"


async def test_chosen_projects_are_approved_under_one_number(town: Town) -> None:
    first, second, third = [(await town.reviewed(title=f"示例{nth}")).rpartition("/")[2] for nth in "甲乙丙"]
    await town.followed()
    person = await clerk(town, town.leaders)
    await town.handed_in(title="示例丁")
    await town.followed()
    page = await person.open("/work")
    assert f"{AT}/batches" in page.links
    page = await person.open(f"{AT}/batches")
    assert f"{AT}/batches/approvals" in page.links
    page = await person.open(f"{AT}/batches/approvals")
    assert person.status == 200, page.text
    assert Checked(page.text).problems == []
    assert {f"approvals.{one}" for one in (first, second, third)} <= page.options.keys()
    # One that does not wait says why.
    assert len([name for name in page.options if name.startswith("approvals.")]) == 3
    assert "示例丁" in page.text.partition('class="work"')[2].partition("</form>")[2]
    page = await person.press("open", **{f"approvals.{first}": "on", f"approvals.{second}": "on"})
    assert person.status == 200, page.text
    assert f"approvals.{third}" not in page.options
    assert page.fields[f"approvals.{first}"] == "on"
    assert Checked(page.text).problems == []
    # Said once for both, and otherwise for one.
    person.fill({"approvals._all.reason": "符合条件。", f"approvals.{second}.reason": "急需。"})
    page = await person.press("check")
    assert person.status == 200, page.errors
    await person.press("send")
    assert person.status == 201, person.page.text
    events = {
        one: (await town.auditor.read(f"/v1/projects/{one}/history"))[-1]["payload"] for one in (first, second, third)
    }
    assert [events[one].get("reason") for one in (first, second)] == ["符合条件。", "急需。"]
    assert events[first]["document_number"] == events[second]["document_number"]
    assert events[third]["type"] == "Reviewed"


async def test_blocked_projects_say_why(town: Town) -> None:
    first = (await town.handed_in(title="示例甲")).rpartition("/")[2]
    await town.followed()
    person = await clerk(town, town.leaders)
    page = await person.open(f"{AT}/batches/approvals")
    assert person.status == 200
    assert f"approvals.{first}" not in page.options
    assert "示例甲" in page.text
    assert 'class="wrong"' in page.text


async def test_batches_of_others_are_refused(town: Town) -> None:
    person = await clerk(town, town.local)
    await person.open(f"{AT}/batches/approvals")
    assert person.status == 404
    page = await person.open(f"{AT}/batches")
    assert person.status == 200
    assert Checked(page.text).problems == []
