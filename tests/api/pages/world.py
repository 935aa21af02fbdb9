"""A small ledger for the pages: one project's whole life, others at its edges, and imported grants."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from tests.support import LEADING_GROUP, MEMBERS, OFFICE, HandClock, account, small_programme

from api.files.imports.threesixtygiving import import_file
from ledger.accounts import Account
from ledger.commands import (
    applications,
    contracts,
    corrections,
    delivery,
    evaluations,
    feedback,
    honours,
    nominations,
    organisations,
    programmes,
    reviews,
    sampling,
    screening,
)
from ledger.commands.applications import Application
from ledger.commands.organisations import Registration
from ledger.core.fact import Role
from ledger.project.delivery import Milestone
from ledger.project.sampling import digest_of, draw, seed_of
from ledger.project.screening import ScreeningResult
from ledger.rules import beijing_2010
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext

SCRIPT = "<script>alert('x')</script>"
NAUGHTY = 'A & B "协会"<b>'
GRANTS = 30
JUDGED = {"passed": True, "reason": "好"}


@dataclass(frozen=True)
class World:
    full: UUID
    script: UUID
    synthetic: UUID
    unpublished: UUID
    organisation: UUID


async def build(ledger: Ledger, clock: HandClock, folder: Path) -> World:
    clock.to(1, 20)
    await programmes.announce(ledger, CommandContext(OFFICE), beijing_2010())
    trial = small_programme("trial").replace("synthetic = false", "synthetic = true")
    await programmes.announce(ledger, CommandContext(OFFICE), trial)
    elderly = await register(ledger, "晨光助老协会", None)
    naughty = await register(ledger, NAUGHTY, "110105")
    clock.to(2, 1)
    full = await apply(ledger, elderly, "老年人日间照料", "elderly-disabled")
    script = await apply(ledger, naughty, SCRIPT, "rural")
    synthetic = await apply(ledger, elderly, "虚构的课堂", "schooling", programme="trial")
    unpublished = await apply(ledger, elderly, "尚未公布的项目", "health")
    clock.to(2, 22)
    district = account(Role.DISTRICT, "110105")
    await confirm(ledger, full, OFFICE)
    passed = screening.Screening(application_version=1, result=ScreeningResult.PASSED, reason="材料齐全")
    await screening.screen(ledger, CommandContext(district), script, passed)
    listed = screening.HandIn(projects=(script,), notice="朝阳区上报第1批")
    await screening.hand_in(ledger, CommandContext(district), "beijing-2010", listed)
    await confirm(ledger, script, district)
    await confirm(ledger, synthetic, OFFICE)
    clock.to(3, 8)
    await contracts.publish(
        ledger,
        CommandContext(OFFICE),
        "beijing-2010",
        contracts.Publication(projects=(full, script), notice="公布第1批"),
    )
    await contracts.publish(
        ledger, CommandContext(OFFICE), "trial", contracts.Publication(projects=(synthetic,), notice="公布第1批")
    )
    await deliver(ledger, clock, full, account(Role.ORGANISATION, elderly))
    clock.to(12, 30)
    await import_file(ledger, grants(folder), None, lambda done, total, settled: None)
    return World(full, script, synthetic, unpublished, elderly)


async def register(ledger: Ledger, name: str, district: str | None) -> UUID:
    registration = Registration.model_validate(
        {
            "identifiers": [{"scheme": "CN-REG", "id": name}],
            "name": name,
            "kind": "association",
            "district": district,
            "contact": {"name": "某某", "telephone": "000"},
        }
    )
    return (await organisations.register(ledger, CommandContext(OFFICE), registration)).id


async def apply(ledger: Ledger, organisation: UUID, title: str, category: str, programme: str = "beijing-2010") -> UUID:
    form = {
        "title": title,
        "category": category,
        "content": "每周上门服务",
        "plan": None,
        "budget": [{"source": "requested", "money": {"amount": "1234.50", "currency": "CNY"}}],
        "beneficiaries": {"count": 1200, "group": "老人"},
        "schedule": {"start": "2010-03-01", "end": "2010-11-01"},
        "place": "朝阳区",
        "fit": None,
        "support": [{"kind": "funds", "reason": "缺少资金"}],
    }
    body = Application.model_validate({"programme": programme, "organisation": organisation, "form": form})
    return (await applications.apply(ledger, CommandContext(account(Role.ORGANISATION, organisation)), body)).id


async def confirm(ledger: Ledger, project: UUID, authority: Account) -> None:
    for member in MEMBERS[:3]:
        body = {
            "application_version": 1,
            "public_benefit": JUDGED,
            "non_profit": JUDGED,
            "feasibility": {"score": 77, "reason": "委员的话"},
        }
        await reviews.review(ledger, CommandContext(member), project, reviews.ReviewBody.model_validate(body))
    amount = {"amount": "1000.00", "currency": "CNY"}
    approval = {"application_version": 1, "amount": amount, "document_number": "京民社发〔2010〕7号", "reason": "同意"}
    await reviews.approve(ledger, CommandContext(LEADING_GROUP), project, reviews.Approval.model_validate(approval))
    contract = {
        "number": "合同1号",
        "signed_on": "2010-02-22",
        "period": {"start": "2010-03-01", "end": "2010-11-30"},
        "services": "照料",
        "amount": amount,
        "due": [{"milestone": code, "due_on": f"2010-{3 + 2 * i:02}-10"} for i, code in enumerate(Milestone)],
    }
    await contracts.sign(ledger, CommandContext(authority), project, contracts.Contract.model_validate(contract))


def report(milestone: Milestone, people: int) -> delivery.ProgressReport:
    return delivery.ProgressReport.model_validate(
        {
            "milestone": milestone,
            "work_done": "做了工作",
            "spent": [{"source": "requested", "money": {"amount": "321.00", "currency": "CNY"}}],
            "people_served": people,
            "summary": "全年总结" if milestone == Milestone.COMPLETION else None,
        }
    )


async def deliver(ledger: Ledger, clock: HandClock, project: UUID, own: Account) -> None:
    """Starts on time, corrects a report, is three days late, completes, is evaluated and honoured."""
    clock.to(3, 9)
    await delivery.report_milestone(ledger, CommandContext(own), project, report(Milestone.START, 0))
    clock.to(5, 9)
    wrong = await delivery.report_milestone(ledger, CommandContext(own), project, report(Milestone.EARLY, 9999))
    void = corrections.VoidBody(kind="void", target=wrong.version, reason="人数填错")
    await corrections.correct(ledger, CommandContext(OFFICE), project, void)
    clock.to(5, 13)
    for month, milestone, people in ((5, Milestone.EARLY, 90), (7, Milestone.MIDDLE, 180), (9, Milestone.LATE, 270)):
        clock.to(month, 13)
        await delivery.report_milestone(ledger, CommandContext(own), project, report(milestone, people))
    clock.to(11, 10)
    await delivery.report_milestone(ledger, CommandContext(own), project, report(Milestone.COMPLETION, 365))
    await survey(ledger, clock, project, own)
    for who, said in statements():
        body = evaluations.EvaluationBody.model_validate({"evaluation": said})
        await evaluations.evaluate(ledger, CommandContext(who or own), project, body)
    shown = evaluations.EvaluationPublication(notice="公示第0号")
    await evaluations.publish_evaluation(ledger, CommandContext(OFFICE), project, shown)
    clock.to(12, 5)
    nominee = {"project": project, "person": {"name": "王某"}}
    nomination = nominee | {"honour": "advanced-individual", "deed": "长期服务"}
    await nominations.nominate(
        ledger, CommandContext(OFFICE), "beijing-2010", nominations.Nomination.model_validate(nomination)
    )
    proposal = {"honour": "advanced-individual", "proposals": [nominee], "notice": "公示第1号"}
    await nominations.propose(
        ledger, CommandContext(LEADING_GROUP), "beijing-2010", nominations.HonourProposals.model_validate(proposal)
    )
    clock.to(12, 20)
    award = nomination | {"document_number": "京民社发〔2010〕90号"}
    await honours.award(ledger, CommandContext(LEADING_GROUP), "beijing-2010", honours.Award.model_validate(award))


def statements() -> Sequence[tuple[Account | None, dict[str, Any]]]:
    scores = [{"criterion": criterion, "score": 88} for criterion in ("goals", "benefit", "funds")]
    return (
        (None, {"by": "self", "scores": scores, "conclusion": "自评良好"}),
        (OFFICE, {"by": "beneficiaries", "conclusion": "多数满意"}),
        (MEMBERS[4], {"by": "third_party", "scores": scores, "conclusion": "评估良好"}),
    )


async def survey(ledger: Ledger, clock: HandClock, project: UUID, own: Account) -> None:
    """Ten of twelve are drawn and eight answer, seven of them satisfied; one more comes online."""
    entries = tuple(f"{number:064x}" for number in range(12))
    frame = sampling.FrameBody(entries=entries, source="示例彩票", announced_on=date(2010, 11, 11))
    await sampling.register_frame(ledger, CommandContext(own), project, frame)
    clock.to(11, 11)
    body = sampling.SampleBody(projects=(project,), source="示例彩票", value="07")
    await sampling.draw_samples(ledger, CommandContext(OFFICE), "beijing-2010", body)
    seed = seed_of(digest_of(entries), "07")
    for number, entry in enumerate(draw(seed, entries, share=10, least=10)[:8]):
        said = {"means": "visit", "entry": entry, "answers": {"satisfaction": 5 if number else 1}}
        given = feedback.SampleFeedback.model_validate(said)
        await feedback.give_feedback(ledger, CommandContext(OFFICE), project, given)
    person = {"name": "网上某", "identity": "护照"}
    came = {"means": "online", "respondent": person, "answers": {"satisfaction": 3, "comment": "网上的话"}}
    online = feedback.OnlineFeedback.model_validate(came)
    await feedback.give_feedback(ledger, CommandContext(account(Role.BENEFICIARY)), project, online)


def grants(folder: Path) -> Path:
    rows = [
        {
            "id": f"360G-{number}",
            "title": f"Kitchen garden {number}",
            "currency": "GBP",
            "amountAwarded": 1500 + number,
            "awardDate": "2010-06-10",
            "plannedDates": [{"startDate": "2010-07-01", "endDate": "2011-06-30"}],
            "recipientOrganization": [{"id": "GB-CHC-1136419", "name": "A charity"}],
            "fundingOrganization": [{"id": "GB-CHC-327114", "name": "A foundation"}],
        }
        for number in range(GRANTS)
    ]
    path = folder / "grants.json"
    path.write_text(json.dumps({"grants": rows}))
    return path
