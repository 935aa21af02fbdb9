"""The demonstration, loaded once: what is in it, what it says of itself, and what it refuses."""

import asyncio
import csv
import re
import threading
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from runpy import run_path
from typing import Any, TypeVar
from uuid import UUID

import psycopg
import pytest
from psycopg import AsyncConnection
from tests.api.client import connect
from tests.api.demo.conftest import Loaded
from tests.api.demo.summed import summed, summed_by_district_served
from tests.docs.documents import DOCS
from tests.support import MASTER, OFFICE, open_ledger

from api.demo import demo_accounts, is_demonstration_complete, load_demonstration
from api.demo.cast import the_cast
from api.demo.today import open_rules
from api.demo.year import synthetic_rules
from api.files.exports.registry import export_registry
from api.service import open_service
from ledger.accounts import ANYONE, OPERATOR
from ledger.aggregates import ORGANISATION, PROGRAMME, PROJECT
from ledger.clock import LEDGER_ZONE
from ledger.commands.application import Application, FormBody
from ledger.commands.programme import announce
from ledger.core.envelope import Recorded, Restated, Voided
from ledger.core.fact import Fact
from ledger.core.history import state
from ledger.database import Database, Role
from ledger.facts import FACTS
from ledger.identifiers import programme_stream, quota_stream
from ledger.organisation.registration import OrganisationKind, OrganisationRegistered
from ledger.programme import DistrictsReorganised, PhaseExtended, ProgrammeAnnounced
from ledger.project.application import Applied, PaperReceived
from ledger.project.delivery import MilestoneReported
from ledger.project.earlier import EarlierProjectRecorded
from ledger.project.evaluation import BeneficiariesEvaluated, evaluation_is_final
from ledger.project.feedback import FeedbackMeans, FeedbackReceived
from ledger.project.findings import findings
from ledger.project.honours import Awarded
from ledger.project.interests import InterestDeclared
from ledger.project.money import Sum, named
from ledger.project.objections import ObjectionResolved
from ledger.project.open_answers import OpenAnswered, Standing
from ledger.project.reconsideration import RequestOutcome, ReviewRequestDecided
from ledger.project.review import Approved, Rejected
from ledger.project.screening import Returned, Screened, ScreeningResult
from ledger.project.status import Status
from ledger.project.support import SupportArranged, SupportOutcome
from ledger.quota import PlaceReleased, PlaceTaken
from ledger.refusals.general import LedgerNotEmpty
from ledger.rules import beijing_2010, read_rules
from ledger.tokens import find_account
from ledger.unit_of_work import CommandContext
from projections import audit_questions
from projections.audit import Audit
from projections.due import DueItems
from projections.figures import PARTS, SERVED, By, Figures, StatisticsFilter
from projections.listing import Listing
from projections.listing_queries import DistrictName, Filter, page
from projections.money import MoneyMovements
from projections.money_queries import MoneyQuery, sums
from projections.pairs import repeated_pairs
from projections.registry import TABLES, Cut
from projections.runner import Projection, Runner
from projections.statistics import Statistics, Step
from projections.statistics_queries import figures

F = TypeVar("F", bound=Fact)
RULES = read_rules(beijing_2010())
STRANGER = run_path(str(DOCS / "recompute_ranking.py"))
# Of imports, of a lost history, and of earlier versions.
NOT_OF_A_YEAR = {
    "GrantImported",
    "Deregistered",
    "FundingRegisterOpened",
    "LogRestarted",
    "NumberIssued",
    # Beijing 2010 asks for no second person, and nobody of the year was away.
    "PaymentPrepared",
    "AwardPrepared",
    "PreparationConfirmed",
    "DeputyNamed",
    "DeputyEnded",
    # The leading group of the year decides itself on what is disputed.
    "DisputeDecisionRecorded",
}


def facts(loaded: Loaded, kind: type[Fact]) -> list[Recorded]:
    return [recorded for recorded in loaded.year if isinstance(recorded.fact, kind)]


def said(loaded: Loaded, kind: type[F]) -> list[F]:
    return [recorded.fact for recorded in loaded.year if isinstance(recorded.fact, kind)]


