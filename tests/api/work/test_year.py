"""The year by forms alone: each person opens a page, fills in what stands on it, and sends it."""

from tests.api import bodies
from tests.api.client import Town
from tests.api.work.clerk import clerk

PROGRAMME = f"/programmes/{bodies.PROGRAMME}"


async def test_project_runs_through_its_year_by_forms(town: Town) -> None:
    organisation, district = await clerk(town, town.local), await clerk(town, town.district)
    office, leaders = await clerk(town, town.office), await clerk(town, town.leaders)

    await town.followed()
    page = await organisation.open("/do/apply")
    assert "programme" in page.fields, page.text
    assert page.fields["programme"] == bodies.PROGRAMME
    assert page.fields["organisation"] == str(town.local_id)
    organisation.fill(
        {
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
    )
    for row, kind in enumerate(("funds", "venue")):
        await organisation.press("add:form.support")
        organisation.fill({f"form.support.{row}.kind": kind, f"form.support.{row}.reason": "自有条件不足。"})
    await organisation.sends()
    await town.followed()
    projects = await town.office.read("/v1/projects")
    project = f"/projects/{projects['projects'][0]['id']}"
    await district.does(f"{project}/do/screening", {"result": "passed", "reason": "材料齐全。"})
    await town.followed()
    page = await district.open("/work")
    assert f"{project}/decide" in page.links or f"{PROGRAMME}/do/hand-ins" in page.links
    name = f"projects.{project.rpartition('/')[2]}"
    await district.does(f"{PROGRAMME}/do/hand-ins", {name: "on", "notice": "示例区县上报第1号"})
    for member in town.members[:3]:
        reviewer = await clerk(town, member)
        await reviewer.does(
            f"{project}/do/reviews",
            {
                "public_benefit.passed": "yes",
                "public_benefit.reason": "面向困难老人。",
                "non_profit.passed": "yes",
                "non_profit.reason": "不收费。",
                "feasibility.score": "88",
                "feasibility.reason": "人手充足。",
            },
        )
    await leaders.does(f"{project}/do/approval", {"amount": "30000", "reason": "同意。"})
    await district.does(f"{project}/do/support", {"result": "granted", "given": "街道厨房一处。", "reason": "已落实。"})
    due = {f"due.{code}.due_on": day for code, day in zip(bodies.MILESTONES, bodies.DUE_DAYS, strict=True)}
    await district.does(
        f"{project}/do/contract",
        due | {"number": "示例合同2010-1", "signed_on": town.today, "services": "送餐服务。"},
    )
    await office.does(f"{PROGRAMME}/do/publications", {name: "on", "notice": "示例公告第1号"})
    town.clock.to(3, 15)
    # A session does not outlive a month.
    organisation, district = await clerk(town, town.local), await clerk(town, town.district)
    for milestone in bodies.MILESTONES:
        page = await organisation.open(f"{project}/do/milestones")
        assert page.fields["milestone"] == milestone
        summary = {"summary": "全部完成。"} if milestone == "completion" else {}
        organisation.fill(
            {"work_done": "按计划进行。", "people_served": "90", "spent.requested.money": "1000"} | summary
        )
        await organisation.upload("documents.0") if "documents.0" in page.files else None
        await organisation.sends()
        await district.does(f"{project}/do/milestone-decisions", {"accepted": "yes"})
    status = (await town.office.read(f"/v1{project}"))["status"]
    assert status == "completed"
