"""Projects whose public gives no names: some of their occasions are drawn, and those who come are asked (N17)."""

from datetime import date
from random import Random

from api.demo.clock import AFTERNOON, EVENING, MORNING, later, seeded
from api.demo.contract import Underway
from api.demo.play import PROGRAMME, Play, ask
from api.demo.sampling import answer, source_of, value_of
from ledger.aggregates import FRAME
from ledger.commands.feedback import PresentFeedback
from ledger.commands.sampling import Attendance, OccasionsBody, SampleBody
from ledger.core.history import state
from ledger.project.occasions import ListedOccasion
from ledger.project.sampling import Frame, Occasion
from ledger.veils import Veiled

OCCASIONS, DAYS_APART = 12, 2
# Of those present at one, at most so many have time to answer.
MOST_ASKED = 12


async def hold(play: Play, number: int, underway: Underway, begun_on: date) -> date:
    """The day of the last drawn occasion; the day itself for most projects, which know their beneficiaries."""
    chance = seeded("occasions", number)
    if chance.random() > 0.03:
        return begun_on
    announced_on = later(begun_on, 3)
    await play.until(later(begun_on, 1), AFTERNOON)
    listed = _listed(underway, announced_on)
    body = OccasionsBody(occasions=listed, source=source_of(announced_on), announced_on=announced_on)
    async with play.in_order:
        await play.ledger.transact(ask(underway.confirmed.case.player.account), body.on(underway.project))
    await play.until(later(announced_on, 1), MORNING)
    sample = SampleBody(projects=(underway.project,), source=body.source, value=value_of(announced_on))
    async with play.in_order:
        await play.ledger.transact(ask(play.cast.office.account), sample.on(PROGRAMME))
        stream = await play.ledger.veils.stream(Veiled.FRAME, underway.project)
        frame: Frame = state(FRAME, stream, (await play.ledger.store.streams([stream]))[stream])
    assert frame.sample
    drawn = sorted((frame.occasions[entry] for entry in frame.sample.drawn), key=lambda one: one.on)
    satisfied: list[bool] = []
    for occasion in drawn:
        satisfied += await _held(play, underway, occasion, chance)
    play.asked[underway.project] = 100 * sum(satisfied) / len(satisfied)
    return later(drawn[-1].on, 1)


def _listed(underway: Underway, announced_on: date) -> tuple[ListedOccasion, ...]:
    """As many are expected at all of them as the application says."""
    form = underway.confirmed.case.form
    expected = -(-form.beneficiaries.count // OCCASIONS)
    return tuple(
        ListedOccasion(
            name=f"{form.title}第{nth}场（演示）",
            on=later(announced_on, 2 + DAYS_APART * nth),
            place=form.place or "社区（演示）",
            expected=expected,
        )
        for nth in range(1, OCCASIONS + 1)
    )


async def _held(play: Play, underway: Underway, occasion: Occasion, chance: Random) -> list[bool]:
    """Whether each who answered was satisfied."""
    present = max(1, round(occasion.expected * chance.uniform(0.7, 1.15)))
    answers = [answer(chance.uniform(78, 96), chance) for _ in range(min(present, MOST_ASKED))]
    asked = ask(underway.authority)
    await play.until(occasion.on, EVENING)
    async with play.in_order:
        attendance = Attendance(occasion=occasion.entry, present=present)
        await play.ledger.transact(asked, attendance.on(underway.project))
        for number, given in enumerate(answers, 1):
            body = PresentFeedback(means="present", occasion=occasion.entry, slip=number, answers=given)
            await play.ledger.transact(asked, body.on(underway.project))
    return [given.satisfaction >= 4 for given in answers]
