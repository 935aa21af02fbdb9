"""Which fields name something that the system knows, so that nobody types an identifier, a code or a version."""

from dataclasses import dataclass
from enum import Enum, auto


class Included(Enum):
    """Which of the rows that a list of choices makes are sent: all, those that are ticked, those that are filled in."""

    ALL = auto()
    TICKED = auto()
    FILLED = auto()


@dataclass(frozen=True, slots=True)
class Known:
    """`always`: also where the command would take none."""

    always: bool = False


_ONE = Known()
# By the field's name, or by that of its model and its own. What the choices are, `choices` says under the same names.
KNOWN: dict[str, Known] = dict.fromkeys(
    (
        "programme",
        "organisation",
        "into",
        "category",
        "milestone",
        "phase",
        "honour",
        "criterion",
        "district",
        "districts_served",
        "former",
        "DistrictSucceeded.to",
        "scheme",
        "grade",
        "FurtherIdentifier.replaces",
        "body",
        "same_as",
        "appointment",
        "appointments",
        "deputy",
        "project",
        "projects",
        "entries",
        "Selection.replaces",
        "nominee",
        "application_version",
        "amendment",
        "report",
        "order",
        "inspection",
        "statement",
        "objection",
        "ReviewDecision.request",
        "RecordedReview.request",
        "CorrectionAnswer.request",
        "Support.request",
        "SupportDeferral.request",
        "asked",
        "target",
        "award",
        "record",
        "evaluations",
        "penalty",
        "occasion",
        "entry",
        "VersionRedaction.target",
    ),
    _ONE,
)
KNOWN["evaluations"] = Known(always=True)
# What the form of another field brings along.
BROUGHT = frozenset({"asked"})
# The people of a sampling frame are named by commitments that the organisation's own tool makes (docs/sampling.md).
NOT_KNOWN = frozenset({"FrameBody.entries"})
_ROWS: dict[str, tuple[str, Included]] = {
    "MilestoneDue": ("milestone", Included.ALL),
    "CriterionScore": ("criterion", Included.ALL),
    "FundingLine": ("source", Included.FILLED),
    "DistrictSucceeded": ("former", Included.FILLED),
}


def is_known(owner: str, name: str) -> Known | None:
    if f"{owner}.{name}" in NOT_KNOWN:
        return None
    return KNOWN.get(f"{owner}.{name}") or KNOWN.get(name)


def rows_made_by(model: str, fields: tuple[str, ...]) -> tuple[str, Included] | None:
    """The field of a model of which every choice makes a row: of a command across projects, the project."""
    return _ROWS.get(model) or (("project", Included.TICKED) if "project" in fields else None)
