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
SCORES = [{"criterion": code, "score": 85} for code in ("goals", "benefit", "funds")]


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
    contact = {"contact": changes.pop("contact")} if "contact" in changes else {}
    return {"programme": PROGRAMME, "organisation": str(organisation), "form": form(**changes)} | contact


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
    return {"application_version": version, "amount": money, "document_number": "示例发〔2010〕1号", "reason": "同意。"}


def rejection(version: int = 1) -> dict[str, Any]:
    return {"application_version": version, "document_number": "示例发〔2010〕2号", "reason": "条件不足。"}


def contract(**changes: Any) -> dict[str, Any]:
    return {
        "number": "示例合同2010-1",
        "signed_on": "2010-02-01",
        "period": {"start": "2010-03-15", "end": "2010-11-25"},
        "services": "送餐服务。",
        "amount": {"amount": "30000.00", "currency": "CNY"},
        "due": [{"milestone": code, "due_on": day} for code, day in zip(MILESTONES, DUE_DAYS, strict=True)],
    } | changes


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
        "document_number": "示例发〔2010〕9号",
    } | changes


def selection(*projects: str, amount: str = "50000.00", **changes: Any) -> dict[str, Any]:
    money = {"amount": amount, "currency": "CNY"}
    said = {"amount": money, "reason": "评分靠前。"} | changes
    chosen = [{"project": path.rsplit("/", 1)[1]} | said for path in projects]
    return {"selections": chosen, "document_number": "示例发〔2010〕6号"}


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
RETURN = {"application_version": 1, "reason": "请补充预算说明。"}
SUPPORT = {"request": 0, "outcome": "granted", "given": "补助资金三万元。", "reason": "符合条件。"}
REVIEW_DECISION = {"request": 2, "outcome": "set_aside", "reason": "原决定依据不足。"}
VOID = {"kind": "void", "target": 2, "reason": "误录。"}
RESTATE = {"kind": "restate", "target": 1, "reason": "误录。"}

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
    "serve": ("office", "{project}/services", {"target": 2, "served_on": "2010-02-01", "means": "直接送达"}),
    "request_review": ("local", "{project}/review-requests", {"target": 2, "reason": "请复核。"}),
    "decide_request": ("leaders", "{project}/review-decisions", REVIEW_DECISION),
    "review": ("member", "{project}/reviews", review()),
    "approve": ("leaders", "{project}/approval", approval()),
    "reject": ("leaders", "{project}/rejection", rejection()),
    "contract": ("district", "{project}/contract", contract()),
    "report": ("local", "{project}/milestones", report("start")),
    "evaluate": ("local", "{project}/evaluations", SELF),
    "correct": ("office", "{project}/corrections", VOID),
    "restate": ("office", "{project}/corrections", RESTATE),
    "publish": ("office", f"/v1/programmes/{PROGRAMME}/publications", publication("/" + ANY_ID)),
    "award": ("leaders", f"/v1/programmes/{PROGRAMME}/awards", award("/" + ANY_ID, "top-ten")),
    "extend": ("office", f"/v1/programmes/{PROGRAMME}/phase-extensions", EXTENSION),
}
