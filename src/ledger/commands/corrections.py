"""Voiding and restating events of a project: the office, a district for its own."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, TypeAdapter, ValidationError

from ledger import quota
from ledger.access import Command
from ledger.aggregates import QUOTA
from ledger.commands.entry import Body, load_programme, open_project
from ledger.commands.purchases import QUOTA_CODE
from ledger.errors import CorrectionNotPossible, EffectiveInFuture, OutOfScope
from ledger.events import AnyFact, Awarded, PurchaseForfeited, Recorded, Restated, Role, Version, Voided
from ledger.history import corrected, subject_of
from ledger.identifiers import quota_stream
from ledger.project import corrections
from ledger.project.application import check_form
from ledger.project.state import Project
from ledger.transaction import Ask, Ledger, Receipt, Work
from ledger.values import CivilDate, Text

_FACT: TypeAdapter[AnyFact] = TypeAdapter(AnyFact)


class VoidBody(Body):
    kind: Literal["void"]
    target: Version
    reason: Text


class RestateBody(Body):
    """`changes` replace fields of the target's payload; `effective_on`, its effective date. Either may be absent."""

    kind: Literal["restate"]
    target: Version
    effective_on: CivilDate | None = None
    changes: dict[str, Any] = Field(default_factory=dict, max_length=50)
    reason: Text


CorrectionBody = Annotated[VoidBody | RestateBody, Field(discriminator="kind")]


async def correct(ledger: Ledger, ask: Ask, project_id: UUID, body: CorrectionBody) -> Receipt:
    """The fact at version `target` is void, or should have read otherwise. A voided honour frees its place."""

    async def decide(work: Work) -> None:
        project = await open_project(work, project_id, Command.CORRECT)
        if project.applied:
            # For its zone, in which a day is today or not yet.
            await load_programme(work, project.applied.programme)
        events = work.loaded[project_id].events
        stated_by = subject_of(events, corrections.target_of(events, body.target)).event.actor.role
        if ask.who.role is Role.DISTRICT and stated_by not in (Role.DISTRICT, Role.ORGANISATION):
            # What the city's bodies decided is theirs to correct, through the office.
            raise OutOfScope(command=Command.CORRECT)
        if isinstance(body, VoidBody):
            fact = corrections.void(events, body.target, body.reason)
            await _check_place_is_there(work, project, corrections.target_of(events, body.target))
            work.write(project_id, fact)
            await _move_places(work, project_id, events, fact)
        else:
            work.write(project_id, await restated_fact(work, events, body))

    return await ledger.transact(ask, decide)


async def restated_fact(work: Work, events: tuple[Recorded, ...], body: RestateBody) -> Restated:
    original = corrections.target_of(events, body.target)
    if body.effective_on and body.effective_on > work.today:
        raise EffectiveInFuture(effective_on=body.effective_on.isoformat(), today=work.today.isoformat())
    if unknown := sorted(set(body.changes) - set(type(original.fact).model_fields) | {"type"} & set(body.changes)):
        raise CorrectionNotPossible(
            type=original.fact.type,
            why_zh=f"没有可改的字段 {', '.join(unknown)}。",
            why_en=f"there is no field {', '.join(unknown)} to change.",
        )
    counting = {found.version: found for found in corrected(events)}
    present = counting.get(body.target, original)
    try:
        fact = _FACT.validate_python(present.fact.model_dump(mode="json") | body.changes)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"][1:])
        raise CorrectionNotPossible(
            type=original.fact.type, why_zh=f"{place} 的值不对。", why_en=f"{place}: {first['msg']}"
        ) from error
    form = getattr(fact, "form", None)
    if form is not None:
        state = work.loaded[original.stream].state
        programme = await load_programme(work, state.applied.programme)
        check_form(form, programme.rules)
    return corrections.restate(events, body.target, fact, body.effective_on or present.event.effective_on, body.reason)


async def _check_place_is_there(work: Work, project: Project, target: Recorded) -> None:
    """Who gave a place up has it again only as long as nobody else got it."""
    if isinstance(target.fact, PurchaseForfeited) and project.applied:
        places = await work.load(QUOTA, quota_stream(project.applied.programme, QUOTA_CODE))
        if project.id not in places.holders:
            raise CorrectionNotPossible(
                type=target.fact.type, why_zh="名额已由其他项目取得。", why_en="another project has the place by now."
            )


async def _move_places(work: Work, project_id: UUID, events: tuple[Recorded, ...], fact: Voided) -> None:
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
