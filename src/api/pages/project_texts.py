"""What a project's page says next to its facts."""

from ledger.core.words import Words

PROJECT: dict[str, Words] = {
    "crumbs": Words("所在位置", "You are here"),
    "terminated_because": Words("终止（{document}）：{reason}", "Terminated ({document}): {reason}"),
    "reported_of": Words("{total} 个进度阶段已报 {done} 个", "{done} of {total} milestones reported"),
    "late_of": Words("其中迟报 {late} 个", "{late} of them late"),
    "next_due": Words("下一进度阶段“{name}”应于 {day} 报送", "next: “{name}”, due {day}"),
    "next_overdue": Words("“{name}”应于 {day} 报送，已逾期", "“{name}” was due {day} and is overdue"),
    "orders_open": Words("{count} 项整改尚未通过", "{count} orders to put something right are open"),
    "adverse": Words("不利事实 {count} 件", "What speaks against it: {count}"),
    "money_title": Words("资金", "Money"),
    "money_rows": Words("逐笔经过", "Each movement"),
    "people_title": Words("服务人数", "People"),
    "people_so_far": Words("累计：", "In all by then: "),
    "people_unit_served": Words("人已服务", "people served"),
    "of_planned": Words("计划 {planned} 人，完成 {share}", "{planned} planned, {share} of them reached"),
    "show_all": Words("全部 {count}", "All {count}"),
    "show_decisions": Words("决定 {count}", "Decisions {count}"),
    "show_money": Words("钱 {count}", "Money {count}"),
    "show_reports": Words("报告 {count}", "Reports {count}"),
    "show_corrections": Words("更正 {count}", "Corrections {count}"),
    "show_label": Words("只看", "Show only"),
    "stage_application": Words("项目申报", "Application"),
    "stage_review": Words("审核公布", "Review and publication"),
    "stage_delivery": Words("项目实施", "Delivery"),
    "stage_evaluation": Words("项目评估", "Evaluation"),
    "stage_honours": Words("总结表彰", "Conclusion and honours"),
    "stage_range": Words("{first}至{last}，{count} 条", "{first} to {last}, {count} records"),
    "stage_day": Words("{first}，{count} 条", "{first}, {count} records"),
}
