"""What is said to the ledger: bodies of the right form, to be changed by tests."""

from typing import Any
from uuid import UUID

PROGRAMME = "beijing-2010"
DISTRICT = "110105"
ANY_ID = "00000000-0000-4000-8000-000000000000"
SECRET = "王示例 13800138000"
MILESTONES = ("start", "early", "middle", "late", "completion")
DUE_DAYS = ("2010-03-20", "2010-05-20", "2010-07-20", "2010-09-20", "2010-11-20")
CONTACT = {"name": "王示例", "telephone": "010-55550199", "email": "wang@example.org"}
ACCOUNT = {"holder": "示例朝阳助老服务中心", "bank": "示例银行朝阳支行", "number": "0200 0000 0000 0199"}


def scores(score: int) -> list[dict[str, Any]]:
    return [{"criterion": code, "score": score} for code in ("goals", "benefit", "funds")]


SCORES = scores(85)


def form(**changes: Any) -> dict[str, Any]:
    return {
        "title": "示例：为独居老人送午餐",
        "category": "elderly-disabled",
        "content": "每个工作日为一百位独居老人送午餐。",
        "plan": "三月启动，十一月完成。",
        "budget": [
            {"source": "own", "money": {"amount": "20000.00", "currency": "CNY"}},
            {"source": "requested", "money": {"amount": "30000.00", "currency": "CNY"}},
        ],
        "beneficiaries": {"count": 100, "group": "独居老人"},
        "schedule": {"start": "2010-03-15", "end": "2010-11-25"},
        "place": "朝阳区",
        "fit": None,
        "support": [{"kind": "funds", "reason": "自有资金不足。"}],
    } | changes


def application(organisation: UUID | str, **changes: Any) -> dict[str, Any]:
    sealed = {name: changes.pop(name) for name in ("contact", "account") if name in changes}
    return {"programme": PROGRAMME, "organisation": str(organisation), "form": form(**changes)} | sealed


def screening(version: int = 1, result: str = "passed", **changes: Any) -> dict[str, Any]:
    return {"application_version": version, "result": result, "reason": "材料齐全。"} | changes


def hand_in(*projects: str) -> dict[str, Any]:
    return {"projects": [path.rsplit("/", 1)[1] for path in projects], "notice": "示例区县上报第1号"}


def review(version: int = 1, passed: bool = True) -> dict[str, Any]:
    return {
        "application_version": version,
        "public_benefit": {"passed": passed, "reason": "面向困难老人。"},
        "non_profit": {"passed": passed, "reason": "不收费。"},
        "feasibility": {"score": 88, "reason": "人手充足。"},
    }


def approval(version: int = 1, amount: str = "30000.00") -> dict[str, Any]:
    money = {"amount": amount, "currency": "CNY"}
    return {"application_version": version, "amount": money, "reason": "同意。"}


def rejection(version: int = 1) -> dict[str, Any]:
    return {"application_version": version, "reason": "条件不足。"}


def contract(**changes: Any) -> dict[str, Any]:
    return {
        "number": "示例合同2010-1",
        "signed_on": "2010-02-01",
        "period": {"start": "2010-03-15", "end": "2010-11-25"},
        "services": "送餐服务。",
        "amount": {"amount": "30000.00", "currency": "CNY"},
        "due": [{"milestone": code, "due_on": day} for code, day in zip(MILESTONES, DUE_DAYS, strict=True)],
    } | changes


def clauses(*amounts: str) -> dict[str, Any]:
    parts = [{"money": {"amount": one, "currency": "CNY"}, "condition": "验收通过后拨付。"} for one in amounts]
    return {
        "managed_services": "甲方协调场地。",
        "rights_and_duties": "乙方按期报送进度表。",
        "instalments": parts,
        "liability": "未完成的，退回相应资金。",
    }


def publication(*projects: str) -> dict[str, Any]:
    return {"projects": [path.rsplit("/", 1)[1] for path in projects], "notice": "示例公告第1号"}


def report(milestone: str, **changes: Any) -> dict[str, Any]:
    summary = {"summary": "全部完成。"} if milestone == "completion" else {}
    return {"milestone": milestone, "work_done": "按计划进行。", "people_served": 90} | summary | changes


def award(project: str, honour: str, **changes: Any) -> dict[str, Any]:
    return {
        "project": project.rsplit("/", 1)[1],
        "honour": honour,
        "deed": "服务周到。",
    } | changes


# As many as cover the people of a report.
ENTRIES = [f"{number:064x}" for number in range(80)]
SOURCE = "示例彩票第2010100期"


