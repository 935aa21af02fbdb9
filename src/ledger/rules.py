"""Rules as data: everything that is one programme's and not the system's (N1, N4, N5, N13, N20, N21).

A programme is a TOML file. It is stored whole in ProgrammeAnnounced, so the rules are part of the log;
decisions take `Rules` as an argument, replay never looks at them.
"""

import tomllib
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Annotated, Literal, NamedTuple, Self, get_args
from zoneinfo import ZoneInfo

import chinese_calendar  # type: ignore[import-untyped]  # ships no types
from pydantic import Field, ValidationError, field_validator, model_validator

from ledger.core.fact import Role
from ledger.core.words import Words
from ledger.identifiers import Identifier
from ledger.refusals.general import FileRefused
from ledger.values import CivilDate, Code, Currency, Frozen, Line
from ledger.vault import Purpose


class CreditList(StrEnum):
    """Order 60: 活动异常名录 and 严重违法失信名单."""

    ABNORMAL = "abnormal"
    SERIOUS = "serious"


# What a phase may hold. A step that no phase holds is open all year.
Step = Literal[
    "apply",
    "amend",
    "screen",
    "hand_in",
    "review",
    "approve",
    "reject",
    "contract",
    "publish",
    "enter_competition",
    "purchase",
    "report",
    "evaluate",
    "nominate",
    "propose",
    "award",
]
Places = Annotated[int, Field(ge=1, le=100_000, strict=True)]
Days = Annotated[int, Field(ge=0, le=400, strict=True)]
Percent = Annotated[int, Field(ge=0, le=100, strict=True)]
Calendar = Literal["china", "weekdays"]
Formula = Literal[1, 2]
Evaluator = Literal["self", "beneficiaries", "third_party"]
Months = Annotated[int, Field(ge=1, le=1200, strict=True)]
# Working days are counted one by one.
LONGEST = 800


class Named(Frozen):
    code: Code
    name: Words


class Category(Named):
    description: str


class Phase(Named):
    """`last_day` is included; when it rolls, it is the next working day that is not before it."""

    start: CivilDate
    last_day: CivilDate
    rolls_to_working_day: bool
    steps: tuple[Step, ...]


class MilestoneRule(Named):
    share: Percent


class ReviewRule(Frozen):
    """How many members examine an application, and how many of them must find it public and non-profit. Below the
    `floor`, a mean of their scores for feasibility, an approval needs a reason of its own."""

    needed: Places
    favourable: Places
    floor: Percent = 60


class EvaluationRule(Frozen):
    """`by`: who evaluates each project, before it is closed or honoured. Nobody is no choice."""

    scale: Annotated[int, Field(ge=1, le=100, strict=True)]
    minimum_group: Places
    criteria: tuple[Named, ...] = Field(min_length=1)
    by: tuple[Evaluator, ...] = Field(default=get_args(Evaluator), min_length=1)


class Quota(Named):
    places: Places
    recipient: Literal["organisation", "person", "project"]
    decided_by: Role


class RankingRule(Frozen):
    """The weights, and the number of the formula that they stand in (ledger/project/formula_1.py and so on).
    `without_feedback`: what formula 2 counts at most where nobody could be asked."""

    formula: Formula = 1
    completion: Percent
    beneficiaries: Percent
    third_party: Percent
    without_feedback: Percent = 60

    @model_validator(mode="after")
    def _whole(self) -> Self:
        total = self.completion + self.beneficiaries + self.third_party
        if total != 100:
            raise ValueError(f"the weights make 100, not {total}")
        return self


class Deadlines(Frozen):
    """In days; `notice`, `objection` and `correction` in working days."""

    amendment: Days = 10
    signing: Days = 30
    review_request: Days = 60
    notice: Days = 7
    objection: Days = 7
    reminder: Days = 7
    correction: Days = 15


class CompetitionRule(Frozen):
    """How many jurors score an entry before it can be selected."""

    jurors: Annotated[int, Field(ge=0, le=100, strict=True)] = 0


class SamplingRule(Frozen):
    """The share of the frame that is drawn, in percent, and the least number drawn if there are so many; how much of
    the people served a frame must cover."""

    share: Annotated[int, Field(ge=1, le=100, strict=True)] = 10
    least: Places = 5
    coverage: Annotated[Decimal, Field(ge=0, le=1)] = Decimal("0.8")


class EligibilityRule(Frozen):
    """Who may not apply: organisations on these lists, and these organisations by their identifiers."""

    barred_lists: tuple[CreditList, ...] = ()
    excluded: tuple[Identifier, ...] = ()


