"""From the application to the contract (N6 to N11)."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from api.demo import forms, scans, screening, secretariat
from api.demo.cast import Player, fields_of
from api.demo.clock import AFTERNOON, CLOSING, EVENING, MORNING, later, seeded
from api.demo.play import DEADLINE, LAST_REVIEW, MEETINGS, PROGRAMME, Case, Play, ask, next_of
from ledger.commands.application import Amendment, Application, FormBody, Withdrawal
from ledger.commands.assignment import Declining
from ledger.commands.recorded_decisions import RecordedApproval
from ledger.commands.review import Approval, Rejection, ReviewBody
from ledger.project.application import requested_amount
from ledger.project.assignment import Judging
from ledger.project.review import Judgement, ScoredJudgement
from ledger.unit_of_work import CommandContext
from ledger.values import Money

FIRST_APPLICATION = date(2010, 1, 25)
FIRST_REVIEW = date(2010, 2, 3)
# After a later meeting there is no time for a second decision within the phase.
LAST_REDECIDED_MEETING = date(2010, 3, 31)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """An approved project, and the members who do not evaluate it: they reviewed it or declared an interest."""

    case: Case
    kept_away: tuple[int, ...]
    amount: Money | None
    day: date


async def apply(play: Play, player: Player, chance: Random) -> Case:
    """Most come shortly before the deadline; a few on paper, which the district enters days later."""
    day = max(DEADLINE - timedelta(days=int(chance.expovariate(1 / 9))), FIRST_APPLICATION)
    if chance.random() < 0.7:
        day = play.working(day, DEADLINE)
    form = form_of(player, chance)
    district = player.registration.district
    asked = ask(player.account)
    if district and day > later(FIRST_APPLICATION, 6) and chance.random() < 0.06:
        official, came_on = play.cast.authority(district), later(day, -chance.randrange(2, 6))
        why = chance.choice(forms.LATE_APPLICATION)
        scan = await scans.scan(play, official, form.title) if why == forms.LATE_APPLICATION[0] else None
        asked = ask(official, effective_on=came_on, why=why, scan=scan)
    await play.until(day, chance.choice((MORNING, AFTERNOON, CLOSING, EVENING)))
    contact = forms.contact(chance) if chance.random() < 0.1 else None
    body = Application(
        programme=PROGRAMME,
        organisation=player.id,
        form=form,
        contact=contact,
        account=forms.account(player.registration.name) if contact else None,
    )
    async with play.in_order if body.contact else nullcontext():
        receipt = await play.ledger.transact(asked, body.decide)
    # The version of the application: on paper, the paper's own comes behind it.
    return Case(receipt.id, player, form, 1, day)


def form_of(player: Player, chance: Random) -> FormBody:
    return forms.application_form(
        chance,
        category=_category(player, chance),
        organisation=player.registration.name,
        place=player.place,
        schedule=forms.schedule(chance, 2010),
    )


def _category(player: Player, chance: Random) -> str:
    """Three of four projects lie in the organisation's own field."""
    return player.category if chance.random() < 0.75 else chance.choice(fields_of(player.place.code))


async def amend(play: Play, case: Case, chance: Random) -> Case:
    """Within the phase, before anybody looks at it: a new version of the form."""
    day = later(case.day, chance.randrange(2, 9))
    if day > DEADLINE or chance.random() > 0.3:
        return case
    await play.until(day, AFTERNOON)
    form = forms.amended(chance, case.form)
    body = Amendment(form=form, reason=chance.choice(forms.AMENDMENTS))
    receipt = await play.ledger.transact(ask(case.player.account), body.on(case.project))
    return Case(case.project, case.player, form, receipt.version, day)


async def withdraw(play: Play, case: Case, day: date, chance: Random) -> None:
    await play.until(day, AFTERNOON)
    body = Withdrawal(reason=chance.choice(forms.WITHDRAWALS))
    await play.ledger.transact(ask(case.player.account), body.on(case.project))


