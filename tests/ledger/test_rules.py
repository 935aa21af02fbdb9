"""Programmes as data: what the notice of 2010 says, what a wrong file is told, and when a phase is open."""

from datetime import UTC, date, datetime

import pytest
from tests.ledger.project.given import ANNOUNCED, PROGRAMME, PROJECT, RULES, recorded
from tests.support import refuses, small_programme

from ledger import aggregates
from ledger.identifiers import Identifier
from ledger.programme import (
    FundingRegisterOpened,
    PhaseExtended,
    PhaseUnknown,
    Programme,
    announce,
    check_phase,
    extend_phase,
    open_register,
)
from ledger.project.delivery import Milestone
from ledger.refusals.general import (
    ExtensionNotLater,
    FileRefused,
    PhaseClosed,
    ProgrammeAlreadyAnnounced,
    ProgrammeTakesNoCommands,
)
from ledger.rules import Rules, Step, WorkCalendar, beijing_2010, read_rules, working_days

EMPTY = Programme(PROJECT)
FUNDER = Identifier(scheme="GB-CHC", id="0000000")
REGISTER = FundingRegisterOpened(code="360g-x", funder=FUNDER, funder_name="Example", standard="360Giving 1.4")


def changed(old: str, new: str) -> str:
    assert old in beijing_2010()
    return beijing_2010().replace(old, new, 1)


def test_the_first_programme_has_ten_fields() -> None:
    names = "扶贫救助 扶老助残 医疗卫生 文体科普 妇幼保护 服务三农 法律援助 支教助学 生态环境 促进就业"
    assert [category.name.zh for category in RULES.categories] == names.split()
    assert all(category.description for category in RULES.categories)


def test_the_first_programme_has_five_phases() -> None:
    assert [(phase.code, phase.start, phase.last_day) for phase in RULES.phases] == [
        ("application", date(2010, 1, 1), date(2010, 2, 28)),
        ("review", date(2010, 2, 1), date(2010, 3, 31)),
        ("delivery", date(2010, 3, 1), date(2010, 11, 30)),
        ("evaluation", date(2010, 3, 1), date(2010, 12, 15)),
        ("honours", date(2010, 12, 1), date(2010, 12, 31)),
    ]
    assert str(RULES.zone) == "Asia/Shanghai"


def test_a_sunday_deadline_rolls_to_monday() -> None:
    application = RULES.phases[0]
    assert application.last_day.weekday() == 6
    assert PROGRAMME.last_day(application) == date(2010, 3, 1)


def test_the_first_programme_has_five_milestones() -> None:
    shares = [(rule.code, rule.share) for rule in RULES.milestones]
    assert shares == [("start", 0), ("early", 30), ("middle", 60), ("late", 90), ("completion", 100)]
    assert RULES.milestone_order == tuple(Milestone)


def test_the_first_programme_has_the_quotas_of_the_notice() -> None:
    assert {quota.code: (quota.places, quota.recipient, quota.decided_by.value) for quota in RULES.quotas} == {
        "purchase": (100, "project", "leading_group"),
        "advanced-organisation": (100, "organisation", "leading_group"),
        "advanced-individual": (200, "person", "leading_group"),
        "top-ten": (10, "organisation", "promotion_association"),
    }


def test_the_first_programme_has_eighteen_districts() -> None:
    assert len(RULES.districts) == 18
    assert {"东城区", "崇文区", "西城区", "宣武区", "密云县", "延庆县"} < {d.name.zh for d in RULES.districts}


def test_the_three_evaluations_are_weighed_to_a_whole() -> None:
    weights = RULES.ranking
    assert (weights.completion, weights.beneficiaries, weights.third_party) == (30, 30, 40)


def test_parts_are_found_by_code_or_missing() -> None:
    assert [getattr(RULES, part)("none") for part in ("phase", "category", "district", "quota")] == [None] * 4
    found = RULES.phase("review"), RULES.category("rural"), RULES.district("110101"), RULES.quota("top-ten")
    assert [item.code for item in found if item] == ["review", "rural", "110101", "top-ten"]
    assert getattr(RULES.phase_of("contract"), "code", None) == "review"


