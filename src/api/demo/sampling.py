"""Frames, draws by an invented lottery, and what invented beneficiaries answer (N17, N18)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from random import Random
from uuid import UUID

from stdnum.cn import ric

from api.demo import forms
from api.demo.clock import AFTERNOON, EVENING, MORNING, later, seeded
from api.demo.contract import Underway
from api.demo.play import LAST_EVALUATION, PROGRAMME, Play, ask
from ledger.accounts import ANYONE, Account
from ledger.aggregates import PROJECT
from ledger.commands.feedback import Answer, SampleFeedback
from ledger.commands.invitations import Codes, Filled, Helper, Invitations, InvitedAnswer
from ledger.commands.open_answers import OpenAnswer, Person
from ledger.commands.sampling import FrameBody, FrameGap, SampleBody
from ledger.core.history import state
from ledger.identity_codes import identity_code
from ledger.project.evaluation import people_served
from ledger.project.feedback import SATISFIED, FeedbackMeans
from ledger.project.invitations import Charged, Helped, Relation, WhyForAnother
from ledger.project.sampling import digest_of, seed_of
from ledger.project.sampling import draw as draw_sample

FIRST_DRAW, LAST_DRAW = date(2010, 9, 2), date(2010, 12, 5)
DRAW_WEEKDAYS = (1, 3, 6)
# With more people than that some came without giving their names.
MOST_NAMED = 150
INVITED_FOR = 30
SENT_LATER = "-"


@dataclass(frozen=True, slots=True)
class SurveyResult:
    """What a survey found, and the day when its last answer came."""

    satisfied: float
    day: date


async def survey(
    play: Play, underway: Underway, completed_on: date, quality: float, chance: Random
) -> SurveyResult | None:
    """None when there is no time left for it."""
    registered_on = later(completed_on, 1)
    announced_on = _next_draw(later(registered_on, 1))
    if announced_on > LAST_DRAW:
        return None
    title = underway.confirmed.case.form.title
    few = chance.randrange(8, 22)
    organisation = underway.confirmed.case.player.account
    await play.until(registered_on, AFTERNOON)
    async with play.in_order:
        events = (await play.ledger.store.streams([underway.project]))[underway.project]
        served = people_served(state(PROJECT, underway.project, events))
        named = served if served <= MOST_NAMED else min(few, served)
        entries = commitments([f"{title}/{nth}" for nth in range(named)])
        if named < served:
            gap = FrameGap(size=named, reason="公益讲座和集市的观众不留姓名，只有报名者可以抽取。（演示）")
            await play.ledger.transact(ask(play.cast.office.account), gap.on(underway.project))
        body = FrameBody(entries=entries, source=source_of(announced_on), announced_on=announced_on)
        await play.ledger.transact(ask(organisation), body.on(underway.project))
    play.to_draw[announced_on].append((digest_of(entries), underway.project))
    drawn_on = later(announced_on, 1)
    await play.until(drawn_on, AFTERNOON)
    rule = play.rules.sampling
    seed = seed_of(digest_of(entries), value_of(announced_on))
    drawn = draw_sample(seed, entries, share=rule.share, least=rule.least)
    return await _answers(play, underway, drawn, drawn_on, quality, chance)


def commitments(people: Sequence[str]) -> tuple[str, ...]:
    """A frame as an organisation makes it, but for the salts, which come out the same each time."""
    salts = (sha256(f"salt {person}".encode()).digest() for person in people)
    made = (
        sha256(b"minsheng/frame/v1\0" + salt + b"\0" + one.encode()) for salt, one in zip(salts, people, strict=True)
    )
    return tuple(sorted(found.hexdigest() for found in made))


def source_of(day: date) -> str:
    return f"示例彩票（虚构）{day.isoformat()}开奖号码"


def value_of(day: date) -> str:
    numbers = sorted(seeded("lottery", day).sample(range(1, 34), 6))
    return "演示 " + " ".join(f"{number:02}" for number in numbers)


def _next_draw(day: date) -> date:
    day = max(day, FIRST_DRAW)
    while day.weekday() not in DRAW_WEEKDAYS:
        day = later(day, 1)
    return day


async def draw(play: Play) -> None:
    """The office draws for all projects that wait for a lottery, the morning after it."""
    day = _next_draw(FIRST_DRAW)
    while day <= LAST_DRAW:
        await play.until(later(day, 1), MORNING)
        if waiting := play.to_draw[day]:
            projects = tuple(project for _, project in sorted(waiting))
            body = SampleBody(projects=projects, source=source_of(day), value=value_of(day))
            await play.ledger.transact(ask(play.cast.office.account), body.on(PROGRAMME))
        day = _next_draw(later(day, 1))


async def _answers(
    play: Play, underway: Underway, drawn: Sequence[str], drawn_on: date, quality: float, chance: Random
) -> SurveyResult:
    """All of the drawn are invited by letter. Most answer within a week, by the code or when somebody visits; a few
    others come online."""
    codes = await _invite(play, underway, drawn_on)
    given: list[tuple[date, int, Account, SampleFeedback | InvitedAnswer | OpenAnswer]] = []
    for entry in drawn:
        if chance.random() < 0.85:
            body: SampleFeedback | InvitedAnswer
            by, visited = underway.authority, chance.random() < 0.4
            if visited or chance.random() < 0.2:
                named = person(chance) if visited and chance.random() < 0.3 else None
                body = SampleFeedback(
                    means=FeedbackMeans.VISIT if visited else FeedbackMeans.QUESTIONNAIRE,
                    entry=entry,
                    respondent=named,
                    answers=answer(quality, chance),
                )
            else:
                by, body = ANYONE, invited_answer(codes[entry], quality, chance)
            given.append((later(drawn_on, 1 + chance.randrange(5)), chance.randrange(3), by, body))
    for _ in range(chance.choice((0, 0, 0, 1, 2, 6))):
        came = came_online(quality - 8, chance)
        given.append((later(drawn_on, chance.randrange(5)), EVENING, ANYONE, came))
    day = drawn_on
    for day, part, who, answered in sorted(given, key=lambda one: one[:2]):
        await play.until(day, part)
        if isinstance(answered, OpenAnswer) and answered.code is not None:
            answered = with_code(play, underway.project, answered)
        async with play.in_order:
            await play.ledger.transact(ask(who), answered.on(underway.project))
    of_sample = [body.answers.satisfaction >= 4 for *_, body in given if not isinstance(body, OpenAnswer)]
    return SurveyResult(100 * sum(of_sample) / max(1, len(of_sample)), min(later(day, 1), LAST_EVALUATION))


async def _invite(play: Play, underway: Underway, drawn_on: date) -> Codes:
    body, codes = Invitations(expires_on=later(drawn_on, INVITED_FOR)), Codes()
    async with play.in_order:
        await play.ledger.transact(ask(underway.authority), body.on(underway.project, codes))
    return codes


def invited_answer(code: str, quality: float, chance: Random) -> InvitedAnswer:
    """A guardian answers for one in eight."""
    helper = None
    if chance.random() < 0.125:
        why = chance.choice(tuple(WhyForAnother))
        relation = Relation.PARENT if why is WhyForAnother.MINOR else chance.choice((Relation.CHILD, Relation.SPOUSE))
        helper = Helper(name=forms.person(chance), relation=relation, why=why)
    return InvitedAnswer(code=code, for_another=helper, answers=filled(quality, chance))


def filled(quality: float, chance: Random) -> Filled:
    said = answer(quality, chance)
    satisfied = said.satisfaction >= SATISFIED
    return Filled(
        satisfaction=said.satisfaction,
        helped=chance.choice((Helped.MUCH, Helped.SOME) if satisfied else (Helped.LITTLE, Helped.UNSURE)),
        charged=chance.choice((Charged.NO,) * 9 + (Charged.UNSURE,)),
        comment=said.comment,
    )


def came_online(quality: float, chance: Random) -> OpenAnswer:
    """One in five does not verify the telephone number."""
    said = filled(quality, chance)
    number = f"+999{chance.randrange(10**8):08}"
    code = None if chance.random() < 0.2 else SENT_LATER
    return OpenAnswer(respondent=person(chance), telephone=number, code=code, answers=said)


def with_code(play: Play, project: UUID, asked: OpenAnswer) -> OpenAnswer:
    """The code of that moment, as it comes by text message."""
    master, identity = play.ledger.vault.master, asked.respondent.identity
    code = identity_code(master, project, identity, asked.telephone, play.ledger.clock())
    return asked.model_copy(update={"code": code})


def answer(quality: float, chance: Random) -> Answer:
    satisfaction = chance.choice((4, 5, 5)) if chance.random() * 100 < quality + 3 else chance.choice((1, 2, 3, 3))
    comment = chance.choice(forms.COMMENTS) if chance.random() < 0.3 else None
    return Answer(satisfaction=satisfaction, comment=comment)


def person(chance: Random) -> Person:
    """Nobody: no district has the code 000000. A guardian answers for a child."""
    born = date(chance.randrange(1930, 2003), chance.randrange(1, 13), chance.randrange(1, 29))
    digits = f"000000{born:%Y%m%d}{chance.randrange(1000):03}"
    guardian = forms.person(chance) if born.year > 1991 else None
    return Person(name=forms.person(chance), identity=digits + ric.calc_check_digit(f"{digits}0"), guardian=guardian)