def frame(**changes: Any) -> dict[str, Any]:
    return {"entries": ENTRIES, "source": SOURCE, "announced_on": "2010-12-02"} | changes


def sample(*projects: str, **changes: Any) -> dict[str, Any]:
    ids = [path.rsplit("/", 1)[1] for path in projects]
    return {"projects": ids, "source": SOURCE, "value": "03 09 15 18 22 31 + 07"} | changes


def answer(entry: str, satisfaction: int = 5, **changes: Any) -> dict[str, Any]:
    return {"means": "visit", "entry": entry, "answers": {"satisfaction": satisfaction}} | changes


def online(identity: str, satisfaction: int = 4, **respondent: Any) -> dict[str, Any]:
    """No district has the code 000000, so no person has such a number."""
    named = {"name": "赵示例", "identity": identity} | respondent
    return {"means": "online", "respondent": named, "answers": {"satisfaction": satisfaction, "comment": "很好。"}}


def evaluation(by: str, **changes: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"scores": SCORES}
    if by == "beneficiaries":
        nobody = changes.get("no_identifiable", True)
        said = {"no_identifiable": True} | ({"reason": "听众不留姓名。"} if nobody else {})
    return {"evaluation": {"by": by, "conclusion": "达到目标。"} | said | changes}


def nomination(project: str, honour: str, **changes: Any) -> dict[str, Any]:
    consent = {"consent": True} if "person" in changes else {}
    return {"project": project.rsplit("/", 1)[1], "honour": honour, "deed": "服务周到。"} | consent | changes


def person(name: str = "李示例", number: str = "E00000001", kind: str = "passport") -> dict[str, Any]:
    return {"name": name, "identity_document": {"kind": kind, "number": number}}


def honour_proposals(honour: str, *projects: str, **changes: Any) -> dict[str, Any]:
    proposals = [{"project": path.rsplit("/", 1)[1]} | changes for path in projects]
    return {"honour": honour, "proposals": proposals, "notice": "示例公示第2号"}


def televised(*projects: str, **changes: Any) -> dict[str, Any]:
    entries = [path.rsplit("/", 1)[1] for path in projects]
    said = {"round": "示例第一场", "broadcast_on": "2010-02-01", "broadcaster": "示例电视台", "entries": entries}
    return said | changes


STORY = {"title": "示例：热饭送到六楼", "text": "示例：志愿者每天中午把热饭送到没有电梯的楼里。"}
MEDIA_REPORT = {"outlet": "示例日报", "title": "示例：午餐有着落", "published_on": "2010-02-01"}
CEREMONY = {"name": "示例总结表彰大会", "held_on": "2010-02-01", "venue": "示例会堂"}


def revocation(project: str, version: int, **changes: Any) -> dict[str, Any]:
    return {
        "project": project.rsplit("/", 1)[1],
        "award": version,
        "reason": "材料不实。",
    } | changes


def selection(*projects: str, amount: str = "50000.00", **changes: Any) -> dict[str, Any]:
    money = {"amount": amount, "currency": "CNY"}
    said = {"amount": money, "reason": "评分靠前。"} | changes
    chosen = [{"project": path.rsplit("/", 1)[1]} | said for path in projects]
    return {"selections": chosen}


def purchase_contract(amount: str = "50000.00", relation: str = "supplements") -> dict[str, Any]:
    return {
        "number": "示例购2010-1",
        "signed_on": "2010-03-01",
        "period": {"start": "2010-03-01", "end": "2010-11-25"},
        "services": "送餐服务。",
        "amount": {"amount": amount, "currency": "CNY"},
        "relation": relation,
    }


def payment(amount: str, voucher: str, under: str = "purchase", **changes: Any) -> dict[str, Any]:
    return {
        "under": under,
        "amount": {"amount": amount, "currency": "CNY"},
        "cost": "示例：餐费",
        "paid_on": "2010-03-01",
        "voucher": voucher,
    } | changes


def refund(amount: str, voucher: str, under: str = "purchase") -> dict[str, Any]:
    money = {"amount": amount, "currency": "CNY"}
    return {"under": under, "amount": money, "received_on": "2010-03-01", "voucher": voucher, "reason": "结余。"}


ENTRY = {
    "goals": "覆盖五个社区。",
    "tasks": "每天送餐。",
    "funding": [{"source": "requested", "money": {"amount": "50000.00", "currency": "CNY"}}],
    "beneficiaries": {"count": 200, "group": "独居老人"},
}


