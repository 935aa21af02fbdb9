"""The programme: its rules, its phases and their extensions (N1, N5)."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from ledger.core.action import OFFICE, Action
from ledger.core.correctable import FREE, CorrectionRule
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Fact
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Words
from ledger.identifiers import Identifier
from ledger.refusals.general import ExtensionNotLater, PhaseClosed, ProgrammeAlreadyAnnounced, ProgrammeTakesNoCommands
from ledger.rules import Phase, Rules, Step, WorkingYear, read_rules
from ledger.values import CivilDate, Code, Digest, Frozen, Label, Line, Text

if TYPE_CHECKING:
    from ledger.public_events import CeremonyHeld, RoundBroadcast

ANNOUNCE = Action("announce", OFFICE, Words("公布计划", "announce a programme"))
EXTEND_PHASE = Action("extend_phase", OFFICE, Words("延长阶段", "extend a phase"))
REORGANISE_DISTRICTS = Action("reorganise_districts", OFFICE, Words("调整区划", "reorganise districts"))


class ProgrammeFact(Fact, abstract=True):
    @abstractmethod
    def fold(self, programme: Programme, recorded: Recorded) -> Programme: ...


class PhaseUnknown(Refusal):
    kind = Kind.INVALID
    zh, en = "没有阶段 {phase}。可选：{choices}。", "There is no phase {phase}. Choices: {choices}."


class PhaseDaysUsed(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "阶段 {phase} 至 {last} 的日期已可办理，不能收回；请将截止日重述为该日或更晚。",
        "In the phase {phase} the days until {last} have come, and others acted on them; restate the extension to "
        "end on that day or later.",
    )


class DistrictNotInForce(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "{district} 不是本计划现有的区县。可选：{choices}。",
        "{district} is no district that this programme has now. Choices: {choices}.",
    )


class DistrictRepeated(Refusal):
    kind = Kind.INVALID
    zh, en = "一个区县只有一个承继者：{district}。", "A district has one successor: {district}."


class ProgrammeAnnounced(
    ProgrammeFact,
    audience=Audience.AT_ONCE,
    correction=CorrectionRule(
        void=Words(
            "计划由它成立，申报均以其规则为据；请另以新代码公布。",
            "it founds the programme, and applications rest on its rules; announce another under a code of its own.",
        ),
        fixed=("code", "rules_toml", "rules_sha256"),
    ),
    named=Words("计划公布", "announcement of the programme"),
    audit=Audit.REGULAR,
):
    """N1: the rules of a programme year, whole, as the file that was announced."""

    sentence: ClassVar[Words] = Words("公布计划 {code} 的规则。", "Announced the rules of the programme {code}.")

    type: Literal["ProgrammeAnnounced"] = "ProgrammeAnnounced"
    code: Code
    rules_toml: str = Field(repr=False)
    rules_sha256: Digest

    def fold(self, programme: Programme, recorded: Recorded) -> Programme:
        return replace(programme, announced=self)


class FundingRegisterOpened(
    ProgrammeFact,
    audience=Audience.AT_ONCE,
    correction=CorrectionRule(
        void=Words("导入的资助记录均归于它，请改用重述。", "imported grants stand under it; restate it instead."),
        fixed=("code", "funder"),
    ),
    named=Words("资助登记开设", "register of grants"),
    audit=Audit.REGULAR,
):
    """A funder's published grants are kept as a programme of their own; it has no rules and takes no commands."""

    sentence: ClassVar[Words] = Words(
        "开始收录{funder_name}的资助记录。", "Opened the register of grants by {funder_name}."
    )

    type: Literal["FundingRegisterOpened"] = "FundingRegisterOpened"
    code: Code
    funder: Identifier
    funder_name: Label
    standard: Line

    def fold(self, programme: Programme, recorded: Recorded) -> Programme:
        return replace(programme, register=self)


class EarlierYearOpened(
    ProgrammeFact,
    audience=Audience.AT_ONCE,
    correction=CorrectionRule(
        void=Words(
            zh="补录的以往年度项目均归于它，请改用重述。",
            en="carried-over projects stand under it; restate it instead.",
        ),
        fixed=("code", "year"),
    ),
    named=Words("以往年度设立", "earlier year"),
    audit=Audit.REGULAR,
):
    """Projects of a year before the ledger stand under a programme of their own; it has no rules and takes no
    commands."""

    sentence: ClassVar[Words] = Words(
        "开始补录{year}年度的项目：{name}（{authority}）。",
        "Opened the year {year} for projects carried over: {name} ({authority}).",
    )

    type: Literal["EarlierYearOpened"] = "EarlierYearOpened"
    code: Code
    year: int = Field(ge=1949, le=9999)
    name: Label
    authority: Label

    def fold(self, programme: Programme, recorded: Recorded) -> Programme:
        return replace(programme, earlier=self)


