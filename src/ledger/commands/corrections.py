"""Voiding and restating: what corrections of projects, organisations and programmes have in common, and projects."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, ValidationError

from ledger import corrections, quota
from ledger.access import check
from ledger.aggregates import ORGANISATION, QUOTA
from ledger.commands.command import Command
from ledger.commands.loading import founded_on, load_programme, open_project, programme_of
from ledger.commands.programme import check_follows
from ledger.commands.purchase import QUOTA_CODE
from ledger.core.action import CORRECT
from ledger.core.correctable import CorrectedBy
from ledger.core.envelope import Recorded, Restated, Voided
from ledger.core.fact import Fact, Role, Version
from ledger.core.history import corrected, subject_of
from ledger.facts import FACT
from ledger.identifiers import programme_stream, quota_stream
from ledger.programme import check_days_stay
from ledger.project.application import Applied, check_form
from ledger.project.honours import Awarded
from ledger.project.purchase import PurchaseForfeited
from ledger.project.state import Project
from ledger.refusals.general import CorrectionNotPossible, EffectiveTooEarly, OutOfScope, ProgrammeUnknown, RoleMayNot
from ledger.transaction import Decide
from ledger.unit_of_work import UnitOfWork
from ledger.values import CivilDate, Text


class VoidBody(Command):
    kind: Literal["void"]
    target: Version
    reason: Text


class RestateBody(Command):
    """`changes` replace fields of the target's payload; `effective_on`, its effective date. Either may be absent."""

    kind: Literal["restate"]
    target: Version
    effective_on: CivilDate | None = None
    changes: dict[str, Any] = Field(default_factory=dict, max_length=50)
    reason: Text


CorrectionBody = Annotated[VoidBody | RestateBody, Field(discriminator="kind")]


async def correction(work: UnitOfWork, stream: UUID, body: CorrectionBody) -> Voided | Restated:
    """What is to be written on the stream, which is loaded, when the asker may correct what the target says."""
    events = work.loaded[stream].events
    _check_by(work, events, body.target)
    if isinstance(body, VoidBody):
        fact: Voided | Restated = corrections.void(events, body.target, body.reason)
    else:
        fact = _restated(work, stream, body)
    corrections.check_order(events, fact)
    return fact


def _check_by(work: UnitOfWork, events: tuple[Recorded, ...], target: int) -> None:
    """What the city's bodies said, or put right already, is theirs to correct, through the office."""
    who = work.context.who
    subject = subject_of(events, corrections.target_of(events, target)).fact
    if who.role is Role.OFFICE:
        return
    if subject.correction.by is CorrectedBy.OFFICE:
        raise RoleMayNot(role=who.role, command=CORRECT)
    if corrections.said_by(events, target) - {Role.DISTRICT, Role.ORGANISATION}:
        raise OutOfScope(command=CORRECT)


def _restated(work: UnitOfWork, stream: UUID, body: RestateBody) -> Restated:
    events = work.loaded[stream].events
    original = corrections.target_of(events, body.target)
    if body.effective_on:
        work.check_day(body.effective_on, may_be_ahead=original.fact.ahead)
    if unknown := sorted(set(body.changes) - set(type(original.fact).model_fields) | {"type"} & set(body.changes)):
        raise CorrectionNotPossible(
            type=original.fact.type,
            why_zh=f"没有可改的字段 {', '.join(unknown)}。",
            why_en=f"there is no field {', '.join(unknown)} to change.",
        )
    counting = {found.version: found for found in corrected(events)}
    present = counting.get(body.target, original)
    try:
        fact = FACT.validate_python(present.fact.model_dump(mode="json") | body.changes)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"][1:])
        raise CorrectionNotPossible(
            type=original.fact.type, why_zh=f"{place} 的值不对。", why_en=f"{place}: {first['msg']}"
        ) from error
    return corrections.restate(events, body.target, fact, body.effective_on or present.event.effective_on, body.reason)


def correct_project(project_id: UUID, body: CorrectionBody) -> Decide:
    """The fact at version `target` is void, or should have read otherwise. A voided honour frees its place."""

    async def decide(work: UnitOfWork) -> None:
        project = await open_project(work, project_id, CORRECT)
        events = work.loaded[project_id].events
        fact = await correction(work, project_id, body)
        if isinstance(body, RestateBody):
            assert isinstance(fact, Restated)
            await _check_form(work, project, body, fact.fact)
            work.write(project_id, fact)
        else:
            assert isinstance(fact, Voided)
            await _check_place_is_there(work, project, corrections.target_of(events, body.target))
            work.write(project_id, fact)
            await _move_places(work, project_id, events, fact)

    return decide


def correct_programme(code: str, body: CorrectionBody) -> Decide:
    """By the office: void, or should have read otherwise. What counts then must follow as if it had been so at first,
    and no day is taken from a phase that has come already."""
    stream = programme_stream(code)

    async def decide(work: UnitOfWork) -> None:
        check(work.context.who, CORRECT, organisation=None, district=None)
        before = await programme_of(work, code)
        if not before.exists:
            raise ProgrammeUnknown(programme=code)
        work.check_match(stream)
        fact = await correction(work, stream, body)
        after = check_follows(work, code, fact, work.today)
        if before.announced:
            check_days_stay(before, after, work.today)
        work.write(stream, fact)

    return decide


async def _check_form(work: UnitOfWork, project: Project, body: RestateBody, fact: Fact) -> None:
    """A form that the rules take; an application not before its programme and its organisation were there."""
    form = getattr(fact, "form", None)
    if form is None or project.applied is None:
        return
    programme = await load_programme(work, project.applied.programme)
    check_form(form, programme.rules)
    day = body.effective_on
    if day and isinstance(fact, Applied):
        await work.load(ORGANISATION, fact.organisation)
        earliest = founded_on(work, programme.id, fact.organisation)
        if day < earliest:
            raise EffectiveTooEarly(effective_on=day.isoformat(), earliest=earliest.isoformat())


async def _check_place_is_there(work: UnitOfWork, project: Project, target: Recorded) -> None:
    """Who gave a place up has it again only as long as nobody else got it."""
    if isinstance(target.fact, PurchaseForfeited) and project.applied:
        places = await work.load(QUOTA, quota_stream(project.applied.programme, QUOTA_CODE))
        if project.id not in places.holders:
            raise CorrectionNotPossible(
                type=target.fact.type, why_zh="名额已由其他项目取得。", why_en="another project has the place by now."
            )


async def _move_places(work: UnitOfWork, project_id: UUID, events: tuple[Recorded, ...], fact: Voided) -> None:
    """Places follow the honours and purchases that count: one that is void gives its place back, one that counts
    again takes a place again, if there is one."""
    moved = corrections.moved_place(events, fact)
    if moved is None:
        return
    holding, counts = moved
    project = work.loaded[project_id].state
    programme = await load_programme(work, project.applied.programme)
    code, holder = QUOTA_CODE, project_id
    if isinstance(holding, Awarded):
        code, holder = holding.honour, holding.recipient.holder
    stream = quota_stream(programme.code, code)
    places = await work.load(QUOTA, stream)
    if counts:
        rule = programme.rules.quota(code)
        assert rule is not None
        work.write(stream, quota.take(places, rule, programme=programme.code, holder=holder, project=project_id))
    elif holder in places.holders:
        work.write(stream, quota.release(holder, project_id, fact.reason))
