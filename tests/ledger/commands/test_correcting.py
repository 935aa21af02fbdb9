"""Who corrects which fact, for every kind of fact and every role; what is corrected of a programme; what stays."""

from collections.abc import Awaitable, Callable
from datetime import date
from uuid import UUID

import pytest
from tests.ledger.commands.test_judging import project_of, refused
from tests.ledger.commands.town import CODE, DISTRICT, Town, open_town
from tests.ledger.project.given import form
from tests.ledger.store.appends import written
from tests.ledger.test_correctable import example, golden
from tests.support import LEADING_GROUP, OFFICE, account

from ledger.accounts import Account
from ledger.aggregates import PROGRAMME
from ledger.commands import corrections, organisation_corrections
from ledger.commands.corrections import CorrectionBody, RestateBody, VoidBody
from ledger.commands.organisation import Merger, Registration
from ledger.commands.programme import Extension, Reorganisation, open_register
from ledger.core.envelope import Actor, Voided, encode
from ledger.core.fact import Fact, Role
from ledger.core.history import state
from ledger.core.refusal import Refusal
from ledger.database import Database
from ledger.facts import FACTS
from ledger.identifiers import Identifier, grant_stream, organisation_stream, programme_stream
from ledger.organisation.registration import OrganisationKind
from ledger.organisation.state import OrganisationFact
from ledger.programme import (
    DistrictNotInForce,
    DistrictSucceeded,
    FundingRegisterOpened,
    PhaseDaysUsed,
    Programme,
    ProgrammeFact,
)
from ledger.project.ending import Transferred
from ledger.project.fact import ProjectFact
from ledger.project.supervision import SelfChecked
from ledger.refusals.general import (
    CorrectionNotPossible,
    CorrectionTargetUnknown,
    EffectiveInFuture,
    EffectiveTooEarly,
    EffectiveTooLate,
    ExtensionNotLater,
    NotTheAuthor,
    OrganisationUnknown,
    OtherDayNotAllowed,
    ProgrammeUnknown,
    ProjectUnknown,
    RoleMayNot,
)
from ledger.unit_of_work import CommandContext, Receipt

PROJECT_FACTS, ORGANISATION_FACTS, PROGRAMME_FACTS = (
    [fact for fact in FACTS.values() if issubclass(fact, kind)]
    for kind in (ProjectFact, OrganisationFact, ProgrammeFact)
)
ELSEWHERE = account(Role.DISTRICT, "110106")
MAY_NOT = (RoleMayNot, NotTheAuthor, CorrectionTargetUnknown, ProjectUnknown, OrganisationUnknown)


def void(target: int) -> VoidBody:
    return VoidBody(kind="void", target=target, reason="误录。")


def restate(target: int, **more: object) -> RestateBody:
    return RestateBody.model_validate({"kind": "restate", "target": target, "reason": "误录。"} | more)


def test_every_fact_is_correctable_or_listed_as_never() -> None:
    here = {*PROJECT_FACTS, *ORGANISATION_FACTS, *PROGRAMME_FACTS}
    others = {fact for fact in FACTS.values() if fact not in {*here, FACTS["Voided"], FACTS["Restated"]}}
    never = {
        FACTS[name]
        for name in (
            "IdentifierClaimed",
            "CorrectionGranted",
            "CorrectionDeclined",
            "DecisionConfirmed",
            "PreparationConfirmed",
            "InstalmentPaid",
            "PublicObjectionRaised",
            "PhotographShown",
            "PhotographWithdrawn",
            "OccasionsCounted",
            "UnverifiedCounted",
            "WorkingDaysStated",
        )
    }
    assert {fact for fact in here if fact.correction.is_never} == never
    assert all(fact.correction.is_never for fact in others)


async def placed(town: Town, stream: UUID, version: int, kind: type[Fact], by: Account) -> None:
    """An example of the fact as the next event of the stream, whatever rules would say."""
    fact = example(kind.model_fields["type"].default)
    # Wherever it moves to, it stays this district's.
    here = {"district": "110101"} if "district" in kind.model_fields else {}
    await entered(town, stream, version, fact.model_copy(update=here), by)


async def entered(town: Town, stream: UUID, version: int, fact: Fact, by: Account) -> None:
    actor = Actor(role=by.role, body=by.body, account="a" * 64, on_behalf_of=None)
    event = golden("Voided").model_copy(update={"fact": fact, "actor": actor, "effective_on": DAY})
    await town.ledger.store.append(written(stream, version - 1, encode(event)))
    town.ledger.forget([stream])


