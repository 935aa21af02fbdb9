"""What follows the reports, by forms alone: evaluation, money, settlement, honours, the competition, supervision, and
the register of organisations."""

import re

from tests.api import bodies
from tests.api.client import Town
from tests.api.work.clerk import Clerk, clerk

PROGRAMME = f"/programmes/{bodies.PROGRAMME}"
SCORES = {f"scores.{code}.score": "85" for code in ("goals", "benefit", "funds")}


async def test_project_is_evaluated_paid_settled_and_honoured_by_forms(town: Town) -> None:
    project = (await town.completed()).removeprefix("/v1")
    name = project.rpartition("/")[2]
    await town.followed()
    organisation, office = await clerk(town, town.local), await clerk(town, town.office)
    treasury, member = await clerk(town, town.treasury), await clerk(town, town.members[3])

    await treasury.does(
        f"{project}/do/disbursements",
        {"under": "support", "amount": "1000", "cost": "餐费", "paid_on": town.today, "voucher": "示例凭-1"},
    )
    evaluated = f"{project}/do/evaluations"
    await organisation.does(evaluated, SCORES | {"conclusion": "达到目标。"})
    nobody = {"no_identifiable": "yes", "reason": "听众不留姓名。", "conclusion": "达到目标。"}
    await office.does(f"{evaluated}?way=beneficiaries", nobody)
    await member.does(evaluated, SCORES | {"conclusion": "达到目标。"})
    await town.followed()
    page = await office.open("/work")
    assert f"{project}/do/evaluation-publication" in page.links
    await office.does(f"{project}/do/evaluation-publication", {"notice": "示例公示第1号"})
    objecting = await clerk(town, town.neighbour)
    page = await objecting.open(f"{project}/do/objections")
    await objecting.does(f"{project}/do/objections", {"target": page.options["target"][0], "reason": "人数不实。"})
    await office.does(f"{project}/do/objection-resolutions", {"accepted": "no", "reason": "经查属实。"})
    await organisation.does(f"{project}/do/settlement-statements", {"explanation": "余款待退。"})
    await treasury.does(
        f"{project}/do/refunds",
        {
            "under": "support",
            "amount": "1,000.00",
            "received_on": town.today,
            "voucher": "示例凭-2",
            "reason": "结余。",
        },
    )

    town.clock.to(12, 6)
    organisation, leaders = await clerk(town, town.local), await clerk(town, town.leaders)
    page = await organisation.open(f"{PROGRAMME}/do/nominations?project={name}")
    honour = "advanced-organisation" if "advanced-organisation" in page.options["honour"] else page.options["honour"][0]
    await organisation.does(f"{PROGRAMME}/do/nominations", {"honour": honour, "deed": "服务周到。"})
    await town.followed()
    page = await leaders.open(f"{PROGRAMME}/do/honour-proposals")
    rows = [one for one in page.options if one == f"proposals.{name}"]
    assert rows
    proposers = {"leading_group": leaders, "promotion_association": await clerk(town, town.association)}
    rules = await town.public.read(f"/v1/programmes/{bodies.PROGRAMME}")
    decided_by = next(one["decided_by"] for one in rules["rules"]["quotas"] if one["code"] == honour)
    proposing = proposers[decided_by]
    # Who is nominated for a person's honour, only the body knows that decides on it, and those who see all nominations.
    personal = [one for one in rules["rules"]["quotas"] if one["recipient"] == "person"]
    for nth, quota in enumerate(personal):
        person = bodies.person(f"李示例{nth}", f"E0000000{nth}")
        await town.local.done(f"/v1{PROGRAMME}/nominations", bodies.nomination(project, quota["code"], person=person))
    await town.followed()
    for role, proposer in proposers.items():
        page = await proposer.open(f"{PROGRAMME}/do/honour-proposals")
        for nth, quota in enumerate(personal):
            is_told = role == "leading_group" or quota["decided_by"] == role
            assert (f"李示例{nth}" in page.text) == is_told
    await proposing.does(
        f"{PROGRAMME}/do/honour-proposals", {"honour": honour, rows[0]: "on", "notice": "示例公示第2号"}
    )
    town.clock.to(12, 17)
    await town.followed()
    awarding = await clerk(town, town.leaders if decided_by == "leading_group" else town.association)
    await awarding.open(f"{PROGRAMME}/do/awards")
    awarding.fill({f"awards.{name}": "on", f"awards.{name}.honour": honour, f"awards.{name}.deed": "服务周到。"})
    await awarding.sends()


