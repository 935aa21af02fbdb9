"""What the pages say, each text in Chinese and in English side by side."""

from ledger.core.fact import Role
from ledger.core.words import Words
from ledger.organisation.ending import RegistrationEnd
from ledger.organisation.oversight import InspectionResult, PenaltyKind
from ledger.project.application import SupportKind
from ledger.project.chosen import HonourStanding
from ledger.project.payments import PaidUnder
from ledger.project.purchase import ContractRelation
from ledger.project.reconsideration import RequestOutcome
from ledger.project.screening import ScreeningResult
from ledger.project.status import Status
from ledger.project.support import SupportOutcome
from ledger.project.timeliness import Timeliness
from ledger.rules import CreditList
from ledger.values import FundingSource
from projections.listing_queries import Mark

PAGE: dict[str, Words] = {
    "site": Words("民生账本", "Minsheng Ledger"),
    "skip": Words("跳到正文", "Skip to the content"),
    "other_language": Words("English", "中文"),
    "home": Words("项目名录", "Projects"),
    "open_data": Words("开放数据（JSON）", "Open data (JSON)"),
    "archive": Words("电子档案（ZIP）", "Electronic archive (ZIP)"),
    "interface": Words("接口说明", "API reference"),
    "footer": Words(
        "每一条记录写入后不再修改；有误则另记更正，原记录仍可查。",
        "No record is changed once written; a mistake is put right by a further record, and the first stays readable.",
    ),
    "synthetic": Words("演示数据", "synthetic demonstration data"),
    "synthetic_banner": Words(
        "本页含演示数据：由程序生成的虚构组织、项目和人员，与真实单位和个人无关。",
        "This page holds synthetic demonstration data: the organisations, projects and people in it are invented.",
    ),
    "colon": Words("：", ": "),
    "comma": Words("、", ", "),
    # The listing.
    "listing_title": Words("公益项目名录", "Public-welfare projects"),
    "listing_lead": Words(
        "已公布的公益项目及其全部经过：谁申报、谁批准、钱用在哪里、进展如何。供市民、社会组织、主管部门、媒体和审计查阅。",
        "Every published public-welfare project with its whole history: who applied, who approved, where the money "
        "went, how far it is. For citizens, organisations, officials, journalists and auditors.",
    ),
    "search": Words("搜索", "Search"),
    "search_hint": Words("项目名称、组织名称或内容", "Title, organisation or content"),
    "filters": Words("搜索与筛选", "Search and filters"),
    "programme": Words("计划", "Programme"),
    "category": Words("领域", "Field"),
    "district": Words("登记区县", "District of registration"),
    "district_now": Words("现行区县", "District as of today"),
    "status": Words("状态", "Status"),
    "marked": Words("情形", "Marked"),
    "organisation": Words("社会组织", "Organisation"),
    "sort": Words("排序", "Order"),
    "known_at": Words("查看截至某日的名录", "As known on"),
    "show": Words("查询", "Show"),
    "clear": Words("清除条件", "Clear all"),
    "all": Words("全部", "All"),
    "sort_recent": Words("最近更新", "Latest change"),
    "sort_amount": Words("金额从高到低", "Largest amount"),
    "sort_title": Words("名称", "Title"),
    "results": Words("共 {count} 个项目", "{count} projects"),
    "result": Words("共 {count} 个项目", "1 project"),
    "as_of": Words("截至账本第 {position} 号记录（{day}）", "As of record no. {position} of the ledger ({day})"),
    "as_of_nothing": Words("账本尚无记录", "The ledger holds no record yet"),
    "only_organisation": Words("仅看一个组织：{name}", "Only one organisation: {name}"),
    "this_organisation": Words("所选组织", "the one chosen"),
    "remove": Words("取消", "Remove"),
    "amount": Words("金额", "Amount"),
    "figure": Words("金额项", "Which amount"),
    "at_least": Words("金额不少于", "At least"),
    "at_most": Words("金额不多于", "At most"),
    "people_planned": Words("预计受益", "Expected"),
    "served": Words("已服务", "Served"),
    "people_count": Words("{count} 人", "{count} people"),
    "milestones_of": Words("已报送进度表 {done}/{total}", "Milestones reported: {done} of {total}"),
    "honours_count": Words("表彰 {count} 项", "Honours: {count}"),
    "next_page": Words("下一页", "Next page"),
    "first_page": Words("回到第一页", "Back to the first page"),
    "paging": Words("翻页", "Pages"),
    "empty": Words("没有符合条件的项目。", "No project matches."),
    "empty_advice": Words(
        "请减少筛选条件，换一个更短的词，或清除条件查看全部项目。",
        "Use fewer filters or a shorter word, or clear all of them to see every project.",
    ),
    "city": Words("市级", "City"),
    "briefings": Words("统计与简报", "Figures and briefings"),
    "briefing_of": Words("{programme}：工作简报", "Briefing: {programme}"),
    # The feed, and the listing in somebody else's page.
    "feed_title": Words("公益项目动态", "News of public-welfare projects"),
    "feed_lead": Words("按公开的先后，每一条记录一句话。", "Every record in one sentence, as it becomes public."),
    "embed_all": Words("在民生账本中查看全部", "See all in the ledger"),
    # The project's page.
    "facts": Words("项目概况", "The project"),
    "content": Words("项目内容", "Content"),
    "plan": Words("实施计划", "Plan"),
    "fit": Words("与宗旨和业务范围的关系", "Fit with the organisation's purpose"),
    "beneficiaries": Words("受益对象", "Who benefits"),
    "expected": Words("{group}，预计 {count} 人", "{group}; {count} people expected"),
    "place": Words("实施地点", "Place"),
    "schedule": Words("计划起止", "Planned"),
    "budget": Words("预算（按来源）", "Budget by source"),
    "support": Words("申请的支持", "Support asked for"),
    "approval": Words("批准", "Approval"),
    "document_number": Words("批准文号", "Document number"),
    "approved_amount": Words("批准金额", "Amount approved"),
    "contract": Words("合同", "Contract"),
    "contract_number": Words("合同编号", "Contract number"),
    "authority": Words("签约单位", "Authority"),
    "party": Words("承办方", "Contractor"),
    "signed_on": Words("签订日期", "Signed on"),
    "period": Words("合同期限", "Contract period"),
    "contract_amount": Words("合同金额", "Contract amount"),
    "services": Words("服务内容", "Services"),
    "notice": Words("公布文件", "Published by"),
    "milestones": Words("实施进度", "Milestones"),
    "due": Words("应报", "Due"),
    "reported": Words("报送", "Reported"),
    "share": Words("{share}%", "{share} %"),
    "days_late": Words("迟报 {days} 天", "{days} days late"),
    "day_late": Words("迟报 {days} 天", "1 day late"),
    "no_contract_yet": Words("合同签订前没有应报日期。", "There are no due dates before the contract is signed."),
    "people_served": Words("服务 {count} 人", "{count} people served"),
    "spent": Words("支出", "Spent"),
    "documents": Words("附件", "Documents"),
    "work_done": Words("工作内容", "Work done"),
    "summary": Words("活动总结", "Summary"),
    "evaluations": Words("评估", "Evaluations"),
    "score": Words("{score}（满分 {scale}）", "{score} of {scale}"),
    "survey": Words(
        "发出 {invited} 份，收回 {answered} 份（回收率 {rate}），满意 {satisfied} 份（满意率 {share}）。",
        "{invited} asked, {answered} answered ({rate}), {satisfied} of them satisfied ({share}).",
    ),
    "survey_nobody": Words(
        "未开展受益人评价：没有可识别的受益人可供抽样。",
        "No beneficiaries' evaluation: nobody could be drawn, no beneficiary can be identified.",
    ),
    "survey_sample": Words(
        "从 {frame} 人中抽取 {invited} 人，{answered} 人答复（答复率 {rate}）；",
        "{invited} of {frame} people drawn, {answered} answered ({rate}); ",
    ),
    "survey_online": Words("网上实名评价 {answered} 人；", "{answered} answered online by real name; "),
    "survey_satisfied": Words(
        "满意 {satisfied} 人（{share}，95% 置信区间 {low}% 至 {high}%）。",
        "{satisfied} of them satisfied ({share}; 95 % interval {low} to {high} %).",
    ),
    "survey_small": Words(
        "少于 {minimum} 人，不公布满意情况。", "fewer than {minimum}, so how satisfied they are is not told."
    ),
    "honours": Words("表彰", "Honours"),
    "honour_place": Words("名额第 {place} 个，共 {places} 个", "Place {place} of {places}"),
    "name_closed": Words("（姓名不公开或已删除）", "(name not public or erased)"),
    "of_organisation": Words("{name}，{organisation}", "{name}, {organisation}"),
    "empty_state": Words(
        "按所选日期，此项目还没有生效的记录。", "No record of this project was in force on the day chosen."
    ),
    # Grants.
    "grant": Words("资助记录", "Grant"),
    "grant_note": Words(
        "此项由资助方公开的数据导入，原文照录，没有进度阶段。",
        "This grant was imported from the funder's published data, word for word; it has no milestones.",
    ),
    "funder": Words("资助方", "Funder"),
    "recipient": Words("受助方", "Recipient"),
    "awarded_on": Words("授予日期", "Awarded on"),
    "grant_number": Words("资助编号", "Grant number"),
    "grant_programme": Words("资助方的计划", "Funder's programme"),
    "source": Words("来源文件 SHA-256", "SHA-256 of the source file"),
    # Certificates.
    "certificate": Words("证书", "Certificate"),
    "certificate_revoked_because": Words(
        "此表彰已于 {day} 撤销（{document}）：{reason}", "This honour was revoked on {day} ({document}): {reason}"
    ),
    "certificate_void_because": Words(
        "此表彰系登记有误，已于 {day} 作废：{reason}", "This honour was a mistake and void since {day}: {reason}"
    ),
    "certificate_sentence": Words(
        "授予{recipient}{programme}“{honour}”。", "{recipient} is honoured as “{honour}” in {programme}."
    ),
    "certificate_deed": Words("事迹", "For what"),
    "certificate_project": Words("项目", "Project"),
    "certificate_by": Words("授予者", "Given by"),
    "certificate_check": Words("核验码", "Code"),
    "certificate_check_lead": Words(
        "与纸质证书上的核验码一致，即为账本中的同一条记录；核验码是该记录在账本中的摘要（base32）的前十位。",
        "A paper certificate with the same code speaks of the same record. The code is the first ten characters, in "
        "base32, of the hash that the ledger holds of it.",
    ),
    "certificate_leaf": Words("记录摘要", "Hash of the record"),
    "certificate_history": Words("查看项目的全部经过", "See the project's whole history"),
    "certificate_as_of": Words("截至账本第 {position} 号记录。", "As known at record no. {position}."),
    "json_certificate": Words("证书", "Certificate"),
    # Honours.
    "publicity": Words("宣传报道", "Stories and media"),
    "media": Words("媒体报道", "What media reported"),
    "honours_title": Words("{programme}：表彰", "Honours of {programme}"),
    "honours_lead": Words(
        "已公示和已授予的名单，按公式排名。未列入的推荐对象不公开。",
        "Who was proposed for objection or honoured, in the order of the formula. Who was nominated and not proposed "
        "is not told.",
    ),
    "honours_none": Words("尚无公示或授予的对象。", "Nobody has been proposed or honoured yet."),
    "honours_formula": Words("怎样排名", "How they are ranked"),
    "honours_weights": Words(
        "公式 {formula}：完成情况占 {completion}%，受益人评价占 {beneficiaries}%，第三方评估占 {third_party}%。",
        "Formula {formula}: completion counts {completion} %, beneficiaries {beneficiaries} %, the third party "
        "{third_party} %.",
    ),
    "honours_plans": Words(
        "完成情况按首次签订合同时的计划（人数、任务、资金、时限）衡量，每项最高 100%；"
        "组织的全部项目按规模加权，终止的项目按实际完成情况计分。"
        "受益人无法调查的，取 {without_feedback}% 与本项目第三方评估结果中的较低者；未登记抽样框的，计 0。",
        "Completion is measured against the plan first contracted (people, tasks, money, time), each at most 100 %, "
        "over all projects of an organisation by their size; terminated ones count for what they achieved. Where "
        "nobody could be asked the lower of {without_feedback} % and the project's own third-party value counts, "
        "without a frame 0.",
    ),
    "honours_ties": Words(
        "得分相同的，依次比第三方评估、完成情况、完成日期（早者在前）、项目编号。",
        "Equal scores stand by the third party's value, then completion, then the earlier completion, then the id.",
    ),
    "honours_recompute": Words(
        "任何人可用公开的记录重新计算；每项数值所依据的记录见机器可读数据。",
        "Anybody can work it out again from public records; the machine-readable data names those behind each value.",
    ),
    "honours_places": Words("{count} 个名额，已授予 {given} 个", "{count} places, {given} given"),
    "honours_score": Words("得分 {score}", "Score {score}"),
    "honours_no_score": Words("暂无得分", "No score yet"),
    "honours_part": Words("{value}（权重 {weight}%）", "{value} (weight {weight} %)"),
    "honours_not_measured": Words("未测量", "Not measured"),
    "honours_shown_until": Words("公示至 {day}", "Open to objection until {day}"),
    "honours_departure": Words(
        "推荐时在 {nominated} 个对象中排第 {rank}，说明：{departure}",
        "Ranked {rank} of {nominated} when proposed; the reason: {departure}",
    ),
    "honours_position": Words("第 {rank} 名", "Rank {rank}"),
    "json_ranking": Words("排名（{honour}）", "Ranking ({honour})"),
    # Time.
    "clocks": Words("查看某一时点", "See another day"),
    "clocks_lead": Words(
        "“已知”按写入账本的时间，“生效”按实际发生的日期。留空即为现在。",
        "“Known” goes by when the ledger recorded it, “in force” by the day since when it was so. Empty means now.",
    ),
    "clock_known": Words("截至此日已知", "As known on"),
    "clock_effective": Words("截至此日生效", "As in force on"),
    "basis": Words("当前显示", "You see the project"),
    "basis_known": Words("截至账本第 {position} 号记录（{day}）", "as known at record no. {position} ({day})"),
    "basis_effective": Words("在 {day} 生效的内容", "as in force on {day}"),
    "basis_now": Words("回到现在", "Back to now"),
    # History.
    "history": Words("全部经过", "The whole history"),
    "history_note": Words(
        "按写入顺序，北京时间。版本号不连续处是不公开的记录，例如每位委员的评审意见。",
        "In the order of recording, Beijing time. Missing versions are records that are not public, such as single "
        "reviews.",
    ),
    "position": Words("序号", "No."),
    "version": Words("版本", "Version"),
    "recorded_at": Words("写入时间", "Recorded"),
    "effective_on": Words("生效日期", "In force since"),
    "what": Words("事项", "What happened"),
    "by_whom": Words("记录人", "By"),
    "late_entry": Words("补录：{reason}", "Entered late: {reason}"),
    "later_than_asked": Words("所选日期时尚未生效", "Not in force yet on the day chosen"),
    "corrects": Words("更正{event}", "Corrects {event}"),
    "corrected_by": Words("已更正（见{event}）", "Corrected (see {event})"),
    "disputed_by": Words("有争议：已申请更正（见{event}）", "Disputed: a correction is requested (see {event})"),
    "after_decision": Words("更正时他人已据此作出决定（{event}）", "Corrected after a decision on it ({event})"),
    "asks_to_correct": Words("申请更正{event}", "Asks to correct {event}"),
    "nothing": Words("无", "nothing"),
    "event_withheld": Words("一条不公开的记录", "a record that is not public"),
    "draft": Words("申报表（第{draft}稿）", "the application (draft {draft})"),
    "voided_by": Words("已作废（见{event}）", "Voided (see {event})"),
    "redacted": Words(
        "有文字被删除（见位置 {position}）：{reason}", "Words were taken out (see position {position}): {reason}"
    ),
    "on_behalf_of": Words("{by}（代{organisation}录入）", "{by}, on behalf of {organisation}"),
    "raw": Words("原始记录", "Raw record"),
    "machine": Words("机器可读数据", "Machine-readable"),
    "print_certificate": Words("打印证书（PDF）", "Print the certificate (PDF)"),
    "print_application": Words("打印申报表（PDF）", "Print the application (PDF)"),
    "print_contract": Words("打印合同（PDF）", "Print the contract (PDF)"),
    "json_project": Words("项目", "Project"),
    "json_history": Words("经过", "History"),
    "json_state": Words("所示时点的状态", "State as shown"),
    # Problems.
    "problem": Words("无法显示", "This cannot be shown"),
    "not_found": Words("没有找到", "Not found"),
    "problem_home": Words("去项目名录", "To the list of projects"),
    "problem_fields": Words("不能识别的条件：{fields}。", "Not understood: {fields}."),
    "problem_project": Words(
        "没有这个项目，或者它尚未公布，或者在所选日期还没有它。",
        "There is no such project, or it is not published yet, or it was not known on the day chosen.",
    ),
    "problem_code": Words("代码", "Code"),
    "field_q": Words("搜索词", "search"),
    "field_cursor": Words("翻页标记", "page cursor"),
    "field_effective_on": Words("生效日期", "in force on"),
}

