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
from ledger.accounts import ANYONE, Account
from ledger.commands import corrections
from ledger.commands.application import Application
from ledger.commands.contract import Contract, Publication
from ledger.commands.corrections import VoidBody
from ledger.commands.delivery import ProgressReport
from ledger.commands.evaluation import EvaluationBody, EvaluationPublication
from ledger.commands.feedback import SampleFeedback
from ledger.commands.honours import Award, person_id
from ledger.commands.invitations import Filled
from ledger.commands.nominations import HonourProposals, Nomination
from ledger.commands.open_answers import OpenAnswer, Person
from ledger.commands.organisation import Registration
from ledger.commands.programme import announce
from ledger.commands.publicity import MediaReport, Story
from ledger.commands.review import Approval, ReviewBody
from ledger.commands.sampling import FrameBody, FrameGap, SampleBody
from ledger.commands.screening import HandIn, Screening
from ledger.core.fact import Role
from ledger.identity import DocumentKind, IdentityDocument
from ledger.identity_codes import identity_code
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
    await ledger.transact(CommandContext(OFFICE), announce(beijing_2010()))
    trial = small_programme("trial").replace("synthetic = false", "synthetic = true")
    await ledger.transact(CommandContext(OFFICE), announce(trial))
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
    passed = Screening(application_version=1, result=ScreeningResult.PASSED, reason="材料齐全")
    await ledger.transact(CommandContext(district), passed.on(script))
    listed = HandIn(projects=(script,), notice="朝阳区上报第1批")
    await ledger.transact(CommandContext(district), listed.on("beijing-2010"))
    await confirm(ledger, script, district)
    await confirm(ledger, synthetic, OFFICE)
    clock.to(3, 8)
    await ledger.transact(
        CommandContext(OFFICE), Publication(projects=(full, script), notice="公布第1批").on("beijing-2010")
    )
    await ledger.transact(CommandContext(OFFICE), Publication(projects=(synthetic,), notice="公布第1批").on("trial"))
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
    return (await ledger.transact(CommandContext(OFFICE), registration.decide)).id


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
    return (await ledger.transact(CommandContext(account(Role.ORGANISATION, organisation)), body.decide)).id


async def confirm(ledger: Ledger, project: UUID, authority: Account) -> None:
    for member in MEMBERS[:3]:
        body = {
            "application_version": 1,
            "public_benefit": JUDGED,
            "non_profit": JUDGED,
            "feasibility": {"score": 77, "reason": "委员的话"},
        }
        await ledger.transact(CommandContext(member), ReviewBody.model_validate(body).on(project))
    amount = {"amount": "1000.00", "currency": "CNY"}
    approval = {"application_version": 1, "amount": amount, "reason": "同意"}
    await ledger.transact(CommandContext(LEADING_GROUP), Approval.model_validate(approval).on(project))
    contract = {
        "number": "合同1号",
        "signed_on": "2010-02-22",
        "period": {"start": "2010-03-01", "end": "2010-11-30"},
        "services": "照料",
        "amount": amount,
        "due": [{"milestone": code, "due_on": f"2010-{3 + 2 * i:02}-10"} for i, code in enumerate(Milestone)],
    }
    await ledger.transact(CommandContext(authority), Contract.model_validate(contract).on(project))


def report(milestone: Milestone, people: int) -> ProgressReport:
    return ProgressReport.model_validate(
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
    await ledger.transact(CommandContext(own), report(Milestone.START, 0).on(project))
    clock.to(5, 9)
    wrong = await ledger.transact(CommandContext(own), report(Milestone.EARLY, 9999).on(project))
    void = VoidBody(kind="void", target=wrong.version, reason="人数填错")
    await ledger.transact(CommandContext(own), corrections.correct_project(project, void))
    clock.to(5, 13)
    for month, milestone, people in ((5, Milestone.EARLY, 90), (7, Milestone.MIDDLE, 180), (9, Milestone.LATE, 270)):
        clock.to(month, 13)
        await ledger.transact(CommandContext(own), report(milestone, people).on(project))
    story = Story(title="午饭热在桌上", text="志愿者每天把饭送到六楼。")
    await ledger.transact(CommandContext(own), story.on(project))
    link = "https://news.example.org/1?a=1&b=2"
    for outlet, where in (("示例日报", link), ("示例电台", None)):
        media = MediaReport(outlet=outlet, title="老人<有>饭吃", published_on=date(2010, 9, 10), link=where)
        await ledger.transact(CommandContext(own), media.on(project))
    clock.to(11, 10)
    await ledger.transact(CommandContext(own), report(Milestone.COMPLETION, 365).on(project))
    await survey(ledger, clock, project, own)
    for who, said in statements():
        body = EvaluationBody.model_validate({"evaluation": said})
        await ledger.transact(CommandContext(who or own), body.on(project))
    shown = EvaluationPublication(notice="公示第0号")
    await ledger.transact(CommandContext(OFFICE), shown.on(project))
    clock.to(12, 5)
    document = IdentityDocument(kind=DocumentKind.PASSPORT, number="E00000001")
    nominee = {"project": project, "nominee": person_id(ledger.vault, "beijing-2010", document)}
    honour = {"honour": "advanced-individual", "deed": "长期服务"}
    nomination = honour | {
        "project": project,
        "person": {"name": "王某", "identity_document": document},
        "consent": True,
    }
    await ledger.transact(CommandContext(OFFICE), Nomination.model_validate(nomination).on("beijing-2010"))
    proposal = {"honour": "advanced-individual", "proposals": [nominee], "notice": "公示第1号"}
    await ledger.transact(CommandContext(LEADING_GROUP), HonourProposals.model_validate(proposal).on("beijing-2010"))
    clock.to(12, 20)
    award = honour | nominee
    await ledger.transact(CommandContext(LEADING_GROUP), Award.model_validate(award).on("beijing-2010"))


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
    gap = FrameGap(size=12, reason="讲座听众不留姓名")
    await ledger.transact(CommandContext(OFFICE), gap.on(project))
    frame = FrameBody(entries=entries, source="示例彩票", announced_on=date(2010, 11, 11))
    await ledger.transact(CommandContext(own), frame.on(project))
    clock.to(11, 11)
    body = SampleBody(projects=(project,), source="示例彩票", value="07")
    await ledger.transact(CommandContext(OFFICE), body.on("beijing-2010"))
    seed = seed_of(digest_of(entries), "07")
    for number, entry in enumerate(draw(seed, entries, share=10, least=10)[:8]):
        said = {"means": "visit", "entry": entry, "answers": {"satisfaction": 5 if number else 1}}
        given = SampleFeedback.model_validate(said)
        await ledger.transact(CommandContext(OFFICE), given.on(project))
    person, telephone = Person(name="网上某", identity="00000019700101006X"), "13000000000"
    code = identity_code(ledger.vault.master, project, person.identity, telephone, clock())
    answers = Filled(satisfaction=3, comment="网上的话")
    online = OpenAnswer(respondent=person, telephone=telephone, code=code, answers=answers)
    await ledger.transact(CommandContext(ANYONE), online.on(project))


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
