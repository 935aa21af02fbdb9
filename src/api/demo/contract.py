"""Contract and publication (N11, N12)."""

from dataclasses import dataclass
from datetime import date
from random import Random
from uuid import UUID

from api.demo import forms
from api.demo.application import Confirmed
from api.demo.cast import Cast
from api.demo.clock import AFTERNOON, CLOSING, later
from api.demo.play import LAST_REPORT, LAST_SIGNING, PROGRAMME, PUBLICATIONS, Play, ask, next_of
from ledger.accounts import Account
from ledger.commands import corrections
from ledger.commands.contract import ClausesBody, Contract, InstalmentBody, Publication
from ledger.commands.corrections import RestateBody
from ledger.project.contract import MilestoneDue
from ledger.values import Money, Period

SHARES = (0.0, 0.3, 0.6, 0.9, 1.0)


@dataclass(frozen=True, slots=True)
class Underway:
    """A published project and the days its reports are due."""

    project: UUID
    confirmed: Confirmed
    cast: Cast
    amount: Money | None
    due: tuple[MilestoneDue, ...]
    published_on: date

    @property
    def authority(self) -> Account:
        """Who looks after it at the time."""
        return self.cast.authority(self.confirmed.case.player.registration.district)


async def sign(play: Play, number: int, confirmed: Confirmed, chance: Random) -> Underway:
    """Signed by the district or the office, some entered days later; the project waits for its publication."""
    case = confirmed.case
    authority = play.cast.authority(case.player.registration.district)
    signed_on = play.working(later(confirmed.day, 1 + chance.randrange(8)), LAST_SIGNING)
    entered_on = signed_on
    if chance.random() < 0.12:
        entered_on = play.working(later(signed_on, chance.randrange(2, 8)), LAST_SIGNING)
    asked = ask(authority)
    if entered_on > signed_on:
        asked = ask(authority, effective_on=signed_on, why=chance.choice(forms.LATE_CONTRACT))
    published_on = next_of(PUBLICATIONS, entered_on)
    due = _due(play, later(published_on, 4 + chance.randrange(18)), chance)
    await play.until(entered_on, AFTERNOON)
    body = Contract(
        number=f"演示合同〔2010〕{number:04}号",
        signed_on=signed_on,
        period=Period(start=signed_on, end=LAST_REPORT),
        services=f"按申报表实施《{case.form.title}》，服务{case.form.beneficiaries.group}。{forms.NOTE}",
        amount=confirmed.amount,
        due=due,
        clauses=clauses(confirmed.amount, later(signed_on, 15)),
    )
    receipt = await play.ledger.transact(asked, body.on(case.project))
    play.to_publish[published_on].append((number, case.project))
    amount = confirmed.amount
    if amount and chance.random() < 0.03:
        amount = forms.yuan(amount.amount * 9 / 10)
        await play.until(later(entered_on, 1), CLOSING)
        restated = RestateBody(
            kind="restate",
            target=receipt.version,
            changes={
                "amount": amount.model_dump(mode="json"),
                "clauses": clauses(amount, later(signed_on, 15)).model_dump(mode="json"),
            },
            reason="合同金额录入有误，以盖章文本为准。",
        )
        await play.ledger.transact(ask(authority), corrections.correct_project(case.project, restated))
    return Underway(case.project, confirmed, play.cast, amount, due, published_on)


def clauses(amount: Money | None, first: date) -> ClausesBody:
    """Money comes in two parts: most of it at the beginning, the rest after the acceptance of the middle report."""
    instalments = None
    if amount:
        part = forms.yuan(amount.amount * 6 / 10)
        instalments = (
            InstalmentBody(money=part, due_on=first),
            InstalmentBody(money=forms.yuan(amount.amount - part.amount), condition="中期进度验收通过后拨付。"),
        )
    return ClausesBody(
        managed_services="甲方每季度检查一次，协调场地和帮扶对象。",
        rights_and_duties="甲方按期拨付资金并监督使用；乙方按申报表实施，按期报送进度表，专款专用。",
        instalments=instalments,
        liability="乙方未按约定完成的，退回未完成部分的资金；甲方逾期拨付的，期限相应顺延。",
    )


def _due(play: Play, start: date, chance: Random) -> tuple[MilestoneDue, ...]:
    """Due days of the milestones between the start and some day in autumn, by their share of the work."""
    days = (later(date(2010, 8, 25), chance.randrange(88)) - start).days
    return tuple(
        MilestoneDue(milestone=milestone, due_on=play.working(later(start, int(days * share))))
        for milestone, share in zip(play.rules.milestone_order, SHARES, strict=True)
    )


async def publish(play: Play) -> None:
    """Confirmed projects are published together, at the end of a day."""
    for nth, day in enumerate(PUBLICATIONS, 1):
        await play.until(day, CLOSING)
        projects = tuple(project for _, project in sorted(play.to_publish[day]))
        if projects:
            body = Publication(projects=projects, notice=f"社会组织服务民生行动项目公布第{nth}批（演示）")
            await play.ledger.transact(ask(play.cast.office.account), body.on(PROGRAMME))
