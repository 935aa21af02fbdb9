"""What stands around every page: navigation, the chosen moment, type size."""

from ledger.core.words import Words

FRAME: dict[str, Words] = {
    "navigation": Words("主导航", "Main"),
    "tools": Words("显示与登录", "Display and sign-in"),
    "nav_home": Words("首页", "Home"),
    "nav_projects": Words("项目", "Projects"),
    "nav_organisations": Words("社会组织", "Organisations"),
    "nav_figures": Words("统计", "Figures"),
    "nav_honours": Words("表彰", "Honours"),
    "nav_participate": Words("公示与参与", "Take part"),
    "nav_data": Words("数据与核验", "Data"),
    "large": Words("大字", "Large type"),
    "normal": Words("标准字", "Normal type"),
    "moment": Words("时点", "Moment"),
    "moment_now": Words("现在", "now"),
    "moment_other": Words("换一个时点", "Another moment"),
    "moment_lead": Words(
        "记录时点：只显示到那时为止写入账本的内容。生效日期：只显示到那天为止已经生效的内容。留空即为现在。",
        "Recorded by: only what the ledger held by then. In effect on: only what was in effect by that day. Empty "
        "means now.",
    ),
    "recorded_by": Words("记录时点", "Recorded by"),
    "in_effect_on": Words("生效日期", "In effect on"),
    "moment_show": Words("看这一时点", "Show this moment"),
    "moment_back": Words("回到现在", "Back to now"),
    "moment_chosen": Words("正在看", "You see"),
    "moment_recorded": Words("{moment} 为止记下的账本", "the ledger as recorded by {moment}"),
    "moment_effective": Words("{day} 生效的内容", "what was in effect on {day}"),
    "moment_position": Words("第 {position} 号记录", "record no. {position}"),
    "moment_present": Words("本页总是显示现在。", "This page always shows the present."),
    "moment_recorded_only": Words("本页只随记录时点变化。", "This page follows “Recorded by” alone."),
}