async def test_project_is_supervised_by_forms(town: Town) -> None:
    project = (await town.published()).removeprefix("/v1")
    district, organisation = await clerk(town, town.district), await clerk(town, town.local)
    inspected = {"inspected_on": town.today, "findings": "签到不全。", "satisfactory": "no"}
    await district.does(f"{project}/do/inspections", inspected)
    page = await district.open(f"{project}/do/rectifications?way=order")
    [inspection, *_] = page.options["inspection"]
    await district.does(
        f"{project}/do/rectifications?way=order",
        {"inspection": inspection, "what": "补齐签到。", "due_on": "2010-03-31"},
    )
    await organisation.does(f"{project}/do/rectifications", {"done": "已补齐。"})
    await district.does(f"{project}/do/rectifications?way=check", {"accepted": "yes", "reason": "已补齐。"})
    await district.does(f"{project}/do/suspension", {"reason": "场地停用。"})
    await district.does(f"{project}/do/resumption", {"reason": "场地恢复。"})
    await organisation.does(f"{project}/do/self-checks", {"findings": "按计划进行。"})
    await organisation.does(f"{project}/do/stories", {"title": "热饭送到六楼", "text": "志愿者每天中午送饭。"})
    await _corrects(district, project)
    await district.does(
        f"{project}/do/termination",
        {"document_number": "示例发〔2010〕8号", "reason": "组织无力继续。"},
    )
    await district.does(f"{project}/do/services", {"served_on": town.today, "means": "直接送达"})
    await organisation.does(f"{project}/do/review-requests", {"reason": "请复核。"})
    office = await clerk(town, town.office)
    await office.does(f"{project}/do/review-decisions", {"result": "upheld", "reason": "依据充分。"})


async def _corrects(person: Clerk, project: str) -> None:
    page = await person.open(f"{project}/do/corrections")
    found = re.findall(r'name="target" value="(\d+)"[^>]*><span>([^<]*)', page.text)
    version = next((one for one, sentence in found if "检查" in sentence), page.options["target"][0])
    page.fields["target"] = version
    await person.press("check")
    # Without a reason nothing goes on.
    assert person.status == 422
    assert any("reason" in line for line in page.errors or person.page.errors)


async def test_register_is_kept_by_forms(town: Town) -> None:
    office, district = await clerk(town, town.office), await clerk(town, town.district)
    await office.open("/do/register-organisation")
    office.fill(
        {"name": "示例社", "kind": "community", "identifiers.0.scheme": "CN-REG", "identifiers.0.id": "示例字第9号"}
    )
    await office.sends()
    organisation = f"/organisations/{town.local_id}"
    paper = {"authority": "示例民政局", "document_number": "示例发〔2010〕7号"}
    await office.does(f"{organisation}/do/grades", paper | {"grade": "4", "valid_from": "2010-02-01"})
    await district.does(f"{organisation}/do/penalties", paper | {"kind": "warning", "reason": "未按时年报。"})
    await district.does(f"{organisation}/do/penalty-endings", paper | {"ending": "served", "reason": "已整改。"})
    await district.does(f"{organisation}/do/renaming", {"name": "示例新名", "document_number": "示例发〔2010〕9号"})
    await district.does(f"{organisation}/do/annual-reports", {"year": "2009", "filed_on": town.today})
    page = await district.open(f"{organisation}/decide")
    assert "示例新名" in page.text