def test_three_hundred_organisations_of_all_kinds_over_all_districts(loaded: Loaded) -> None:
    found = said(loaded, OrganisationRegistered)
    assert len(found) == 300
    assert {fact.kind for fact in found} == set(OrganisationKind) - {OrganisationKind.OTHER}
    assert {fact.district for fact in found} == {district.code for district in RULES.districts} | {None}
    assert sum(fact.district is None for fact in found) == 100
    assert len({fact.name for fact in found}) == 300
    assert all(fact.contract_body for fact in found if fact.kind is OrganisationKind.COMMUNITY)


def test_five_hundred_projects_over_ten_categories(loaded: Loaded) -> None:
    found = said(loaded, Applied)
    assert len(found) == 500
    by_category = Counter(fact.form.category for fact in found)
    assert set(by_category) == {category.code for category in RULES.categories}
    assert min(by_category.values()) >= 20


def test_a_plan_of_several_projects_is_filed_together(loaded: Loaded) -> None:
    filed: dict[UUID, list[Recorded]] = {}
    for recorded in facts(loaded, Applied):
        filed.setdefault(recorded.said(Applied).organisation, []).append(recorded)
    plans = [plan for plan in filed.values() if len(plan) >= 3 and len({one.event.received_at for one in plan}) == 1]
    [plan] = plans
    assert [one.position - plan[0].position for one in plan] == list(range(len(plan)))


def test_projects_of_the_year_before_are_carried_over(loaded: Loaded) -> None:
    found = facts(loaded, EarlierProjectRecorded)
    assert len(found) == 4
    assert all("演示" in recorded.said(EarlierProjectRecorded).title for recorded in found)
    assert {recorded.event.effective_on.year for recorded in found} == {2009}
    registered = {recorded.stream for recorded in facts(loaded, OrganisationRegistered)}
    assert {recorded.said(EarlierProjectRecorded).organisation for recorded in found} <= registered


def test_projects_end_in_many_states(loaded: Loaded) -> None:
    ends = Counter(
        state(PROJECT, recorded.stream, loaded.streams[recorded.stream]).status for recorded in facts(loaded, Applied)
    )
    assert {Status.COMPLETED, Status.IN_DELIVERY, Status.REJECTED, Status.WITHDRAWN, Status.SCREENED_OUT} <= set(ends)


def test_some_forms_return_and_decisions_are_reviewed(loaded: Loaded) -> None:
    results = Counter(fact.result for fact in said(loaded, Screened))
    assert min(results[result] for result in ScreeningResult) >= 3
    assert len(facts(loaded, Returned)) >= 5
    outcomes = Counter(fact.result for fact in said(loaded, ReviewRequestDecided))
    assert min(outcomes[outcome] for outcome in RequestOutcome) >= 2
    assert len(facts(loaded, InterestDeclared)) >= 5
    assert {fact.result for fact in said(loaded, SupportArranged)} == set(SupportOutcome)


def test_document_numbers_are_ordered_and_marked_invented(loaded: Loaded) -> None:
    given = [
        recorded.fact.document_number for recorded in loaded.year if isinstance(recorded.fact, Approved | Rejected)
    ]
    assert all("演示" in text for text in given)
    for series in ("", "内"):
        numbers = [int(found[1]) for text in given if (found := re.search(rf"〕{series}([0-9]+)号", text))]
        assert numbers == sorted(set(numbers)) and numbers[0] == 1


def test_every_kind_of_fact_of_a_year_occurs(loaded: Loaded) -> None:
    assert {recorded.fact.type for recorded in loaded.year} == set(FACTS) - NOT_OF_A_YEAR


