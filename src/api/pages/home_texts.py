"""What the home page says."""

from ledger.core.words import Words

HOME: dict[str, Words] = {
    "title": Words("每一笔公益的钱，都有账可查", "Every yuan for public welfare, on the record"),
    "home_lead": Words(
        "谁申报、谁批准、钱用在哪里、帮了多少人：每一步都记在这里。记下的不能改，只能更正；"
        "任何人都可以看任何一天的样子，并自己核验。",
        "Who applied, who approved, where the money went, how many people it helped: each step is written here. What "
        "is written is never changed, only corrected; anybody can look at any day, and check it.",
    ),
    "catching_up": Words(
        "账本正在整理：已读到第 {seen} 条，共 {size} 条。还没读到的暂不显示，请稍后刷新。",
        "The ledger is being read: {seen} of {size} records so far. What is not read yet is not shown; reload later.",
    ),
    "projects": Words("公布的项目", "Published"),
    "projects_unit": Words("个", " projects"),
    "people": Words("已经服务", "People served"),
    "people_unit": Words("人", " people"),
    "paid": Words("财政已拨付", "Paid from the budget"),
    "paid_unit": Words("元", " CNY"),
    "attention": Words("有迟报或逾期未报", "Reports late or overdue"),
    "attention_unit": Words("个项目", " projects"),
    "honoured": Words("受表彰 {number}", "honoured {number}"),
    "planned": Words("计划 {number}人", "planned {number}"),
    "contracted": Words("签约 {number}元", "contracted {number}"),
    "spent_so_far": Words("支出 {number}元", "spent {number}"),
    "by_place": Words("按服务地点看", "By place served"),
    "by_place_note": Words("数字是服务到该区县的项目数。", "The number is of projects that serve the district."),
    "whole_city": Words(
        "其中 {count} 个服务全市，计入每个区县。", "{count} of them serve the whole city and count in each."
    ),
    "latest": Words("刚刚发生", "Latest"),
    "all_events": Words("订阅全部动态", "Follow all"),
    "event_number": Words("第 {position} 号", "no. {position}"),
    "phases_of": Words("{programme}走到哪一步", "How far {programme} is"),
    "check_title": Words("任何人都可以核验", "Anybody can check this"),
    "check_lead": Words(
        "每一步都编了号，连成一条链，由独立的见证人联署。少了一条、改了一字，用一个小程序就能算出来，不需要相信我们。",
        "Each step has a number in one chain, which independent witnesses sign too. Were one missing or one word "
        "changed, a small program would find it, without trusting us.",
    ),
    "check_size": Words("最新检查点", "Newest checkpoint"),
    "check_records": Words("{size} 条记录", "{size} records"),
    "check_origin": Words("账本名称", "Name of the log"),
    "check_witnesses": Words("见证人", "Witnesses"),
    "check_signed": Words("{count} 位已联署", "{count} signed"),
    "check_key": Words("公钥", "Key"),
    "check_button": Words("查看检查点", "See the checkpoint"),
    "you_are": Words("您是", "You are"),
    "citizens": Words("市民", "A citizen"),
    "find": Words("找身边的项目", "Find projects near you"),
    "door_honours": Words("看表彰与公示名单", "Honours and who is proposed"),
    "follow": Words("订阅动态", "Follow the news"),
    "organisations": Words("社会组织", "An organisation"),
    "apply": Words("登录后申报和报送", "Sign in to apply and report"),
    "own_records": Words("查找本组织的项目", "Find your projects"),
    "officials": Words("主管部门", "An official"),
    "to_do": Words("登录后办理", "Sign in to work"),
    "door_briefing": Words("工作简报", "Briefing"),
    "auditors": Words("审计和媒体", "An auditor or journalist"),
    "exports": Words("开放数据目录", "Open data catalogue"),
    "checks": Words("签名的检查点", "Signed checkpoint"),
    "reference": Words("接口说明", "API reference"),
}