class PhaseExtended(
    ProgrammeFact,
    audience=Audience.AT_ONCE,
    correction=CorrectionRule(fixed=("phase",)),
    named=Words("阶段延长", "extension of a phase"),
    audit=Audit.EXAMINED,
):
    """N5: the office gives a phase a later last day."""

    sentence: ClassVar[Words] = Words(
        "阶段 {phase} 延长至 {last_day}：{reason}", "Phase {phase} extended until {last_day}: {reason}"
    )

    type: Literal["PhaseExtended"] = "PhaseExtended"
    phase: Code
    last_day: CivilDate
    reason: Text

    def fold(self, programme: Programme, recorded: Recorded) -> Programme:
        return replace(programme, extended=programme.extended | {self.phase: self.last_day})


class DistrictSucceeded(Frozen):
    """`to` takes over all that was `former`'s: scope, contracts, open batches."""

    former: Code
    to: Code


# An extension of a phase names the day on which it ends itself, and is not announced ahead.
class DistrictsReorganised(
    ProgrammeFact,
    audience=Audience.AT_ONCE,
    correction=FREE,
    ahead=True,
    named=Words("区划调整", "reorganisation of districts"),
    audit=Audit.REGULAR,
):
    """Districts were abolished or made, such as by 国函〔2010〕55号 on 28 June 2010. What was recorded before keeps the
    district it had."""

    sentence: ClassVar[Words] = Words("区划调整（{decree}）。", "Districts reorganised ({decree}).")

    type: Literal["DistrictsReorganised"] = "DistrictsReorganised"
    decree: Line
    successions: tuple[DistrictSucceeded, ...] = Field(min_length=1, max_length=100)

    def fold(self, programme: Programme, recorded: Recorded) -> Programme:
        # A district that goes on under its old code succeeds itself.
        moved = {one.former: one.to for one in self.successions if one.former != one.to}
        return replace(programme, succeeded=programme.succeeded | moved)


@lru_cache(maxsize=64)
def _with_years(rules_toml: str, stated: tuple[WorkingYear, ...]) -> Rules:
    """The announced rules, which stay as they are in the log, with the working days that were stated since."""
    rules = read_rules(rules_toml)
    if not stated:
        return rules
    again = {one.year for one in stated}
    years = (*(one for one in rules.working_years if one.year not in again), *stated)
    return rules.model_copy(update={"working_years": years})


@dataclass(frozen=True, slots=True)
class Programme:
    id: UUID
    announced: ProgrammeAnnounced | None = None
    register: FundingRegisterOpened | None = None
    extended: dict[str, date] = field(default_factory=dict)
    succeeded: dict[str, str] = field(default_factory=dict)
    rounds: tuple[RoundBroadcast, ...] = ()
    ceremonies: tuple[CeremonyHeld, ...] = ()
    earlier: EarlierYearOpened | None = None
    # As the office stated them; for their years they count instead of the file and the calendar.
    stated_years: tuple[WorkingYear, ...] = ()

    @property
    def exists(self) -> bool:
        return self.announced is not None or self.kept is not None

    @property
    def kept(self) -> FundingRegisterOpened | EarlierYearOpened | None:
        """What is kept here without rules: projects that were decided on elsewhere, or before the ledger."""
        return self.register or self.earlier

    @property
    def kept_name(self) -> str | None:
        return self.register.funder_name if self.register else self.earlier.name if self.earlier else None

    @property
    def rules(self) -> Rules:
        if self.announced is None:
            raise ProgrammeTakesNoCommands(programme=self.kept.code if self.kept else self.id)
        return _with_years(self.announced.rules_toml, self.stated_years)

    @property
    def code(self) -> str:
        source = self.announced or self.kept
        assert source is not None
        return source.code

    def successor_of(self, district: str) -> str:
        """The district that has the scope of this one now: itself, unless it was abolished."""
        for _ in self.succeeded:
            district = self.succeeded.get(district, district)
        return district

    @property
    def districts_now(self) -> dict[str, str]:
        """Each district of the rules, and which one it is now."""
        return {district.code: self.successor_of(district.code) for district in self.rules.districts}

    def last_day(self, phase: Phase) -> date:
        if phase.code in self.extended:
            return self.extended[phase.code]
        return self.rules.rolled(phase.last_day) if phase.rolls_to_working_day else phase.last_day

    def open_phases(self, today: date) -> list[Phase]:
        return [phase for phase in self.rules.phases if phase.start <= today <= self.last_day(phase)]


