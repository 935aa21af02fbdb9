"""Reports at the five milestones, late ones and wrong ones (N13, N14)."""

from datetime import date
from decimal import Decimal
from random import Random

from api.demo import forms, occasions, supervision
from api.demo.clock import AFTERNOON, CLOSING, EVENING, MORNING, later, seeded
from api.demo.contract import SHARES, Underway
from api.demo.play import LAST_LATE_REPORT, LAST_REPORT, Play, ask
from ledger.commands import correction_requests, corrections, redactions
from ledger.commands.application import FormBody
from ledger.commands.correction_requests import CorrectionAnswer
from ledger.commands.corrections import RestateBody, VoidBody
from ledger.commands.delivery import ProgressReport
from ledger.commands.redactions import VersionRedaction
from ledger.project.contract import MilestoneDue
from ledger.project.delivery import Milestone
from ledger.unit_of_work import CommandContext, Receipt
from ledger.values import FundingLine, FundingSource, Money

RESIDENT = "示例居民甲"
STAGES: dict[str, str] = {
    Milestone.START: "项目启动，已完成志愿者招募和场地落实。",
    Milestone.EARLY: "完成计划的30%，首批活动已开展。",
    Milestone.MIDDLE: "完成计划的60%，活动按月进行。",
    Milestone.LATE: "完成计划的90%，主要活动已结束。",
    Milestone.COMPLETION: "全部活动完成。",
}


async def deliver(play: Play, number: int, underway: Underway, chance: Random) -> date | None:
    """The day of completion. None for a project that gets stuck, or is not ready soon after the phase."""
    ends_after = chance.choices((5, 3, 2, 0), (90, 6, 3, 1))[0]
    day = underway.published_on
    settled = seeded("decisions on reports", number)
    late_share, report = chance.random(), None
    for due, share in list(zip(underway.due, SHARES, strict=True))[:ends_after]:
        day = max(later(due.due_on, _delay(chance, late_share)), later(day, 2))
        if day > LAST_LATE_REPORT:
            return None
        report, version, day = await _report(play, number, underway, due, share, day, report, chance)
        day = await supervision.decide(play, underway, report, version, day, settled)
        if due is underway.due[0]:
            day = await occasions.hold(play, number, underway, day)
        if due is not underway.due[-1]:
            looked_after = await supervision.look_after(play, number, underway, day)
            if looked_after is None:
                return None
            day = looked_after
    return day if ends_after == len(SHARES) else None


def _delay(chance: Random, late_share: float) -> int:
    """Days after the due day; some organisations are late more often than others."""
    if chance.random() > 0.45 * late_share:
        return -chance.randrange(6)
    return chance.randrange(1, 15) if chance.random() < 0.75 else chance.randrange(15, 40)