def test_year_covers_sampling_surveys_and_repeated_evaluations(loaded: Loaded) -> None:
    count = Counter(recorded.fact.type for recorded in loaded.year)
    assert 60 <= count["SampleDrawn"] <= 160
    assert count["FrameRegistered"] == count["SampleDrawn"] - count["OccasionsRegistered"]
    assert 1 <= count["OccasionsCounted"] <= count["OccasionsRegistered"] <= 20
    assert {fact.means for fact in said(loaded, FeedbackReceived)} == {FeedbackMeans.VISIT, FeedbackMeans.QUESTIONNAIRE}
    assert count["InvitedAnswered"] > count["FeedbackReceived"] / 2
    assert {fact.standing for fact in said(loaded, OpenAnswered)} >= {Standing.COUNTED, Standing.UNVERIFIED}
    counted = said(loaded, BeneficiariesEvaluated)
    assert any(fact.sample and fact.sample.satisfied for fact in counted)
    assert any(fact.online and fact.online.satisfied is None for fact in counted)
    assert sum(fact.no_identifiable for fact in counted) > 50
    assert {fact.accepted for fact in said(loaded, ObjectionResolved)} == {True, False}
    upheld = [recorded for recorded in facts(loaded, ObjectionResolved) if recorded.said(ObjectionResolved).accepted]
    ends = [state(PROJECT, recorded.stream, loaded.streams[recorded.stream]) for recorded in upheld]
    assert any(len(project.shown) == 2 and evaluation_is_final(project, RULES, date(2010, 12, 31)) for project in ends)


def test_recorded_times_lie_in_2010_and_increase(loaded: Loaded) -> None:
    times = [recorded.recorded_at for recorded in loaded.year]
    assert {at.astimezone(LEDGER_ZONE).year for at in times} == {2010}
    assert all(earlier < later for earlier, later in pairwise(times))
    assert all(recorded.event.received_at <= recorded.recorded_at for recorded in loaded.year)


def test_the_two_clocks_differ_with_a_reason(loaded: Loaded) -> None:
    late = [recorded for recorded in loaded.year if recorded.event.late_reason]
    assert len(late) >= 30
    assert any(isinstance(recorded.fact, MilestoneReported) for recorded in late)
    for recorded in loaded.year:
        received_on = recorded.event.received_at.astimezone(LEDGER_ZONE).date()
        assert (recorded.event.effective_on < received_on) == bool(recorded.event.late_reason)


def test_mistakes_are_put_right_and_some_corrections_were_mistakes(loaded: Loaded) -> None:
    voided = facts(loaded, Voided)
    targets = Counter(
        type(loaded.streams[recorded.stream][recorded.said(Voided).target - 1].fact) for recorded in voided
    )
    assert set(targets) == {MilestoneReported, Restated, Awarded}
    assert len(facts(loaded, Restated)) >= 20


@pytest.mark.parametrize(
    ("quota", "given"), [("advanced-organisation", 40), ("advanced-individual", 60), ("top-ten", 10)]
)
def test_quotas_are_kept_by_distinct_winners(loaded: Loaded, quota: str, given: int) -> None:
    rule = RULES.quota(quota)
    assert rule is not None
    holders: list[object] = []
    for recorded in loaded.streams[quota_stream("beijing-2010", quota)]:
        match recorded.fact:
            case PlaceTaken(holder=holder):
                holders.append(holder)
            case PlaceReleased(holder=holder):
                holders.remove(holder)
    assert len(holders) == len(set(holders)) == given <= rule.places


def test_the_place_of_a_voided_honour_went_to_another(loaded: Loaded) -> None:
    taken = loaded.streams[quota_stream("beijing-2010", "advanced-organisation")]
    released = next(recorded for recorded in taken if isinstance(recorded.fact, PlaceReleased))
    after = [recorded for recorded in taken if recorded.version > released.version]
    assert len(after) == 1
    assert after[0].said(PlaceTaken).holder != released.said(PlaceReleased).holder


