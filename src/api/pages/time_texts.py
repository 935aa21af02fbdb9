"""What the page of a project through time says, and how any field of a record reads."""

from ledger.core.words import Words

TIME: dict[str, Words] = {
    "time_title": Words("账本在任何一天怎么写", "What the ledger said on any day"),
    "time_lead": Words(
        "每件事有两个时点：账本什么时候记下，从什么时候生效。两者不同，就是补录或更正。",
        "Everything has two moments: when the ledger recorded it, and since when it is in effect. Where they differ, "
        "it was entered late or corrected.",
    ),
    "time_pick": Words("选一天", "Choose a day"),
    "time_slider": Words("记录时点", "Recorded by"),
    "time_go": Words("看这一天", "Go to this day"),
    "time_known_then": Words("当时已记下", "recorded by then:"),
    "time_since": Words("生效日期", "in effect since"),
    "time_no": Words("记录", "Record"),
    "time_of_records": Words("条", "records"),
    "time_previous": Words("上一件", "Previous record"),
    "time_next": Words("下一件", "Next record"),
    "time_lane_recorded": Words("记录时点", "Recorded"),
    "time_lane_effective": Words("生效日期", "In effect"),
    "time_drawing": Words(
        "两条时间轴：上为记下的时间，下为生效的日期；同一件事以线相连。下方列表是同样的内容。",
        "Two axes of time: above when it was recorded, below when it took effect, joined by a line for each record. "
        "The list below says the same.",
    ),
    "time_key_recorded": Words("记下", "recorded"),
    "time_key_effective": Words("生效", "in effect"),
    "time_key_correction": Words("更正、作废或补录", "corrected, voided or entered late"),
    "time_compare": Words("两个时点，逐项对比", "Two moments, field by field"),
    "time_first": Words("甲", "First"),
    "time_second": Words("乙", "Second"),
    "time_known": Words("记录时点", "Recorded by"),
    "time_effective": Words("生效日期截至（可空）", "In effect on (may be empty)"),
    "time_now": Words("现在", "now"),
    "time_do_compare": Words("对比", "Compare"),
    "time_only_corrections": Words("只看更正和补录", "Corrections and late entries alone"),
    "time_whole": Words("看全部变化", "See all changes"),
    "time_corrected": Words("更正", "corrected"),
    "time_differences": Words(
        "{count} 处不同，其中 {corrected} 处是更正", "{count} differences, {corrected} by corrections"
    ),
    "time_different": Words("{count} 处不同", "{count} differences"),
    "time_corrections": Words("{count} 处因更正而不同", "{count} differences by corrections"),
    "time_same": Words("两个时点完全相同。", "Both moments say the same."),
    "time_no_corrections": Words(
        "甲时点所知的内容，至乙时点没有被更正。",
        "Nothing that was known at the first moment was corrected by the second.",
    ),
    "time_field": Words("项目", "Field"),
    "time_in_effect": Words("{day}生效", "in effect on {day}"),
    "time_both": Words("{known}记下、{effective}", "{known}, {effective}"),
    "time_position": Words("第 {position} 号记录", "record no. {position}"),
    "time_events": Words("逐件查看", "Record by record"),
    "time_events_corrections": Words("更正和补录", "Corrections and late entries"),
    "time_see": Words("看这一刻", "See this moment"),
    "time_redacted": Words(
        "第 {position} 号记录中有文字依法删除，任何时点都显示删除后的内容。{authority}：{reason}",
        "Words of record no. {position} were removed by law; every moment shows what is left. {authority}: {reason}",
    ),
    "time_for_ever": Words(
        "这个网址永远给出同样的内容；依法删除的文字和个人信息除外，原处会注明。",
        "This address gives the same for ever, except for words and personal data removed by law, whose place says so.",
    ),
    "time_address": Words("本页的固定网址", "The lasting address of this page"),
    "json_diff": Words("两个时点的差别", "Difference of both moments"),
    # Values of fields.
    "yes": Words("是", "yes"),
    "no": Words("否", "no"),
    "between": Words("：", ": "),
    "nothing_there": Words("无", "nothing"),
    "sealed": Words("封存，不公开（指纹 {commitment}…）", "sealed, not public (fingerprint {commitment}…)"),
    "cut_off": Words("……（共 {length} 字，全文见原文）", "… ({length} characters; the record has them all)"),
}