# The notice (§3): the leading group has its office and the committee; districts and organisations act for themselves.
_APPOINTED_BY: Mapping[Role, tuple[Role, ...]] = {
    Role.LEADING_GROUP: (
        Role.LEADING_GROUP,
        Role.OFFICE,
        Role.COMMITTEE,
        Role.PROMOTION_ASSOCIATION,
        Role.TREASURY,
        Role.AUDITOR,
        Role.CREDIT_SYSTEM,
    ),
    Role.OFFICE: (Role.JUROR, Role.DISTRICT, Role.ORGANISATION),
    Role.DISTRICT: (Role.DISTRICT, Role.ORGANISATION),
    Role.ORGANISATION: (Role.ORGANISATION,),
}


class AppointmentRule(Frozen):
    """`by`: whom each role appoints. `public`: the roles whose holders everybody knows by name."""

    by: Mapping[Role, tuple[Role, ...]] = _APPOINTED_BY
    public: tuple[Role, ...] = ()

    @field_validator("by")
    @classmethod
    def _can_be(cls, by: Mapping[Role, tuple[Role, ...]]) -> Mapping[Role, tuple[Role, ...]]:
        never = {Role.BENEFICIARY, Role.PUBLIC, Role.ADMINISTRATOR}
        if wrong := sorted(role for roles in by.values() for role in roles if role in never):
            raise ValueError(f"nobody is appointed {', '.join(wrong)}")
        if wrong := sorted(set(by) - set(_APPOINTED_BY)):
            raise ValueError(f"the role {', '.join(wrong)} appoints nobody")
        return by


class RegisterRule(Frozen):
    """Document numbers 文号 of one authority, such as 京民社发〔{year}〕{number}号."""

    code: Code
    authority: Words
    pattern: Line

    @field_validator("pattern")
    @classmethod
    def _has_a_number(cls, pattern: str) -> str:
        if pattern.count("{number}") != 1 or "{" in pattern.replace("{number}", "").replace("{year}", ""):
            raise ValueError("a pattern holds {number} once, and else only {year}")
        return pattern


class WorkingYear(Frozen):
    """The working days of a year that the calendar does not know, or that were announced otherwise: Monday to Friday,
    but for the holidays `off`, and the weekends that are worked, `on`."""

    year: Annotated[int, Field(ge=1900, le=2199, strict=True)]
    off: tuple[CivilDate, ...] = Field(default=(), max_length=260)
    on: tuple[CivilDate, ...] = Field(default=(), max_length=104)

    @model_validator(mode="after")
    def _fits(self) -> Self:
        for day in (*self.off, *self.on):
            if day.year != self.year:
                raise ValueError(f"{day} is not in {self.year}")
        for days, is_weekend, why in ((self.off, False, "is a weekend already"), (self.on, True, "is no weekend")):
            if wrong := [day for day in days if (day.weekday() > 4) != is_weekend]:
                raise ValueError(f"{wrong[0]} {why}")
        return self


class WorkCalendar(NamedTuple):
    """`years`: those that the programme states itself; the others go by `calendar`."""

    calendar: Calendar
    years: tuple[WorkingYear, ...] = ()