async def test_auditors_find_what_the_year_plays_for_them(loaded: Loaded) -> None:
    for model in (Listing, Audit):
        runner = Runner(loaded.database, model())
        runner.prepare()
        runner.catch_up()
        runner.close()
    known = loaded.year[-1].position
    conninfo = loaded.database.conninfo(Role.SERVICE)
    async with await AsyncConnection.connect(conninfo) as connection:
        late = await audit_questions.late_entries(connection, audit_questions.Filter(known), limit=1000)
        found = await audit_questions.exceptions(connection, audit_questions.Filter(known), limit=10_000)
        pairs = await repeated_pairs(connection, known, least=2, programme="beijing-2010", role="committee")
    entered = {row.position for row in late if row.corrects is None}
    accompanying = {"PlaceTaken", "PlaceReleased", "PaperReceived"}
    assert entered == {
        recorded.position
        for recorded in loaded.year
        if recorded.event.late_reason and recorded.fact.type not in accompanying
    }
    assert all(row.days > 0 and row.reason for row in late if row.corrects is None)
    kinds = Counter(row.kind for row in found)
    assert kinds["paper_entry"] == len(facts(loaded, PaperReceived))
    assert kinds["phase_extended"] == len(facts(loaded, PhaseExtended)) >= 1
    assert kinds["voided"] == len(facts(loaded, Voided))
    assert kinds["proposed_out_of_rank"] == kinds["awarded_out_of_rank"] == 1
    [bought] = [row for row in found if row.kind == "purchased_out_of_rank"]
    assert bought.reason and "优先安排" in bought.reason and bought.projects
    assert set(kinds) >= {"acted_as_successor", "decision_set_aside", "objection_upheld", "place_given_on"}
    assert pairs and all(pair.projects >= 2 and pair.role == "committee" for pair in pairs)


def test_districts_and_organisations_go_on_living(loaded: Loaded) -> None:
    counted = Counter(recorded.fact.type for recorded in loaded.year)
    expected = {
        "DistrictsReorganised": 1,
        "Renamed": 4,
        "Merged": 2,
        "RegistrationEnded": 2,
        "Graded": 60,
        "Listed": 5,
        "Delisted": 2,
        "AnnualReportFiled": 12,
        "PenaltyImposed": 1,
        "PenaltyLifted": 1,
        "IdentifierAdded": 3,
        "SupervisorNamed": 8,
    }
    assert {kind: counted[kind] for kind in expected} == expected
    [decree] = facts(loaded, DistrictsReorganised)
    assert (decree.event.effective_on, decree.event.received_at.astimezone(LEDGER_ZONE).date()) == (
        date(2010, 6, 28), date(2010, 7, 1),
    )  # fmt: skip
    for code, after in (("110104", False), ("110102", True)):
        acted = {
            recorded.position > decree.position
            for recorded in loaded.year
            if recorded.event.actor.body == code
            and isinstance(first := loaded.streams[recorded.stream][0].fact, Applied)
            and first.district == "110104"
        }
        assert acted == {after}
    organisations = [recorded.stream for recorded in facts(loaded, OrganisationRegistered)]
    now = {state(ORGANISATION, stream, loaded.streams[stream]).district for stream in organisations}
    assert now.isdisjoint({"110103", "110104"})


def test_it_says_everywhere_that_it_is_synthetic(loaded: Loaded) -> None:
    announced = [recorded.fact for recorded in loaded.events if isinstance(recorded.fact, ProgrammeAnnounced)]
    assert {fact.code for fact in announced} == {"beijing-2010", "demo-open"}
    for fact in announced:
        rules = read_rules(fact.rules_toml)
        assert rules.synthetic
        assert "演示" in rules.name.zh
        assert "demonstration" in rules.name.en.lower()
    for recorded in loaded.events:
        match recorded.fact:
            case OrganisationRegistered(name=name, identifiers=identifiers):
                assert "示例" in name
                assert "演示" in identifiers[0].id
            case Applied(form=form):
                assert "演示" in form.title
    assert "Synthetic" in loaded.summary.sentence
    assert "演示" in loaded.summary.sentence


def test_progress_grows_to_the_end(loaded: Loaded) -> None:
    done = [step[1] for step in loaded.steps]
    assert done == sorted(done)
    assert loaded.steps[-1][1] == loaded.steps[-1][2]
    assert len(loaded.steps) > 300


async def test_a_ledger_that_is_not_empty_is_refused(loaded: Loaded) -> None:
    with pytest.raises(LedgerNotEmpty, match="delete the data folder"):
        await load_demonstration(loaded.database, MASTER, lambda *_: None)


async def test_a_ledger_of_ones_own_is_no_demonstration(database: Database) -> None:
    async with open_ledger(database) as ledger:
        await ledger.transact(CommandContext(OFFICE), announce(beijing_2010()))
    assert not await is_demonstration_complete(database)
    with pytest.raises(LedgerNotEmpty):
        await load_demonstration(database, MASTER, lambda *_: None)
    with pytest.raises(LedgerNotEmpty):
        await demo_accounts(database)


