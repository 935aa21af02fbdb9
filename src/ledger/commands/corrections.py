"""Voiding and restating: what corrections of projects, organisations and programmes have in common, and projects."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, ValidationError

from ledger import access, corrections, quota
from ledger.aggregates import ORGANISATION, QUOTA
from ledger.authors import Author, as_of_today, author_of, authors_of, check_author
from ledger.commands.command import Command
from ledger.commands.loading import founded_on, load_programme, member_pseudonym, open_project, programme_of
from ledger.commands.programme import check_follows
from ledger.commands.purchase import QUOTA_CODE
from ledger.core.action import CORRECT, Action
from ledger.core.envelope import Recorded, Restated, Voided
from ledger.core.fact import Role, Version
from ledger.core.history import corrected
from ledger.facts import FACT
from ledger.identifiers import programme_stream, quota_stream
from ledger.programme import Programme, check_days_stay
from ledger.project import correction_requests
from ledger.project.application import Applied, check_form
from ledger.project.clauses import check_instalments
from ledger.project.contract import ContractAmended, ContractSigned
from ledger.project.honours import Awarded
from ledger.project.purchase import PurchaseContractSigned, PurchaseForfeited
from ledger.project.reliance import confirmed_by
from ledger.project.secretariat import check_agrees_with_paper
from ledger.project.state import Project
from ledger.refusals.general import (
    CorrectionNotPossible,
    CorrectionTargetUnknown,
    EffectiveTooEarly,
    OtherDayNotAllowed,
    ProgrammeUnknown,
)
from ledger.transaction import Decide
from ledger.unit_of_work import STATES_ANOTHER_DAY, UnitOfWork
from ledger.values import CivilDate, Text


class VoidBody(Command, action=CORRECT):
    kind: Literal["void"]
    target: Version
    reason: Text


class RestateBody(Command, action=CORRECT):
    """`changes` replace fields of the target's payload; of a group of fields, those left out stay. `effective_on`, its
    effective date. Either may be absent."""

    kind: Literal["restate"]
    target: Version
    effective_on: CivilDate | None = None
    changes: dict[str, Any] = Field(default_factory=dict, max_length=50)
    reason: Text


CorrectionBody = Annotated[VoidBody | RestateBody, Field(discriminator="kind")]


async def correction(work: UnitOfWork, stream: UUID, body: CorrectionBody) -> Voided | Restated:
    """What is to be written on a stream of an organisation or a programme, which is loaded, when the asker is the
    author of what the target says."""
    await check_is_author(work, stream, body.target, Author.reading(work.context.who, None))
    return proposed(work, stream, body)


async def check_is_author(
    work: UnitOfWork, stream: UUID, target: int, reader: Author, programme: Programme | None = None
) -> None:
    """Raises NotTheAuthor, CorrectionTargetUnknown."""
    events = work.loaded[stream].events
    authors = authors_of(events, corrections.target_of(events, target))
    check_author([await _as_of_today(work, author, programme) for author in authors], reader)


def proposed(work: UnitOfWork, stream: UUID, body: CorrectionBody) -> Voided | Restated:
    """The correction that the body asks for, if it is possible at all."""
    events = work.loaded[stream].events
    if isinstance(body, VoidBody):
        fact: Voided | Restated = corrections.void(events, body.target, body.reason)
    else:
        fact = _restated(work, stream, body)
    corrections.check_order(events, fact)
    check_agrees_with_paper(events, fact)
    return fact


async def _as_of_today(work: UnitOfWork, author: Author, programme: Programme | None) -> Author:
    carried_on: dict[str, str] = {}
    if author.role is Role.ORGANISATION and author.body:
        known = UUID(author.body)
        while (there := await work.load(ORGANISATION, known)).successor:
            known = there.successor
        carried_on[author.body] = str(known)
    return as_of_today(author, programme, carried_on)


def _restated(work: UnitOfWork, stream: UUID, body: RestateBody) -> Restated:
    events = work.loaded[stream].events
    original = corrections.target_of(events, body.target)
    if body.effective_on:
        # Who may not state another day at first, does not by a correction: deadlines are judged by it.
        if work.context.who.role not in STATES_ANOTHER_DAY:
            raise OtherDayNotAllowed()
        work.check_day(body.effective_on, may_be_ahead=original.fact.ahead)
    if unknown := sorted(set(body.changes) - set(type(original.fact).model_fields) | {"type"} & set(body.changes)):
        raise CorrectionNotPossible(
            type=original.fact.type,
            why_zh=f"没有可改的字段 {', '.join(unknown)}。",
            why_en=f"there is no field {', '.join(unknown)} to change.",
        )
    counting = {found.version: found for found in corrected(events)}
    present = counting.get(body.target, original)
    stood = present.fact.model_dump(mode="json")
    try:
        fact = FACT.validate_python(_completed(stood | body.changes, stood))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"][1:])
        raise CorrectionNotPossible(
            type=original.fact.type, why_zh=f"{place} 的值不对。", why_en=f"{place}: {first['msg']}"
        ) from error
    return corrections.restate(events, body.target, fact, body.effective_on or present.event.effective_on, body.reason)


def _completed(said: dict[str, Any], stood: dict[str, Any]) -> dict[str, Any]:
    """What is left out of a group of fields stays as it stood: a client need not know the newest form."""
    try:
        FACT.validate_python(said)
    except ValidationError as error:
        for missing in error.errors():
            # The first part names the kind of fact.
            _, *path, name = missing["loc"]
            if missing["type"] == "missing" and len(path) == 1 and isinstance(stood.get(str(path[0])), dict):
                group, before = str(path[0]), stood[str(path[0])]
                if name in before:
                    said = said | {group: said[group] | {name: before[name]}}
    return said


@dataclass(frozen=True, slots=True)
class Correcting:
    """A project that somebody corrects, or asks to correct."""

    project: Project
    programme: Programme
    reader: Author

    @classmethod
    async def load(cls, work: UnitOfWork, project_id: UUID, action: Action) -> Self:
        project = await open_project(work, project_id, action)
        source = project.founded_by
        assert source is not None
        programme = await programme_of(work, source.programme)
        person = member_pseudonym(work, project_id)
        return cls(project, programme, Author.reading(work.context.who, person))

    async def check_is_author(self, work: UnitOfWork, target: int) -> None:
        await check_is_author(work, self.project.id, target, self.reader, self.programme)

    async def author(self, work: UnitOfWork, version: int) -> tuple[Author, bool]:
        """Who is the author of the event today, and whether it can still act: an organisation that is no more, and
        that nobody carries on, cannot."""
        events = work.loaded[self.project.id].events
        author = await _as_of_today(work, author_of(events, events[version - 1]), self.programme)
        if author.role is not Role.ORGANISATION or author.body is None:
            return author, True
        return author, (await work.load(ORGANISATION, UUID(author.body))).is_active

    async def write_or_ask(self, work: UnitOfWork, fact: Voided | Restated) -> None:
        """The correction by the author of its target, or a request for the consent of who decided on the target."""
        decision = confirmed_by(work.loaded[self.project.id].events, fact)
        if decision is None:
            await write_correction(work, self.project, fact)
        else:
            await self.ask(work, fact, decision.version)

    async def ask(self, work: UnitOfWork, fact: Voided | Restated, asked_of: int) -> None:
        if isinstance(fact, Restated):
            await check_restated(work, self.project, fact)
        rules = (await load_programme(work, self.programme.code)).rules
        request = correction_requests.request_correction(fact, asked_of=asked_of, rules=rules, today=work.today)
        work.write(self.project.id, request)

    def check_reads(self, work: UnitOfWork, target: int) -> None:
        """Nobody learns from a refusal who said what it may not read. Raises CorrectionTargetUnknown."""
        if not self.reads(work, target):
            raise CorrectionTargetUnknown(target=target)

    def reads(self, work: UnitOfWork, target: int) -> bool:
        """Whether the asker reads the target, or said it itself. Raises CorrectionTargetUnknown where nothing is."""
        events = work.loaded[self.project.id].events
        found = corrections.target_of(events, target)
        who = access.within(work.context.who, self.programme)
        holder = self.project.holder
        part = holder is not None and access.takes_part(who, holder.organisation, holder.district)
        readable = access.reads(who, access.ruling(events, found.fact), published=self.project.is_public, part=part)
        return readable or author_of(events, found) == self.reader


def correct_project(project_id: UUID, body: CorrectionBody) -> Decide:
    """The fact at version `target` is void, or should have read otherwise. A voided honour frees its place. What others
    asked for the same fact is answered by it. What another has decided on since is restated once that one confirms."""

    async def decide(work: UnitOfWork) -> None:
        found = await Correcting.load(work, project_id, body.action)
        found.check_reads(work, body.target)
        await found.check_is_author(work, body.target)
        fact = proposed(work, project_id, body)
        if confirmed_by(work.loaded[project_id].events, fact):
            correction_requests.check_not_requested(found.project, fact.target)
        for request in found.project.open_requests:
            if request.target == body.target:
                work.write(project_id, correction_requests.grant(request, reason=None, in_place_of=None))
        await found.write_or_ask(work, fact)

    return decide


def correct_programme(code: str, body: CorrectionBody) -> Decide:
    """By the author: void, or should have read otherwise. What counts then must follow as if it had been so at first,
    and no day is taken from a phase that has come already."""
    stream = programme_stream(code)

    async def decide(work: UnitOfWork) -> None:
        access.check(work.context.who, body.action, organisation=None, district=None)
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


async def write_correction(work: UnitOfWork, project: Project, fact: Voided | Restated) -> None:
    events = work.loaded[project.id].events
    if isinstance(fact, Restated):
        await check_restated(work, project, fact)
        work.write(project.id, fact)
    else:
        await _check_place_is_there(work, project, corrections.target_of(events, fact.target))
        work.write(project.id, fact)
        await _move_places(work, project.id, events, fact)


async def check_restated(work: UnitOfWork, project: Project, restated: Restated) -> None:
    """Instalments that make the amount; a form that the rules take; an application not before its programme and its
    organisation were there."""
    fact, day = restated.fact, restated.restated_on
    if isinstance(fact, ContractSigned | ContractAmended):
        check_instalments(fact.clauses.instalments if fact.clauses else None, fact.amount)
    if isinstance(fact, PurchaseContractSigned):
        check_instalments(fact.instalments, fact.amount)
    form = getattr(fact, "form", None)
    if form is None or project.applied is None:
        return
    programme = await load_programme(work, project.applied.programme)
    check_form(form, programme.rules)
    if isinstance(fact, Applied):
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
