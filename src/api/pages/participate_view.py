"""Taking part without an account: open notices, a report, an objection, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from api.pages.frame import Link
from api.pages.participate_texts import PARTICIPATE
from api.pages.reader import Day, Reader
from api.pages.sentences import Naming
from api.reading.open_notices import OpenNotice
from api.routes.notices import OwnReport
from ledger.project.evaluation import EvaluationPublished


@dataclass(frozen=True, slots=True)
class NoticeCard:
    project: Link
    kind: str
    sentence: str
    left: str
    is_last_day: bool
    event: str
    objections: tuple[Link, ...]
    report: str


@dataclass(frozen=True, slots=True)
class ParticipateView:
    notices: tuple[NoticeCard, ...]
    next: str
    find: str
    status: str
    carried: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FormView:
    """Of a report, or of an objection to what `what` says. `key`: sending it twice writes it once."""

    title: str
    project: Link
    what: str
    is_objection: bool
    action: str
    hidden: tuple[tuple[str, str], ...]
    key: str
    values: dict[str, str]
    errors: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ReceivedView:
    """`code`: of a report, empty for an objection by name."""

    code: str
    href: str
    link: str
    project: Link


@dataclass(frozen=True, slots=True)
class StatusView:
    code: str
    error: str
    project: Link | None
    received: Day | None
    state: str
    subject: str
    answer: str
    action: str
    carried: tuple[tuple[str, str], ...]


def card(naming: Naming, notice: OpenNotice) -> NoticeCard:
    reader = naming.reader
    is_evaluation = isinstance(notice.event.fact, EvaluationPublished)
    day = reader.day(notice.until).text
    return NoticeCard(
        project=Link(notice.title, reader.link(f"/projects/{notice.project}")),
        kind=reader.say(PARTICIPATE["part_evaluation" if is_evaluation else "part_honour"]),
        sentence=notice.event.fact.told(naming),
        left=reader.say(PARTICIPATE["part_last_day"], day=day)
        if notice.days == 1
        else reader.say(PARTICIPATE["part_days"], days=notice.days, day=day),
        is_last_day=notice.days == 1,
        event=reader.link(f"/events/{notice.event.position}"),
        objections=tuple(_objection(naming, notice, target) for target in notice.targets),
        report=reader.link("/participate/report", project=notice.project),
    )


def _objection(naming: Naming, notice: OpenNotice, target: int) -> Link:
    reader = naming.reader
    text = reader.say(PARTICIPATE["part_object"])
    if len(notice.targets) > 1:
        text = reader.say(PARTICIPATE["part_object_to"], what=naming.cited(target))
    return Link(text, reader.link("/participate/objection", project=notice.project, target=target))


def participate_view(reader: Reader, cards: Sequence[NoticeCard], after: str | None) -> ParticipateView:
    return ParticipateView(
        notices=tuple(cards),
        next=reader.link("/participate", after=after) if after else "",
        find=reader.at("/projects"),
        status=reader.at("/participate/status"),
        carried=tuple(reader.carried.items()),
    )


def received_view(reader: Reader, project: Link, report: UUID | None, position: int) -> ReceivedView:
    if report is None:
        text = reader.say(PARTICIPATE["part_entry"], position=reader.number(position))
        return ReceivedView("", reader.link(f"/events/{position}"), text, project)
    address = reader.link("/participate/status", code=report)
    return ReceivedView(str(report), address, reader.say(PARTICIPATE["part_follow"]), project)


def status_view(reader: Reader, code: str, found: OwnReport | None, project: Link | None) -> StatusView:
    answered: date | None = found.answered_on if found else None
    state = reader.say(PARTICIPATE["part_open"]) if found else ""
    if answered:
        state = reader.say(PARTICIPATE["part_answered"], day=reader.day(answered).text)
    return StatusView(
        code=code,
        error=reader.say(PARTICIPATE["part_code_unknown"]) if code and found is None else "",
        project=project,
        received=reader.day(found.received_on) if found else None,
        state=state,
        subject=(found.subject or "") if found else "",
        answer=(found.answer or "") if found else "",
        action=reader.at("/participate/status"),
        carried=tuple(reader.carried.items()),
    )
