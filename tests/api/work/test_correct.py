"""Correcting a record on its page: by its author, or by asking the author; and words taken out of one."""

import re
from uuid import UUID

import pytest
from tests.api.client import Town
from tests.api.work.clerk import Clerk, clerk
from tests.api.work.test_pages import Checked

from api.pages.reader import Reader
from api.work.correcting import form_of, restatable
from api.work.describe import leaves
from api.work.labels import label_of
from ledger.core.fact import Fact
from ledger.facts import FACTS

SCREENED = 2


async def screened(town: Town) -> tuple[str, Clerk]:
    """A project that its district screened, and the district's clerk."""
    project = (await town.applied()).removeprefix("/v1")
    district = await clerk(town, town.district)
    await district.does(f"{project}/do/screening", {"result": "passed", "reason": "材料齐全。"})
    return project, district


async def test_author_restates_field_by_field(town: Town) -> None:
    project, district = await screened(town)
    page = await district.open(f"{project}/decide")
    at = f"{project}/correct/{SCREENED}"
    assert at in page.links
    page = await district.open(at)
    assert f"{at}?way=restate" in page.links
    page = await district.open(f"{at}?way=restate")
    assert page.fields["changes.reason"].strip() == "材料齐全。"
    page.fields |= {"changes.reason": "材料齐全，已核对原件。", "reason": "漏写核对原件。"}
    page = await district.press("check")
    assert district.status == 200, page.errors
    assert "<del>材料齐全。</del> → <ins>材料齐全，已核对原件。</ins>" in page.text
    assert Checked(page.text).problems == []
    before = await town.size()
    await district.press("send")
    assert district.status == 201, district.page.text
    assert await town.size() == before + 1
    last = (await town.office.read(f"/v1{project}/history"))[-1]
    assert last["type"] == "Restated"
    assert last["payload"]["fact"]["reason"] == "材料齐全，已核对原件。"
    # From here on it begins with what it says today.
    page = await district.open(f"{at}?way=restate")
    assert page.fields["changes.reason"].strip() == "材料齐全，已核对原件。"


async def test_unchanged_and_wrong_restatements_say_so(town: Town) -> None:
    project, district = await screened(town)
    at = f"{project}/correct/{SCREENED}?way=restate"
    page = await district.open(at)
    page.fields["reason"] = "核对。"
    page = await district.press("check")
    assert (district.status, len(page.errors)) == (422, 1)
    page.fields["changes.reason"] = " "
    page = await district.press("check")
    assert district.status == 422
    assert 'href="#f-changes.reason"' in page.errors[0]
    assert Checked(page.text).problems == []


async def test_author_voids_a_record(town: Town) -> None:
    project, district = await screened(town)
    at = f"{project}/correct/{SCREENED}"
    page = await district.open(at)
    assert f"{at}?way=void" in page.links
    page = await district.open(f"{at}?way=void")
    page.fields["reason"] = "录错项目。"
    await district.sends()
    assert (await town.office.read(f"/v1{project}/history"))[-1]["type"] == "Voided"
    # What is void says why nothing can be done.
    page = await district.open(at)
    assert not [link for link in page.links if "way=" in link]
    assert 'class="notice"' in page.text


async def test_authority_asks_and_author_answers(town: Town) -> None:
    project, district = await screened(town)
    organisation, office = await clerk(town, town.local), await clerk(town, town.office)
    at = f"{project}/correct/{SCREENED}"
    page = await organisation.open(at)
    assert organisation.status == 200
    assert not [link for link in page.links if "way=" in link]
    await organisation.open(f"{at}?way=restate")
    page = organisation.page
    page.fields |= {"changes.reason": "另一理由。", "reason": "有误。"}
    await organisation.press("check")
    assert organisation.status == 403
    page = await office.open(at)
    assert f"{at}?way=ask_restate" in page.links
    assert f"{at}?way=restate" not in page.links
    page = await office.open(f"{at}?way=ask_restate")
    page.fields |= {"changes.reason": "材料齐全，已核对。", "reason": "理由不完整。"}
    await office.sends()
    await town.followed()
    page = await district.open(f"{project}/do/correction-answers")
    assert "材料齐全，已核对。" in page.text
    district.fill({"granted": "yes"})
    await district.sends()
    state = (await town.office.read(f"/v1{project}/state"))["state"]
    assert "材料齐全，已核对。" in str(state)


