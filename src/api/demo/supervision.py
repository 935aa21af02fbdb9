"""How the authorities look after projects: reports decided, orders, pauses, endings (N11, N13, N14, N23)."""

from datetime import date
from random import Random

from api.demo import forms, screening
from api.demo.clock import AFTERNOON, CLOSING, EVENING, MORNING, later, seeded
from api.demo.contract import Underway, clauses
from api.demo.play import LAST_REPORT, Case, Play, ask
from ledger.commands.contract import ContractAmendment, Lapse, SmallerPlan
from ledger.commands.delivery import MilestoneDecision, ProgressReport
from ledger.commands.ending import Termination
from ledger.commands.supervision import (
    Inspection,
    RectificationAnswer,
    RectificationCheck,
    RectificationOrder,
    Resumption,
    SelfCheck,
    Suspension,
)
from ledger.commands.support import LaterSupport
from ledger.project.application import SupportKind
from ledger.project.contract import MilestoneDue
from ledger.values import Period

# By then the places of the competition are given away, which pauses and ends would upset.
FROM = date(2010, 7, 1)
FINDINGS = ("活动台账不完整。", "签到表缺少日期。", "经费凭证未按月归档。", "志愿者培训记录缺失。")


async def lapse(play: Play, case: Case, approved_on: date) -> None:
    """An organisation that never came to sign."""
    await play.until(later(approved_on, 45), AFTERNOON)
    authority = play.cast.authority(case.player.registration.district)
    body = Lapse(reason="经多次通知，该组织未在期限内签订合同。")
    await play.ledger.transact(ask(authority), body.on(case.project))


async def amend_contract(play: Play, number: int, underway: Underway) -> Underway:
    """Some contracts get later days before the work begins; the project with the days that are due now."""
    chance = seeded("contract amendment", number)
    if chance.random() > 0.04:
        return underway
    day = later(underway.published_on, 1)
    due = tuple(
        MilestoneDue(milestone=item.milestone, due_on=min(later(item.due_on, 7), LAST_REPORT)) for item in underway.due
    )
    await play.until(day, AFTERNOON)
    body = ContractAmendment(
        number=f"演示合同〔2010〕{number:04}号补充",
        signed_on=day,
        period=Period(start=underway.published_on, end=LAST_REPORT),
        services=f"按申报表实施《{underway.confirmed.case.form.title}》，各进度阶段顺延一周。{forms.NOTE}",
        amount=underway.amount,
        due=due,
        clauses=clauses(underway.amount, later(day, 15)),
        reason="场地交付推迟，双方同意顺延。",
    )
    receipt = await play.ledger.transact(ask(underway.authority), body.on(underway.project))
    if seeded("who was late", number).random() < 0.5:
        # The venue was the authority's: the ranking does not hold the later days against the organisation.
        smaller = SmallerPlan(amendment=receipt.version, reason="场地由主管机关提供，交付推迟系主管机关原因。（演示）")
        await play.ledger.transact(ask(underway.authority), smaller.on(underway.project))
    return Underway(underway.project, underway.confirmed, underway.cast, underway.amount, due, underway.published_on)


async def decide(
    play: Play, underway: Underway, report: ProgressReport, version: int, day: date, chance: Random
) -> date:
    """The day after it came, a report is accepted; a few are returned and made again."""
    again_on, decided_on = later(day, 4), later(day, 1)
    await play.until(decided_on, CLOSING)
    authority = ask(underway.authority)
    if chance.random() < 0.03 and later(again_on, 2) <= LAST_REPORT:
        body = MilestoneDecision(
            report=version, accepted=False, reason="签到表与所报人数不符，请核对后重报。", again_by=later(day, 10)
        )
        await play.ledger.transact(authority, body.on(underway.project))
        await play.until(again_on, EVENING)
        organisation = ask(underway.confirmed.case.player.account)
        receipt = await play.ledger.transact(organisation, report.on(underway.project))
        version, day = receipt.version, again_on
        await play.until(later(again_on, 1), CLOSING)
    note = "材料齐全。" if chance.random() < 0.2 else None
    body = MilestoneDecision(report=version, accepted=True, note=note)
    await play.ledger.transact(authority, body.on(underway.project))
    return day


async def look_after(play: Play, number: int, underway: Underway, day: date) -> date | None:
    """Between two reports: self-checks, inspections with what follows, pauses. None when the project is ended."""
    chance = seeded("look after", number, day)
    organisation, authority = ask(underway.confirmed.case.player.account), ask(underway.authority)
    if chance.random() < 0.08:
        day = later(day, 2)
        await play.until(day, EVENING)
        check = SelfCheck(findings=chance.choice(FINDINGS), improved="已指定专人负责，按周核对。")
        await play.ledger.transact(organisation, check.on(underway.project))
    if chance.random() < 0.05:
        day = await _inspect(play, underway, later(day, 2), chance)
    if seeded("support asked for later", number, day).random() < 0.01:
        day = await _support(play, underway, later(day, 2))
    if FROM <= day <= date(2010, 9, 30) and chance.random() < 0.03:
        day = later(day, 2)
        await play.until(day, AFTERNOON)
        pause = Suspension(reason="活动场地维修，项目暂停。")
        await play.ledger.transact(authority, pause.on(underway.project))
        if chance.random() < 0.4:
            await play.until(later(day, 10), AFTERNOON)
            # The office has a register; districts number their own letters.
            own = f"演示终〔2010〕{number:04}号" if underway.authority.district else None
            end = Termination(document_number=own, reason="场地不再开放，项目无法继续。")
            await play.ledger.transact(authority, end.on(underway.project))
            play.terminated[underway.project] = later(day, 10)
            return None
        day = later(day, 14)
        await play.until(day, MORNING)
        await play.ledger.transact(authority, Resumption(reason="场地维修完毕。").on(underway.project))
    return day


async def _support(play: Play, underway: Underway, day: date) -> date:
    """Something turned out to be missing, and is given."""
    organisation, authority = ask(underway.confirmed.case.player.account), ask(underway.authority)
    await play.until(day, EVENING)
    wanted = LaterSupport(kind=SupportKind.VENUE, reason="报名人数超出预期，需要增加活动场地。")
    asked = await play.ledger.transact(organisation, wanted.on(underway.project))
    day = later(day, 4)
    await play.until(day, MORNING)
    await play.ledger.transact(authority, screening.granted(0, asked.version).on(underway.project))
    return day


async def _inspect(play: Play, underway: Underway, day: date, chance: Random) -> date:
    organisation, authority = ask(underway.confirmed.case.player.account), ask(underway.authority)
    satisfactory = chance.random() < 0.5
    findings = "现场活动与进度表一致。" if satisfactory else chance.choice(FINDINGS)
    await play.until(day, MORNING)
    body = Inspection(inspected_on=day, findings=findings, satisfactory=satisfactory)
    found = await play.ledger.transact(authority, body.on(underway.project))
    if satisfactory:
        return day
    order = RectificationOrder(
        kind="order", inspection=found.version, what=f"限期整改：{findings}", due_on=later(day, 10)
    )
    asked = await play.ledger.transact(authority, order.on(underway.project))
    await play.until(later(day, 6), EVENING)
    answer = RectificationAnswer(kind="answer", order=asked.version, done="已按要求整改并补齐材料。")
    await play.ledger.transact(organisation, answer.on(underway.project))
    day = later(day, 8)
    await play.until(day, AFTERNOON)
    check = RectificationCheck(kind="check", order=asked.version, accepted=True, reason="复查合格。")
    await play.ledger.transact(authority, check.on(underway.project))
    return day