class Rules(Named):
    year: int
    synthetic: bool
    time_zone: Line
    currency: Currency
    calendar: Calendar
    authority: Words
    phases: tuple[Phase, ...] = Field(min_length=1)
    milestones: tuple[MilestoneRule, ...] = Field(min_length=1)
    review: ReviewRule
    evaluation: EvaluationRule
    quotas: tuple[Quota, ...]
    ranking: RankingRule
    categories: tuple[Category, ...] = Field(min_length=1)
    districts: tuple[Named, ...]
    # What the first programmes were announced without has a default, so that they are read as they were meant.
    screening: bool = False
    acceptance: bool = False
    objections: bool = False
    nominations: bool = False
    deadlines: Deadlines = Deadlines()
    competition: CompetitionRule = CompetitionRule()
    sampling: SamplingRule = SamplingRule()
    eligibility: EligibilityRule = EligibilityRule()
    registers: tuple[RegisterRule, ...] = ()
    appointments: AppointmentRule = AppointmentRule()
    working_years: tuple[WorkingYear, ...] = Field(default=(), max_length=20)
    # For how many months personal data is kept, by its purpose; see api/reading/retention.py.
    retention: Mapping[Purpose, Months] = Field(default_factory=dict)
    # What one person prepares and another confirms; see project/second_person.py.
    two_persons: tuple[Literal["payments", "awards"], ...] = ()

    @field_validator("time_zone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:  # OSError: the name of a folder of zones
            raise ValueError(f"there is no time zone {name}") from error
        return name

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        steps = Counter(step for phase in self.phases for step in phase.steps)
        if twice := [step for step, count in steps.items() if count > 1]:
            raise ValueError(f"a step belongs to one phase: {', '.join(twice)}")
        if self.review.favourable > self.review.needed:
            raise ValueError("more favourable reviews are asked for than reviews")
        for group in (self.phases, self.milestones, self.quotas, self.categories, self.districts, self.registers):
            codes = [item.code for item in group]
            if len(set(codes)) != len(codes):
                raise ValueError(f"a code stands twice: {', '.join(codes)}")
        years = [one.year for one in self.working_years]
        if len(set(years)) != len(years):
            raise ValueError("the working days of a year are stated once")
        for phase in self.phases:
            if phase.last_day < phase.start:
                raise ValueError(f"the phase {phase.code} ends before it starts")
            if phase.rolls_to_working_day:
                self.rolled(phase.last_day)
        return self

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def work_calendar(self) -> WorkCalendar:
        return WorkCalendar(self.calendar, self.working_years)

    def rolled(self, day: date) -> date:
        """The day, or the next working day after it when it is none."""
        return next_working_day(self.work_calendar, day)

    def phase_of(self, step: Step) -> Phase | None:
        return next((phase for phase in self.phases if step in phase.steps), None)

    def phase(self, code: str) -> Phase | None:
        return next((phase for phase in self.phases if phase.code == code), None)

    def category(self, code: str) -> Category | None:
        return next((category for category in self.categories if category.code == code), None)

    def district(self, code: str) -> Named | None:
        return next((district for district in self.districts if district.code == code), None)

    def quota(self, code: str) -> Quota | None:
        return next((quota for quota in self.quotas if quota.code == code), None)

    def register(self, code: str) -> RegisterRule | None:
        return next((register for register in self.registers if register.code == code), None)

    def working_days_after(self, day: date, count: int) -> date:
        """The day that many working days later; a term in working days does not count its first day."""
        for _ in range(count):
            day = next_working_day(self.work_calendar, day + timedelta(days=1))
        return day

    @property
    def milestone_order(self) -> tuple[str, ...]:
        return tuple(rule.code for rule in self.milestones)


@lru_cache(maxsize=4096)
def next_working_day(calendar: WorkCalendar, day: date) -> date:
    """The day itself if it is one. Raises ValueError for years whose working days are not known."""
    while not is_working_day(calendar, day):
        day += timedelta(days=1)
    return day


def is_working_day(calendar: WorkCalendar, day: date) -> bool:
    if stated := next((one for one in calendar.years if one.year == day.year), None):
        return day in stated.on or (day.weekday() < 5 and day not in stated.off)
    if calendar.calendar == "weekdays":
        return day.weekday() < 5
    try:
        return _is_chinese_workday(day)
    except NotImplementedError as error:
        raise ValueError(
            f'the working days of {day.year} are not known; state them in working_years, or use calendar = "weekdays"'
        ) from error


@lru_cache(maxsize=10_000)
def _is_chinese_workday(day: date) -> bool:
    """Kept, since the library looks for the first and last year that it knows each time. Raises NotImplementedError."""
    return bool(chinese_calendar.is_workday(day))


def working_days(calendar: WorkCalendar, since: date, until: date) -> int | None:
    """Those after `since`, up to and including `until`; negative when `until` is earlier. None where the calendar does
    not say, or for more than LONGEST days."""
    first, last = sorted((since, until))
    if (last - first).days > LONGEST:
        return None
    days = (first + timedelta(days=nth) for nth in range(1, (last - first).days + 1))
    try:
        count = sum(is_working_day(calendar, day) for day in days)
    except ValueError:
        return None
    return count if since <= until else -count


@lru_cache(maxsize=64)
def read_rules(toml: str) -> Rules:
    """Rules from the text of a programme file. Raises FileRefused with the place and the reason."""
    try:
        return Rules.model_validate(tomllib.loads(toml))
    except tomllib.TOMLDecodeError as error:
        raise FileRefused(place="TOML", why=str(error)) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise FileRefused(place=".".join(map(str, first["loc"])) or "file", why=first["msg"]) from error


def beijing_2010() -> str:
    """The text of the first programme, which comes with the ledger."""
    return files("ledger").joinpath("programmes/beijing-2010.toml").read_text("utf-8")