async def test_records_of_organisations_are_corrected(town: Town) -> None:
    office = await clerk(town, town.office)
    await town.office.done(
        f"/v1/organisations/{town.local_id}/grades",
        {
            "grade": 3,
            "valid_from": "2010-01-01",
            "valid_until": "2014-12-31",
            "authority": "示例机构",
            "document_number": "示例评〔2010〕1号",
        },
    )
    history = await town.office.read(f"/v1/organisations/{town.local_id}/history")
    version = next(one["version"] for one in history["events"] if one["type"] == "Graded")
    at = f"/organisations/{town.local_id}/correct/{version}"
    page = await office.open(f"{at}?way=restate")
    assert office.status == 200, page.text
    office.fill({"changes.grade": "4", "reason": "证书为 4A。"})
    page = await office.press("check")
    assert "→" in page.text
    await office.press("send")
    assert office.status == 201
    state = await town.office.read(f"/v1/organisations/{town.local_id}")
    assert state["grade"] == 4 or "4" in str(state.get("grade"))


async def test_unknown_and_unreadable_records_are_not_found(town: Town) -> None:
    project, district = await screened(town)
    for version in ("0", "99", "x"):
        await district.open(f"{project}/correct/{version}")
        assert district.status == 404, version
    auditor = await clerk(town, town.auditor)
    await auditor.open(f"{project}/correct/1")
    assert auditor.status == 403


async def test_public_page_of_a_record_leads_to_its_correction(town: Town) -> None:
    project = await town.published()
    position = (await town.office.read(f"{project}/history"))[-1]["position"]
    answer = await town.public.http.get(f"/events/{position}")
    first = (await town.office.read(f"{project}/history"))[0]["position"]
    answer = await town.public.http.get(f"/events/{first}")
    at = f"{project.removeprefix('/v1')}/correct/1"
    assert f'href="{at}"' in answer.text
    asked = await town.public.http.get(at, headers={"Accept": "text/html"}, follow_redirects=False)
    assert asked.status_code == 303
    assert "/sign-in" in asked.headers["location"]


async def test_office_takes_words_out_of_a_record(town: Town) -> None:
    project, district = await screened(town)
    office = await clerk(town, town.office)
    position = (await town.office.read(f"/v1{project}/history"))[-1]["position"]
    at = f"/events/{position}/redact"
    page = await office.open(f"{project}/correct/{SCREENED}")
    assert at in page.links
    page = await office.open(at)
    assert Checked(page.text).problems == []
    office.fill(
        {"texts.reason": "on", "texts.reason.passages": "齐全", "reason": "误写姓名。", "authority": "示例规定第三条"}
    )
    page = await office.press("check")
    assert office.status == 200, page.errors
    await office.press("send")
    assert office.status == 201, office.page.text
    last = (await town.office.read(f"/v1{project}/history"))[SCREENED - 1]
    assert last["payload"]["reason"] == "材料█。"
    await district.open(at)
    assert district.status == 403
    page = await office.open(at)
    page.fields |= {"reason": "无。", "authority": "示例"}
    page = await office.press("check")
    assert office.status == 422


@pytest.mark.parametrize("kind", FACTS.values(), ids=FACTS)
def test_every_fact_has_its_form_of_correction(kind: type[Fact]) -> None:
    zh, en = Reader("zh"), Reader("en")
    if kind.correction.restate is not None:
        return
    for leaf in (one for node in restatable(kind) for one in leaves(node)):
        if leaf.name:
            assert re.search(r"[\u4e00-\u9fff]", label_of(zh, leaf.owner, leaf.name)), (leaf.owner, leaf.name)
            assert not re.search(r"[\u4e00-\u9fff_]", label_of(en, leaf.owner, leaf.name)), (leaf.owner, leaf.name)
    assert form_of(kind, states_day=True).fields[-1].name == "reason"
    assert not {UUID} & {one.code_type for node in restatable(kind) for one in leaves(node)}