WRONG = {
    "no TOML": ("code = [1\nyear", "TOML", "line 2"),
    "a key nobody knows": (changed("year = 2010", "year = 2010\ncolour = 1"), "colour", "Extra inputs"),
    "a key that is missing": (changed("year = 2010\n", ""), "year", "Field required"),
    "a phase without a name": (
        changed('name = { zh = "项目申报", en = "Application" }', ""),
        "phases.0.name",
        "required",
    ),
    "a date that is none": (changed("2010-02-28\n", '"2010-02-30"\n'), "phases.0.last_day", "date"),
    "a moment for a date": (changed("2010-02-28\n", "2010-02-28T17:00:00\n"), "phases.0.last_day", "YYYY-MM-DD"),
    "a phase reversed": (changed("last_day = 2010-02-28", "last_day = 2009-12-31"), "file", "application ends before"),
    "a step in two phases": (changed('["evaluate"]', '["evaluate", "apply"]'), "file", "one phase: apply"),
    "a step nobody knows": (changed('["evaluate"]', '["rest"]'), "phases.3.steps.0", "Input should be"),
    "a district twice": (changed('code = "110102"', 'code = "110101"'), "file", "twice: 110101, 110101"),
    "a quota twice": (changed('code = "top-ten"', 'code = "purchase"'), "file", "twice"),
    "a phase twice": (changed('code = "delivery"', 'code = "review"'), "file", "twice"),
    "a milestone twice": (changed('code = "early"', 'code = "start"'), "file", "twice: start, start"),
    "a zone that is none": (changed("Asia/Shanghai", "Asia/Peking"), "time_zone", "no time zone Asia/Peking"),
    "a zone that is a folder": (changed("Asia/Shanghai", "Asia"), "time_zone", "no time zone Asia"),
    "a zone outside": (changed("Asia/Shanghai", "../../etc/passwd"), "time_zone", "no time zone"),
    "unknown working days": (changed("last_day = 2010-11-30", "last_day = 2031-11-30"), "file", "2031 are not known"),
    "more favourable than asked": (changed("favourable = 2", "favourable = 4"), "file", "more favourable reviews"),
    "no place at all": (changed("places = 100", "places = 0"), "quotas.0.places", "greater than or equal to 1"),
    "half a place": (changed("places = 100", "places = 99.5"), "quotas.0.places", "integer"),
    "a place in words": (changed("places = 100", 'places = "100"'), "quotas.0.places", "integer"),
    "a weight below nothing": (changed("completion = 30", "completion = -1"), "ranking.completion", "greater than"),
    "weights that make no whole": (changed("completion = 30", "completion = 31"), "ranking", "make 100, not 101"),
    "a currency in words": (changed('"CNY"', '"yuan"'), "currency", "pattern"),
    "a code with capitals": (changed('code = "beijing-2010"', 'code = "Beijing"'), "code", "pattern"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_file_is_refused_with_place_and_reason(what: str) -> None:
    toml, place, why = WRONG[what]
    with pytest.raises(FileRefused) as refused:
        read_rules(toml)
    assert refused.value.details["place"] == place
    assert why in refused.value.details["why"]


def test_one_day_phases_and_unanimity_are_valid() -> None:
    one_day = read_rules(changed("last_day = 2010-12-31", "last_day = 2010-12-01")).phase("honours")
    assert one_day is not None
    assert one_day.start == one_day.last_day
    assert read_rules(changed("favourable = 2", "favourable = 3")).review.favourable == 3


def test_another_programme_with_other_numbers_needs_no_code() -> None:
    rules = read_rules(small_programme("example-2011", top_ten=2))
    top_ten = rules.quota("top-ten")
    assert rules.code == "example-2011"
    assert top_ten is not None
    assert top_ten.places == 2


def test_a_year_without_known_working_days_goes_by_weekdays() -> None:
    later = changed("last_day = 2010-11-30", "last_day = 2031-11-30").replace('"china"', '"weekdays"')
    rules = read_rules(later)
    assert rules.rolled(date(2031, 11, 29)) == date(2031, 12, 1)


STATED = """
[[working_years]]
year = 2031
off = [2031-12-01, 2031-12-02]
on = [2031-12-06]
"""


def test_a_year_beyond_the_calendar_is_stated_in_the_file() -> None:
    later = changed("last_day = 2010-11-30", "last_day = 2031-11-30") + STATED
    rules = read_rules(later)
    assert rules.rolled(date(2031, 11, 29)) == date(2031, 12, 3)
    assert rules.rolled(date(2031, 12, 6)) == date(2031, 12, 6)
    assert working_days(rules.work_calendar, date(2031, 11, 28), date(2031, 12, 8)) == 5
    assert rules.rolled(date(2010, 2, 13)) == RULES.rolled(date(2010, 2, 13))


@pytest.mark.parametrize(
    ("stated", "why"),
    [
        (STATED + STATED, "stated once"),
        (STATED.replace("2031-12-06", "2031-12-05"), "2031-12-05 is no weekend"),
        (STATED.replace("2031-12-02", "2031-12-06"), "2031-12-06 is a weekend already"),
        (STATED.replace("2031-12-02", "2030-12-02"), "2030-12-02 is not in 2031"),
    ],
)
def test_working_years_that_contradict_are_refused(stated: str, why: str) -> None:
    with pytest.raises(FileRefused, match=why):
        read_rules(beijing_2010() + stated)


def test_working_days_between_two_days_are_negative_backwards() -> None:
    friday, tuesday = date(2010, 1, 8), date(2010, 1, 12)
    assert working_days(WorkCalendar("weekdays"), friday, tuesday) == 2
    assert working_days(WorkCalendar("weekdays"), tuesday, friday) == -2
    assert working_days(WorkCalendar("weekdays"), friday, friday) == 0
    assert working_days(WorkCalendar("china"), date(2199, 1, 1), date(2199, 1, 2)) is None


def test_holidays_and_worked_weekends_are_respected() -> None:
    # Of the State Council for 2010: New Year of the lunar calendar 13 to 19 February, worked on the 20th and 21st.
    assert RULES.rolled(date(2010, 2, 13)) == date(2010, 2, 20)
    assert RULES.rolled(date(2010, 2, 21)) == date(2010, 2, 21)


def in_the_programme(rules: Rules, *utc: int) -> date:
    year, month, day, hour, minute = utc
    return datetime(year, month, day, hour, minute, tzinfo=UTC).astimezone(rules.zone).date()


@pytest.mark.parametrize(
    ("utc", "is_open"),
    [
        ((2009, 12, 31, 15, 59), False),
        ((2009, 12, 31, 16, 0), True),
        ((2010, 3, 1, 15, 59), True),
        ((2010, 3, 1, 16, 0), False),
    ],
)
def test_a_phase_follows_the_programmes_time_zone(utc: tuple[int, ...], is_open: bool) -> None:
    today = in_the_programme(RULES, *utc)
    assert [phase.code for phase in PROGRAMME.open_phases(today)].count("application") == is_open
    if is_open:
        check_phase(PROGRAMME, "apply", today)
    else:
        with pytest.raises(PhaseClosed) as refused:
            check_phase(PROGRAMME, "apply", today)
        expected = {"phase": "application", "start": "2010-01-01", "end": "2010-03-01", "today": today.isoformat()}
        assert refused.value.details == expected


@pytest.mark.parametrize(
    ("step", "first", "last"),
    [
        ("amend", date(2010, 1, 1), date(2010, 3, 1)),
        ("contract", date(2010, 2, 1), date(2010, 3, 31)),
        ("purchase", date(2010, 3, 1), date(2010, 11, 30)),
        ("award", date(2010, 12, 1), date(2010, 12, 31)),
    ],
)
def test_a_step_is_open_throughout_its_phase(step: Step, first: date, last: date) -> None:
    check_phase(PROGRAMME, step, first)
    check_phase(PROGRAMME, step, last)
    for day in (date.fromordinal(first.toordinal() - 1), date.fromordinal(last.toordinal() + 1)):
        with pytest.raises(PhaseClosed):
            check_phase(PROGRAMME, step, day)


def test_what_is_owed_is_possible_when_its_phase_is_over() -> None:
    early = {"start": "2010-03-01", "today": "2010-02-28"}
    with refuses(PhaseClosed, phase="delivery", end="2010-11-30", **early):
        check_phase(PROGRAMME, "report", date(2010, 2, 28))
    with refuses(PhaseClosed, phase="evaluation", end="2010-12-15", **early):
        check_phase(PROGRAMME, "evaluate", date(2010, 2, 28))
    for day in (date(2010, 3, 1), date(2010, 12, 15), date(2010, 12, 16), date(2011, 6, 1)):
        check_phase(PROGRAMME, "report", day)
        check_phase(PROGRAMME, "evaluate", day)


def test_a_step_of_no_phase_is_always_open() -> None:
    programme = aggregates.PROGRAMME.evolve(EMPTY, recorded(announce(EMPTY, changed('["evaluate"]', "[]")), 1))
    check_phase(programme, "evaluate", date(1999, 1, 1))


def test_an_extended_phase_ends_on_its_new_day() -> None:
    saturday = date(2010, 3, 13)
    fact = extend_phase(PROGRAMME, "application", saturday, "示例：大雪。")
    assert fact == PhaseExtended(phase="application", last_day=saturday, reason="示例：大雪。")
    extended = aggregates.PROGRAMME.evolve(PROGRAMME, recorded(fact, 2))
    check_phase(extended, "apply", saturday)
    with pytest.raises(PhaseClosed):
        check_phase(extended, "apply", date(2010, 3, 14))
    check_phase(extended, "review", date(2010, 3, 31))


@pytest.mark.parametrize("day", [date(2010, 2, 28), date(2010, 3, 1)])
def test_a_phase_never_becomes_shorter(day: date) -> None:
    with refuses(ExtensionNotLater, end="2010-03-01"):
        extend_phase(PROGRAMME, "application", day, "示例。")


def test_only_a_phase_that_is_there_can_be_extended() -> None:
    with pytest.raises(PhaseUnknown, match="honours"):
        extend_phase(PROGRAMME, "holidays", date(2011, 1, 1), "示例。")


def test_a_programme_is_announced_whole_and_once() -> None:
    announced = announce(EMPTY, beijing_2010())
    assert (announced.code, announced.rules_toml) == ("beijing-2010", beijing_2010())
    programme = aggregates.PROGRAMME.evolve(EMPTY, recorded(announced, 1))
    assert (programme.code, programme.rules) == ("beijing-2010", RULES)
    with pytest.raises(ProgrammeAlreadyAnnounced):
        announce(programme, beijing_2010())
    with pytest.raises(FileRefused):
        announce(EMPTY, "code = 1")


def test_a_register_opens_once_without_commands() -> None:
    opened = open_register(EMPTY, "360g-x", FUNDER, "Example", "360Giving 1.4")
    assert opened == REGISTER
    register = aggregates.PROGRAMME.evolve(EMPTY, recorded(opened, 1))
    assert register.code == "360g-x"
    with pytest.raises(ProgrammeTakesNoCommands):
        check_phase(register, "apply", date(2010, 2, 1))
    for programme in (register, aggregates.PROGRAMME.evolve(EMPTY, recorded(ANNOUNCED, 1))):
        with pytest.raises(ProgrammeAlreadyAnnounced):
            open_register(programme, "360g-x", FUNDER, "Example", "360Giving 1.4")
