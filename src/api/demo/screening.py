"""From the application to the committee: screening, hand-in, interests, support, reviews of decisions (N7 to N10)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from random import Random
from uuid import UUID

from api.demo import forms
from api.demo.cast import Part
from api.demo.clock import AFTERNOON, CLOSING, MORNING, later
from api.demo.play import HAND_INS, PROGRAMME, Case, Play, ask, next_of
from ledger.accounts import Account
from ledger.commands.application import Amendment
from ledger.commands.assignment import Assignment
from ledger.commands.interests import Interest
from ledger.commands.reconsideration import ReviewDecision, ReviewRequest, Service
from ledger.commands.screening import HandIn, Return, Screening
from ledger.commands.support import Support, SupportDeferral
from ledger.project.application import SupportKind
from ledger.project.assignment import Judging
from ledger.project.reconsideration import RequestOutcome
from ledger.project.screening import ScreeningResult
from ledger.project.support import SupportOutcome
from ledger.values import Money

ARRANGED = "结合项目实际和可用资源安排。"
FIRST_SCREENING = date(2010, 2, 2)
LAST_RETURN = date(2010, 3, 12)


async def hand_over(play: Play, case: Case, chance: Random, *, amended: bool = False) -> Case | None:
    """What the committee will see: at once for the city, by way of the district otherwise. None when the district
    refuses, and the office finds nothing wrong with that. An `amended` application passes."""
    district = case.player.registration.district
    if district is None:
        return case
    authority = play.cast.authority(district)
    day = play.working(max(FIRST_SCREENING, later(case.day, 1 + chance.randrange(5))))
    found = 1.0 if amended else chance.random()
    if found < 0.05:
        by = later(day, 8)
        await _screen(play, case, authority, day, ScreeningResult.RETURNED, "预算与实施计划不符，请补正。", by)
        case = await amend_returned(play, case, later(day, 2 + chance.randrange(5)), chance)
        day = play.working(later(case.day, 1))
    elif found < 0.08:
        version = await _screen(play, case, authority, day, ScreeningResult.REFUSED, chance.choice(forms.REJECTIONS))
        upheld = chance.random() < 0.5
        day = await ask_again(play, case, version, play.working(later(day, 2)), authority, upheld=upheld)
        if upheld:
            return None
    await _screen(play, case, authority, day, ScreeningResult.PASSED, "材料齐全，符合宗旨和业务范围。")
    handed_in_on = next_of(HAND_INS, day)
    play.to_hand_in[handed_in_on].setdefault(district, []).append(case.project)
    await play.until(handed_in_on, AFTERNOON)
    return replace(case, day=handed_in_on)


async def _screen(
    play: Play,
    case: Case,
    authority: Account,
    day: date,
    result: ScreeningResult,
    reason: str,
    amend_by: date | None = None,
) -> int:
    await play.until(day, CLOSING)
    body = Screening(application_version=case.version, result=result, reason=reason, amend_by=amend_by)
    async with play.in_order:
        return (await play.ledger.transact(ask(authority), body.on(case.project))).version


async def amend_returned(play: Play, case: Case, day: date, chance: Random) -> Case:
    await play.until(day, AFTERNOON)
    form = forms.amended(chance, case.form)
    body = Amendment(form=form, reason="按退回意见补正。")
    receipt = await play.ledger.transact(ask(case.player.account), body.on(case.project))
    return replace(case, form=form, version=receipt.version, day=day)


async def hand_in(play: Play) -> None:
    """Each district hands its list in on the same days, before those who wait for it go on."""
    for nth, day in enumerate(HAND_INS, 1):
        await play.until(day, MORNING)
        for district, projects in sorted(play.to_hand_in[day].items()):
            body = HandIn(projects=tuple(projects), notice=f"区县项目上报第{nth}批（演示）")
            await play.ledger.transact(ask(play.cast.authority(district)), body.on(PROGRAMME))


async def give_back(play: Play, case: Case, chance: Random) -> Case | None:
    """Some the office returns when they are before the committee; amended, they go the whole way again."""
    if case.day > LAST_RETURN or chance.random() > 0.05:
        return case
    day = play.working(later(case.day, 1 + chance.randrange(3)))
    await play.until(day, MORNING)
    body = Return(application_version=case.version, reason="委员提出受益人数测算依据不足，请补充。")
    await play.ledger.transact(ask(play.cast.office.account), body.on(case.project))
    case = await amend_returned(play, case, later(day, 2 + chance.randrange(6)), chance)
    return await hand_over(play, case, chance, amended=True)


async def who_is_free(play: Play, case: Case, chance: Random) -> list[int]:
    """The members who may review; a few know the organisation too well, and say so."""
    free = list(range(len(play.cast.committee)))
    if chance.random() < 0.04:
        near = free.pop(chance.randrange(len(free)))
        body = Interest(nature="本人曾任该组织理事。（演示）")
        async with play.in_order:
            await play.ledger.transact(ask(play.cast.committee[near].account), body.on(case.project))
    return free


async def assign(play: Play, judging: Judging, projects: Sequence[UUID], judges: Sequence[Part], reason: str) -> None:
    """By the office, which names their appointments."""
    body = Assignment(
        judging=judging,
        projects=tuple(projects),
        appointments=tuple(play.appointed[part.account.id] for part in judges),
        reason=f"{reason}（演示）",
    )
    await play.ledger.transact(ask(play.cast.office.account), body.on(PROGRAMME))


async def ask_again(play: Play, case: Case, version: int, day: date, decider: Account, *, upheld: bool) -> date:
    """The decision is served, the organisation asks for a review, others than those who decided decide; when."""
    await play.until(day, MORNING)
    authority = play.cast.authority(case.player.registration.district)
    served = Service(target=version, served_on=day, means="直接送达")
    await play.ledger.transact(ask(authority), served.on(case.project))
    day = later(day, 3)
    await play.until(day, AFTERNOON)
    wanted = ReviewRequest(target=version, reason="原决定未考虑补充材料，请予复核。（演示）")
    request = await play.ledger.transact(ask(case.player.account), wanted.on(case.project))
    decided_by = play.cast.office if decider.district else play.cast.leading_group_review
    day = play.working(later(day, 2))
    await play.until(day, CLOSING)
    body = ReviewDecision(
        request=request.version,
        result=RequestOutcome.UPHELD if upheld else RequestOutcome.SET_ASIDE,
        reason="原决定依据充分，予以维持。" if upheld else "原决定未审查全部材料，予以撤销，重新办理。",
    )
    async with play.in_order:
        await play.ledger.transact(ask(decided_by.account), body.on(case.project))
    return play.working(later(day, 1))


async def arrange_support(play: Play, case: Case, amount: Money | None, day: date, chance: Random) -> None:
    """Each request of an approved project gets its answer."""
    if not case.form.support:
        return
    await play.until(day, AFTERNOON)
    for place, request in enumerate(case.form.support):
        if request.kind is SupportKind.FUNDS:
            outcome = SupportOutcome.PARTLY if amount else SupportOutcome.REFUSED
            given = f"扶持资金{amount.amount}元。" if amount else None
        else:
            outcome = SupportOutcome.GRANTED if chance.random() < 0.7 else SupportOutcome.REFUSED
            given = None if outcome is SupportOutcome.REFUSED else f"已协调落实。{forms.NOTE}"
        body = Support(request=place, result=outcome, given=given, reason=ARRANGED)
        authority = play.cast.authority(case.player.registration.district)
        await play.ledger.transact(ask(authority), body.on(case.project))


async def arrange_the_rest(play: Play, case: Case, day: date, chance: Random) -> None:
    """The approval answered the request for funds; of the others some are still being arranged."""
    wanted = [(place, one) for place, one in enumerate(case.form.support) if one.kind is not SupportKind.FUNDS]
    if not wanted:
        return
    await play.until(day, AFTERNOON)
    authority = ask(play.cast.authority(case.player.registration.district))
    for place, _ in wanted:
        if chance.random() < 0.3:
            deferral = SupportDeferral(
                request=place,
                responsible="项目所在街道办事处（演示）",
                until=later(day, 40),
                reason="场地和人员正在协调。",
            )
            await play.ledger.transact(authority, deferral.on(case.project))
            play.deferred[case.project].append(place)
        else:
            await play.ledger.transact(authority, granted(place).on(case.project))


async def answer_deferred(play: Play, case: Case, day: date) -> None:
    """What was being arranged when the contract was signed is there when the work begins."""
    for place in play.deferred.get(case.project, ()):
        await play.until(day, MORNING)
        authority = ask(play.cast.authority(case.player.registration.district))
        await play.ledger.transact(authority, granted(place).on(case.project))


def granted(place: int, asked: int | None = None) -> Support:
    given = f"已协调落实。{forms.NOTE}"
    return Support(request=place, asked=asked, result=SupportOutcome.GRANTED, given=given, reason=ARRANGED)