async def test_there_is_a_sign_in_for_each_role(loaded: Loaded) -> None:
    assert await is_demonstration_complete(loaded.database)
    sign_ins = await demo_accounts(loaded.database)
    assert Counter(found.role for found in sign_ins) == {
        "office": 1,
        "district": 1,
        "organisation": 1,
        "committee": 2,
        "juror": 1,
        "leading_group": 1,
        "promotion_association": 1,
        "beneficiary": 1,
        "auditor": 1,
        "treasury": 1,
        "credit_system": 1,
    }
    conninfo = loaded.database.conninfo(Role.SERVICE)
    async with await AsyncConnection.connect(conninfo) as connection:
        for found in sign_ins:
            account = await find_account(connection, found.token)
            assert account is not None
            assert account.role == found.role
            if account.organisation:
                projects = [fact for fact in said(loaded, Applied) if fact.organisation == account.organisation]
                assert len(projects) >= 2
            if account.district:
                assert account.district == "110105"


async def test_every_actor_has_an_account(loaded: Loaded) -> None:
    conninfo = loaded.database.conninfo(Role.SERVICE)
    async with await AsyncConnection.connect(conninfo) as connection:
        cursor = await connection.execute(
            "SELECT count(*) FROM ledger.payloads p LEFT JOIN ledger.accounts a ON a.id = p.account"
            " WHERE a.id IS NULL AND p.account <> ALL(%s)",
            [[ANYONE.id, OPERATOR.id]],
        )
        assert await cursor.fetchone() == (0,)


async def test_the_open_programme_takes_an_application_today(loaded: Loaded) -> None:
    # The day may have changed since then.
    today = loaded.events[-1].recorded_at.astimezone(LEDGER_ZONE).date()
    async with open_ledger(loaded.database) as ledger:
        stream = programme_stream("demo-open")
        events = (await ledger.store.streams([stream]))[stream]
        programme = state(PROGRAMME, stream, events)
        assert len(programme.open_phases(today)) == len(programme.rules.phases)
        application = programme.rules.phase_of("apply")
        assert application is not None
        assert programme.last_day(application) >= today + timedelta(days=60)
        player = the_cast(RULES).host
        given = said(loaded, Applied)[0].form
        form = FormBody.model_validate(given.model_dump(mode="json") | {"title": "新来者的项目"})
        body = Application(programme="demo-open", organisation=player.id, form=form)
        receipt = await ledger.transact(CommandContext(player.account), body.decide)
    assert receipt.version == 1
    assert receipt.recorded_at > loaded.events[-1].recorded_at


def test_the_open_programme_shows_projects_in_many_states(loaded: Loaded) -> None:
    found = {
        state(PROJECT, stream, events).status
        for stream, events in loaded.streams.items()
        if isinstance(events[0].fact, Applied) and events[0].fact.programme == "demo-open"
    }
    assert len(found) >= 7


def test_the_cast_is_the_same_each_time() -> None:
    assert the_cast(RULES) == the_cast(RULES)


def test_programmes_differ_from_the_notice_in_marking_only() -> None:
    synthetic, opened = read_rules(synthetic_rules()), read_rules(open_rules(datetime.now(LEDGER_ZONE).date()))
    said = {"synthetic": False, "name": RULES.name, "registers": RULES.registers, "eligibility": RULES.eligibility}
    assert synthetic.model_copy(update=said) == RULES
    assert synthetic.eligibility.excluded
    assert all("演示" in register.pattern for register in (*synthetic.registers, *opened.registers))
    assert opened.code == "demo-open"
    assert opened.calendar == "weekdays"
    for same in ("categories", "districts", "milestones", "quotas", "evaluation", "ranking"):
        assert getattr(opened, same) == getattr(RULES, same)


