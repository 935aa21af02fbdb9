"""Voiding and restating events of an organisation, by their authors."""

from uuid import UUID

from ledger.aggregates import ORGANISATION
from ledger.commands.corrections import CorrectionBody, correction
from ledger.commands.loading import find_organisation, founded_on
from ledger.core.envelope import Recorded, Restated, Voided
from ledger.core.history import corrected, pending
from ledger.identifiers import Identifier, organisation_stream
from ledger.organisation.ending import Merged, check_end
from ledger.organisation.oversight import (
    AnnualReportFiled,
    PenaltyImposed,
    check_filed,
    check_penalty,
    check_reported_once,
)
from ledger.organisation.registration import IdentifierAdded, OrganisationRegistered, claim, claims
from ledger.organisation.standing import Graded, check_validity
from ledger.organisation.state import check_active
from ledger.refusals.general import EffectiveTooEarly
from ledger.transaction import Decide
from ledger.unit_of_work import UnitOfWork


def correct_organisation(organisation_id: UUID, body: CorrectionBody) -> Decide:
    """As of a project. A void identifier is free for others again; what is to count again counts as if it were recorded
    now: an identifier that nobody else has meanwhile, an end that is the only one, a merger into one that is there."""

    async def decide(work: UnitOfWork) -> None:
        await find_organisation(work, organisation_id, body.action)
        events = work.loaded[organisation_id].events
        fact = await correction(work, organisation_id, body)
        before, after = _counting(events), _counting(pending(events, fact))
        check_end(after.values(), work.today)
        check_reported_once(after.values())
        work.write(organisation_id, fact)
        await _claim(work, organisation_id, _held(before), _held(after), body.reason)
        for version in after.keys() - before.keys():
            if isinstance(merged := after[version].fact, Merged):
                await work.load(ORGANISATION, merged.into)
                check_active(work.loaded[merged.into].state)
        if isinstance(fact, Restated):
            await _check_restated(work, fact)

    return decide


def _counting(events: tuple[Recorded, ...] | list[Recorded]) -> dict[int, Recorded]:
    return {found.version: found for found in corrected(events)}


def _held(counting: dict[int, Recorded]) -> list[Identifier]:
    held: list[Identifier] = []
    for found in counting.values():
        match found.fact:
            case OrganisationRegistered(identifiers=first):
                held = [*first, *held]
            case IdentifierAdded(identifier=further):
                held.append(further)
            case _:
                pass
    return held


async def _claim(
    work: UnitOfWork, organisation_id: UUID, before: list[Identifier], after: list[Identifier], reason: str
) -> None:
    """What it has to itself no more is free again, and what it has again must still be free. A code within a unified
    code was claimed only since that is done."""
    had, has = claims(before), claims(after)
    for identifier in (one for one in has if one not in had):
        there = await work.load(ORGANISATION, organisation_stream(identifier))
        work.write(there.id, claim(there, identifier, organisation_id))
    for identifier in (one for one in had if one not in has):
        timeline = await work.timeline(ORGANISATION, organisation_stream(identifier))
        if timeline.events and timeline.state.claimed_by == organisation_id:
            work.write(timeline.stream, Voided(target=timeline.version, reason=reason))


async def _check_restated(work: UnitOfWork, restated: Restated) -> None:
    match restated.fact:
        case Graded() as graded:
            check_validity(graded)
        case AnnualReportFiled() as report:
            check_filed(report)
        case PenaltyImposed() as penalty:
            check_penalty(penalty, restated.restated_on)
        case Merged() as merged:
            into = await work.load(ORGANISATION, merged.into)
            if into.exists and restated.restated_on < (earliest := founded_on(work, into.id)):
                raise EffectiveTooEarly(effective_on=restated.restated_on.isoformat(), earliest=earliest.isoformat())
