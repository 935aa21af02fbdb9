"""Beijing 2010, invented: the whole year of the notice in the order in which it might have happened."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, date, datetime

from api.demo import (
    application,
    appointments,
    contract,
    delivery,
    earlier,
    evaluation,
    honours,
    papers,
    purchase,
    sampling,
    screening,
    settlement,
    supervision,
)
from api.demo import organisations as registers
from api.demo.annual_plan import AnnualPlan
from api.demo.cast import Cast, Player
from api.demo.clock import AFTERNOON, CLOSING, MORNING, SimulatedClock, later, moment, seeded
from api.demo.play import EXTENDED_ON, EXTENDED_TO, PROGRAMME, Play, ask
from api.demo.stage import Stage
from ledger.accounts import OPERATOR
from ledger.appointments import Term
from ledger.attachments import Attachments
from ledger.clock import LEDGER_ZONE
from ledger.commands.programme import Extension, WorkingDays, announce
from ledger.rules import WorkingYear, beijing_2010, read_rules
from ledger.transaction import Ledger

BEGINNING = datetime(2010, 1, 17, 16, tzinfo=UTC)
DAYS = 365
PROJECTS = 500
# An organisation with so many projects may file them together.
PLANNED = 3
ANNOUNCED_ON = date(2010, 1, 18)
RELIEVED_ON = date(2010, 1, 29)
HOLIDAYS_ON = date(2010, 12, 10)
# As the State Council set them: 春节, 清明节, 劳动节, 端午节, 中秋节, 国庆节.
NEXT_YEAR = WorkingYear(
    year=2011,
    off=tuple(
        date(2011, month, day)
        for month, days in (
            (1, (3,)),
            (2, (2, 3, 4, 7, 8)),
            (4, (4, 5)),
            (5, (2,)),
            (6, (6,)),
            (9, (12,)),
            (10, (3, 4, 5, 6, 7)),
        )
        for day in days
    ),
    on=(date(2011, 1, 30), date(2011, 2, 12), date(2011, 4, 2), date(2011, 10, 8), date(2011, 10, 9)),
)
REGISTRATIONS = tuple(later(ANNOUNCED_ON, days) for days in (1, 2, 3, 4))
REPLACED = {
    "synthetic = false": "synthetic = true",
    '服务民生行动", en': '服务民生行动（演示数据）", en',
    'Livelihood 2010"': 'Livelihood 2010 (demonstration)"',
    'pattern = "京民服发〔{year}〕{number}号"': 'pattern = "京民服发〔{year}〕{number}号（演示）"',
    'pattern = "京民服办发〔{year}〕{number}号"': 'pattern = "京民服办发〔{year}〕{number}号（演示）"',
    'pattern = "京社促发〔{year}〕{number}号"': 'pattern = "京社促发〔{year}〕{number}号（演示）"',
}


# 首都社会组织发展促进会 decides, and may therefore not apply; its number is invented.
EXCLUDED = '\n[eligibility]\nexcluded = [{ scheme = "CN-REG", id = "演示京社证字第9999号" }]\n'


def synthetic_rules() -> str:
    """The first programme's file, which says of itself that what happens under it is invented."""
    text = beijing_2010()
    for old, new in REPLACED.items():
        assert text.count(old) == 1, f"the programme file has changed: {old}"
        text = text.replace(old, new)
    return f"# 演示数据：本文件所公布的计划由程序生成。Synthetic: a programme played by a program.\n{text}{EXCLUDED}"


async def play_year(
    ledger: Ledger, files: Attachments, clock: SimulatedClock, cast: Cast, watch: Callable[[date], None]
) -> None:
    """`watch` is told of each simulated day. `ledger` and its store take their time from `clock`."""
    text = synthetic_rules()
    stage = Stage(clock, lambda at: watch(at.astimezone(LEDGER_ZONE).date()))
    play = Play(stage, ledger, cast, read_rules(text), files)
    ledger.portfolio = play.portfolio
    projects = _who_applies(cast)
    plan = _whose_plan(cast, projects)
    await stage.play(
        [
            _office(play, text),
            *(_organisation(play, player) for player in cast.organisations),
            *(
                _project(play, number, player, plan if player is plan.player else None)
                for number, player in enumerate(projects, 1)
            ),
            screening.hand_in(play),
            contract.publish(play),
            sampling.draw(play),
            purchase.compete(play),
            honours.honour(play),
            registers.reorganise(play),
            registers.keep(play, [player for player in cast.organisations if player in projects]),
            registers.oversee(play),
            registers.grade(play),
            registers.merge_at_year_end(play),
            earlier.carry_over(play),
        ]
    )


