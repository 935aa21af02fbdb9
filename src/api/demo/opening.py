"""Walks one project of the open programme to a state, all on one day."""

from dataclasses import dataclass
from datetime import date
from random import Random
from uuid import UUID

from api.demo import evaluation, forms
from api.demo.application import opinion
from api.demo.cast import Cast, Player
from api.demo.clock import later, seeded
from api.demo.contract import SHARES
from api.demo.delivery import progress
from api.demo.screening import granted
from ledger.accounts import Account
from ledger.commands.application import Application, FormBody, Withdrawal
from ledger.commands.contract import Contract, Publication
from ledger.commands.delivery import ProgressReport
from ledger.commands.evaluation import EvaluationBody
from ledger.commands.review import Approval, Rejection
from ledger.commands.screening import HandIn, Screening
from ledger.project.application import SupportKind
from ledger.project.contract import MilestoneDue
from ledger.project.screening import ScreeningResult
from ledger.project.status import Status
from ledger.rules import Rules
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext
from ledger.values import Period

ORDER = (
    Status.APPLIED,
    Status.HANDED_IN,
    Status.UNDER_REVIEW,
    Status.APPROVED,
    Status.CONTRACTED,
    Status.PUBLISHED,
    Status.IN_DELIVERY,
    Status.COMPLETED,
)


@dataclass(frozen=True, slots=True)
class Opening:
    ledger: Ledger
    cast: Cast
    rules: Rules
    player: Player
    today: date

    async def walk_to(self, state: Status, number: int) -> None:
        chance = seeded(self.rules.code, number)
        form = forms.application_form(
            chance,
            category=self.player.category,
            organisation=self.player.registration.name,
            place=self.player.place,
            schedule=Period(start=self.today, end=later(self.today, 200)),
        )
        body = Application(programme=self.rules.code, organisation=self.player.id, form=form)
        project = (await self.ledger.transact(CommandContext(self.player.account), body.decide)).id
        if state is Status.WITHDRAWN:
            withdrawal = Withdrawal(reason=chance.choice(forms.WITHDRAWALS))
            await self.ledger.transact(CommandContext(self.player.account), withdrawal.on(project))
        elif state is Status.REJECTED:
            await self._hand_in(project)
            await self._review(project, chance, favourable=False)
            refusal = Rejection(application_version=1, reason=forms.REJECTIONS[0])
            await self.ledger.transact(CommandContext(self.cast.leading_group.account), refusal.on(project))
        else:
            await self._go_on(project, form, ORDER.index(state), number, chance)

    async def _go_on(self, project: UUID, form: FormBody, steps: int, number: int, chance: Random) -> None:
        """The ordinary way, as many steps of it as asked."""
        if steps >= ORDER.index(Status.HANDED_IN):
            await self._hand_in(project)
        if steps >= ORDER.index(Status.UNDER_REVIEW):
            await self._review(project, chance, favourable=True)
        if steps >= ORDER.index(Status.APPROVED):
            approval = Approval(application_version=1, reason="同意立项。")
            await self.ledger.transact(CommandContext(self.cast.leading_group.account), approval.on(project))
        if steps >= ORDER.index(Status.CONTRACTED):
            authority = self.cast.authority(self.player.registration.district)
            await self._arrange(project, form, authority)
            await self.ledger.transact(CommandContext(authority), self._contract(number).on(project))
        if steps >= ORDER.index(Status.PUBLISHED):
            notice = Publication(projects=(project,), notice="开放演示计划项目公布（虚构）")
            await self.ledger.transact(CommandContext(self.cast.office.account), notice.on(self.rules.code))
        reported = {Status.IN_DELIVERY: 1, Status.COMPLETED: len(SHARES)}.get(ORDER[steps], 0)
        report: ProgressReport | None = None
        for milestone, share in list(zip(self.rules.milestone_order, SHARES, strict=True))[:reported]:
            report = progress(chance, form, None, milestone, share, report)
            await self.ledger.transact(CommandContext(self.player.account), report.on(project))
        if ORDER[steps] is Status.COMPLETED:
            own = EvaluationBody(evaluation=evaluation.by_itself(self.rules, 85, chance))
            await self.ledger.transact(CommandContext(self.player.account), own.on(project))
            asked = EvaluationBody(evaluation=evaluation.by_beneficiaries(no_identifiable=True))
            await self.ledger.transact(CommandContext(self.cast.office.account), asked.on(project))

    async def _arrange(self, project: UUID, form: FormBody, authority: Account) -> None:
        """What was asked for and is not for the approval to answer."""
        for place, wanted in enumerate(form.support):
            if wanted.kind is not SupportKind.FUNDS:
                await self.ledger.transact(CommandContext(authority), granted(place).on(project))

    async def _hand_in(self, project: UUID) -> None:
        """By the district; a project of the city has no such step."""
        if self.player.registration.district is None:
            return
        district = CommandContext(self.cast.authority(self.player.registration.district))
        passed = Screening(application_version=1, result=ScreeningResult.PASSED, reason="材料齐全。")
        await self.ledger.transact(district, passed.on(project))
        listed = HandIn(projects=(project,), notice="开放演示计划项目上报（虚构）")
        await self.ledger.transact(district, listed.on(self.rules.code))

    async def _review(self, project: UUID, chance: Random, *, favourable: bool) -> None:
        body = opinion(chance, 1, favourable=favourable)
        await self.ledger.transact(CommandContext(self.cast.committee[-1].account), body.on(project))

    def _contract(self, number: int) -> Contract:
        """For a time that began ten days ago, so that the start is overdue where it has not been reported. All steps
        are of the day on which the ledger receives them, and nothing is signed before it is approved."""
        start, end = later(self.today, -10), later(self.today, 200)
        due = tuple(
            MilestoneDue(milestone=milestone, due_on=later(self.today, int(180 * share) - 5))
            for milestone, share in zip(self.rules.milestone_order, SHARES, strict=True)
        )
        return Contract(
            number=f"演示合同〔{number}〕号",
            signed_on=self.ledger.today(),
            period=Period(start=start, end=end),
            services=f"按申报表实施。{forms.NOTE}",
            due=due,
        )
