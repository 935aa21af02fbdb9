"""Government purchase: a competition in spring, contracts, payments in two parts, some of it given back (N15)."""

from asyncio import gather
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from api.demo import forms, screening, secretariat
from api.demo.clock import NOON, later, seeded
from api.demo.contract import Underway
from api.demo.play import LAST_REPORT, PROGRAMME, Play, ask
from ledger.commands.attachments import EntryDocument
from ledger.commands.payments import Disbursement, Refund
from ledger.commands.public_events import Round
from ledger.commands.purchase import CompetitionEntry, Forfeiture, JurorScore, PurchaseContract, Selection, Selections
from ledger.commands.recorded_decisions import RecordedSelection
from ledger.project.assignment import Judging
from ledger.project.payments import PaidUnder
from ledger.project.purchase import ContractRelation
from ledger.refusals.general import StepOutOfOrder
from ledger.values import Document, FundingLine, FundingSource, Money, Period

ENTRANTS, PLACES, FORFEITS, REFUNDS = 130, 100, 3, 9
ENTRY_DAYS = tuple(date(2010, 4, day) for day in (20, 21, 22, 23, 26))
SCORE_DAYS = tuple(date(2010, 5, day) for day in (10, 11, 12, 13, 14))
SELECTED_ON, GIVEN_UP_ON, GIVEN_ON = date(2010, 5, 20), date(2010, 5, 25), date(2010, 6, 2)
SIGNED_ON, PAID_ON, REFUNDED_ON = date(2010, 6, 3), (date(2010, 6, 10), date(2010, 9, 15)), date(2010, 12, 6)


@dataclass(frozen=True, slots=True)
class Entrant:
    number: int
    underway: Underway
    amount: Money
    points: tuple[int, ...]


async def compete(play: Play) -> None:
    """At an hour at which nobody else acts, so that each project has one actor at a time."""
    await play.until(ENTRY_DAYS[0], NOON)
    chance = seeded("competition")
    there = sorted(play.underway.items())
    entrants = [
        Entrant(
            number,
            underway,
            forms.yuan(chance.randrange(30, 151) * 1000),
            tuple(chance.randrange(62, 99) for _ in play.cast.jurors),
        )
        for number, underway in chance.sample(there, min(ENTRANTS, len(there)))
    ]
    await _in_turn(play, ENTRY_DAYS, entrants, lambda entrant: [_enter(play, entrant)])
    await play.until(SCORE_DAYS[0], NOON)
    entered = [entrant.underway.project for entrant in entrants]
    await screening.assign(play, Judging.SCORE, entered, play.cast.jurors, "竞选评委全体评分。")
    await _in_turn(play, SCORE_DAYS, entrants, lambda entrant: _scores(play, entrant))
    await _broadcast(play, entrants)
    best = sorted(entrants, key=lambda entrant: (-sum(entrant.points), entrant.number))
    # The last place goes past the next by score, which an auditor will ask about.
    by_score, passed_over = best[: PLACES - 1], best[PLACES - 1]
    preferred = next(entrant for entrant in best[PLACES:] if sum(entrant.points) < sum(passed_over.points))
    chosen = [*by_score, preferred]
    next_best = [entrant for entrant in best if entrant not in chosen][:FORFEITS]
    await play.until(SELECTED_ON, NOON)
    await _select(play, [(entrant, None) for entrant in by_score], "评分居前，予以中选。")
    decision = RecordedSelection(
        kind="selection", amount=preferred.amount, reason="该领域尚无中选项目，经集体研究优先安排。（演示）"
    )
    await secretariat.record(play, preferred.underway.project, decision)
    given_up = chance.sample(chosen, FORFEITS)
    await play.until(GIVEN_UP_ON, NOON)
    for entrant in given_up:
        who = ask(entrant.underway.confirmed.case.player.account)
        body = Forfeiture(reason="人手不足，放弃购买名额。")
        await play.ledger.transact(who, body.on(entrant.underway.project))
    await play.until(GIVEN_ON, NOON)
    await _select(play, list(zip(next_best, given_up, strict=False)), "依次递补。")
    bought = [entrant for entrant in (*chosen, *next_best) if entrant not in given_up]
    await _in_turn(play, (SIGNED_ON,), bought, lambda entrant: [_sign(play, entrant)])
    for nth, day in enumerate(PAID_ON, 1):
        await _in_turn(play, (day,), bought, partial(_payments, play, nth))
    some = chance.sample(bought, REFUNDS)
    await _in_turn(play, (REFUNDED_ON,), some, lambda entrant: [_give_back(play, entrant)])


