"""The kinds of exception, and what says that an event is one."""

from dataclasses import dataclass
from enum import StrEnum


class ExceptionKind(StrEnum):
    """What is exceptional about an event."""

    PROPOSED_OUT_OF_RANK = "proposed_out_of_rank"
    AWARDED_OUT_OF_RANK = "awarded_out_of_rank"
    PURCHASED_OUT_OF_RANK = "purchased_out_of_rank"
    APPROVED_AGAINST_REVIEW = "approved_against_review"
    APPROVED_AGAINST_SCREENING = "approved_against_screening"
    APPROVED_BELOW_FLOOR = "approved_below_floor"
    REJECTED_AGAINST_REVIEWS = "rejected_against_reviews"
    SCREENED_AGAIN = "screened_again"
    INTEREST_AFTER_JUDGING = "interest_after_judging"
    NO_BENEFICIARIES_ASKED = "no_beneficiaries_asked"
    FRAME_GAP_ACCEPTED = "frame_gap_accepted"
    PAPER_ENTRY = "paper_entry"
    ENTERED_BY_OFFICIAL = "entered_by_official"
    ACTED_AS_SUCCESSOR = "acted_as_successor"
    PHASE_EXTENDED = "phase_extended"
    AMENDMENT_TERM_EXTENDED = "amendment_term_extended"
    RECTIFICATION_TERM_EXTENDED = "rectification_term_extended"
    CONTRACT_AFTER_TERM = "contract_after_term"
    LAPSED = "lapsed"
    OTHER_AMOUNT_APPROVED = "other_amount_approved"
    OTHER_AMOUNT_CONTRACTED = "other_amount_contracted"
    OTHER_AMOUNT_PURCHASED = "other_amount_purchased"
    CONTRACT_AMENDED = "contract_amended"
    CONTRACT_SUPERSEDED = "contract_superseded"
    PLACE_GIVEN_ON = "place_given_on"
    PLACE_TAKEN_BACK = "place_taken_back"
    PAID_BEFORE_ACCEPTANCE = "paid_before_acceptance"
    PAID_UNDER_ORDER = "paid_under_order"
    SPENT_BEYOND_SOURCES = "spent_beyond_sources"
    SETTLED_WITH_DIFFERENCE = "settled_with_difference"
    RECOVERY_OPEN = "recovery_open"
    DECISION_SET_ASIDE = "decision_set_aside"
    OBJECTION_UPHELD = "objection_upheld"
    TERMINATED = "terminated"
    TRANSFERRED = "transferred"
    HONOUR_REVOKED = "honour_revoked"
    VOIDED = "voided"
    RESTATED = "restated"
    REDACTED = "redacted"
    CORRECTION_REQUESTED = "correction_requested"
    CORRECTED_IN_PLACE = "corrected_in_place"
    CORRECTED_AFTER_DECISION = "corrected_after_decision"


CORRECTIONS = frozenset(
    {
        ExceptionKind.VOIDED,
        ExceptionKind.RESTATED,
        ExceptionKind.REDACTED,
        ExceptionKind.CORRECTION_REQUESTED,
        ExceptionKind.CORRECTED_IN_PLACE,
        ExceptionKind.CORRECTED_AFTER_DECISION,
    }
)


@dataclass(frozen=True, slots=True)
class ExceptionMatch:
    """`versions`: the other events of the same stream that make the event an exception."""

    kind: ExceptionKind
    reason: str | None
    versions: tuple[int, ...] = ()