DAY = date(2010, 2, 1)
Correct = Callable[[CommandContext, CorrectionBody], Awaitable[Receipt]]


async def a_project(town: Town, number: int) -> tuple[UUID, Correct]:
    project = await town.apply()
    return project, lambda context, body: town.ledger.transact(context, corrections.correct_project(project, body))


async def an_organisation(town: Town, number: int) -> tuple[UUID, Correct]:
    registration = Registration(
        identifiers=(Identifier(scheme="CN-REG", id=f"示例{number}"),),
        name="示例社",
        kind=OrganisationKind.OTHER,
        district="110101",
    )
    one = (await town.ledger.transact(CommandContext(OFFICE), registration.decide)).id
    return one, lambda context, body: town.ledger.transact(
        context, organisation_corrections.correct_organisation(one, body)
    )


async def the_programme(town: Town, number: int) -> tuple[UUID, Correct]:
    return programme_stream(CODE), lambda context, body: town.ledger.transact(
        context, corrections.correct_programme(CODE, body)
    )


FOUNDING = {
    FACTS[name]
    for name in ("Applied", "GrantImported", "EarlierProjectRecorded", "OrganisationRegistered", "ProgrammeAnnounced")
}
FOUNDING |= {FundingRegisterOpened, FACTS["EarlierYearOpened"], FACTS["IdentifierClaimed"]}
WHERE = [(PROJECT_FACTS, a_project), (ORGANISATION_FACTS, an_organisation), (PROGRAMME_FACTS, the_programme)]


async def may(correct: Correct, who: Account, body: CorrectionBody) -> bool:
    """Whether the asker gets as far as to what can be corrected."""
    try:
        await correct(CommandContext(who), body)
    except MAY_NOT:
        return False
    except Refusal:
        return True
    return True


async def test_only_the_author_corrects(database: Database, subtests: pytest.Subtests) -> None:
    """Each fact once as the district said it, once as the leading group did; then everybody tries."""
    async with open_town(database) as town:
        others = [account(role, town.organisation) for role in Role if role not in (Role.DISTRICT, Role.LEADING_GROUP)]
        for facts, found_where in WHERE:
            for number, fact in enumerate(facts):
                if fact in FOUNDING:
                    continue
                with subtests.test(fact.__name__):
                    stream, correct = await found_where(town, number)
                    version = len((await town.ledger.store.streams([stream]))[stream])
                    own, city = version + 1, version + 2
                    await placed(town, stream, own, fact, DISTRICT)
                    await placed(town, stream, city, fact, LEADING_GROUP)
                    if fact is FACTS["IdentifierAdded"]:
                        there = organisation_stream(example(fact.__name__).identifier)
                        await placed(town, there, 1, FACTS["IdentifierClaimed"], DISTRICT)
                    for body in (void(own), restate(own), void(city), restate(city)):
                        for who in (*others, ELSEWHERE):
                            assert not await may(correct, who, body), (who.role, body)
                    for author, mine, theirs in ((DISTRICT, own, city), (LEADING_GROUP, city, own)):
                        for body in (restate(theirs), void(theirs)):
                            assert not await may(correct, author, body), (author.role, body)
                        for body in (restate(mine), void(mine)):
                            assert await may(correct, author, body), (author.role, body)


async def test_founding_facts_belong_to_their_authors(database: Database) -> None:
    async with open_town(database) as town:
        for found_where, author in ((a_project, town.own), (an_organisation, OFFICE), (the_programme, OFFICE)):
            _, correct = await found_where(town, 1)
            for who in (DISTRICT, LEADING_GROUP, OFFICE, town.own):
                assert await may(correct, who, restate(1)) is (who is author)


async def test_an_old_correction_by_the_office_is_the_offices(database: Database) -> None:
    """The office corrected others' facts before it was left to their authors."""
    async with open_town(database) as town:
        project = await town.apply()
        screened = await town.screen(project)
        await entered(
            town, project, screened.version + 1, Voided(target=screened.version, reason="示例。"), account(Role.OFFICE)
        )

        async def correct(who: Account, body: CorrectionBody) -> Receipt:
            return await town.ledger.transact(CommandContext(who), corrections.correct_project(project, body))

        for target in (screened.version, screened.version + 1):
            await refused(town, NotTheAuthor, correct(DISTRICT, void(target)))
        await correct(OFFICE, void(screened.version + 1))
        await correct(DISTRICT, void(screened.version))


