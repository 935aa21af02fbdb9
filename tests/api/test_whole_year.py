"""The year of the notice, step by step over HTTP, each by the actor whom the notice names. It is refused to all others,
and to colleagues who declared an interest where they judge."""

from typing import Any

from tests.api import bodies
from tests.api.client import Caller, Town

from ledger.core.action import ACTIONS, REDACT, Action
from ledger.core.fact import Role
from ledger.project.application import AMEND, APPLY
from ledger.project.contract import AMEND_CONTRACT, CONTRACT, PUBLISH
from ledger.project.delivery import DECIDE_MILESTONE, REPORT
from ledger.project.ending import CLOSE
from ledger.project.evaluation import (
    ENTER_FEEDBACK,
    EVALUATE_BENEFICIARIES,
    EVALUATE_SELF,
    EVALUATE_THIRD_PARTY,
    PUBLISH_EVALUATION,
    REGISTER_FRAME,
)
from ledger.project.honours import AWARD, PRESENT_PLAQUE
from ledger.project.interests import DECLARE_INTEREST
from ledger.project.nominations import NOMINATE
from ledger.project.objections import OBJECT, RESOLVE_OBJECTION
from ledger.project.payments import DISBURSE, REFUND
from ledger.project.proposals import PROPOSE_HONOUR
from ledger.project.public_reports import REPORT_PUBLICLY
from ledger.project.purchase import ENTER_COMPETITION, PURCHASE, SCORE, SIGN_PURCHASE
from ledger.project.reconsideration import SERVE
from ledger.project.review import APPROVE, REVIEW
from ledger.project.sampling import DRAW_SAMPLE
from ledger.project.screening import HAND_IN, SCREEN
from ledger.project.settlement import CONFIRM_SETTLEMENT, STATE_SETTLEMENT
from ledger.project.supervision import CHECK_ITSELF, INSPECT, RECTIFY, SUSPEND
from ledger.project.support import ARRANGE_SUPPORT, REQUEST_SUPPORT

HERE = f"/v1/programmes/{bodies.PROGRAMME}"
REFUSALS = {"sign_in_needed", "role_may_not", "out_of_scope", "project_unknown", "batch_refused"}


WANTED = [{"kind": "funds", "reason": "自有资金不足。"}, {"kind": "venue", "reason": "需要厨房。"}]


