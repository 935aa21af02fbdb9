"""An organisation that files all projects of its plan for the year in one request (N6)."""

from asyncio import Future, get_running_loop
from datetime import date
from functools import cached_property
from random import Random

from api.demo import forms
from api.demo.application import form_of
from api.demo.cast import Player
from api.demo.clock import MORNING
from api.demo.play import PROGRAMME, Case, Play, ask
from ledger.commands.application import AnnualPlan as Plan
from ledger.commands.application import PlannedApplication, file_plan
from ledger.unit_of_work import Receipt

FILED_ON = date(2010, 2, 9)


class AnnualPlan:
    """Of one organisation with so many projects: each life brings its form, and the last of them files."""

    def __init__(self, player: Player, projects: int) -> None:
        self.player, self._projects = player, projects
        self._planned: list[PlannedApplication] = []

    @cached_property
    def _filed(self) -> Future[list[Receipt]]:
        return get_running_loop().create_future()

    async def apply(self, play: Play, chance: Random) -> Case:
        # All wake at the same instant, so nobody waits for one that sleeps.
        await play.until(FILED_ON, MORNING)
        form, nth = form_of(self.player, chance), len(self._planned)
        self._planned.append(PlannedApplication(form=form, account=forms.account(self.player.registration.name)))
        if len(self._planned) == self._projects:
            body = Plan(organisation=self.player.id, applications=tuple(self._planned))
            async with play.in_order:
                self._filed.set_result(await file_plan(play.ledger, ask(self.player.account), PROGRAMME, body))
        return Case((await self._filed)[nth].id, self.player, form, 1, FILED_ON)
