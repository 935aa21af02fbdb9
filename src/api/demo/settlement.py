"""How projects are paid, settled and closed: what was not spent goes back, or is still to be recovered (N15)."""

from contextlib import suppress
from datetime import date
from decimal import Decimal

from api.demo import forms
from api.demo.clock import AFTERNOON, CLOSING, EVENING, MORNING, later, seeded
from api.demo.contract import Underway
from api.demo.play import Play, ask
from ledger.aggregates import PROJECT
from ledger.commands.ending import Closing
from ledger.commands.payments import Disbursement, Refund
from ledger.commands.settlement import Recovery, SettlementConfirmation, SettlementStatement
from ledger.core.history import state
from ledger.project.ending import OrdersOpen, ReportsNotAccepted
from ledger.project.evaluation import AT_THE_END
from ledger.project.finality import EvaluationNotShown, NotEvaluated, ObjectionsPending
from ledger.project.payments import PaidUnder, owed, paid, returned_in_all, spent_of_public
from ledger.project.state import Project
from ledger.refusals.general import StepOutOfOrder

SETTLED_ON, CLOSED_ON = date(2010, 12, 28), date(2010, 12, 29)
OPEN = (StepOutOfOrder, ReportsNotAccepted, OrdersOpen, EvaluationNotShown, NotEvaluated, ObjectionsPending)


async def pay(play: Play, number: int, underway: Underway) -> None:
    """The first part of the support, when the work begins."""
    if underway.amount is None:
        return
    day = later(underway.published_on, 1)
    await play.until(day, AFTERNOON)
    body = Disbursement(
        under=PaidUnder.SUPPORT,
        amount=forms.yuan(underway.amount.amount * Decimal("0.6")),
        cost="扶持资金首期款",
        paid_on=day,
        voucher=f"演示拨首〔2010〕{number:04}号",
        instalment=1,
    )
    await play.ledger.transact(ask(play.cast.treasury.account), body.on(underway.project))


async def close(play: Play, number: int, underway: Underway) -> None:
    """At the end of the year, those projects of which nothing is open."""
    chance = seeded("closing", number)
    if chance.random() > 0.7:
        return
    await play.until(SETTLED_ON, MORNING)
    project = await _read(play, underway)
    if project.status not in AT_THE_END:
        return
    if owed(project):
        await _give_back(play, number, underway, project, comes=chance.random() < 0.6)
    await _settle(play, underway)
    await play.until(CLOSED_ON, EVENING)
    body = Closing(conclusion=f"项目已按合同办结。{forms.NOTE}")
    with suppress(*OPEN):
        await play.ledger.transact(ask(underway.authority), body.on(underway.project))


async def _read(play: Play, underway: Underway) -> Project:
    events = (await play.ledger.store.streams([underway.project]))[underway.project]
    return state(PROJECT, underway.project, events)


async def _give_back(play: Play, number: int, underway: Underway, project: Project, *, comes: bool) -> None:
    if comes:
        refund = Refund(
            under=PaidUnder.SUPPORT,
            amount=forms.yuan(owed(project)),
            received_on=SETTLED_ON,
            voucher=f"演示结余退〔2010〕{number:04}号",
            reason="项目结余资金退回。",
        )
        await play.ledger.transact(ask(play.cast.treasury.account), refund.on(underway.project))
    else:
        body = Recovery(reason="经两次书面催缴仍未退回，列入待追缴。（演示）")
        await play.ledger.transact(ask(underway.authority), body.on(underway.project))


async def _settle(play: Play, underway: Underway) -> None:
    """What was paid, spent and given back; the authority confirms it where money was paid."""
    await play.until(SETTLED_ON, AFTERNOON)
    async with play.in_order:
        body = SettlementStatement(explanation=_explanation(await _read(play, underway)))
        organisation = ask(underway.confirmed.case.player.account)
        stated = await play.ledger.transact(organisation, body.on(underway.project))
        has_money = (await _read(play, underway)).disbursed
    if has_money:
        await play.until(SETTLED_ON, CLOSING)
        confirmed = SettlementConfirmation(statement=stated.version, note="凭证与账目相符。")
        await play.ledger.transact(ask(underway.authority), confirmed.on(underway.project))


def _explanation(project: Project) -> str | None:
    received = sum(paid(project, under) for under in PaidUnder)
    left = received - spent_of_public(project) - returned_in_all(project)
    if left < 0:
        return "部分扶持资金按合同于验收后拨付，差额由本单位垫付。（演示）"
    if left and owed(project):
        return "应退未退部分已列入待追缴。（演示）"
    return "购买服务款按合同结算，结余留用。（演示）" if left else None