async def test_a_stranger_recomputes_the_rankings(loaded: Loaded) -> None:
    told: dict[str, Any] = {}

    async with open_service(loaded.database, MASTER, start=threading.Thread) as service, connect(service) as http:
        loop = asyncio.get_running_loop()
        await service.wait_for(loaded.summary.events - 1, 120)

        def read(path: str, **query: Any) -> Any:
            asked = {name: value for name, value in query.items() if value is not None}
            if (name := f"{path} {asked}") not in told:
                told[name] = asyncio.run_coroutine_threadsafe(http.get(path, params=asked), loop).result().json()
            return told[name]

        for honour, places in (("advanced-organisation", 41), ("advanced-individual", 60), ("top-ten", 10)):
            ranking = await asyncio.to_thread(read, f"/v1/programmes/{RULES.code}/rankings/{honour}")
            found = await asyncio.to_thread(STRANGER["recomputed"], read, RULES.code, honour, ranking)
            assert found == STRANGER["shown"](ranking)
            assert len(found) >= places - 1
            assert any(one["values"][1] for one in found)


def test_the_registry_balances_with_money_and_listing(loaded: Loaded, tmp_path: Path) -> None:
    with (
        closing(Runner(loaded.database, Listing())) as listed,
        closing(Runner(loaded.database, MoneyMovements())) as moved,
    ):
        for runner in (listed, moved):
            runner.prepare()
            runner.catch_up()
    middle, last = len(loaded.year) // 2, loaded.summary.events - 1
    statuses: list[dict[str, int]] = []
    for number, cut in enumerate((Cut(last), Cut(middle), Cut(last, public=True), Cut(last, date(2010, 6, 30)))):
        with psycopg.connect(loaded.database.conninfo(Role.SERVICE)) as connection:
            said = export_registry(connection, tmp_path / str(number), cut)
        figures, listing = asyncio.run(_asked(loaded.database, cut, said["projects_by_status"]))
        with (tmp_path / str(number) / "money.csv").open(encoding="utf-8-sig", newline="") as file:
            added: dict[tuple[str, ...], Decimal] = {}
            for row in csv.DictReader(file):
                key = (row["stage"], row["source"], row["currency"])
                added[key] = added.get(key, Decimal(0)) + Decimal(row["amount"])
        assert added == figures
        assert {stage for stage, _, _ in added} >= {"requested", "granted", "contracted"}
        if cut.effective_on is None:
            assert listing == said["projects_by_status"]
            check_keys(tmp_path / str(number))
        statuses.append(said["projects_by_status"])
    assert statuses[0]["completed"] > 0 == statuses[3].get("completed", 0)


def check_keys(folder: Path) -> None:
    """As the data package declares them: each row told apart, each reference to a row that is there."""
    found: dict[str, list[dict[str, str]]] = {}
    for table in TABLES:
        with (folder / f"{table.name}.csv").open(encoding="utf-8-sig", newline="") as file:
            found[table.name] = list(csv.DictReader(file))
    for table in TABLES:
        keys = [tuple(row[column] for column in table.key) for row in found[table.name]]
        assert keys and len(set(keys)) == len(keys), table.name
        for column, other in table.refers.items():
            known = {row[column] for row in found[other]}
            assert {row[column] for row in found[table.name]} - {""} <= known, (table.name, column)
    assert RULES.code in {row["programme"] for row in found["programmes"]}


async def _asked(
    database: Database, cut: Cut, statuses: dict[str, int]
) -> tuple[dict[tuple[str, ...], Decimal], dict[str, int]]:
    async with await AsyncConnection.connect(database.conninfo(Role.SERVICE)) as connection:
        figures = await sums(connection, MoneyQuery(cut.known, cut.effective_on, sees_all=not cut.public))
        counted = {}
        for status in statuses:
            wanted = Filter(known=cut.known, status=status, sees_all=not cut.public)
            counted[status] = (await page(connection, wanted, "recent", None, 1)).total
    return {(stage.value, source.value, unit): amount for (stage, source, unit), amount in figures.items()}, counted


