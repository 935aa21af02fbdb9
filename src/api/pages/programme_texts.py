"""What the page of a programme says: its rules in words, its calendar, its places, its documents."""

from ledger.core.words import Words

RULES: dict[str, Words] = {
    "rules_lead": Words("{authority}主管，{year} 年度。", "By the {authority}, for {year}."),
    "rules_kept": Words(
        "这是资助方公开的记录或以往年度的材料，没有在本账本中规定规则。",
        "These are a funder's published records or papers of earlier years; no rules of theirs are kept here.",
    ),
    "rules_as_of": Words(
        "截至账本第 {position} 号记录所知，{day} 的情况。", "As known at record no. {position}, on {day}."
    ),
    "rules_calendar": Words("日程", "Calendar"),
    "phase_open": Words("还有 {days} 天，{day}结束", "{days} days left, until {day}"),
    "phase_ahead": Words("{day}开始", "begins {day}"),
    "phase_done": Words("{day}已结束", "ended {day}"),
    "phase_today": Words("今天：{day}", "Today: {day}"),
    "phase_then": Words("所选日期：{day}", "Day chosen: {day}"),
    "rules_extended": Words("已延期", "extended"),
    "rules_quotas": Words("名额", "Places"),
    "rules_left": Words("还剩 {left} 个（共 {places} 个，已用 {taken} 个）", "{left} left of {places}; {taken} taken"),
    "rules_decided_by": Words("由{role}决定", "decided by: {role}"),
    "rules_no_quotas": Words("本计划没有名额限制。", "This programme limits no places."),
    "rules_honours": Words("表彰名单和排名", "Honours and their ranking"),
    "rules_figures": Words("统计与简报", "Figures and briefing"),
    "rules_projects": Words("本计划的项目", "Projects of this programme"),
    "rules_who": Words("谁来决定", "Who decides"),
    "rules_words": Words("规则", "The rules"),
    "rules_apply": Words("申报", "Applying"),
    "rules_screening": Words(
        "区县的社会组织先由区县民政局初审，再统一上报。",
        "Organisations of the districts are screened there first, then handed in.",
    ),
    "rules_no_screening": Words("直接申报，不经区县初审。", "Applications need no screening by districts."),
    "rules_amend": Words("退回补正的，{days} 天内补正。", "Returned applications are amended within {days} days."),
    "rules_barred": Words("列入{lists}的社会组织不得申报。", "Organisations on these lists may not apply: {lists}."),
    "rules_review": Words("评审", "Review"),
    "rules_reviewers": Words(
        "每个项目由 {needed} 名委员评审，至少 {favourable} 名认为公益、非营利，方可批准。",
        "{needed} members review each project; at least {favourable} must find it public and non-profit.",
    ),
    "rules_floor": Words(
        "可行性平均分低于 {floor} 分而批准的，须另行说明理由。",
        "An approval below a mean of {floor} needs a reason of its own.",
    ),
    "rules_approval": Words(
        "领导小组批准或不予批准；不服的，{days} 天内可申请复核。",
        "The leading group approves or rejects; a review may be asked for within {days} days.",
    ),
    "rules_contract": Words("合同和公布", "Contract and publication"),
    "rules_signing": Words(
        "批准后 {days} 天内签订合同。", "The contract is signed within {days} days of the approval."
    ),
    "rules_milestones": Words("实施", "Delivery"),
    "rules_milestones_are": Words("按以下阶段报送进度：{milestones}。", "Progress is reported at: {milestones}."),
    "rules_acceptance": Words(
        "每份进度表由签约单位审核，通过或退回。", "The authority that signed accepts or returns each report."
    ),
    "rules_evaluation": Words("评估", "Evaluation"),
    "rules_evaluated_by": Words(
        "每个项目由{evaluators}评价，满分 {scale}。", "Each project is evaluated by: {evaluators}; of {scale}."
    ),
    "rules_criteria": Words("评价项目：{criteria}。", "Criteria: {criteria}."),
    "rules_sample": Words(
        "受益人按名单抽样，抽取 {share}%，至少 {least} 人；少于 {group} 人的结果不公布。",
        "Beneficiaries are drawn from a list, {share} %, at least {least}; results of fewer than {group} are not told.",
    ),
    "rules_objection": Words("公示和异议", "Notices and objections"),
    "rules_objection_days": Words(
        "评估结果和拟表彰名单公示 {days} 个工作日，任何人可以提出异议。",
        "Evaluations and proposed honours are shown for {days} working days; anybody may object.",
    ),
    "rules_correction_days": Words(
        "申请更正的，{days} 个工作日内答复。", "Requests for a correction are answered within {days} working days."
    ),
    "rules_ranking": Words("表彰排名", "Ranking for honours"),
    "rules_weights": Words(
        "完成情况 {completion}%，受益人评价 {beneficiaries}%，第三方评估 {third_party}%。",
        "Completion {completion} %, beneficiaries {beneficiaries} %, third party {third_party} %.",
    ),
    "rules_fields": Words("资助领域", "Fields"),
    "rules_districts": Words("区县", "Districts"),
    "rules_documents": Words("文件和经过", "Documents and history"),
    "rules_registers": Words("文号：{authority} {pattern}", "Document numbers: {authority} {pattern}"),
    "rules_digest": Words("规则全文指纹（SHA-256）", "Fingerprint of the rules (SHA-256)"),
    "rules_assumption": Words(
        "规则全文写在账本里，任何人可以核对。", "The rules stand in the ledger word for word, for anybody to check."
    ),
    "json_programme": Words("计划和规则", "Programme and rules"),
}
STEP: dict[str, Words] = {
    "apply": Words("申报", "apply"),
    "amend": Words("补正", "amend"),
    "screen": Words("区县初审", "screening"),
    "hand_in": Words("上报", "hand-in"),
    "review": Words("评审", "review"),
    "approve": Words("批准", "approval"),
    "reject": Words("不予批准", "rejection"),
    "contract": Words("签约", "contract"),
    "publish": Words("公布", "publication"),
    "enter_competition": Words("参加竞选", "entering the competition"),
    "purchase": Words("政府购买", "purchase"),
    "report": Words("报送进度", "progress reports"),
    "evaluate": Words("评估", "evaluation"),
    "nominate": Words("推荐", "nomination"),
    "propose": Words("拟定表彰", "proposals"),
    "award": Words("表彰", "honours"),
}