async def _report(
    play: Play,
    number: int,
    underway: Underway,
    due: MilestoneDue,
    share: float,
    day: date,
    before: ProgressReport | None,
    chance: Random,
) -> tuple[ProgressReport, int, date]:
    """One milestone, with what goes wrong in it: the report, its version, the day on which it is right. `before`: the
    report of the milestone before it."""
    amount = underway.amount
    if amount and seeded("thrift", number).random() < 0.15:
        # It manages with less than the first part that it was paid.
        amount = forms.yuan(amount.amount / 2)
    report = progress(chance, underway.confirmed.case.form, amount, due.milestone, share, before)
    if due.milestone == Milestone.COMPLETION and seeded("spent too much", number).random() < 0.02:
        # The organisation paid more than it had said, which auditors see at once.
        spent = tuple(
            FundingLine(source=line.source, money=forms.yuan(line.money.amount * Decimal("1.5")))
            if line.source is FundingSource.OWN
            else line
            for line in report.spent
        )
        report = report.model_copy(update={"spent": spent})
    organisation = underway.confirmed.case.player
    early = due.milestone in (Milestone.EARLY, Milestone.MIDDLE)
    if early and day < date(2010, 11, 1) and chance.random() < 0.02:
        return await _report_wrongly(play, underway, report, day)
    paper: tuple[date, str] | None = None
    entered_on = later(day, chance.randrange(3, 11))
    if organisation.registration.district and entered_on <= LAST_REPORT and chance.random() < 0.03:
        paper, day = (day, chance.choice(forms.LATE_REPORT)), entered_on
    await play.until(day, chance.choice((MORNING, AFTERNOON, CLOSING, EVENING)))
    asked = ask(organisation.account)
    if paper:
        asked = ask(underway.authority, effective_on=paper[0], why=paper[1])
    receipt = await _send(play, asked, underway, report)
    if report.people_served and chance.random() < 0.015:
        fewer = max(report.people_served * 9 // 10, before.people_served if before else 0)
        day = await _restate(play, ask(asked.who), underway, receipt, fewer, day, chance)
    return report, receipt.version, day


def progress(
    chance: Random,
    form: FormBody,
    amount: Money | None,
    milestone: str,
    share: float,
    before: ProgressReport | None,
) -> ProgressReport:
    """People and money are counted from the beginning of the project, and never fewer than in the report `before`;
    `amount` is that of the contract."""
    served = int(form.beneficiaries.count * share * chance.uniform(0.8, 1.2))
    served = max(served, before.people_served if before else 0)
    spent = []
    for line in form.budget:
        whole = line.money if line.source is not FundingSource.REQUESTED else amount
        if whole and (part := int(whole.amount * Decimal(share) * chance.randrange(90, 101) / 100)):
            spent.append(FundingLine(source=line.source, money=forms.yuan(part)))
    summary = None
    if milestone == Milestone.COMPLETION:
        conclusion = chance.choice(forms.CONCLUSIONS)
        summary = f"活动总结：全年服务{form.beneficiaries.group}{served}人，{conclusion}{forms.NOTE}"
    return ProgressReport(
        milestone=milestone, work_done=STAGES[milestone], spent=tuple(spent), people_served=served, summary=summary
    )


async def _send(play: Play, asked: CommandContext, underway: Underway, report: ProgressReport) -> Receipt:
    return await play.ledger.transact(asked, report.on(underway.project))


async def _report_wrongly(
    play: Play, underway: Underway, report: ProgressReport, day: date
) -> tuple[ProgressReport, int, date]:
    """Another project's figures, and a name: voided by it, the name redacted, then reported again."""
    organisation = ask(underway.confirmed.case.player.account)
    told = f"{report.work_done}另探访{RESIDENT}。"
    wrong = report.model_copy(update={"people_served": report.people_served * 10 + 7, "work_done": told})
    await play.until(day, AFTERNOON)
    receipt = await _send(play, organisation, underway, wrong)
    await play.until(later(day, 4), MORNING)
    void = VoidBody(kind="void", target=receipt.version, reason="误填其他项目的数据，作废后重新报送。")
    await play.ledger.transact(organisation, corrections.correct_project(underway.project, void))
    redaction = VersionRedaction(
        target=receipt.version,
        texts={"work_done": (RESIDENT,)},
        reason="误录居民姓名。",
        authority="演示：个人信息须删除",
    )
    await play.ledger.transact(ask(play.cast.office.account), redactions.redact_project(underway.project, redaction))
    again = later(day, 5)
    await play.until(again, MORNING)
    receipt = await _send(play, organisation, underway, report)
    return report, receipt.version, again


async def _restate(
    play: Play, author: CommandContext, underway: Underway, receipt: Receipt, people: int, day: date, chance: Random
) -> date:
    """The number of people was wrong; now and then the correction itself was, and is voided."""
    day = later(day, chance.randrange(3, 9))
    await play.until(day, AFTERNOON)
    restated = RestateBody(
        kind="restate",
        target=receipt.version,
        changes={"people_served": people},
        reason="重复计数，核对签到表后更正服务人数。",
    )
    if people % 2 and author.who != underway.authority:
        # The authority noticed it; most organisations agree.
        asked = await play.ledger.transact(
            ask(underway.authority), correction_requests.request_correction(underway.project, restated)
        )
        day = later(day, 2)
        await play.until(day, AFTERNOON)
        granted = people % 4 == 1
        reason = None if granted else "签到表已逐页核对，人数无误。"
        answer = CorrectionAnswer(request=asked.version, granted=granted, reason=reason)
        correction = await play.ledger.transact(author, answer.on(underway.project))
        if not granted:
            return day
    else:
        correction = await play.ledger.transact(author, corrections.correct_project(underway.project, restated))
    if chance.random() < 0.3:
        day = later(day, 3)
        await play.until(day, AFTERNOON)
        void = VoidBody(kind="void", target=correction.version, reason="经复核原数无误，撤销更正。")
        await play.ledger.transact(author, corrections.correct_project(underway.project, void))
    return day