@pytest.mark.parametrize("sees_all", [True, False])
async def test_the_statistics_equal_listing_and_money(loaded: Loaded, sees_all: bool) -> None:
    models: tuple[type[Projection], ...] = (Listing, DueItems, MoneyMovements, Statistics)
    for model in models:
        with closing(Runner(loaded.database, model())) as runner:
            runner.prepare()
            runner.catch_up()
    bys = PARTS
    async with await AsyncConnection.connect(loaded.database.conninfo(Role.SERVICE)) as connection:
        for known in (len(loaded.year) // 2, loaded.summary.events - 1):
            rows = Filter(known, programme="beijing-2010", sees_all=sees_all)
            asked = StatisticsFilter(rows, date(2010, 12, 31), RULES, sees_all_money=sees_all)
            found = await figures(connection, asked, bys)
            listed = await page(connection, rows, "recent", None, 10_000)
            assert found.total.projects == listed.total == len(listed.rows) > 0
            assert found.total.planned == sum(row.people_planned or 0 for row in listed.rows)
            assert found.total.money == await sums(
                connection, MoneyQuery(known, programme="beijing-2010", sees_all=sees_all)
            )
            for by in bys:
                assert sum(group.projects for group in found.groups[by].values()) == listed.total
            for by in (By.CATEGORY, By.DISTRICT, By.PHASE):
                column = "status" if by is By.PHASE else by.value
                counted = Counter(getattr(row, column) or "" for row in listed.rows)
                assert {key: one.projects for key, one in found.groups[by].items() if one.projects} == counted
    assert 0 < found.total.satisfied <= found.total.rated <= found.total.answered
    assert found.total.late > 0


def told(found: Figures) -> dict[str, int | Decimal]:
    """As `summed` names them."""
    counted = {
        "projects": found.projects,
        "planned": found.planned,
        "served": found.steps.get(Step.SERVED, 0),
        "rejected": found.steps.get(Step.REJECTED, 0),
    }
    amounts = {name.value: amount for (name, _), amount in named(found.money).items()}
    return {name: value for name, value in (counted | amounts).items() if value}


@pytest.mark.parametrize("sees_all", [True, False])
async def test_statistics_equal_sums_of_events_alone(loaded: Loaded, sees_all: bool) -> None:
    models: tuple[type[Projection], ...] = (Listing, DueItems, MoneyMovements, Statistics)
    for model in models:
        with closing(Runner(loaded.database, model())) as runner:
            runner.prepare()
            runner.catch_up()
    async with await AsyncConnection.connect(loaded.database.conninfo(Role.SERVICE)) as connection:
        for known in (len(loaded.year) // 3, 2 * len(loaded.year) // 3, loaded.summary.events - 1):
            rows = Filter(known, programme="beijing-2010", sees_all=sees_all)
            asked = StatisticsFilter(rows, date(2010, 12, 31), RULES, sees_all_money=sees_all)
            total = (await figures(connection, asked, ())).total
            listed = (await page(connection, rows, "recent", None, 10_000)).rows
            streams = {
                stream: [event for event in events if event.position <= known]
                for stream, events in loaded.streams.items()
            }
            expected = summed(streams, "beijing-2010", published=not sees_all)
            assert told(total) == expected
            shown = {name.value: sum(row.amount(name) or 0 for row in listed) for name in Sum}
            assert {name: value for name, value in shown.items() if value} == {
                name: value for name, value in expected.items() if name in set(Sum)
            }
            assert sum(row.people_served or 0 for row in listed) == expected.get("served", 0)
        names = tuple(DistrictName("beijing-2010", one.code, one.name.zh) for one in RULES.districts)
        of_districts = replace(asked, rows=replace(rows, district_names=names))
        by_served = (await figures(connection, of_districts, SERVED)).groups
        expected_by = summed_by_district_served(streams, "beijing-2010", published=not sees_all)
        assert {key: told(one) for key, one in by_served[By.DISTRICT_SERVED].items()} == expected_by
        now = {"110103": "110101", "110104": "110102"}
        joined = {
            key: sum(numbers.get("projects", 0) for code, numbers in expected_by.items() if now.get(code, code) == key)
            for key in {now.get(code, code) for code in expected_by}
        }
        assert {key: one.projects for key, one in by_served[By.DISTRICT_SERVED_NOW].items()} == joined
    assert set(Sum) < set(expected)


def test_the_rules_would_have_refused_nothing_of_the_year(loaded: Loaded) -> None:
    """With all its late entries and corrections."""
    for events in loaded.streams.values():
        if isinstance(founding := events[0].fact, Applied):
            stream = programme_stream(founding.programme)
            assert findings(events, state(PROGRAMME, stream, loaded.streams[stream])) == ()
