"""Putting a recorded mistake right by a later event that names it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from ledger.errors import CorrectionNotPossible, CorrectionTargetUnknown
from ledger.events import (
    AnyFact,
    Applied,
    Awarded,
    Delisted,
    Evaluated,
    GrantImported,
    IdentifierAdded,
    Listed,
    Merged,
    MilestoneReported,
    OrganisationRegistered,
    Published,
    Recorded,
    Restated,
    Reviewed,
    ThirdPartyEvaluation,
    Voided,
)
from ledger.history import corrected, live_corrections


def void(events: Sequence[Recorded], target: int, reason: str) -> Voided:
    """The target counts as if it had not been; voiding a correction lets what it corrected hold again.

    What founds a project cannot be voided (withdraw it), nor can publication: what was public was public."""
    found = target_of(events, target)
    holding = live_corrections(events).get(target)
    if holding is not None and isinstance(holding.fact, Voided):
        raise _not_possible(found, "此事件已作废。", "it is void already.")
    if isinstance(found.fact, Applied | GrantImported):
        raise _not_possible(
            found, "项目由它成立，请改用撤回或重述。", "it founds the project; withdraw or restate instead."
        )
    if isinstance(found.fact, OrganisationRegistered):
        raise _not_possible(
            found, "社会组织由它登记，请改用重述。", "it registers the organisation; restate it instead."
        )
    if isinstance(found.fact, Published):
        raise _not_possible(found, "已公布的不能收回。", "what was published cannot be unpublished.")
    return Voided(target=target, reason=reason)


def restate(events: Sequence[Recorded], target: int, fact: AnyFact, effective_on: date, reason: str) -> Restated:
    """The target should have read so. The type stays, and so does whom the fact concerns."""
    found = target_of(events, target)
    if isinstance(found.fact, Voided | Restated):
        raise _not_possible(found, "更正请先作废再重述。", "void a correction, then restate its target.")
    if fact.type != found.fact.type:
        raise _not_possible(found, f"类型应同为 {found.fact.type}。", f"the type must stay {found.fact.type}.")
    holding = live_corrections(events).get(target)
    if holding is not None and isinstance(holding.fact, Voided):
        # Restating would make it count again behind the back of the quota that got its place back.
        raise _not_possible(found, "此事件已作废，请先作废该作废。", "it is void; void that first.")
    for name in _FIXED.get(type(found.fact), ()):
        if getattr(fact, name) != getattr(found.fact, name):
            raise _not_possible(found, f"{name} 不能改变。", f"{name} cannot change.")
    if isinstance(fact, Evaluated) and _evaluator(fact) != _evaluator(found.fact):
        raise _not_possible(found, "评价者不能改变。", "who evaluated cannot change.")
    return Restated(target=target, restated_on=effective_on, fact=fact, reason=reason)


# What other streams, sealed values or quotas hold on to.
_FIXED: dict[type, tuple[str, ...]] = {
    Applied: ("programme", "rules_sha256", "organisation", "contact"),
    Reviewed: ("application_version", "member"),
    MilestoneReported: ("milestone",),
    Awarded: ("honour", "recipient", "place", "places"),
    GrantImported: ("programme", "grant", "funder"),
    OrganisationRegistered: ("identifiers", "contact"),
    IdentifierAdded: ("identifier", "replaces"),
    Merged: ("into", "into_name"),
    Listed: ("list",),
    Delisted: ("list",),
}


def _evaluator(fact: Evaluated) -> tuple[str, UUID | None]:
    evaluation = fact.evaluation
    return evaluation.by, evaluation.member if isinstance(evaluation, ThirdPartyEvaluation) else None


def subject_of(events: Sequence[Recorded], target: int) -> Recorded:
    """What a correction of the target is in the end about: no correction itself."""
    found = target_of(events, target)
    while isinstance(found.fact, Voided | Restated):
        found = target_of(events, found.fact.target)
    return found


def moved_honour(events: Sequence[Recorded], fact: Voided) -> tuple[Awarded, bool] | None:
    """The honour that by this void begins (True) or ceases (False) to count, if one does."""
    subject = subject_of(events, fact.target)
    if not isinstance(awarded := subject.fact, Awarded):
        return None
    last = events[-1]
    pending = replace(
        last,
        position=last.position + 1,
        version=last.version + 1,
        event=last.event.model_copy(update={"fact": fact}),
    )
    before, after = (
        any(found.version == subject.version for found in corrected(known)) for known in (events, [*events, pending])
    )
    return None if before == after else (awarded, after)


def target_of(events: Sequence[Recorded], target: int) -> Recorded:
    if not 1 <= target <= len(events):
        raise CorrectionTargetUnknown(target=target)
    return events[target - 1]


def _not_possible(found: Recorded, why_zh: str, why_en: str) -> CorrectionNotPossible:
    return CorrectionNotPossible(type=found.fact.type, why_zh=why_zh, why_en=why_en)
