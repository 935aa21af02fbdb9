"""Putting a recorded mistake right by a later event that names it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ledger.errors import CorrectionNotPossible, CorrectionTargetUnknown
from ledger.events import (
    AnyFact,
    Applied,
    Awarded,
    BeneficiariesEvaluated,
    ContractAmended,
    ContractSigned,
    DecisionServed,
    Delisted,
    Disbursed,
    Evaluated,
    EvaluationPublished,
    GrantImported,
    HandedIn,
    HonourProposed,
    HonourRevoked,
    IdentifierAdded,
    Listed,
    Merged,
    MilestoneReported,
    ObjectionRaised,
    ObjectionResolved,
    OrganisationRegistered,
    PaidUnder,
    Published,
    PurchaseContractSigned,
    Purchased,
    PurchaseForfeited,
    Recorded,
    Redacted,
    Refunded,
    Restated,
    Returned,
    Reviewed,
    ReviewRequestDecided,
    ReviewRequested,
    Scored,
    Screened,
    SupportArranged,
    Transferred,
    Voided,
)
from ledger.history import corrected, live_corrections, subject_of


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
    if isinstance(found.fact, Redacted):
        raise _not_possible(found, "已删除的文字不能恢复。", "what was redacted stays so.")
    if isinstance(found.fact, Published):
        raise _not_possible(found, "已公布的不能收回。", "what was published cannot be unpublished.")
    if isinstance(found.fact, ObjectionRaised | ObjectionResolved):
        # Others than the objector and the author decide on it; a void by the authority would go round them.
        raise _not_possible(found, "异议及其处理不能作废。", "an objection and its resolution stand.")
    undone = subject_of(events, found).fact
    if isinstance(found.fact, Voided) and isinstance(undone, _NOT_AGAIN):
        # Others have got the place since, or the money was paid anew.
        raise _not_possible(found, "请重新登记该事实。", "record the fact again instead.")
    for other in corrected(events):
        if other.version != target and _rests_on(other.fact, found.fact):
            why_zh = f"第 {other.version} 版的 {other.fact.type} 以此为据，请先作废它。"
            why_en = f"{other.fact.type} at version {other.version} rests on it; void that first."
            raise _not_possible(found, why_zh, why_en)
    return Voided(target=target, reason=reason)


_NOT_AGAIN = Purchased | PurchaseForfeited | PurchaseContractSigned | Disbursed | Refunded


def _rests_on(fact: AnyFact, ground: AnyFact) -> bool:
    match ground:
        case Purchased():
            return isinstance(fact, PurchaseForfeited | PurchaseContractSigned)
        case PurchaseContractSigned():
            return isinstance(fact, Disbursed) and fact.under is PaidUnder.PURCHASE
        case Disbursed():
            return isinstance(fact, Refunded) and fact.under is ground.under
        case _:
            return False


def restate(events: Sequence[Recorded], target: int, fact: AnyFact, effective_on: date, reason: str) -> Restated:
    """The target should have read so. The type stays, and so does whom the fact concerns."""
    found = target_of(events, target)
    if isinstance(found.fact, Voided | Restated | Redacted):
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
    if isinstance(fact, MilestoneReported) and (fact.summary is None) != (found.fact.summary is None):
        raise _not_possible(found, "活动总结随完成节点，不能增删。", "a summary belongs to completion and to no other.")
    return Restated(target=target, restated_on=effective_on, fact=fact, reason=reason)


# What other streams, sealed values or quotas hold on to, and which fact a fact speaks of.
_FIXED: dict[type, tuple[str, ...]] = {
    Applied: ("programme", "rules_sha256", "organisation", "district", "contact"),
    Transferred: ("organisation", "organisation_name", "district"),
    Screened: ("application_version",),
    HandedIn: ("application_version",),
    Returned: ("application_version",),
    SupportArranged: ("application_version", "request"),
    Reviewed: ("application_version", "member"),
    DecisionServed: ("target",),
    ReviewRequested: ("target",),
    ReviewRequestDecided: ("request", "target"),
    MilestoneReported: ("milestone",),
    Awarded: ("honour", "recipient", "place", "places"),
    Scored: ("juror",),
    Purchased: ("place", "places", "jurors", "score", "amount", "replaces"),
    PurchaseContractSigned: ("amount", "relation"),
    Disbursed: ("under", "amount", "cost", "voucher"),
    Refunded: ("under", "amount", "voucher"),
    ContractSigned: ("due",),
    ContractAmended: ("due",),
    # What was shown for objection is evaluated again, not rewritten.
    Evaluated: ("evaluation", "scale"),
    HonourProposed: ("honour", "recipient", "formula", "score", "rank", "nominated", "objections_until"),
    HonourRevoked: ("award", "place_freed_because"),
    GrantImported: ("programme", "grant", "funder"),
    OrganisationRegistered: ("identifiers", "contact"),
    IdentifierAdded: ("identifier", "replaces"),
    Merged: ("into", "into_name"),
    Listed: ("list",),
    Delisted: ("list",),
    # Counted from the answers: void it and count again.
    BeneficiariesEvaluated: ("no_identifiable", "frame", "minimum_group", "sample", "online"),
    EvaluationPublished: ("evaluations", "objections_until"),
    ObjectionRaised: ("target",),
    ObjectionResolved: ("objection", "target", "upheld"),
}


def moved_place(events: Sequence[Recorded], fact: Voided) -> tuple[Awarded | Purchased, bool] | None:
    """What by this void begins (True) or ceases (False) to hold a place of a quota, if anything does."""
    target_of(events, fact.target)
    last = events[-1]
    pending = replace(
        last,
        position=last.position + 1,
        version=last.version + 1,
        event=last.event.model_copy(update={"fact": fact}),
    )
    before, after = _holding(events), _holding([*events, pending])
    for version in before.keys() ^ after.keys():
        return (after[version], True) if version in after else (before[version], False)
    return None


def _holding(events: Sequence[Recorded]) -> dict[int, Awarded | Purchased]:
    """What holds a place, by version: what counts and whose place no revocation freed."""
    counting = corrected(events)
    freed = {
        found.fact.award
        for found in counting
        if isinstance(found.fact, HonourRevoked) and found.fact.place_freed_because
    }
    return {
        found.version: found.fact
        for found in counting
        if isinstance(found.fact, Awarded | Purchased) and found.version not in freed
    }


def target_of(events: Sequence[Recorded], target: int) -> Recorded:
    if not 1 <= target <= len(events):
        raise CorrectionTargetUnknown(target=target)
    return events[target - 1]


def _not_possible(found: Recorded, why_zh: str, why_en: str) -> CorrectionNotPossible:
    return CorrectionNotPossible(type=found.fact.type, why_zh=why_zh, why_en=why_en)
