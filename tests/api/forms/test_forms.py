"""The paper forms: A4, Chinese as text, boxes to sign and seal, and a code that leads to the record."""

from collections.abc import Sequence
from typing import Any

import pypdfium2  # type: ignore[import-untyped]  # ships no types
from tests.api.bodies import (
    ACCOUNT,
    CONTACT,
    PROGRAMME,
    award,
    clauses,
    contract,
    form,
    hand_in,
    publication,
    report,
    screening,
)
from tests.api.client import Caller, Town, check_problem

A4 = (595, 842)


async def read_pdf(caller: Caller, path: str, **query: str) -> Sequence[str]:
    """The text of each page."""
    answer = await caller.get(path, **query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    document = pypdfium2.PdfDocument(answer.content)
    assert {tuple(sorted(map(round, page.get_size()))) for page in document} == {A4}
    return [page.get_textpage().get_text_range().replace("\r\n", "") for page in document]


async def test_an_application_prints_with_all_that_it_says(town: Town) -> None:
    project = await town.applied(contact=CONTACT)
    whole = "".join(await read_pdf(town.local, f"{project}/forms/application.pdf"))
    for said in (
        "项目申报表",
        "示例：为独居老人送午餐",
        "扶老助残",
        "¥30,000.00",
        "自有资金不足。",
        "签字：",
        "（盖章）",
    ):
        assert said in whole
    assert f"记录编号 {project.rsplit('/', 1)[1]} 第 1 版" in whole


async def test_the_contact_prints_for_its_readers_only(town: Town) -> None:
    project = await town.published(contact=CONTACT)
    path = f"{project}/forms/application.pdf"
    assert CONTACT["telephone"] in "".join(await read_pdf(town.district, path))
    for stranger in (town.public, town.neighbour, town.leaders):
        assert CONTACT["telephone"] not in "".join(await read_pdf(stranger, path))


async def test_the_form_prints_who_stands_for_the_organisation(town: Town) -> None:
    said: dict[str, Any] = {
        "legal_representative": "赵示例",
        "supervising_unit": "示例市卫生局",
        "districts_served": ["whole_city"],
    }
    project = await town.published(**said)
    whole = "".join(await read_pdf(town.public, f"{project}/forms/application.pdf"))
    assert [value for value in ("赵示例", "示例市卫生局", "全市") if value not in whole] == []


async def test_the_newest_account_prints_for_its_readers_only(town: Town) -> None:
    project = await town.applied(contact=CONTACT, account=ACCOUNT)
    other = ACCOUNT | {"number": "0200 0000 0000 0200"}
    await town.local.done(f"{project}/amendment", {"form": form(), "account": other, "reason": "账户变更。"})
    path = f"{project}/forms/application.pdf"
    for reader in (town.local, town.district, town.office, town.treasury):
        whole = "".join(await read_pdf(reader, path))
        assert (ACCOUNT["number"] in whole, other["number"] in whole) == (False, True)
        # The treasury pays, and asks nobody.
        assert (CONTACT["telephone"] in whole) is (reader is not town.treasury)
    for stranger in (town.leaders, town.members[0]):
        assert "0200" not in "".join(await read_pdf(stranger, path))


async def test_an_unpublished_project_prints_for_nobody_else(town: Town) -> None:
    project = await town.applied()
    check_problem(await town.public.get(f"{project}/forms/application.pdf"), 404, "project_unknown")


async def test_a_blank_application_is_public_and_roomy(town: Town) -> None:
    path = f"/v1/programmes/{PROGRAMME}/forms/application.pdf"
    pages = await read_pdf(town.public, path, lang="en")
    assert "Application form" in pages[0]
    assert "Decision of the leading group" in pages[-1]
    check_problem(await town.public.get("/v1/programmes/nowhere/forms/application.pdf"), 404, "programme_unknown")


async def test_reports_print_filled_or_blank(town: Town) -> None:
    project = await town.published()
    town.clock.to(3, 15)
    made = await town.local.done(f"{project}/milestones", report("start"))
    path = f"{project}/forms/progress.pdf"
    [page] = await read_pdf(town.public, path, report=str(made["version"]))
    assert "按计划进行。" in page
    assert "启动" in page
    assert "按计划进行。" not in "".join(await read_pdf(town.public, path))
    check_problem(await town.public.get(path, report="1"), 404, "correction_target_unknown")


async def test_a_contract_prints_once_it_is_signed(town: Town) -> None:
    project = await town.approved()
    path = f"{project}/forms/contract.pdf"
    check_problem(await town.local.get(path), 409, "step_out_of_order")
    project = await town.contracted()
    [page] = await read_pdf(town.local, f"{project}/forms/contract.pdf")
    for said in ("甲方（管理机关）", "朝阳区民政局", "送餐服务。", "2010 年 11 月 20 日"):
        assert said in page


async def test_a_contract_prints_and_shows_its_clauses(town: Town) -> None:
    project = await town.approved()
    await town.district.done(f"{project}/contract", contract(clauses=clauses("20000.00", "10000.00")))
    printed = "".join(await read_pdf(town.local, f"{project}/forms/contract.pdf"))
    await town.office.done(f"/v1/programmes/{PROGRAMME}/publications", publication(project))
    page = (await town.public.get(project.removeprefix("/v1"), "zh")).text
    for said in (
        "管理服务事项",
        "甲方协调场地。",
        "双方权利义务",
        "乙方按期报送进度表。",
        "拨付方式",
        "¥10,000.00",
        "验收通过后拨付。",
        "违约责任",
        "未完成的，退回相应资金。",
    ):
        assert said in printed
        assert said in page


async def test_restated_instalments_still_make_the_amount(town: Town) -> None:
    project = await town.approved()
    signed = await town.district.done(f"{project}/contract", contract(clauses=clauses("30000.00")))
    lower = {"amount": "20000.00", "currency": "CNY"}
    restated = {"kind": "restate", "target": signed["version"], "changes": {"amount": lower}, "reason": "误录。"}
    refused = await town.district.post(f"{project}/corrections", restated)
    check_problem(refused, 422, "instalments_differ")
    # A request names each part; what was stored names also what was left out.
    [*_, event] = await town.district.read(f"{project}/history")
    parts = [one | {"money": lower} for one in event["payload"]["clauses"]["instalments"]]
    restated["changes"] = {"amount": lower, "clauses": event["payload"]["clauses"] | {"instalments": parts}}
    await town.district.done(f"{project}/corrections", restated)


async def test_the_list_prints_what_its_reader_sees(town: Town) -> None:
    await town.applied(title="示例：未公布的项目")
    await town.published(title="示例：已公布的项目")
    await town.followed()
    path = f"/v1/programmes/{PROGRAMME}/forms/summary.pdf"
    own = "".join(await read_pdf(town.district, path))
    public = "".join(await read_pdf(town.public, path))
    assert "未公布的项目" in own
    assert "未公布的项目" not in public
    assert "已公布的项目" in public
    assert "共 2 项" in own


async def test_the_list_says_number_and_opinion_of_the_screening(town: Town) -> None:
    project = await town.applied()
    await town.district.done(f"{project}/screening", screening(reason="符合宗旨，同意上报。"))
    await town.district.done(f"/v1/programmes/{PROGRAMME}/hand-ins", hand_in(project))
    [*_, event, _] = await town.office.read(f"{project}/history")
    assert event["payload"]["registration"]["scheme"] == "CN-REG"
    await town.followed()
    whole = "".join(await read_pdf(town.office, f"/v1/programmes/{PROGRAMME}/forms/summary.pdf", district="110105"))
    for said in ("登记证号", event["payload"]["registration"]["id"], "初审意见", "符合宗旨，同意上报。"):
        assert said in whole.replace(" ", "")


async def test_a_certificate_states_its_award_and_validity(town: Town) -> None:
    project = await town.evaluated()
    await town.proposed(project, "top-ten", town.association)
    town.clock.to(12, 16)
    awarded = await town.association.done(f"/v1/programmes/{PROGRAMME}/awards", award(project, "top-ten"))
    path, query = f"{project}/forms/certificate.pdf", {"award": str(awarded["version"])}
    code = (await town.public.read(f"{project}/certificates/{awarded['version']}"))["code"]
    [page] = await read_pdf(town.public, path, **query)
    shown = ("荣誉证书", "示例朝阳助老服务中心", "十大最具社会影响力", "示例：为独居老人送午餐", code)
    # Letters that are spaced out come with spaces.
    assert [said for said in shown if said not in page.replace(" ", "")] == []
    assert "已失效" not in page
    void = {"kind": "void", "target": awarded["version"], "reason": "名单有误。"}
    await town.corrected(project, void)
    [page] = await read_pdf(town.public, path, **query)
    assert "名单有误。" in page
    check_problem(await town.public.get(path, award="1"), 404, "certificate_unknown")


async def test_the_same_form_is_the_same_bytes(town: Town) -> None:
    project = await town.published()
    path = f"{project}/forms/contract.pdf"
    assert (await town.public.get(path)).content == (await town.public.get(path)).content


async def test_a_briefing_prints_reproducibly_with_its_basis(town: Town) -> None:
    project = await town.published()
    known = await town.followed()
    path = f"/v1/programmes/{PROGRAMME}/forms/briefing.pdf"
    asked = {"known_at": str(known), "on": "2010-03-01", "to": "2010-03-31"}
    # The typesetter puts room between Chinese and digits.
    pages = [page.replace(" ", "") for page in await read_pdf(town.public, path, **asked)]
    whole = "".join(pages)
    for said in ("工作简报", "全市", "截至2010年3月31日", "按领域", "扶老助残", "¥30,000.00", "合计", "按月份"):
        assert said in whole
    assert all(f"账本第{known}号记录" in page for page in pages)
    before = await town.public.get(path, **asked)
    town.clock.to(3, 15)
    await town.local.done(f"{project}/milestones", report("start"))
    await town.followed()
    assert (await town.public.get(path, **asked)).content == before.content
    assert "Chaoyang" in "".join(await read_pdf(town.public, path, district="110105", lang="en"))
