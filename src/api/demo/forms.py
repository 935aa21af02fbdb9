"""What is written in the invented year: applications, reasons, reports. Every name carries 演示 or 示例."""

from datetime import date
from decimal import Decimal
from random import Random

from api.demo.clock import seeded
from api.demo.fields import BRANDS, FIELDS, GIVEN, SURNAMES
from ledger.commands.application import FormBody
from ledger.project.application import Beneficiaries, SupportKind, SupportRequest
from ledger.rules import Named
from ledger.values import BankAccount, Contact, FundingLine, FundingSource, Money, Period

NOTE = "（演示数据，由程序生成。）"
SUPPORT = {
    SupportKind.RESOURCES: "需要协调活动物资和宣传渠道。",
    SupportKind.VENUE: "需要街道提供活动场地。",
    SupportKind.CONTACT: "需要协助联系帮扶对象。",
}


def yuan(amount: int | Decimal) -> Money:
    return Money(amount=Decimal(amount).quantize(Decimal("0.01")), currency="CNY")


def person(chance: Random) -> str:
    return f"{chance.choice(SURNAMES)}某{chance.choice(GIVEN)}（演示）"


def contact(chance: Random) -> Contact:
    """Numbers that nobody has."""
    return Contact(name=person(chance), telephone="010-00000000", email="demo@example.org")


def account(organisation: str) -> BankAccount:
    """A number that no bank gives."""
    return BankAccount(holder=organisation, bank="示例银行（演示）", number="0000 0000 0000")


def application_form(chance: Random, *, category: str, organisation: str, place: Named, schedule: Period) -> FormBody:
    field = FIELDS[category]
    work, group = chance.choice(field.works), chance.choice(field.groups)
    acts = chance.sample(field.acts, 3)
    count = chance.randrange(3, 120) * 10
    budget = [FundingLine(source=FundingSource.OWN, money=yuan(chance.randrange(2, 60) * 1000))]
    support = [SupportRequest(kind=kind, reason=reason) for kind, reason in SUPPORT.items() if chance.random() < 0.2]
    if chance.random() < 0.4:
        budget.append(FundingLine(source=FundingSource.DONATED, money=yuan(chance.randrange(1, 80) * 500)))
    if chance.random() < 0.55:
        asked = chance.randrange(4, 120) * 1000
        budget.append(FundingLine(source=FundingSource.REQUESTED, money=yuan(asked)))
        support.append(SupportRequest(kind=SupportKind.FUNDS, reason=f"自筹不足，申请扶持{asked}元用于{acts[0]}。"))
    if chance.random() < 0.25:
        budget.append(FundingLine(source=FundingSource.IN_KIND, money=yuan(chance.randrange(1, 40) * 250)))
    # By the organisation alone: all its applications say the same of it.
    itself = seeded(organisation)
    return FormBody(
        title=f"“{chance.choice(BRANDS)}”{place.name.zh}{work}项目（演示）",
        category=category,
        content=f"{organisation}计划在{place.name.zh}为{group}{acts[0]}、{acts[1]}，全年预计惠及{count}人。{NOTE}",
        plan=f"一季度筹备和招募志愿者；二、三季度{acts[0]}、{acts[2]}；四季度总结。" if chance.random() < 0.8 else None,
        budget=tuple(budget),
        beneficiaries=Beneficiaries(count=count, group=group),
        schedule=schedule,
        place=place.name.zh,
        districts_served=(place.code,),
        legal_representative=person(itself),
        supervising_unit=itself.choice(SUPERVISORS),
        fit="符合本组织章程所定宗旨和业务范围。" if chance.random() < 0.7 else None,
        support=tuple(support),
    )


def amended(chance: Random, form: FormBody) -> FormBody:
    """The same project, for more or fewer people and with its plan written out."""
    count = max(30, form.beneficiaries.count * chance.choice((7, 8, 9, 11, 12, 15)) // 10)
    beneficiaries = form.beneficiaries.model_copy(update={"count": count})
    plan = f"按月安排活动，全年预计惠及{count}人，每月末公布进度。"
    return form.model_copy(update={"beneficiaries": beneficiaries, "plan": plan})


def schedule(chance: Random, year: int) -> Period:
    return Period(start=date(year, chance.choice((3, 4)), 1), end=date(year, chance.choice((10, 11)), 30))


SUPERVISORS = ("示例市民政局", "示例市卫生局", "示例市教育委员会", "示例市文化局")
PASS_REASONS = ("服务对象明确，面向公众，公益性突出。", "符合宗旨和业务范围。", "受益人群清楚，方案可行。")
NON_PROFIT_REASONS = ("不向服务对象收费。", "收支计划中没有利润分配。", "经费全部用于项目活动。")
FAIL_REASONS = ("以会员为主要服务对象，公益性不足。", "含收费培训，非营利性存疑。", "与本单位经营活动难以区分。")
FEASIBILITY = ("人员和场地已落实。", "预算与人数基本相称。", "进度安排略紧，建议分批实施。")
REJECTIONS = ("公益性未获多数委员认可。", "与已有项目重复，不予立项。", "可行性不足，建议完善后于下一年度申报。")
WITHDRAWALS = ("负责人变动，本年度无法实施。", "与其他单位合并实施。", "资金未能落实。", "场地拆迁，无法开展。")
AMENDMENTS = ("补充受益人数的测算依据。", "按初步意见完善实施计划。", "预算填写有误，重新测算人数。")
LATE_REPORT = ("该组织不具备上网条件，报送纸质进度表，由区县补录。", "平台当日维护，收到纸质表后补录。")
LATE_CONTRACT = ("合同当日签订，本周集中录入。", "合同文本用印后统一补录。")
LATE_APPLICATION = ("社区组织报送纸质申报表，由区县补录。", "传真件收到后补录。")
DEEDS = ("按期完成全部进度阶段，受益人评价优良。", "深入社区，服务人数超出计划。", "组织志愿者长期服务，群众反响好。")
CONCLUSIONS = (
    "基本实现预定目标，受益人反映良好。",
    "完成计划任务，资金使用规范。",
    "服务成效明显，建议持续开展。",
    "目标完成尚可，宣传有待加强。",
)
COMMENTS = ("服务很周到。", "希望多来几次。", "时间安排得不太方便。", "对家里帮助很大。")
NOBODY_ASKED = "面向不特定公众，没有可识别的受益人名单，不作抽样。"
OBJECTIONS = ("服务人数与现场情况不符。", "评分依据不充分。", "资金使用情况的说明不完整。")
UPHELD = "经核查，异议属实，该项评估不再作数，重新评估。（演示数据）"
DISMISSED = "经核查，评估依据充分，异议不成立。（演示数据）"
