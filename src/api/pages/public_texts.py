"""What the home page, the list of projects and a project say."""

from ledger.core.words import Words

PUBLIC: dict[str, Words] = {
    # Projects.
    "search_button": Words("搜索", "Search"),
    "search_place": Words("项目、组织或内容", "Project, organisation or content"),
    "chosen": Words("已选", "Chosen"),
    "chosen_without": Words("取消“{name}”", "Remove “{name}”"),
    "facets": Words("筛选", "Filter"),
    "facets_lead": Words("数字是选中后的项目数。", "The number is of projects that it would leave."),
    "facets_jump": Words("筛选条件", "Filters"),
    "facet_served_district_now": Words("服务地点", "Place served"),
    "facet_category": Words("领域", "Field"),
    "facet_status": Words("状态", "Status"),
    "facet_marked": Words("其中", "Of these"),
    "facet_year": Words("年份", "Year"),
    "facet_amount": Words("批准金额", "Amount approved"),
    "facet_more": Words("其余 {count} 项", "{count} more"),
    "more_filters": Words("更多条件", "More conditions"),
    "band_below": Words("{above} 以下", "below {above}"),
    "band_between": Words("{least} 至 {above}", "{least} to {above}"),
    "band_above": Words("{least} 以上", "{least} and more"),
    "ten_thousand": Words("{amount} 万元", "¥{amount}"),
    "amount_from": Words("{amount} 起", "from {amount}"),
    "amount_to": Words("至 {amount}", "up to {amount}"),
    "view_table": Words("表格", "Table"),
    "view_cards": Words("卡片", "Cards"),
    "view_label": Words("显示方式", "Shown as"),
    "column_project": Words("项目", "Project"),
    "column_progress": Words("进展", "Progress"),
    "column_money": Words("金额", "Money"),
    "column_people": Words("服务人数", "People served"),
    "ended_completed": Words("完成后结项", "Completed and closed"),
    "ended_terminated": Words("终止后结项", "Terminated and closed"),
    "people_of": Words("计划 {count}", "planned {count}"),
    "download": Words("下载这些项目", "Download these projects"),
}
