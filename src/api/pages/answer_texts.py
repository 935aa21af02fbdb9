"""What the pages of beneficiaries say, and those on which they are invited, Chinese and English side by side."""

from ledger.core.words import Words
from ledger.project.invitations import Charged, Helped, Relation, WhyForAnother

ANSWER: dict[str, Words] = {
    "answer_title": Words("请您评一评这项服务", "How was this service?"),
    "answer_lead": Words(
        "您是抽中的受益人之一，请回答三个问题，大约两分钟，不用登录。",
        "You are one of those drawn to say. Three questions, about two minutes, no account.",
    ),
    "answer_who": Words("您替谁填？", "Whom do you answer for?"),
    "answer_myself": Words("我自己参加的", "For myself"),
    "answer_for_another": Words("我替家人填", "For somebody in my care"),
    "answer_for_another_hint": Words("孩子，或自己填不了的人", "A child, or somebody who cannot fill this in"),
    "answer_helper": Words(
        "以下只在替别人填时填写，并请按他（她）的感受来选。",
        "Only when you answer for somebody else; then choose what that person would.",
    ),
    "answer_by": Words("{name}（{relation}）代填：{why}", "{name} ({relation}) answers: {why}"),
    "answer_why": Words("为什么由您来填", "Why you answer"),
    "answer_relation": Words("您是他（她）的", "You are their"),
    "answer_name": Words("您的姓名", "Your name"),
    "answer_start": Words("开始", "Start"),
    "answer_next": Words("下一题", "Next"),
    "answer_back": Words("返回上一页", "Back"),
    "answer_of": Words("第 {number} 题，共 3 题", "Question {number} of 3"),
    "answer_satisfaction": Words("您对这项服务满意吗？", "Are you satisfied with this service?"),
    "answer_helped": Words("对您有帮助吗？", "Did it help you?"),
    "answer_helped_hint": Words("按您自己的感受选", "As you felt it yourself"),
    "answer_charged": Words("有人向您收过钱吗？", "Did anybody ask you for money?"),
    "answer_charged_hint": Words("这项服务不应当收费", "This service should cost nothing"),
    "answer_comment": Words("还有想说的吗？（可以不填）", "Anything else? (optional)"),
    "answer_check": Words("核对您的回答", "Check your answers"),
    "answer_change": Words("修改", "Change"),
    "answer_send": Words("交上去", "Send"),
    "answer_once": Words(
        "交上去以后不能再改，每人只能填一次。", "Once sent it cannot be changed; each person answers once."
    ),
    "answer_choose": Words("请选一项。", "Choose one."),
    "answer_say_who": Words(
        "请填写您的姓名、与本人的关系和代填原因。", "Give your name, your relation and why you answer."
    ),
    "answer_too_long": Words(
        "文字太长，或含有不能保存的符号。", "The text is too long or has characters we cannot keep."
    ),
    "answer_nothing": Words("没有填", "Nothing"),
    "answer_received": Words("收到了，谢谢您", "Received. Thank you"),
    "answer_receipt": Words("您的回执编号", "Your receipt"),
    "answer_receipt_hint": Words(
        "{time} 收到。请拍照或抄下编号：这份回答是账本的第 {number} 条记录，任何人都不能改动。",
        "Received at {time}. Take a picture or note the number: your answer is record {number} of the ledger, which "
        "nobody can change.",
    ),
    "answer_then": Words("接下来", "What happens next"),
    "answer_then_hint": Words(
        "所有回答汇总以后公示，您填的内容只计入总数，不会单独公开。",
        "All answers are counted and the counts are published; yours is never shown by itself.",
    ),
    "answer_private": Words(
        "您填的内容会保密，服务您的组织看不到是谁填的。",
        "What you say is kept private; the organisation that served you does not see who answered.",
    ),
    "answer_help": Words(
        "不会填？可以请社区工作人员帮忙，或请他们上门记录。",
        "Need help? Community workers can help you, or write down what you say.",
    ),
    "answer_open_lead": Words(
        "参加过这个项目的人都可以实名评价：三个问题，大约两分钟，不用登录。",
        "Everybody who took part may answer by real name: three questions, about two minutes, no account.",
    ),
    "answer_identity": Words("您是谁？", "Who are you?"),
    "answer_identity_lead": Words(
        "实名评价，每人每个项目只计一次。姓名、证件号码和手机号码加密保存，不公开，服务您的组织也看不到。替别人填的，"
        "请写本人的姓名和证件号码。",
        "Each person counts once for a project. Name, identity number and telephone number are sealed and never shown, "
        "not to the organisation that served you either. If you answer for somebody, give that person's.",
    ),
    "answer_verified_as": Words("已认证：", "Verified as"),
    "answer_by_provider": Words(
        "已有统一身份账号的，认证后免填身份信息：", "With an account of the city, verify there:"
    ),
    "answer_own_alone": Words(
        "身份认证只能用于本人评价；替别人填的，请改用手机验证或邀请函上的号码。",
        "This verifies you alone. For somebody else use a telephone, or the code of an invitation.",
    ),
    "answer_own_name": Words("本人姓名", "Name of the person"),
    "answer_identity_number": Words("身份证号码", "Identity number"),
    "answer_telephone": Words("手机号码", "Telephone number"),
    "answer_get_code": Words("获取验证码", "Send me a code"),
    "answer_no_code": Words("不验证，继续", "Go on without a code"),
    "answer_no_code_hint": Words(
        "不验证身份的答复会保留，但不计入评价结果。",
        "An answer without a code is kept, but not counted.",
    ),
    "answer_say_identity": Words(
        "请填写本人姓名、身份证号码和 11 位手机号码。", "Give the name, the identity number and a telephone number."
    ),
    "answer_sms_code": Words("短信验证码（没有可以不填）", "Code from the text message (if you have one)"),
    "answer_code_sent": Words("验证码已发送，请查看手机短信。", "The code is on its way to your telephone."),
    "answer_code_title": Words("凭号码评价", "Answer by code"),
    "answer_code_lead": Words(
        "请输入邀请函或短信上的 12 位号码。", "Type the 12 characters from the letter or the message."
    ),
    "answer_code": Words("号码", "Code"),
    "answer_code_again": Words("重新输入号码", "Type the code again"),
    "invite_title": Words("邀请受益人评价", "Invite beneficiaries"),
    "invite_lead": Words(
        "为抽中的每个人生成一个一次性号码，用来上网回答。号码只在此时给出一次，账本不保存；请直接打印邀请函，"
        "或下载表格用于发短信。",
        "Make a one-time code for each person drawn, to answer online. The codes are given this once and kept nowhere: "
        "print the letters, or take the table for text messages.",
    ),
    "invite_counts": Words(
        "抽中 {drawn} 人，其中 {invited} 人已发过号码。", "{drawn} people were drawn; {invited} have had a code."
    ),
    "invite_until": Words("号码有效期至", "The codes work until"),
    "invite_entries": Words(
        "换发号码：遗失者的抽样条目，每行一个（不填则为尚未发过的全部人员）",
        "Replace lost codes: the entries, one a line (empty: everybody who has had none)",
    ),
    "invite_entries_hint": Words(
        "换发以后，原号码立即失效。此处不显示谁已回答。", "The former code ends at once. Who has answered is not shown."
    ),
    "invite_letters": Words("生成并打印邀请函（PDF）", "Make codes, as letters (PDF)"),
    "invite_table": Words("生成并下载短信表格（CSV）", "Make codes, as a table for messages (CSV)"),
}
# On paper and in text messages.
LETTER: dict[str, Words] = {
    "letter_title": Words("受益人评价邀请函", "Invitation to give feedback"),
    "letter_greeting": Words("您好：", "Dear participant,"),
    "letter_body": Words(
        "您参加过《{title}》（{organisation}）。按照规定，我们抽取部分受益人，请他们评一评这项服务，您被抽中了。"
        "请用手机扫描右侧二维码，或打开 {page} 并输入下面的号码，回答三个问题，大约两分钟，不用登录。",
        "You took part in {title} by {organisation}. Some of those who did are drawn and asked what they think, you "
        "among them. Scan the code on the right, or open {page} and type the code below: three questions, two "
        "minutes, no account.",
    ),
    "letter_minor": Words(
        "未成年人、或自己填不了的人，由监护人代填。",
        "For a minor, or somebody who cannot fill it in, a guardian answers.",
    ),
    "letter_private": Words(
        "号码只能用一次，请勿转给他人。您的回答会保密，只计入总数；服务您的组织看不到是谁填的。我们不会"
        "向您收费，也不会索要银行卡号。",
        "The code works once; give it to nobody. Your answer is private and only counted; the organisation that served "
        "you does not see who answered. Nobody will ask you for money or a bank account.",
    ),
    "letter_until": Words("有效期至 {day}", "Valid until {day}"),
    "letter_entry": Words(
        "抽样条目 {entry}（投递用，交付前裁去）", "Entry {entry} (for delivery; cut off before handing over)"
    ),
    "sms_text": Words(
        "请评一评《{title}》：打开 {page} 回答三个问题，{day}前有效，只能用一次，不收费。",
        "How was {title}? Three questions at {page}, until {day}, once, free of charge.",
    ),
}
SATISFACTION: dict[int, Words] = {
    5: Words("很满意", "Very satisfied"),
    4: Words("满意", "Satisfied"),
    3: Words("一般", "Neither"),
    2: Words("不满意", "Dissatisfied"),
    1: Words("很不满意", "Very dissatisfied"),
}
HELPED: dict[Helped, Words] = {
    Helped.MUCH: Words("帮助很大", "A great deal"),
    Helped.SOME: Words("有一些帮助", "Somewhat"),
    Helped.LITTLE: Words("没有什么帮助", "Not much"),
    Helped.UNSURE: Words("说不清", "Hard to say"),
}
CHARGED: dict[Charged, Words] = {
    Charged.NO: Words("没有收过", "No"),
    Charged.YES: Words("收过", "Yes"),
    Charged.UNSURE: Words("记不清", "I do not remember"),
}
RELATION: dict[Relation, Words] = {
    Relation.PARENT: Words("父母", "Parent"),
    Relation.CHILD: Words("子女", "Child"),
    Relation.SPOUSE: Words("配偶", "Spouse"),
    Relation.GUARDIAN: Words("其他监护人", "Other guardian"),
}
WHY: dict[WhyForAnother, Words] = {
    WhyForAnother.MINOR: Words("本人未满 18 周岁", "They are under 18"),
    WhyForAnother.UNABLE: Words("本人填不了", "They cannot fill it in"),
}