async def decide(play: Play, case: Case, chance: Random) -> Confirmed | None:
    """Three members review; the leading group decides at its next meeting. None when it rejects, in the end."""
    rejected = chance.random() < 0.125
    free = await screening.who_is_free(play, case, chance)
    members = tuple(chance.sample(free, play.rules.review.needed))
    first = max(FIRST_REVIEW, later(case.day, 2 + chance.randrange(12)))
    days = sorted(play.working(later(first, chance.randrange(14)), LAST_REVIEW) for _ in members)
    # A few are needed although the committee doubts that they can be carried out.
    doubtful = not rejected and seeded("doubtful", case.player.registration.name, case.form.title).random() < 0.01
    if seeded("assigned", case.project).random() < 0.2:
        await _assign(play, case, members, free, days[0])
    for nth, (member, day) in enumerate(zip(members, days, strict=True)):
        await review(play, case, member, day, chance, favourable=not rejected or nth == 0, doubtful=doubtful)
    meeting = next_of(MEETINGS, days[-1])
    await play.until(meeting, CLOSING)
    leaders = ask(play.cast.leading_group.account)
    if rejected:
        await _reject(play, case, leaders, meeting, chance)
        return None
    asked = requested_amount(case.form)
    amount = forms.yuan(asked * chance.choice((5, 6, 8, 10, 10)) / 10) if asked else None
    reason = (
        "经评审，公益性和非营利性符合要求，同意立项。"
        if doubtful
        else "经评审，公益性、非营利性和可行性均符合要求，同意立项。"
    )
    async with play.in_order:
        if not doubtful and seeded("from the minutes", case.player.registration.name, case.form.title).random() < 0.05:
            decision = RecordedApproval(kind="approval", application_version=case.version, amount=amount, reason=reason)
            await secretariat.record(play, case.project, decision)
        else:
            approval = Approval(
                application_version=case.version,
                amount=amount,
                reason=reason,
                below_floor="服务对象急需，区县已落实专人指导实施。（演示）" if doubtful else None,
            )
            await play.ledger.transact(leaders, approval.on(case.project))
    interested = (n for n in range(len(play.cast.committee)) if n not in free)
    return Confirmed(case, (*members, *interested), amount, meeting)


async def _assign(play: Play, case: Case, members: Sequence[int], free: Sequence[int], day: date) -> None:
    """Those who review it; now and then one more, who has no time."""
    busy = [one for one in free if one not in members][:1] if seeded("busy", case.project).random() < 0.2 else []
    committee = play.cast.committee
    await play.until(day, MORNING)
    async with play.in_order:
        judges = [committee[one] for one in (*members, *busy)]
        await screening.assign(play, Judging.REVIEW, [case.project], judges, "按专业分工指派。")
        for one in busy:
            body = Declining(judging=Judging.REVIEW, reason="评审期间出差，无法按时评审。（演示）")
            await play.ledger.transact(ask(committee[one].account), body.on(case.project))


async def _reject(play: Play, case: Case, leaders: CommandContext, meeting: date, chance: Random) -> None:
    """Some ask for reconsideration; a decision that is set aside is taken again."""
    refusal = Rejection(application_version=case.version, reason=chance.choice(forms.REJECTIONS))
    async with play.in_order:
        rejected = await play.ledger.transact(leaders, refusal.on(case.project))
    if chance.random() < 0.25:
        upheld = chance.random() < 0.5 or meeting > LAST_REDECIDED_MEETING
        await screening.ask_again(play, case, rejected.version, later(meeting, 3), leaders.who, upheld=upheld)
        if not upheld:
            async with play.in_order:
                await play.ledger.transact(leaders, refusal.on(case.project))


async def review(
    play: Play, case: Case, member: int, day: date, chance: Random, *, favourable: bool, doubtful: bool = False
) -> None:
    await play.until(day, chance.choice((MORNING, AFTERNOON, CLOSING)))
    body = opinion(chance, case.version, favourable=favourable, doubtful=doubtful)
    async with play.in_order:
        await play.ledger.transact(ask(play.cast.committee[member].account), body.on(case.project))


def opinion(chance: Random, version: int, *, favourable: bool, doubtful: bool = False) -> ReviewBody:
    public_benefit = favourable or chance.random() < 0.3
    return ReviewBody(
        application_version=version,
        public_benefit=Judgement(
            passed=public_benefit, reason=chance.choice(forms.PASS_REASONS if public_benefit else forms.FAIL_REASONS)
        ),
        non_profit=Judgement(
            passed=favourable, reason=chance.choice(forms.NON_PROFIT_REASONS if favourable else forms.FAIL_REASONS)
        ),
        feasibility=ScoredJudgement(
            score=(chance.randrange(68, 99) if favourable else chance.randrange(30, 66)) - (40 if doubtful else 0),
            reason=chance.choice(forms.FEASIBILITY),
        ),
    )
