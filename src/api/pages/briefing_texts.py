"""What the briefing says, on its page and on paper, Chinese and English side by side."""

from ledger.core.words import Words
from ledger.organisation.registration import OrganisationKind
from ledger.project.money import Source, Stage, Sum
from projections.figures import By
from projections.statistics import Step

BRIEFING: dict[str, Words] = {
    "title": Words("工作简报", "Briefing"),
    "lead": Words(
        "按领域、区县、阶段、组织类别和月份汇总的项目、资金、受益人数、按时报送与满意度，供领导小组和公众查阅。",
        "Projects, money, people served, reports in time and satisfaction by field, district, phase, kind of "
        "organisation and month, for the leading group and everybody.",
    ),
    "whole_city": Words("全市", "The whole city"),
    "district": Words("区县", "District"),
    "from": Words("自", "From"),
    "to": Words("至", "To"),
    "show": Words("查询", "Show"),
    "filters": Words("时段与区县", "Period and district"),
    "scope": Words("范围", "Scope"),
    "period": Words("时段", "Period"),
    "basis": Words("数据依据", "Basis"),
    "always": Words("全部时间", "All time"),
    "between": Words("{first}至{last}", "{first} to {last}"),
    "since": Words("{first}起", "from {first}"),
    "until": Words("截至{last}", "until {last}"),
    "as_of": Words("账本第 {position} 号记录（{day}）", "record no. {position} of the ledger ({day})"),
    "as_of_nothing": Words("账本尚无记录", "the ledger holds no record yet"),
    "on": Words("报送是否按时，以 {day} 为准。", "Whether reports are late is as of {day}."),
    "overview": Words("概况", "Overview"),
    "figure": Words("指标", "Figure"),
    "in_period": Words("本时段", "In the period"),
    "in_all": Words("累计", "In all"),
    "planned": Words("预计受益人数", "People expected"),
    "projects": Words("申报项目", "Applied for"),
    "served": Words("服务人数", "People served"),
    "reports": Words("按时报送", "In time"),
    "reports_of": Words("{in_time}/{all}", "{in_time} of {all}"),
    "in_time": Words("按时报送（次）", "Reports in time"),
    "late": Words("迟报（次）", "Reports late"),
    "overdue": Words("逾期未报（次）", "Reports overdue"),
    "satisfied": Words("满意率", "Satisfied"),
    "answered": Words("抽样答复（人）", "Answers of those drawn"),
    "too_few": Words("人数不足", "too few"),
    "withheld": Words("不公开", "withheld"),
    "withheld_note": Words(
        "只计已公布的项目；未通过等未公布的项目不予公开，不作统计。",
        "Only published projects are counted; rejected ones are not published and cannot be counted here.",
    ),
    "small": Words(
        "答复不足 {minimum} 人的项目不计满意率。",
        "Projects where fewer than {minimum} people answered are left out of satisfaction.",
    ),
    "money": Words("资金（按环节与来源）", "Money by stage and source"),
    "stage": Words("环节", "Stage"),
    "source": Words("来源", "Source"),
    "amount": Words("金额", "Amount"),
    "group": Words("类别", "Group"),
    "total": Words("合计", "Total"),
    "amounts": Words("{heading}：资金", "{heading}: money"),
    "chart_projects": Words("申报项目数：{heading}", "Projects applied for: {heading}"),
    "chart_served": Words("各月服务人数", "People served by month"),
    "chart_money": Words("资金各环节合计（{currency}）", "Money by stage ({currency})"),
    "city": Words("市级", "City"),
    "none": Words("未注明", "None given"),
    "nothing": Words("此范围内没有项目。", "There is no project within this."),
    "pdf": Words("下载简报（PDF）", "The briefing as PDF"),
    "json": Words("简报（JSON）", "Briefing (JSON)"),
    "synthetic": Words("演示数据", "SYNTHETIC"),
    "note": Words(
        "由账本生成；同一依据总得同样的数字。分项之和即为合计。公众看到的是已公布项目的数字。",
        "Made by the ledger; the same basis gives the same figures, and the parts add up to the total. The public sees "
        "the figures of published projects.",
    ),
}
HEADING: dict[By, Words] = {
    By.CATEGORY: Words("按领域", "By field"),
    By.DISTRICT_NOW: Words("按现行区县", "By district as of today"),
    By.DISTRICT: Words("按申报时区县", "By district as it was"),
    By.DISTRICT_SERVED: Words("按服务区县", "By district served"),
    By.DISTRICT_SERVED_NOW: Words("按现行服务区县", "By district served, as of today"),
    By.PHASE: Words("按所处阶段", "By phase"),
    By.KIND: Words("按组织类别", "By kind of organisation"),
    By.MONTH: Words("按月份", "By month"),
    By.DISTRICT_SERVED: Words("按服务区县", "By district served"),
    By.DISTRICT_SERVED_NOW: Words("按现行服务区县", "By district served as of today"),
}
KIND: dict[OrganisationKind, Words] = {
    OrganisationKind.ASSOCIATION: Words("社会团体", "Association"),
    OrganisationKind.PRIVATE_NON_ENTERPRISE: Words("民办非企业单位", "Private non-enterprise unit"),
    OrganisationKind.FOUNDATION: Words("基金会", "Foundation"),
    OrganisationKind.COMMUNITY: Words("社区社会组织", "Community organisation"),
    OrganisationKind.OTHER: Words("其他", "Other"),
}
STEP: dict[Step, Words] = {
    Step.APPLIED: Words("申报项目", "Projects applied for"),
    Step.APPROVED: Words("批准项目", "Approved"),
    Step.REJECTED: Words("未通过", "Rejected"),
    Step.CONTRACTED: Words("签约项目", "Contracts signed"),
    Step.PUBLISHED: Words("公布项目", "Published"),
    Step.SERVED: Words("服务人数", "People served"),
    Step.COMPLETED: Words("完成项目", "Completed"),
    Step.TERMINATED: Words("终止项目", "Terminated"),
    Step.HONOURED: Words("表彰", "Honours"),
}
STAGE: dict[Stage, Words] = {
    Stage.REQUESTED: Words("申请", "Requested"),
    Stage.GRANTED: Words("批准", "Granted"),
    Stage.CONTRACTED: Words("签约", "Contracted"),
    Stage.PAID: Words("拨付", "Paid"),
    Stage.SPENT: Words("支出", "Spent"),
    Stage.RETURNED: Words("缴回", "Returned"),
}
SUM: dict[Sum, Words] = {
    Sum.REQUESTED: Words("申请金额", "Requested"),
    Sum.APPROVED: Words("批准金额", "Approved"),
    Sum.CONTRACTED: Words("签约金额", "Contracted"),
    Sum.PURCHASED: Words("购买金额", "Purchased"),
    Sum.PAID: Words("拨付金额", "Paid"),
    Sum.SPENT: Words("支出金额", "Spent"),
    Sum.RETURNED: Words("缴回金额", "Returned"),
}
SOURCE: dict[Source, Words] = {
    Source.SUPPORT: Words("项目资助", "Project support"),
    Source.PURCHASE: Words("政府购买服务", "Government purchase"),
    Source.GRANT: Words("外部资助", "Imported grants"),
    Source.EARLIER: Words("以往年度", "Earlier years"),
    Source.OWN: Words("自有资金", "Own funds"),
    Source.DONATED: Words("社会捐赠", "Donations"),
    Source.REQUESTED: Words("财政资金", "Public money"),
    Source.IN_KIND: Words("实物折价", "In kind"),
}