class Year:
    """One account for each role, of the district's organisation and its district where it acts for somebody."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.callers: dict[Role, Caller] = {
            Role.ORGANISATION: town.local,
            Role.DISTRICT: town.district,
            Role.OFFICE: town.office,
            Role.COMMITTEE: town.members[0],
            Role.JUROR: town.jurors[0],
            Role.LEADING_GROUP: town.leaders,
            Role.PROMOTION_ASSOCIATION: town.association,
            Role.TREASURY: town.treasury,
            Role.BENEFICIARY: town.beneficiary,
            Role.AUDITOR: town.auditor,
            Role.PUBLIC: town.public,
        }
        self.roles = {caller: role for role, caller in self.callers.items()}
        self.roles |= dict.fromkeys(town.members, Role.COMMITTEE) | dict.fromkeys(town.jurors, Role.JUROR)
        self.interested: dict[Role, Caller] = {}

    async def step(self, command: Action, who: Caller, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """First everybody whom the table gives no right is refused, then `who` does it."""
        strangers = [one for role, one in self.callers.items() if role not in command.may]
        size = await self.town.size()
        for stranger in (*strangers, self.town.elsewhere, self.town.neighbour):
            if stranger is self.town.elsewhere and command in (SERVE, OBJECT, REPORT_PUBLICLY):
                continue
            if stranger is self.town.neighbour and command is OBJECT:
                continue
            answered = await stranger.post(path, body)
            assert answered.json()["code"] in REFUSALS, (command, answered.text)
            if answered.json()["code"] == "batch_refused":
                assert {one["code"] for one in answered.json()["errors"]} <= REFUSALS, answered.text
        assert await self.town.size() == size
        if command.judging:
            answered = await self.interested[self.roles[who]].post(path, body)
            errors = answered.json().get("errors") or [answered.json()]
            assert {one["code"] for one in errors} == {"interest_stands"}, (command, answered.text)
        return await who.done(path, body)

    async def declare_interests(self, project: str, *roles: Role) -> None:
        """By a colleague of each."""
        for role in roles:
            caller = await self.town.account(role, bodies.DISTRICT if role is Role.DISTRICT else None)
            await caller.done(f"{project}/interests", {"nature": "亲属在该组织任职。"})
            self.interested[role] = caller


async def test_the_year_runs_from_call_to_honours(town: Town) -> None:
    year = Year(town)
    step = year.step
    assert year.callers.keys() >= {role for action in ACTIONS.values() for role in action.may} - {
        Role.CREDIT_SYSTEM,
        Role.ADMINISTRATOR,
    }
    applied = await step(APPLY, town.local, "/v1/projects", bodies.application(town.local_id))
    project = f"/v1/projects/{applied['id']}"
    await year.declare_interests(project, Role.DISTRICT, Role.COMMITTEE, Role.LEADING_GROUP)

    await step(AMEND, town.local, f"{project}/amendment", {"form": form(support=WANTED), "reason": "补充。"})
    await step(SCREEN, town.district, f"{project}/screening", bodies.screening(2))
    await step(HAND_IN, town.district, f"{HERE}/hand-ins", bodies.hand_in(project))
    for member in town.members[:3]:
        await step(REVIEW, member, f"{project}/reviews", bodies.review(2))
    support = {"request": 0, "result": "granted", "given": "补助资金三万元。", "reason": "符合条件。"}
    await step(ARRANGE_SUPPORT, town.office, f"{project}/support", support)
    deferral = bodies.SUPPORT_DEFERRAL | {"request": 1}
    await step(ARRANGE_SUPPORT, town.office, f"{project}/support-deferrals", deferral)
    await step(APPROVE, town.leaders, f"{project}/approval", bodies.approval(2))
    await step(CONTRACT, town.district, f"{project}/contract", bodies.contract())
    await step(PUBLISH, town.office, f"{HERE}/publications", bodies.publication(project))
    more = {"kind": "contact", "reason": "联系更多老人。"}
    later = await step(REQUEST_SUPPORT, town.local, f"{project}/support-requests", more)
    await town.district.done(f"{project}/support", support | {"request": 1, "given": "社区厨房。"})
    await town.district.done(f"{project}/support", support | {"asked": later["version"], "given": "名单一份。"})

    town.clock.to(3, 1)
    await year.declare_interests(project, Role.JUROR, Role.PROMOTION_ASSOCIATION)
    assert year.interested.keys() == DECLARE_INTEREST.may.keys()
    await step(ENTER_COMPETITION, town.local, f"{project}/competition-entry", bodies.ENTRY)
    for juror in town.jurors:
        await step(SCORE, juror, f"{project}/competition-scores", {"score": 88, "reason": "可行。"})
    await step(PURCHASE, town.leaders, f"{HERE}/purchases", bodies.selection(project))
    await step(SIGN_PURCHASE, town.leaders, f"{project}/purchase-contract", bodies.purchase_contract())
    await step(DISBURSE, town.treasury, f"{project}/disbursements", bodies.payment("40000.00", "示例凭证1"))
    changed = bodies.contract(reason="场地变更。", services="送餐和陪伴。")
    await step(AMEND_CONTRACT, town.district, f"{project}/contract-amendments", changed)

    await step(CHECK_ITSELF, town.local, f"{project}/self-checks", {"findings": "签到表不全。"})
    inspection = {"inspected_on": "2010-03-01", "findings": "台账不全。", "satisfactory": False}
    await step(INSPECT, town.district, f"{project}/inspections", inspection)
    order = {"kind": "order", "what": "补齐台账。", "due_on": "2010-03-12"}
    ordered = (await step(INSPECT, town.district, f"{project}/rectifications", order))["version"]
    done = {"kind": "answer", "order": ordered, "done": "已补齐。"}
    await step(RECTIFY, town.local, f"{project}/rectifications", done)
    checked = {"kind": "check", "order": ordered, "accepted": True, "reason": "已补齐。"}
    await step(INSPECT, town.district, f"{project}/rectifications", checked)
    await step(SUSPEND, town.district, f"{project}/suspension", {"reason": "场地关闭。"})
    await step(SUSPEND, town.district, f"{project}/resumption", {"reason": "场地重开。"})

    decisions = f"{project}/milestone-decisions"
    for milestone in bodies.MILESTONES:
        made = await step(REPORT, town.local, f"{project}/milestones", bodies.report(milestone))
        if milestone == "start":
            returned = {"report": made["version"], "accepted": False, "reason": "缺签到表。", "again_by": "2010-03-22"}
            await step(DECIDE_MILESTONE, town.district, decisions, returned)
            made = await step(REPORT, town.local, f"{project}/milestones", bodies.report(milestone))
        accepted = {"report": made["version"], "accepted": True}
        await step(DECIDE_MILESTONE, town.district, decisions, accepted)

    town.clock.to(12, 1)
    await step(REGISTER_FRAME, town.local, f"{project}/sample-frame", bodies.frame())
    town.clock.to(12, 2)
    await step(DRAW_SAMPLE, town.office, f"{HERE}/samples", bodies.sample(project))
    drawn = (await town.public.read(f"{project}/sample-frame"))["sample"]["drawn"]
    for number, entry in enumerate(drawn):
        await step(ENTER_FEEDBACK, town.district, f"{project}/feedback", bodies.answer(entry, 3 + number % 3))
    await town.beneficiary.done(f"{project}/feedback", bodies.online("示例护照1"))
    await step(EVALUATE_SELF, town.local, f"{project}/evaluations", bodies.evaluation("self"))
    counted = bodies.evaluation("beneficiaries", no_identifiable=False)
    await step(EVALUATE_BENEFICIARIES, town.office, f"{project}/evaluations", counted)
    third = bodies.evaluation("third_party")
    first = await step(EVALUATE_THIRD_PARTY, town.members[3], f"{project}/evaluations", third)
    shown = {"notice": "示例公示第1号"}
    await step(PUBLISH_EVALUATION, town.office, f"{project}/evaluation-publication", shown)
    objection = {"target": first["version"], "reason": "人数有误。"}
    raised = await step(OBJECT, town.local, f"{project}/objections", objection)
    resolution = {"objection": raised["version"], "accepted": False, "reason": "经查无误。"}
    await step(RESOLVE_OBJECTION, town.leaders, f"{project}/objection-resolutions", resolution)

    town.clock.to(12, 14)
    await step(NOMINATE, town.local, f"{HERE}/nominations", bodies.nomination(project, "top-ten"))
    proposals = bodies.honour_proposals("top-ten", project)
    await step(PROPOSE_HONOUR, town.association, f"{HERE}/honour-proposals", proposals)
    town.clock.to(12, 27)
    honour = bodies.award(project, "top-ten")
    awarded = await step(AWARD, town.association, f"{HERE}/awards", honour)
    plaque = {"award": awarded["version"], "presented_on": "2010-12-27", "ceremony": "示例总结表彰大会"}
    await step(PRESENT_PLAQUE, town.association, f"{project}/plaques", plaque)
    back = bodies.refund("400.00", "示例凭证2")
    await step(REFUND, town.treasury, f"{project}/refunds", back)
    named = {"target": 2, "texts": {"form.content": ["一百位"]}, "reason": "误录。", "authority": "示例规定第3条"}
    await step(REDACT, town.office, f"{project}/redactions", named)
    explained = {"explanation": "余款用于善后。"}
    stated = await step(STATE_SETTLEMENT, town.local, f"{project}/settlement-statements", explained)
    confirmation = {"statement": stated["version"], "note": "凭证已核对。"}
    await step(CONFIRM_SETTLEMENT, town.district, f"{project}/settlement", confirmation)
    await step(CLOSE, town.district, f"{project}/closure", {"conclusion": "全部完成，予以结项。"})

    assert (await town.public.read(project))["status"] == "closed"
    types = {event["type"] for event in await town.office.read(f"{project}/history")}
    assert types >= {"Applied", "Approved", "ContractSigned", "MilestoneReported", "Evaluated", "Awarded", "Closed"}
    public = {event["type"] for event in await town.public.read(f"{project}/history")}
    assert types - public == {"Reviewed", "Scored", "ObjectionRaised"}


def form(**changes: Any) -> dict[str, Any]:
    said: dict[str, Any] = bodies.application(bodies.DISTRICT)["form"]
    return said | {"content": "每个工作日为一百位独居老人送午餐和晚餐。"} | changes