REGISTRATION = {"identifiers": [{"scheme": "CN-REG", "id": "示例字第9号"}], "name": "示例社", "kind": "community"}
SELF = {"evaluation": {"by": "self", "scores": SCORES, "conclusion": "达到目标。"}}
EXTENSION = {"phase": "application", "last_day": "2010-03-15", "reason": "春节。"}
FILES = {"subject": "示例材料", "files": [{"name": "示例.pdf", "sha256": "0" * 64}]}
ANSWER = {"report": ANY_ID, "subject": "关于场地", "answer": "经查，场地已落实。"}
RETURN = {"application_version": 1, "reason": "请补充预算说明。"}
SUPPORT = {"request": 0, "result": "granted", "given": "补助资金三万元。", "reason": "符合条件。"}
SUPPORT_DEFERRAL = {"request": 0, "responsible": "示例街道办事处", "until": "2010-03-31", "reason": "正在协调。"}
REVIEW_DECISION = {"request": 2, "result": "set_aside", "reason": "原决定依据不足。"}
VOID = {"kind": "void", "target": 2, "reason": "误录。"}
RESTATE = {"kind": "restate", "target": 1, "reason": "误录。"}

PAPER = {"reason": "示例。", "document_number": "示例发〔2010〕7号"}
GRADE = {"grade": 4, "valid_from": "2010-02-01", "authority": "示例民政局", "document_number": "示例发〔2010〕7号"}
PENALTY_END = {"penalty": 2, "ending": "served", "authority": "示例民政局"} | PAPER
PENALTY = {"kind": "warning", "authority": "示例民政局"} | PAPER
LISTING = {"kind": "enter", "list": "serious", "authority": "示例民政局"} | PAPER
DECREE = {"decree": "国函〔2010〕55号", "successions": [{"former": "110103", "to": "110101"}]}
REGISTER = f"/v1/organisations/{ANY_ID}"

