"""What the pages of taking part say: open notices, reports and objections without an account, what became of them."""

from ledger.core.words import Words

PARTICIPATE: dict[str, Words] = {
    "part_title": Words("公示与参与", "Take part"),
    "part_lead": Words(
        "看正在公示的事项，提出异议，举报问题，查询您的举报。都不需要账号。",
        "See what is open to objection, object, report, see what became of your report; all without an account.",
    ),
    "part_notices": Words("正在公示", "Open to objection"),
    "part_none": Words("目前没有正在公示的事项。", "Nothing is open to objection at present."),
    "part_evaluation": Words("评估结果公示", "Evaluation shown"),
    "part_honour": Words("拟表彰公示", "Proposed honour"),
    "part_days": Words("还剩 {days} 天，至{day}（含当日）", "{days} days left, until {day} included"),
    "part_last_day": Words("今天是最后一天（{day}）", "today is the last day ({day})"),
    "part_record": Words("看这条公示", "See the notice"),
    "part_object": Words("提出异议", "Object"),
    "part_object_to": Words("对{what}提出异议", "Object to {what}"),
    "part_report": Words("举报", "Report a problem"),
    "part_report_lead": Words(
        "任何人都可以举报已公布的项目。先找到项目，在项目的页面选“举报”。",
        "Anybody may report about a published project. Find the project first, then choose to report about it.",
    ),
    "part_find": Words("项目名称、组织名称或内容", "Title, organisation or content"),
    "part_find_button": Words("找项目", "Find the project"),
    "part_next": Words("更多公示", "More notices"),
    "part_status": Words("查询我的举报", "What became of my report"),
    "part_code": Words("查询码", "Code of the report"),
    "part_code_hint": Words(
        "举报时给出的一串字符，如 0192f0c1-6f3a-8c3e-9d5b-2f1a4e8b7c60。",
        "The characters given when you reported, such as 0192f0c1-6f3a-8c3e-9d5b-2f1a4e8b7c60.",
    ),
    "part_status_button": Words("查询", "Look it up"),
    "part_about": Words("关于", "About"),
    "part_says": Words("您要举报什么", "What do you want to report"),
    "part_says_hint": Words(
        "写明时间、地点、事情经过和依据。不要写不必要的个人信息。",
        "When, where, what happened, and how you know. Leave out personal data that is not needed.",
    ),
    "part_reason": Words("您为什么有异议", "Why you object"),
    "part_reason_hint": Words("写明哪里不对，依据是什么。", "What is wrong, and how you know."),
    "part_contact": Words("联系方式（可以不填）", "How to reach you (may be left empty)"),
    "part_contact_hint": Words(
        "加密封存，只有办理人员能打开。不填的，按匿名举报办理。",
        "Kept sealed; only those who handle it can open it. Without it, you report anonymously.",
    ),
    "part_object_hint": Words(
        "实名异议须填姓名和电话，加密封存，只有办理人员能打开。不填的，按匿名举报办理。",
        "An objection by name needs name and telephone; they are sealed, and only those who handle it can open them. "
        "Without them it is taken as an anonymous report.",
    ),
    "part_name": Words("姓名", "Name"),
    "part_telephone": Words("电话", "Telephone"),
    "part_email": Words("电子邮箱", "E-mail"),
    "part_send_report": Words("提交举报", "Send the report"),
    "part_send_objection": Words("提交异议", "Send the objection"),
    "part_problem": Words("还没有提交", "It was not sent yet"),
    "part_text_missing": Words("请写明要说的内容。", "Say what you want to say."),
    "part_contact_half": Words("姓名和电话要么都填，要么都不填。", "Give both name and telephone, or neither."),
    "part_field_wrong": Words("有一项填写不符：{field}。", "This cannot be taken as it is: {field}."),
    "part_limits": Words(
        "同一网络每小时最多 10 次，以免被滥用。", "At most ten an hour from one network, so that nobody floods it."
    ),
    "part_received": Words("已经收到", "It was received"),
    "part_received_report": Words(
        "请记下查询码，用它查看办理结果。没有人能替您找回。",
        "Keep this code: it shows what becomes of your report. Nobody can find it again for you.",
    ),
    "part_received_objection": Words(
        "您的异议已写入账本，办理前不公开。另一个单位将作出处理，结果会公开。",
        "Your objection is in the ledger, not public until it is dealt with. Another body resolves it, in public.",
    ),
    "part_follow": Words("查看办理情况", "See what became of it"),
    "part_entry": Words("账本第 {position} 号记录", "Record no. {position} of the ledger"),
    "part_code_unknown": Words(
        "没有这个查询码的举报。请核对每一个字符。", "No report has this code. Check each character."
    ),
    "part_received_on": Words("收到日期", "Received on"),
    "part_open": Words("正在办理，尚未答复。", "In hand, not answered yet."),
    "part_answered": Words("已于{day}答复", "Answered on {day}"),
    "part_subject": Words("事由", "Subject"),
    "part_answer": Words("答复", "Answer"),
    "part_private": Words(
        "这里不显示您写的内容和联系方式。", "What you wrote and how to reach you are not shown here."
    ),
    "json_notices": Words("正在公示的事项", "What is open to objection"),
}