def announce(programme: Programme, toml: str) -> ProgrammeAnnounced:
    """N1. Raises FileRefused for rules that are not whole."""
    rules = read_rules(toml)
    if programme.exists:
        raise ProgrammeAlreadyAnnounced(programme=rules.code)
    return ProgrammeAnnounced(code=rules.code, rules_toml=toml, rules_sha256=sha256(toml.encode()).hexdigest())


def open_register(
    programme: Programme, code: str, funder: Identifier, name: str, standard: str
) -> FundingRegisterOpened:
    if programme.exists:
        raise ProgrammeAlreadyAnnounced(programme=code)
    return FundingRegisterOpened(code=code, funder=funder, funder_name=name, standard=standard)


def open_earlier_year(programme: Programme, code: str, year: int, name: str, authority: str) -> EarlierYearOpened:
    if programme.exists:
        raise ProgrammeAlreadyAnnounced(programme=code)
    return EarlierYearOpened(code=code, year=year, name=name, authority=authority)


def extend_phase(programme: Programme, phase_code: str, last_day: date, reason: str) -> PhaseExtended:
    """N5: by the office, with a reason. A phase never becomes shorter."""
    phase = programme.rules.phase(phase_code)
    if phase is None:
        raise PhaseUnknown(phase=phase_code, choices=", ".join(p.code for p in programme.rules.phases))
    if last_day <= programme.last_day(phase):
        raise ExtensionNotLater(end=programme.last_day(phase).isoformat())
    return PhaseExtended(phase=phase_code, last_day=last_day, reason=reason)


def reorganise_districts(
    programme: Programme, decree: str, successions: tuple[DistrictSucceeded, ...]
) -> DistrictsReorganised:
    """Every district has its successor among those that are there afterwards, so that chains come to an end."""
    formers = [one.former for one in successions]
    if repeated := next((code for code in formers if formers.count(code) > 1), None):
        raise DistrictRepeated(district=repeated)
    before = [code for code, now in programme.districts_now.items() if code == now]
    abolished = {one.former for one in successions if one.former != one.to}
    after = [code for code in before if code not in abolished]
    for one in successions:
        for code, choices in ((one.former, before), (one.to, after)):
            if code not in choices:
                raise DistrictNotInForce(district=code, choices=", ".join(choices))
    return DistrictsReorganised(decree=decree, successions=successions)


def check_follows(stream: UUID, counting: Iterable[Recorded]) -> Programme:
    """Whether each fact may follow those before it on the day on which it takes effect: so nothing that is corrected,
    entered late or announced makes a phase shorter or leads districts in a circle. Raises what the decisions raise."""
    state = Programme(stream)
    for recorded in counting:
        match recorded.fact:
            case PhaseExtended() as fact:
                extend_phase(state, fact.phase, fact.last_day, fact.reason)
            case DistrictsReorganised() as fact:
                reorganise_districts(state, fact.decree, fact.successions)
        state = recorded.said(ProgrammeFact).fold(state, recorded)
    return state


def check_days_stay(before: Programme, after: Programme, today: date) -> None:
    """Who acted on a day that has come, acted within the phase: a correction takes only days from it that have not."""
    for phase in before.rules.phases:
        last = min(before.last_day(phase), today)
        if after.last_day(phase) < last:
            raise PhaseDaysUsed(phase=phase.code, last=last.isoformat())


# What is owed of a project is late when the phase is over, not impossible: closing the project ends it.
POSSIBLE_LATE: frozenset[Step] = frozenset({"report", "evaluate"})


def check_phase(programme: Programme, step: Step | None, today: date) -> None:
    """Raises PhaseClosed when the step's phase is not open today; no step and one of no phase are always open, and one
    of POSSIBLE_LATE from the first day of its phase on."""
    phase = programme.rules.phase_of(step) if step else None
    if phase is None:
        return
    is_over = step not in POSSIBLE_LATE and today > programme.last_day(phase)
    if today < phase.start or is_over:
        raise PhaseClosed(
            phase=phase.code,
            start=phase.start.isoformat(),
            end=programme.last_day(phase).isoformat(),
            today=today.isoformat(),
        )