# Every command: who may, its address, a body of the right form.
COMMANDS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "register": ("office", "/v1/organisations", REGISTRATION),
    "apply": ("local", "/v1/projects", application(ANY_ID)),
    "amend": ("local", "{project}/amendment", {"form": form(), "reason": "改。"}),
    "withdraw": ("local", "{project}/withdrawal", {"reason": "不再需要。"}),
    "screen": ("district", "{project}/screening", screening()),
    "hand_in": ("district", f"/v1/programmes/{PROGRAMME}/hand-ins", hand_in("/" + ANY_ID)),
    "return": ("office", "{project}/return", RETURN),
    "interest": ("member", "{project}/interests", {"nature": "曾任该组织理事。"}),
    "support": ("office", "{project}/support", SUPPORT),
    "defer_support": ("office", "{project}/support-deferrals", SUPPORT_DEFERRAL),
    "request_support": ("local", "{project}/support-requests", {"kind": "venue", "reason": "需要厨房。"}),
    "serve": ("office", "{project}/services", {"target": 2, "served_on": "2010-02-01", "means": "直接送达"}),
    "request_review": ("local", "{project}/review-requests", {"target": 2, "reason": "请复核。"}),
    "decide_request": ("leaders", "{project}/review-decisions", REVIEW_DECISION),
    "review": ("member", "{project}/reviews", review()),
    "approve": ("leaders", "{project}/approval", approval()),
    "reject": ("leaders", "{project}/rejection", rejection()),
    "contract": ("district", "{project}/contract", contract()),
    "report": ("local", "{project}/milestones", report("start")),
    "lower_plan": ("district", "{project}/smaller-plan", {"amendment": 1, "reason": "场地收回。"}),
    "amend_contract": ("district", "{project}/contract-amendments", contract(reason="顺延。")),
    "lapse": ("district", "{project}/lapse", {"reason": "未签约。"}),
    "decide_milestone": ("district", "{project}/milestone-decisions", {"report": 1, "accepted": True}),
    "check_itself": ("local", "{project}/self-checks", {"findings": "一切正常。"}),
    "inspect": (
        "office",
        "{project}/inspections",
        {"inspected_on": "2010-02-01", "findings": "一致。", "satisfactory": True},
    ),
    "order": ("office", "{project}/rectifications", {"kind": "order", "what": "整改。", "due_on": "2010-03-12"}),
    "answer_order": ("local", "{project}/rectifications", {"kind": "answer", "order": 1, "done": "已改。"}),
    "suspend": ("office", "{project}/suspension", {"reason": "暂停。"}),
    "resume": ("office", "{project}/resumption", {"reason": "继续。"}),
    "terminate": ("district", "{project}/termination", {"document_number": "示例8号", "reason": "无法继续。"}),
    "transfer": ("office", "{project}/transfer", {"organisation": ANY_ID, "reason": "合并。"}),
    "state_settlement": ("local", "{project}/settlement-statements", {"explanation": "尾款未付。"}),
    "confirm_settlement": ("district", "{project}/settlement", {"statement": 1}),
    "close": ("district", "{project}/closure", {"conclusion": "办结。"}),
    "evaluate": ("local", "{project}/evaluations", SELF),
    "miss": ("district", "{project}/missing-self-evaluation", {"reminded_on": "2010-01-20", "reason": "未提交。"}),
    "attach": ("local", "{project}/attachments", FILES),
    "disclose": ("local", "{project}/disclosures", FILES),
    "answer": ("district", "{project}/public-report-answers", ANSWER),
    "frame": ("local", "{project}/sample-frame", frame()),
    "frame_gap": ("office", "{project}/sample-frame-gaps", {"size": 9, "reason": "多数受益人未留姓名。"}),
    "feedback": ("office", "{project}/feedback", answer(ENTRIES[0])),
    "feedback online": ("beneficiary", "{project}/feedback", online("示例护照1")),
    "show evaluation": ("office", "{project}/evaluation-publication", {"notice": "示例公示第1号"}),
    "object": ("local", "{project}/objections", {"target": 1, "reason": "不实。"}),
    "resolve": ("leaders", "{project}/objection-resolutions", {"objection": 1, "accepted": True, "reason": "属实。"}),
    "draw": ("office", f"/v1/programmes/{PROGRAMME}/samples", sample("/" + ANY_ID)),
    "correct": ("office", "{project}/corrections", VOID),
    "restate": ("office", "{project}/corrections", RESTATE),
    "publish": ("office", f"/v1/programmes/{PROGRAMME}/publications", publication("/" + ANY_ID)),
    "award": ("leaders", f"/v1/programmes/{PROGRAMME}/awards", award("/" + ANY_ID, "top-ten")),
    "nominate": ("local", f"/v1/programmes/{PROGRAMME}/nominations", nomination("/" + ANY_ID, "top-ten")),
    "propose": ("leaders", f"/v1/programmes/{PROGRAMME}/honour-proposals", honour_proposals("top-ten", "/" + ANY_ID)),
    "revoke": ("leaders", f"/v1/programmes/{PROGRAMME}/revocations", revocation("/" + ANY_ID, 2)),
    "round": ("office", f"/v1/programmes/{PROGRAMME}/competition-rounds", televised("/" + ANY_ID)),
    "ceremony": ("office", f"/v1/programmes/{PROGRAMME}/ceremonies", CEREMONY),
    "tell_story": ("local", "{project}/stories", STORY),
    "add_media_report": ("local", "{project}/media-reports", MEDIA_REPORT),
    "submit_proposal": ("local", "{project}/proposal-document", {"file": FILES["files"][0]}),
    "extend": ("office", f"/v1/programmes/{PROGRAMME}/phase-extensions", EXTENSION),
    "reorganise": ("office", f"/v1/programmes/{PROGRAMME}/district-reorganisations", DECREE),
    "rename": ("office", f"{REGISTER}/renaming", {"name": "示例新名", "document_number": "示例发〔2010〕7号"}),
    "identify": ("office", f"{REGISTER}/identifiers", {"identifier": {"scheme": "CN-REG", "id": "示例字第8号"}}),
    "supervise": ("office", f"{REGISTER}/supervisor", {"authority": "示例教委"}),
    "relocate": ("office", f"{REGISTER}/relocation", {"district": None, "reason": "示例。"}),
    "merge": ("office", f"{REGISTER}/merger", {"into": ANY_ID, "document_number": "示例发〔2010〕7号"}),
    "deregister": ("office", f"{REGISTER}/deregistration", PAPER),
    "grade": ("office", f"{REGISTER}/grades", GRADE),
    "list": ("office", f"{REGISTER}/lists", LISTING),
    "record_annual_report": ("office", f"{REGISTER}/annual-reports", {"year": 2008, "filed_on": "2009-03-20"}),
    "record_penalty": ("office", f"{REGISTER}/penalties", PENALTY),
    "lift_penalty": ("office", f"{REGISTER}/penalty-endings", PENALTY_END),
    "correct an organisation": ("office", f"{REGISTER}/corrections", VOID),
    "correct a programme": ("office", f"/v1/programmes/{PROGRAMME}/corrections", VOID),
}
# What everybody may, also without an account.
OPEN_COMMANDS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "report publicly": ("public", "{project}/public-reports", {"text": "示例：送餐没有按时。", "contact": CONTACT})
}
