"""Where a project stands."""

from enum import StrEnum


class Status(StrEnum):
    """Where a project stands; follows from which facts there are, never stored."""

    UNKNOWN = "unknown"
    APPLIED = "applied"
    RETURNED = "returned"
    SCREENED = "screened"
    SCREENED_OUT = "screened_out"
    HANDED_IN = "handed_in"
    UNDER_REVIEW = "under_review"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    CONTRACTED = "contracted"
    PUBLISHED = "published"
    IN_DELIVERY = "in_delivery"
    SUSPENDED = "suspended"
    COMPLETED = "completed"
    TERMINATED = "terminated"
    CLOSED = "closed"
    GRANTED = "granted"
    CARRIED_OVER = "carried_over"


UNDECIDED = (Status.APPLIED, Status.SCREENED, Status.HANDED_IN, Status.UNDER_REVIEW)
# Under contract and not closed. Terminated ones too: they are evaluated, and what was done before is still paid for.
BEFORE_THE_END = frozenset(
    {Status.CONTRACTED, Status.PUBLISHED, Status.IN_DELIVERY, Status.COMPLETED, Status.TERMINATED}
)