MARK: dict[Mark, Words] = {
    Mark.TERMINATED: Words("曾终止", "Terminated"),
    Mark.SUSPENDED: Words("曾中止", "Suspended before"),
    Mark.LATE: Words("有迟报或逾期未报", "Reports late or overdue"),
    Mark.HONOURED: Words("受表彰", "Honoured"),
}
TIMELINESS: dict[Timeliness, Words] = {
    Timeliness.IN_TIME: Words("按时报送", "On time"),
    Timeliness.LATE: Words("迟报", "Late"),
    Timeliness.WAITING: Words("尚未报送", "Not yet reported"),
    Timeliness.OVERDUE: Words("尚未报送，已过期", "Not reported, overdue"),
    Timeliness.NOT_DUE: Words(
        "未报送；项目已中止或结束，无须报送", "Not reported; suspended or ended, so nothing is due"
    ),
}
STATUS: dict[Status, Words] = {
    Status.UNKNOWN: Words("尚无记录", "No record yet"),
    Status.APPLIED: Words("已申报", "Applied"),
    Status.RETURNED: Words("退回修改", "Returned for amendment"),
    Status.SCREENED: Words("初审通过", "Screened"),
    Status.SCREENED_OUT: Words("初审未通过", "Refused in screening"),
    Status.HANDED_IN: Words("已汇总上报", "Handed in"),
    Status.UNDER_REVIEW: Words("评审中", "Under review"),
    Status.APPROVED: Words("已通过", "Approved"),
    Status.REJECTED: Words("未通过", "Rejected"),
    Status.WITHDRAWN: Words("已撤回", "Withdrawn"),
    Status.LAPSED: Words("逾期未签约", "Lapsed"),
    Status.CONTRACTED: Words("已签约", "Contract signed"),
    Status.PUBLISHED: Words("已公布", "Published"),
    Status.IN_DELIVERY: Words("实施中", "In delivery"),
    Status.SUSPENDED: Words("已暂停", "Suspended"),
    Status.COMPLETED: Words("已完成", "Completed"),
    Status.TERMINATED: Words("已终止", "Terminated"),
    Status.CLOSED: Words("已结项", "Closed"),
    Status.GRANTED: Words("资助记录", "Grant"),
}
ROLE: dict[Role, Words] = {
    Role.ORGANISATION: Words("社会组织", "Organisation"),
    Role.DISTRICT: Words("区县民政局", "District civil affairs bureau"),
    Role.OFFICE: Words("领导小组办公室", "Leading group's office"),
    Role.COMMITTEE: Words("评估监督委员会委员", "Member of the evaluation committee"),
    Role.JUROR: Words("评委", "Juror"),
    Role.LEADING_GROUP: Words("领导小组", "Leading group"),
    Role.PROMOTION_ASSOCIATION: Words("社会组织发展促进会", "Promotion association"),
    Role.TREASURY: Words("财政", "Treasury"),
    Role.BENEFICIARY: Words("受益人", "Beneficiary"),
    Role.AUDITOR: Words("审计", "Auditor"),
    Role.CREDIT_SYSTEM: Words("信用管理系统", "Credit system"),
    Role.PUBLIC: Words("公众", "Public"),
    Role.ADMINISTRATOR: Words("系统管理员", "Administrator"),
}
SOURCE: dict[FundingSource, Words] = {
    FundingSource.OWN: Words("自有资金", "Own funds"),
    FundingSource.DONATED: Words("社会捐赠", "Donations"),
    FundingSource.REQUESTED: Words("申请资助", "Requested funding"),
    FundingSource.IN_KIND: Words("实物折价", "In kind"),
}
SUPPORT: dict[SupportKind, Words] = {
    SupportKind.FUNDS: Words("资金", "Funds"),
    SupportKind.RESOURCES: Words("资源", "Resources"),
    SupportKind.VENUE: Words("场地", "Venue"),
    SupportKind.CONTACT: Words("联系帮扶对象", "Contact with those helped"),
    SupportKind.OTHER: Words("其他", "Other"),
}
SCREENING: dict[ScreeningResult, Words] = {
    ScreeningResult.PASSED: Words("通过", "passed"),
    ScreeningResult.RETURNED: Words("退回修改", "returned for amendment"),
    ScreeningResult.REFUSED: Words("不予通过", "refused"),
}
SUPPORT_OUTCOME: dict[SupportOutcome, Words] = {
    SupportOutcome.GRANTED: Words("同意", "granted"),
    SupportOutcome.PARTLY: Words("部分同意", "granted in part"),
    SupportOutcome.REFUSED: Words("不予安排", "refused"),
}
REQUEST_OUTCOME: dict[RequestOutcome, Words] = {
    RequestOutcome.UPHELD: Words("维持原决定", "the decision stands"),
    RequestOutcome.SET_ASIDE: Words("撤销原决定", "the decision is set aside"),
}
RELATION: dict[ContractRelation, Words] = {
    ContractRelation.SUPPLEMENTS: Words("补充原合同", "in addition to the first contract"),
    ContractRelation.SUPERSEDES: Words("取代原合同", "in place of the first contract"),
}
UNDER: dict[PaidUnder, Words] = {
    PaidUnder.SUPPORT: Words("项目合同", "project contract"),
    PaidUnder.PURCHASE: Words("购买服务合同", "purchase contract"),
}
EVALUATION: dict[str, Words] = {
    "self": Words("自我评定", "Self-evaluation"),
    "beneficiaries": Words("受益人评价", "Beneficiaries' evaluation"),
    "third_party": Words("第三方评估", "Third-party evaluation"),
}
COMPONENT: dict[str, Words] = EVALUATION | {"completion": Words("完成情况", "Completion")}
HONOUR_STANDING: dict[HonourStanding, Words] = {
    HonourStanding.NOMINATED: Words("已推荐", "Nominated"),
    HonourStanding.PROPOSED: Words("已公示", "Proposed"),
    HonourStanding.AWARDED: Words("已授予", "Honoured"),
    HonourStanding.REVOKED: Words("已撤销", "Revoked"),
}
STANDING: dict[str, Words] = {
    "valid": Words("有效", "Valid"),
    "revoked": Words("已撤销", "Revoked"),
    "void": Words("已作废", "Void"),
}
# `not_recorded`: of the time when the two were not kept apart.
ENDED: dict[str, Words] = {
    RegistrationEnd.CANCELLED: Words("注销", "deregistered"),
    RegistrationEnd.REVOKED: Words("被撤销登记", "struck off"),
    "not_recorded": Words("注销或被撤销登记", "deregistered or struck off"),
}
INSPECTION_RESULT: dict[InspectionResult, Words] = {
    InspectionResult.PASSED: Words("合格", "passed"),
    InspectionResult.BASICALLY_PASSED: Words("基本合格", "basically passed"),
    InspectionResult.FAILED: Words("不合格", "failed"),
}
PENALTY: dict[PenaltyKind, Words] = {
    PenaltyKind.WARNING: Words("警告", "warning"),
    PenaltyKind.FINE: Words("罚款", "fine"),
    PenaltyKind.CONFISCATION: Words("没收违法所得", "confiscation of unlawful gains"),
    PenaltyKind.ACTIVITY_SUSPENDED: Words("限期停止活动", "suspension of activity"),
}
CREDIT_LIST: dict[CreditList, Words] = {
    CreditList.ABNORMAL: Words("活动异常名录", "list of abnormal activity"),
    CreditList.SERIOUS: Words("严重违法失信名单", "list of serious breaches"),
}