async def test_the_successor_of_a_body_is_its_author(database: Database) -> None:
    async with open_town(database) as town:
        project = await town.apply()
        screened = await town.screen(project)
        new_district = account(Role.DISTRICT, "110102")
        body = restate(screened.version, changes={"reason": "改。"})
        await refused(
            town,
            ProjectUnknown,
            town.ledger.transact(CommandContext(new_district), corrections.correct_project(project, body)),
        )
        decree = Reorganisation(decree="示例令", successions=(DistrictSucceeded(former="110101", to="110102"),))
        await town.ledger.transact(CommandContext(OFFICE), decree.on(CODE))
        await town.ledger.transact(CommandContext(new_district), corrections.correct_project(project, body))
        await refused(
            town,
            ProjectUnknown,
            town.ledger.transact(CommandContext(DISTRICT), corrections.correct_project(project, body)),
        )

        into, _ = await an_organisation(town, 5)
        merger = Merger(into=into, document_number="示例7号")
        await town.ledger.transact(CommandContext(OFFICE), merger.on(town.organisation))
        checked = SelfChecked(findings="一切正常。", improved=None)
        await entered(town, project, screened.version + 2, checked, town.own)
        moved = Transferred.model_validate(example("Transferred").model_dump() | {"organisation": into})
        await entered(town, project, screened.version + 3, moved, OFFICE)
        mine = restate(screened.version + 2, changes={"findings": "改。"})
        successor = account(Role.ORGANISATION, into)
        await refused(
            town,
            ProjectUnknown,
            town.ledger.transact(CommandContext(town.own), corrections.correct_project(project, mine)),
        )
        await town.ledger.transact(CommandContext(successor), corrections.correct_project(project, mine))


async def test_nobody_without_that_right_moves_a_day_by_a_correction(database: Database) -> None:
    async with open_town(database) as town:
        town.clock.to(2, 5)
        project = await town.apply()
        body = restate(1, effective_on="2010-02-02")
        await refused(
            town,
            OtherDayNotAllowed,
            town.ledger.transact(CommandContext(town.own), corrections.correct_project(project, body)),
        )


async def test_a_founding_fact_stays_the_first(database: Database) -> None:
    async with open_town(database) as town:
        town.clock.to(2, 5)
        project = await town.apply(DISTRICT)
        town.clock.to(2, 8)
        screened = await town.screen(project)
        town.clock.to(2, 10)

        async def correct(body: CorrectionBody) -> Receipt:
            return await town.ledger.transact(CommandContext(DISTRICT), corrections.correct_project(project, body))

        for body, refusal, nearest in (
            (restate(1, effective_on="2010-02-09"), EffectiveTooLate, ("latest", "2010-02-08")),
            (restate(1, effective_on="2010-01-31"), EffectiveTooEarly, ("earliest", "2010-02-01")),
            (restate(1, effective_on="2010-02-11"), EffectiveInFuture, ("today", "2010-02-10")),
            (restate(screened.version, effective_on="2010-02-04"), EffectiveTooEarly, ("earliest", "2010-02-05")),
        ):
            details = (await refused(town, refusal, correct(body))).details
            assert details[nearest[0]] == nearest[1]
        moved = await correct(
            restate(1, effective_on="2010-02-01", changes={"form": form(title="示例：改").model_dump(mode="json")})
        )
        await correct(restate(screened.version, effective_on="2010-02-02"))
        # The application cannot come back to the 5th now, behind its screening.
        assert (await refused(town, EffectiveTooLate, correct(void(moved.version)))).details["latest"] == "2010-02-02"
        found = await project_of(town, project)
        assert found.form is not None and found.form.title == "示例：改"


async def programme_of(town: Town) -> Programme:
    stream = programme_stream(CODE)
    return state(PROGRAMME, stream, (await town.ledger.store.streams([stream]))[stream])


async def extend(town: Town, last_day: date) -> Receipt:
    body = Extension(phase="application", last_day=last_day, reason="示例。")
    return await town.ledger.transact(CommandContext(OFFICE), body.on(CODE))


async def correct(town: Town, body: CorrectionBody, who: Account = OFFICE) -> Receipt:
    return await town.ledger.transact(CommandContext(who), corrections.correct_programme(CODE, body))


