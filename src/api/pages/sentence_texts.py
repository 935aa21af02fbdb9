"""One readable sentence for each kind of fact, in both languages."""

from api.pages.texts import Words

SENTENCES: dict[str, Words] = {
    "Applied": Words(
        "申报项目《{title}》，预计受益 {count} 人。", "Applied with the project {title}, for {count} people."
    ),
    "Amended": Words("修改申报表：{reason}", "Amended the application: {reason}"),
    "Withdrawn": Words("撤回项目：{reason}", "Withdrew the project: {reason}"),
    "Reviewed": Words("评审第 {version} 版申报表。", "Reviewed version {version} of the application."),
    "Approved": Words("批准立项（{document}）：{reason}", "Approved ({document}): {reason}"),
    "Rejected": Words("不予立项（{document}）：{reason}", "Rejected ({document}): {reason}"),
    "ContractSigned": Words(
        "{authority}与{party}签订合同 {number}，期限 {period}。",
        "{authority} and {party} signed contract {number} for {period}.",
    ),
    "Published": Words("公布项目：{notice}", "Published: {notice}"),
    "MilestoneReported": Words(
        "报送“{milestone}”节点进度，服务 {count} 人。", "Reported the milestone “{milestone}”: {count} people served."
    ),
    "Evaluated": Words("{by}：{conclusion}", "{by}: {conclusion}"),
    "Awarded": Words("授予{recipient}“{honour}”（{document}）。", "Honoured {recipient} as “{honour}” ({document})."),
    "GrantImported": Words("导入资助记录：{funder}资助{recipient}。", "Grant imported, from {funder} to {recipient}."),
    "PaperReceived": Words(
        "第 {version} 版由纸质材料录入，收件日期 {day}：{reason}",
        "Version {version} came on paper, received on {day}: {reason}",
    ),
    "Attached": Words("提交材料：{subject}（{files}）。", "Attached {subject}: {files}."),
    "Disclosed": Words("公开材料：{subject}（{files}）。", "Made public {subject}: {files}."),
    "Screened": Words("初审第 {version} 版：{result}。{reason}", "Screened version {version}: {result}. {reason}"),
    "HandedIn": Words("汇总上报：{notice}", "Handed in: {notice}"),
    "Returned": Words("退回修改，{day} 前重报：{reason}", "Returned for amendment until {day}: {reason}"),
    "SupportArranged": Words(
        "扶持申请第 {number} 项：{outcome}。{reason}", "Support no. {number}: {outcome}. {reason}"
    ),
    "given": Words("安排：{given}", "Given: {given}"),
    "DecisionServed": Words(
        "第 {version} 版的决定于 {day} 送达。", "The decision of version {version} was served on {day}."
    ),
    "ReviewRequested": Words("申请复核第 {version} 版：{reason}", "Asked for a review of version {version}: {reason}"),
    "ReviewRequestDecided": Words(
        "复核第 {version} 版：{outcome}（{document}）。{reason}",
        "Review of version {version}: {outcome} ({document}). {reason}",
    ),
    "Lapsed": Words("{day} 前未签约，批准失效：{reason}", "Not signed by {day}; the approval lapsed: {reason}"),
    "ContractAmended": Words(
        "变更合同 {number}，期限 {period}：{reason}", "Amended contract {number}, now for {period}: {reason}"
    ),
    "MilestoneAccepted": Words("第 {version} 版的进度表通过。", "Accepted the report of version {version}."),
    "MilestoneReturned": Words(
        "退回第 {version} 版的进度表，{day} 前重报：{reason}",
        "Returned the report of version {version}, again by {day}: {reason}",
    ),
    "SelfChecked": Words("自查：{findings}", "Checked itself: {findings}"),
    "improved": Words("改进：{improved}", "Improved: {improved}"),
    "Inspected": Words("{day} 检查，合格：{findings}", "Inspected on {day}, in order: {findings}"),
    "Inspected.unsatisfactory": Words(
        "{day} 检查，发现问题：{findings}", "Inspected on {day}, with findings: {findings}"
    ),
    "RectificationOrdered": Words("责令 {day} 前整改：{what}", "To be put right by {day}: {what}"),
    "Rectified": Words("报告整改完成（第 {version} 版）：{done}", "Put right what version {version} asked for: {done}"),
    "RectificationChecked": Words("整改验收通过：{reason}", "What was asked for is done: {reason}"),
    "RectificationChecked.unfulfilled": Words("整改未完成：{reason}", "What was asked for is not done: {reason}"),
    "Suspended": Words("暂停项目：{reason}", "Suspended: {reason}"),
    "Resumed": Words("恢复项目：{reason}", "Resumed: {reason}"),
    "Terminated": Words("终止项目（{document}）：{reason}", "Terminated ({document}): {reason}"),
    "refund": Words("应退回 {amount}。", "To be given back: {amount}."),
    "Transferred": Words("项目转由{organisation}承接：{reason}", "Carried on by {organisation}: {reason}"),
    "EnteredCompetition": Words("参加政府购买服务竞选：{goals}", "Entered the competition: {goals}"),
    "Scored": Words("评委打分 {score}：{reason}", "A juror's score, {score}: {reason}"),
    "Purchased": Words(
        "中选政府购买服务，第 {place} 个名额，金额 {amount}（{document}）。",
        "Selected for government purchase, place {place}, {amount} ({document}).",
    ),
    "PurchaseForfeited": Words("放弃中选名额：{reason}", "Gave the purchase up: {reason}"),
    "PurchaseContractSigned": Words(
        "签订购买服务合同 {number}（{relation}），金额 {amount}。",
        "Signed purchase contract {number} ({relation}) over {amount}.",
    ),
    "Disbursed": Words("{day} 拨付 {amount}（{under}）：{cost}", "Paid {amount} on {day} ({under}): {cost}"),
    "Refunded": Words("{day} 退回 {amount}（{under}）：{reason}", "Gave back {amount} on {day} ({under}): {reason}"),
    "BeneficiariesEvaluated": Words("受益人评价：{conclusion}", "Beneficiaries' evaluation: {conclusion}"),
    "EvaluationPublished": Words(
        "公示评估结果，{day} 前可提出异议：{notice}", "Evaluations shown for objection until {day}: {notice}"
    ),
    "ObjectionRaised": Words("对第 {version} 版提出异议：{reason}", "Objected to version {version}: {reason}"),
    "ObjectionResolved": Words(
        "对第 {version} 版的异议成立：{reason}", "The objection to version {version} is upheld: {reason}"
    ),
    "ObjectionResolved.dismissed": Words(
        "对第 {version} 版的异议不成立：{reason}", "The objection to version {version} is dismissed: {reason}"
    ),
    "Closed": Words("结项：{conclusion}", "Closed: {conclusion}"),
    "HonourProposed": Words(
        "拟授予{recipient}“{honour}”（排名第 {rank}），{day} 前可提出异议。",
        "Proposed {recipient} as “{honour}” (rank {rank}), open to objection until {day}.",
    ),
    "departure": Words("不按排名的理由：{departure}", "Why not by rank: {departure}"),
    "HonourRevoked": Words(
        "撤销第 {version} 版的表彰（{document}）：{reason}",
        "Revoked the honour of version {version} ({document}): {reason}",
    ),
    "Voided": Words("作废第 {version} 版：{reason}", "Voided version {version}: {reason}"),
    "Restated": Words(
        "更正第 {version} 版（{reason}）。应为：{sentence} 生效日期：{day}。",
        "Corrected version {version} ({reason}). It should read: {sentence} In force since {day}.",
    ),
    "Redacted": Words(
        "删除第 {version} 版中的文字（依据：{authority}）：{reason}",
        "Took words out of version {version} ({authority}): {reason}",
    ),
    "spent": Words("支出 {amount}。", "Spent: {amount}."),
    "amount": Words("金额 {amount}。", "Amount: {amount}."),
}
