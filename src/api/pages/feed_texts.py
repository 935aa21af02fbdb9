"""What the feed says of what is no project, each text in both languages."""

from api.pages.texts import Words
from ledger.rules import CreditList

FEED_SENTENCES: dict[str, Words] = {
    "ProgrammeAnnounced": Words("公布计划 {code} 的规则。", "Announced the rules of the programme {code}."),
    "FundingRegisterOpened": Words("开始收录{name}的资助记录。", "Opened the register of grants by {name}."),
    "PhaseExtended": Words("阶段 {phase} 延长至 {day}：{reason}", "Phase {phase} extended until {day}: {reason}"),
    "DistrictsReorganised": Words("区划调整（{decree}）。", "Districts reorganised ({decree})."),
    "PlaceTaken": Words("名额 {quota} 使用一个，共 {places} 个。", "A place of {quota} taken, of {places}."),
    "PlaceReleased": Words("名额退回一个：{reason}", "A place given back: {reason}"),
    "LogRestarted": Words(
        "日志以 {origin} 之名重新开始；原日志共 {size} 条，自第 {fork} 号起的已丢失：{reason}",
        "The log goes on as {origin}; of the {size} records before, those from no. {fork} on are lost: {reason}",
    ),
    "OrganisationRegistered": Words("登记社会组织：{name}。", "Organisation registered: {name}."),
    "Renamed": Words("更名为{name}（{document}）。", "Renamed {name} ({document})."),
    "IdentifierAdded": Words("增加代码 {identifier}。", "Identifier {identifier} added."),
    "IdentifierClaimed": Words(
        "代码 {identifier} 已归一个组织所有。", "Identifier {identifier} belongs to an organisation."
    ),
    "SupervisorNamed": Words("业务主管单位：{authority}。", "Supervising authority: {authority}."),
    "Relocated": Words("登记辖区变更：{reason}", "Registered with another district: {reason}"),
    "Merged": Words("并入{name}（{document}）。", "Merged into {name} ({document})."),
    "Deregistered": Words("注销或撤销（{document}）：{reason}", "Deregistered ({document}): {reason}"),
    "Graded": Words("评估等级 {grade}A，有效期 {period}。", "Graded {grade}A for {period}."),
    "Listed": Words("列入{list}（{document}）：{reason}", "Entered on the {list} ({document}): {reason}"),
    "Delisted": Words("移出{list}（{document}）：{reason}", "Taken off the {list} ({document}): {reason}"),
    "FrameRegistered": Words(
        "登记抽样名册，共 {count} 条，随机数来源：{source}。",
        "Registered the frame to draw from, {count} entries; the random value: {source}.",
    ),
    "SampleDrawn": Words("抽取样本 {count} 条，随机数 {value}。", "Drew {count} entries by the value {value}."),
    "PublicReportAnswered": Words(
        "答复公众举报（{subject}）：{answer}", "Answered a public report ({subject}): {answer}"
    ),
}
CREDIT_LIST: dict[CreditList, Words] = {
    CreditList.ABNORMAL: Words("活动异常名录", "list of abnormal activity"),
    CreditList.SERIOUS: Words("严重违法失信名单", "list of serious breaches"),
}
