"""The year in a browser: each role does its part by clicking, from what waits for it to the receipt."""

from playwright.async_api import Browser
from tests.api import bodies
from tests.api.client import Town
from tests.browser.chromium import serving
from tests.browser.person import Person, seated

from api.app import create_app

PROGRAMME = f"/programmes/{bodies.PROGRAMME}"
APPLICATION = {
    "form.title": "示例：为独居老人送午餐",
    "form.category": "elderly-disabled",
    "form.content": "每个工作日为一百位独居老人送午餐。",
    "form.plan": "三月启动，十一月完成。",
    "form.budget.own.money": "20,000.00",
    "form.budget.requested.money": "30000",
    "form.beneficiaries.count": "100",
    "form.beneficiaries.group": "独居老人",
    "form.schedule.start": "2010-03-15",
    "form.schedule.end": "2010-11-25",
}
REVIEW = {
    "public_benefit.passed": "yes",
    "public_benefit.reason": "面向困难老人。",
    "non_profit.passed": "yes",
    "non_profit.reason": "不收费。",
    "feasibility.score": "88",
    "feasibility.reason": "人手充足。",
}
SCORES = {f"scores.{code}.score": "85" for code in ("goals", "benefit", "funds")}
CONCLUSION = {"conclusion": "达到目标。"}


async def applies(town: Town, person: Person) -> str:
    """Leaves in the middle, comes back to the draft, and sends it; the path of the project."""
    await person.opens("/do/apply")
    await person.fills(APPLICATION)
    for row, kind in enumerate(("funds", "venue")):
        await person.presses("add:form.support")
        await person.fills({f"form.support.{row}.kind": kind, f"form.support.{row}.reason": "自有条件不足。"})
    await person.presses("save")
    await person.opens("/do/apply")
    assert await person.page.input_value('[name="form.title"]') == APPLICATION["form.title"]
    await person.sends()
    await town.followed()
    projects = await town.office.read("/v1/projects")
    return f"/projects/{projects['projects'][0]['id']}"


async def test_each_role_does_its_part_by_clicking(browser: Browser, town: Town) -> None:
    await town.followed()
    async with serving(create_app(town.service)) as base:
        async with seated(browser, town, base, town.local) as organisation:
            project = await applies(town, organisation)
        name = f"projects.{project.rpartition('/')[2]}"
        async with seated(browser, town, base, town.district) as district:
            await district.opens(f"{project}/do/screening")
            await district.sends({"result": "passed", "reason": "材料齐全。"})
            await town.followed()
            await district.opens("/do/hand-ins")
            await district.sends({name: "on", "notice": "示例区县上报第1号"})
        await town.followed()
        for member in town.members[:3]:
            async with seated(browser, town, base, member) as reviewer:
                await reviewer.opens(f"{project}/do/reviews")
                await reviewer.sends(REVIEW)
        await town.followed()
        async with seated(browser, town, base, town.leaders) as leaders:
            await leaders.opens(f"{project}/do/approval")
            await leaders.sends({"amount": "30000", "reason": "同意。"})
        await town.followed()
        async with seated(browser, town, base, town.district) as district:
            await district.opens(f"{project}/do/support")
            await district.sends({"result": "granted", "given": "街道厨房一处。", "reason": "已落实。"})
            await town.followed()
            await district.opens(f"{project}/do/contract")
            due = {f"due.{code}.due_on": day for code, day in zip(bodies.MILESTONES, bodies.DUE_DAYS, strict=True)}
            await district.sends(due | {"number": "示例合同2010-1", "signed_on": town.today, "services": "送餐服务。"})
        await town.followed()
        async with seated(browser, town, base, town.office) as office:
            await office.opens("/do/publications")
            await office.sends({name: "on", "notice": "示例公告第1号"})
        town.clock.to(3, 15)
        await town.followed()
        async with seated(browser, town, base, town.local) as organisation:
            for milestone in bodies.MILESTONES:
                await town.followed()
                await organisation.opens(f"{project}/do/milestones")
                summary = {"summary": "全部完成。"} if milestone == "completion" else {}
                said = {"work_done": "按计划进行。", "people_served": "90", "spent.requested.money": "1000"}
                await organisation.sends(said | summary)
        await evaluates(browser, town, base, project)
        await honours(browser, town, base, project)
    assert (await town.office.read(f"/v1{project}"))["status"] == "completed"


async def evaluates(browser: Browser, town: Town, base: str, project: str) -> None:
    for caller, said in (
        (town.local, SCORES | CONCLUSION),
        (town.office, {"no_identifiable": "yes", "reason": "听众不留姓名。"} | CONCLUSION),
        (town.members[3], SCORES | CONCLUSION),
    ):
        await town.followed()
        async with seated(browser, town, base, caller) as evaluator:
            await evaluator.opens(f"{project}/do/evaluations")
            await evaluator.sends(said)
    await town.followed()
    async with seated(browser, town, base, town.office) as office:
        await office.opens(f"{project}/do/evaluation-publication")
        await office.sends({"notice": "示例公示第1号"})


async def honours(browser: Browser, town: Town, base: str, project: str) -> None:
    name = project.rpartition("/")[2]
    town.clock.to(12, 6)
    await town.followed()
    async with seated(browser, town, base, town.local) as organisation:
        await organisation.opens("/do/nominations")
        await organisation.sends({"honour": "advanced-organisation", "deed": "服务周到。"})
    await town.followed()
    rules = await town.public.read(f"/v1{PROGRAMME}")
    decides = next(one["decided_by"] for one in rules["rules"]["quotas"] if one["code"] == "advanced-organisation")
    caller = town.leaders if decides == "leading_group" else town.association
    async with seated(browser, town, base, caller) as proposing:
        await proposing.opens("/do/honour-proposals")
        chosen = {"honour": "advanced-organisation", f"proposals.{name}": "on"}
        await proposing.sends(chosen | {"notice": "示例公示第2号"})
    town.clock.to(12, 17)
    await town.followed()
    async with seated(browser, town, base, caller) as awarding:
        await awarding.opens("/do/awards")
        await awarding.sends(
            {f"awards.{name}": "on", f"awards.{name}.honour": "advanced-organisation", f"awards.{name}.deed": "周到。"}
        )


async def test_forms_are_in_english_and_need_no_script(browser: Browser, town: Town) -> None:
    await town.followed()
    async with serving(create_app(town.service)) as base:
        async with seated(browser, town, base, town.local, language="?lang=en") as organisation:
            project = await applies(town, organisation)
            assert "It stands in the ledger" in await organisation.page.inner_text("main")
        async with seated(
            browser, town, base, town.district, language="?lang=en", java_script_enabled=False
        ) as district:
            await district.opens(f"{project}/do/screening")
            await district.sends({"result": "passed", "reason": "All papers are there."})
        assert (await town.office.read(f"/v1{project}"))["status"] == "screened"
