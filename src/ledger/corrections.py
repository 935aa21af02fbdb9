"""Putting a recorded mistake right by a later event that names it: the same for projects, organisations, programmes."""

from collections.abc import Sequence
from datetime import date

from ledger.core.envelope import Recorded, Restated, Voided
from ledger.core.fact import Fact
from ledger.core.history import corrected, live_corrections, pending, subject_of
from ledger.project.correction_requests import CorrectionRequested, disputed
from ledger.project.delivery import MilestoneReported
from ledger.project.honours import Awarded, HonourRevoked
from ledger.project.payments import Disbursed, PaidUnder, Refunded
from ledger.project.purchase import PurchaseContractSigned, Purchased, PurchaseForfeited
from ledger.refusals.general import CorrectionNotPossible, CorrectionTargetUnknown, EffectiveTooEarly, EffectiveTooLate


def void(events: Sequence[Recorded], target: int, reason: str) -> Voided:
    """The target counts as if it had not been; voiding a correction lets what it corrected hold again.

    What founds a stream cannot be voided, nor can publication: what was public was public."""
    found = target_of(events, target)
    holding = live_corrections(events).get(target)
    if holding is not None and isinstance(holding.fact, Voided):
        raise _not_possible(found, "此事件已作废。", "it is void already.")
    if why := found.fact.correction.void:
        raise _not_possible(found, why.zh, why.en)
    undone = subject_of(events, found).fact
    if isinstance(found.fact, Voided) and not undone.correction.again:
        raise _not_possible(found, "请重新登记该事实。", "record the fact again instead.")
    if isinstance(found.fact, CorrectionRequested) and target not in disputed(events).values():
        raise _not_possible(found, "申请已答复。", "the request is answered.")
    for other in corrected(events):
        if other.version != target and _rests_on(other.fact, found.fact):
            why_zh = f"第 {other.version} 版的 {other.fact.type} 以此为据，请先作废它。"
            why_en = f"{other.fact.type} at version {other.version} rests on it; void that first."
            raise _not_possible(found, why_zh, why_en)
    return Voided(target=target, reason=reason)


def _rests_on(fact: Fact, ground: Fact) -> bool:
    match ground:
        case Purchased():
            return isinstance(fact, PurchaseForfeited | PurchaseContractSigned)
        case PurchaseContractSigned():
            return isinstance(fact, Disbursed) and fact.under is PaidUnder.PURCHASE
        case Disbursed():
            return isinstance(fact, Refunded) and fact.under is ground.under
        case _:
            return False


def restate(events: Sequence[Recorded], target: int, fact: Fact, effective_on: date, reason: str) -> Restated:
    """The target should have read so. The type stays, and so does whom the fact concerns."""
    found = target_of(events, target)
    rule = found.fact.correction
    if rule.restate:
        raise _not_possible(found, rule.restate.zh, rule.restate.en)
    if fact.type != found.fact.type:
        raise _not_possible(found, f"类型应同为 {found.fact.type}。", f"the type must stay {found.fact.type}.")
    holding = live_corrections(events).get(target)
    if holding is not None and isinstance(holding.fact, Voided):
        # Restating would make it count again behind the back of the quota that got its place back.
        raise _not_possible(found, "此事件已作废，请先作废该作废。", "it is void; void that first.")
    for name in rule.fixed:
        if getattr(fact, name) != getattr(found.fact, name):
            raise _not_possible(found, f"{name} 不能改变。", f"{name} cannot change.")
    present = found.fact
    if (
        isinstance(fact, MilestoneReported)
        and isinstance(present, MilestoneReported)
        and (fact.summary is None) != (present.summary is None)
    ):
        raise _not_possible(found, "活动总结随完成阶段，不能增删。", "a summary belongs to completion and to no other.")
    return Restated(target=target, restated_on=effective_on, fact=fact, reason=reason)


def proposed_again(events: Sequence[Recorded], fact: Voided | Restated) -> Voided | Restated:
    """A correction that was proposed earlier, if it is still possible."""
    if isinstance(fact, Voided):
        found: Voided | Restated = void(events, fact.target, fact.reason)
    else:
        found = restate(events, fact.target, fact.fact, fact.restated_on, fact.reason)
    check_order(events, found)
    return found


def check_order(events: Sequence[Recorded], fact: Voided | Restated) -> None:
    """What founds a stream is folded before all that follows it, also when the correction holds. Raises
    EffectiveTooEarly or EffectiveTooLate with the nearest day that is possible."""
    subject = subject_of(events, target_of(events, fact.target)).version
    days = {found.version: found.event.effective_on for found in corrected(pending(events, fact))}
    if subject != 1 and subject in days and days[subject] < days[1]:
        raise EffectiveTooEarly(effective_on=days[subject].isoformat(), earliest=days[1].isoformat())
    first = min(days, key=lambda version: (days[version], version))
    if subject == 1 and first != 1:
        raise EffectiveTooLate(
            effective_on=days[1].isoformat(),
            type=target_of(events, first).fact.type,
            version=first,
            latest=days[first].isoformat(),
        )


def moved_place(events: Sequence[Recorded], fact: Voided) -> tuple[Awarded | Purchased, bool] | None:
    """What by this void begins (True) or ceases (False) to hold a place of a quota, if anything does."""
    target_of(events, fact.target)
    before, after = _holding(events), _holding(pending(events, fact))
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