async def _in_turn(
    play: Play,
    days: Sequence[date],
    entrants: Sequence[Entrant],
    acts: Callable[[Entrant], Iterable[Awaitable[None]]],
) -> None:
    """A part of the entrants on each day; who is suspended, ended or closed by then is passed over."""
    for nth, day in enumerate(days):
        await play.until(day, NOON)
        await gather(*(act for entrant in entrants[nth :: len(days)] for act in acts(entrant)))


async def _enter(play: Play, entrant: Entrant) -> None:
    case = entrant.underway.confirmed.case
    body = CompetitionEntry(
        goals=f"全年服务{case.form.beneficiaries.group}，完成《{case.form.title}》全部任务。{forms.NOTE}",
        tasks="按月开展活动，每季度公布进度，年底接受评估。",
        funding=(FundingLine(source=FundingSource.REQUESTED, money=entrant.amount),),
        beneficiaries=case.form.beneficiaries,
    )
    project, organisation = entrant.underway.project, case.player.account
    await play.ledger.transact(ask(organisation), body.on(project))
    if seeded("proposal document", entrant.number).random() < 0.3:
        async with play.in_order:
            text = f"策划方案（演示数据，虚构）\n{case.form.title}\n"
            stored = await play.files.put(text.encode(), "text/plain", organisation.id)
            file = Document(name="策划方案（演示）.txt", sha256=stored.sha256)
            await play.ledger.transact(ask(organisation), EntryDocument(file=file).on(project))


async def _broadcast(play: Play, entrants: Sequence[Entrant]) -> None:
    """One round on each day on which the jury scored, shown on the evening of the last."""
    for nth, _ in enumerate(SCORE_DAYS):
        body = Round(
            round=f"政府购买服务电视竞选第{nth + 1}场（演示）",
            broadcast_on=SCORE_DAYS[-1],
            broadcaster="示例电视台",
            link=f"https://tv.example.org/rounds/{nth + 1}",
            entries=tuple(entrant.underway.project for entrant in entrants[nth :: len(SCORE_DAYS)]),
        )
        await play.ledger.transact(ask(play.cast.office.account), body.on(PROGRAMME))


def _scores(play: Play, entrant: Entrant) -> Iterable[Awaitable[None]]:
    for juror, points in zip(play.cast.jurors, entrant.points, strict=True):
        body = JurorScore(score=points, reason="目标明确，方案可行。" if points > 80 else "方案尚可，预算偏高。")
        yield _done(play.ledger.transact(ask(juror.account), body.on(entrant.underway.project)))


async def _select(play: Play, chosen: Sequence[tuple[Entrant, Entrant | None]], reason: str) -> None:
    selections = tuple(
        Selection(
            project=entrant.underway.project,
            amount=entrant.amount,
            reason=reason,
            replaces=replaced.underway.project if replaced else None,
        )
        for entrant, replaced in chosen
    )
    await play.ledger.transact(ask(play.cast.leading_group.account), Selections(selections=selections).on(PROGRAMME))


async def _sign(play: Play, entrant: Entrant) -> None:
    body = PurchaseContract(
        number=f"演示购〔2010〕{entrant.number:04}号",
        signed_on=SIGNED_ON,
        period=Period(start=SIGNED_ON, end=LAST_REPORT),
        services=f"按策划方案实施。{forms.NOTE}",
        amount=entrant.amount,
        relation=ContractRelation.SUPPLEMENTS,
    )
    await _done(play.ledger.transact(ask(play.cast.leading_group.account), body.on(entrant.underway.project)))


def _payments(play: Play, nth: int, entrant: Entrant) -> Iterable[Awaitable[None]]:
    amount = entrant.amount.amount * (Decimal("0.6") if nth == 1 else Decimal("0.4"))
    body = Disbursement(
        under=PaidUnder.PURCHASE,
        amount=forms.yuan(amount),
        cost=f"购买服务费第{nth}期",
        paid_on=PAID_ON[nth - 1],
        voucher=f"演示拨〔2010〕{entrant.number:04}-{nth}号",
    )
    yield _done(play.ledger.transact(ask(play.cast.treasury.account), body.on(entrant.underway.project)))


async def _give_back(play: Play, entrant: Entrant) -> None:
    body = Refund(
        under=PaidUnder.PURCHASE,
        amount=forms.yuan(entrant.amount.amount / 20),
        received_on=later(REFUNDED_ON, -1),
        voucher=f"演示退〔2010〕{entrant.number:04}号",
        reason="项目结余，退回财政。",
    )
    await _done(play.ledger.transact(ask(play.cast.treasury.account), body.on(entrant.underway.project)))


async def _done(command: Awaitable[object]) -> None:
    with suppress(StepOutOfOrder):
        await command