async def test_an_extension_is_voidable_until_it_begins(database: Database) -> None:
    async with open_town(database) as town:
        extended = await extend(town, date(2010, 3, 20))
        town.clock.to(3, 1)
        voided = await correct(town, void(extended.version))
        assert (await programme_of(town)).extended == {}
        await correct(town, void(voided.version))
        assert (await programme_of(town)).extended == {"application": date(2010, 3, 20)}
        town.clock.to(3, 3)
        await town.apply()
        assert (await refused(town, PhaseDaysUsed, correct(town, void(extended.version)))).details == {
            "phase": "application",
            "last": "2010-03-03",
        }
        for last_day in ("2010-03-02", "2010-02-15"):
            body = restate(extended.version, changes={"last_day": last_day})
            await refused(town, ExtensionNotLater if last_day < "2010-03" else PhaseDaysUsed, correct(town, body))
        await correct(town, restate(extended.version, changes={"last_day": "2010-03-03"}))
        town.clock.to(3, 10)
        # What is over stays as long as it was, and may have been longer.
        await refused(town, PhaseDaysUsed, correct(town, void(extended.version)))
        await correct(town, restate(extended.version, changes={"last_day": "2010-03-12"}))


async def test_an_extension_cannot_be_restated_past_the_next(database: Database) -> None:
    async with open_town(database) as town:
        first = await extend(town, date(2010, 3, 10))
        await extend(town, date(2010, 3, 20))
        await refused(
            town, ExtensionNotLater, correct(town, restate(first.version, changes={"last_day": "2010-03-25"}))
        )
        await refused(town, CorrectionNotPossible, correct(town, restate(first.version, changes={"phase": "review"})))
        await correct(town, void(first.version))
        assert (await programme_of(town)).extended == {"application": date(2010, 3, 20)}


async def test_a_void_decree_returns_while_districts_resolve(database: Database) -> None:
    async with open_town(database) as town:

        async def reorganise(former: str, to: str) -> Receipt:
            body = Reorganisation(decree="示例令", successions=(DistrictSucceeded(former=former, to=to),))
            return await town.ledger.transact(CommandContext(OFFICE), body.on(CODE))

        first = await reorganise("110103", "110101")
        voided = await correct(town, void(first.version))
        assert (await programme_of(town)).succeeded == {}
        second = await reorganise("110101", "110103")
        await refused(town, DistrictNotInForce, correct(town, void(voided.version)))
        circle = [{"former": "110103", "to": "110101"}, {"former": "110101", "to": "110103"}]
        await refused(town, DistrictNotInForce, correct(town, restate(second.version, changes={"successions": circle})))
        fixed = [{"former": "110101", "to": "110102"}]
        await correct(town, restate(second.version, changes={"successions": fixed}))
        assert (await programme_of(town)).succeeded == {"110101": "110102"}


async def test_only_its_author_corrects_a_programme(database: Database) -> None:
    async with open_town(database) as town:
        extended = await extend(town, date(2010, 3, 20))
        for who in (DISTRICT, LEADING_GROUP, town.own):
            with pytest.raises(NotTheAuthor):
                await correct(town, void(extended.version), who)
        refusal = await refused(town, CorrectionNotPossible, correct(town, void(1)))
        assert "under a code of its own" in refusal.sentence("en")
        await refused(town, CorrectionNotPossible, correct(town, restate(1, changes={"rules_toml": ""})))
        town.clock.to(2, 10)
        await refused(town, EffectiveTooLate, correct(town, restate(1, effective_on="2010-02-02")))
        await refused(town, CorrectionTargetUnknown, correct(town, void(9)))
        with pytest.raises(ProgrammeUnknown):
            await town.ledger.transact(CommandContext(OFFICE), corrections.correct_programme("other", void(1)))
        await correct(town, restate(1, effective_on="2010-01-15"))
        late = CommandContext(OFFICE, effective_on=date(2010, 1, 14), late_reason="补录。")
        body = Extension(phase="application", last_day=date(2010, 3, 25), reason="示例。")
        refusal = await refused(town, EffectiveTooEarly, town.ledger.transact(late, body.on(CODE)))
        assert refusal.details["earliest"] == "2010-01-15"


async def test_a_funders_name_is_corrected_by_its_owner(database: Database) -> None:
    async with open_town(database) as town:
        funder = Identifier(scheme="GB-CHC", id="0000000")
        await town.ledger.transact(
            CommandContext(OFFICE), open_register("360g", funder, "Exampel Foundation", "360Giving")
        )
        body = restate(1, changes={"funder_name": "Example Foundation"})
        await town.ledger.transact(CommandContext(OFFICE), corrections.correct_programme("360g", body))
        stream = programme_stream("360g")
        register = state(PROGRAMME, stream, (await town.ledger.store.streams([stream]))[stream]).register
        assert register is not None and register.funder_name == "Example Foundation"
        unknown = town.ledger.transact(
            CommandContext(OFFICE), corrections.correct_project(grant_stream(funder, "1"), void(1))
        )
        await refused(town, ProjectUnknown, unknown)
