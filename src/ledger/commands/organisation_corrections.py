"""Voiding and restating events of an organisation, by their authors."""

from uuid import UUID

from ledger.aggregates import ORGANISATION
from ledger.commands.corrections import CorrectionBody, correction
from ledger.commands.loading import find_organisation, founded_on
from ledger.core.action import CORRECT
from ledger.core.envelope import Recorded, Restated, Voided
from ledger.core.history import corrected, pending
from ledger.identifiers import organisation_stream
from ledger.organisation.ending import Merged, check_end
from ledger.organisation.registration import IdentifierAdded, claim
from ledger.organisation.standing import Graded, check_validity
from ledger.organisation.state import check_active
from ledger.refusals.general import EffectiveTooEarly
from ledger.transaction import Decide
from ledger.unit_of_work import UnitOfWork


def correct_organisation(organisation_id: UUID, body: CorrectionBody) -> Decide:
    """As of a project. A void identifier is free for others again; what is to count again counts as if it were recorded
    now: an identifier that nobody else has meanwhile, an end that is the only one, a merger into one that is there."""

    async def decide(work: UnitOfWork) -> None:
        await find_organisation(work, organisation_id, CORRECT)
        events = work.loaded[organisation_id].events
        fact = await correction(work, organisation_id, body)
        before, after = _counting(events), _counting(pending(events, fact))
        check_end(after.values(), work.today)
        work.write(organisation_id, fact)
        for version in after.keys() - before.keys():
            await _counts_again(work, organisation_id, after[version])
        for version in before.keys() - after.keys():
            await _counts_no_more(work, before[version], body.reason)
        if isinstance(fact, Restated):
            await _check_restated(work, fact)

    return decide


def _counting(events: tuple[Recorded, ...] | list[Recorded]) -> dict[int, Recorded]:
    return {found.version: found for found in corrected(events)}


async def _counts_again(work: UnitOfWork, organisation_id: UUID, found: Recorded) -> None:
    match found.fact:
        case IdentifierAdded() as added:
            there = await work.load(ORGANISATION, organisation_stream(added.identifier))
            work.write(there.id, claim(there, added.identifier, organisation_id))
        case Merged() as merged:
            await work.load(ORGANISATION, merged.into)
            check_active(work.loaded[merged.into].state)


async def _counts_no_more(work: UnitOfWork, found: Recorded, reason: str) -> None:
    if isinstance(found.fact, IdentifierAdded):
        there = await work.timeline(ORGANISATION, organisation_stream(found.fact.identifier))
        work.write(there.stream, Voided(target=there.version, reason=reason))


async def _check_restated(work: UnitOfWork, restated: Restated) -> None:
    match restated.fact:
        case Graded() as graded:
            check_validity(graded)
        case Merged() as merged:
            into = await work.load(ORGANISATION, merged.into)
            if into.exists and restated.restated_on < (earliest := founded_on(work, into.id)):
                raise EffectiveTooEarly(effective_on=restated.restated_on.isoformat(), earliest=earliest.isoformat())