def _who_applies(cast: Cast) -> list[Player]:
    """Each project's organisation: some bring several, some none. The newcomer's has two."""
    chance = seeded("who applies")
    active = chance.sample(cast.organisations, 240)
    return [cast.host, cast.host, *active, *chance.choices(active, k=PROJECTS - len(active) - 2)]


def _whose_plan(cast: Cast, projects: list[Player]) -> AnnualPlan:
    """The first organisation with several projects, other than the newcomer's, files them in one request."""
    player = next(one for one in projects if one is not cast.host and projects.count(one) >= PLANNED)
    return AnnualPlan(player, projects.count(player))


async def _office(play: Play, text: str) -> None:
    office = ask(play.cast.office.account)
    await play.until(ANNOUNCED_ON, MORNING)
    await appointments.make_first(play.ledger, play.cast, ANNOUNCED_ON)
    await play.ledger.transact(ask(OPERATOR), announce(text))
    last_day = date(2010, 12, 31)
    appointed = await appointments.appoint_all(play.ledger, play.cast, PROGRAMME, ANNOUNCED_ON, last_day)
    play.appointed.update(appointed)
    await appointments.appoint_districts(play.ledger, play.cast, PROGRAMME, ANNOUNCED_ON)
    await appointments.appoint_and_relieve(
        play.ledger, play.cast, PROGRAMME, Term(since=ANNOUNCED_ON, until=last_day), RELIEVED_ON
    )
    await play.until(EXTENDED_ON, AFTERNOON)
    extension = Extension(phase="review", last_day=EXTENDED_TO, reason="申报项目较多，评审和签约需要延期。（演示数据）")
    await play.ledger.transact(office, extension.on(PROGRAMME))
    await play.until(HOLIDAYS_ON, AFTERNOON)
    holidays = WorkingDays(working_year=NEXT_YEAR, document_number="国办发明电〔2010〕40号（演示）")
    await play.ledger.transact(office, holidays.on(PROGRAMME))


async def _organisation(play: Play, player: Player) -> None:
    chance = seeded("registration", player.id)
    await play.stage.until(moment(chance.choice(REGISTRATIONS), chance.choice((MORNING, AFTERNOON, CLOSING))))
    authority = play.cast.authority(player.registration.district)
    async with play.in_order if player.registration.contact else nullcontext():
        await play.ledger.transact(ask(authority), player.registration.decide)


async def _project(play: Play, number: int, player: Player, plan: AnnualPlan | None) -> None:
    """One project's life, to wherever it gets."""
    chance = seeded("project", number)
    case = await (plan.apply(play, chance) if plan else application.apply(play, player, chance))
    case = await application.amend(play, case, chance)
    if chance.random() < 0.025:
        return await application.withdraw(play, case, later(case.day, 1), chance)
    handed = await screening.hand_over(play, case, chance)
    if handed:
        handed = await screening.give_back(play, handed, chance)
    confirmed = await application.decide(play, handed, chance) if handed else None
    if confirmed is None:
        return None
    arranged_on = later(confirmed.day, 1)
    if chance.random() < 0.4:
        await screening.arrange_support(play, confirmed.case, confirmed.amount, arranged_on, chance)
    else:
        await screening.arrange_the_rest(play, confirmed.case, arranged_on, seeded("support", number))
    if chance.random() < 0.015:
        return await application.withdraw(play, case, play.working(later(confirmed.day, 3)), chance)
    if seeded("lapse", number).random() < 0.012:
        return await supervision.lapse(play, confirmed.case, confirmed.day)
    underway = await contract.sign(play, number, confirmed, chance)
    underway = await supervision.amend_contract(play, number, underway)
    play.underway[number] = underway
    await settlement.pay(play, number, underway)
    await screening.answer_deferred(play, confirmed.case, later(underway.published_on, 1))
    completed_on = await delivery.deliver(play, number, underway, chance)
    if completed_on is not None:
        await papers.attach(play, number, underway, completed_on)
        await papers.publicise(play, number, underway, completed_on)
        await evaluation.evaluate(play, underway, completed_on, chance)
        await papers.supervise(play, number, underway, completed_on)
    elif ended_on := play.terminated.get(underway.project):
        await evaluation.evaluate(play, underway, ended_on, chance)
    await settlement.close(play, number, underway)
    return None
