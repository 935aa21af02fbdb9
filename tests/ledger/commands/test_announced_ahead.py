"""What is announced for a day to come: in force from that day on, not before, and seen by what is announced next."""

from collections.abc import Awaitable, Callable
from datetime import date
from uuid import UUID

import pytest
from tests.ledger.commands.test_judging import refused
from tests.ledger.commands.town import CODE, DISTRICT, Town, open_town
from tests.ledger.forms import review_of
from tests.ledger.project.given import form_body
from tests.support import MEMBERS, OFFICE, account

from ledger.accounts import Account
from ledger.aggregates import PROJECT
from ledger.commands import organisation_corrections
from ledger.commands.application import Application, Withdrawal
from ledger.commands.command import OrganisationCommand, ProjectCommand
from ledger.commands.corrections import RestateBody, VoidBody
from ledger.commands.organisation import (
    Deregistration,
    FurtherIdentifier,
    Grading,
    Listing,
    Merger,
    Registration,
    Relocation,
    Renaming,
)
from ledger.commands.programme import Extension, Reorganisation
from ledger.core.fact import Role
from ledger.core.history import state
from ledger.core.refusal import Refusal
from ledger.database import Database
from ledger.identifiers import Identifier
from ledger.organisation.ending import AnnouncedAfter
from ledger.organisation.registration import IdentifierTaken, OrganisationKind
from ledger.organisation.state import OrganisationDeregistered, OrganisationMerged, OrganisationUnchanged
from ledger.programme import DistrictNotInForce, DistrictSucceeded
from ledger.refusals.general import (
    EffectiveInFuture,
    EffectiveTooEarly,
    ExtensionNotLater,
    OutOfScope,
    ProjectUnknown,
    TooFarAhead,
)
from ledger.rules import CreditList
from ledger.unit_of_work import CommandContext, Receipt

PAPER = "示例7号"
# The town stands on 1 February 2010.
APRIL, MAY, JUNE = (date(2010, month, 1) for month in (4, 5, 6))


def on(day: date, who: Account = OFFICE) -> CommandContext:
    return CommandContext(who, effective_on=day, late_reason="示例：公告预告。")


async def rename(town: Town, context: CommandContext, name: str = "示例新名") -> Receipt:
    return await town.ledger.transact(context, Renaming(name=name, document_number=PAPER).on(town.organisation))


async def relocate(town: Town, context: CommandContext, district: str | None) -> Receipt:
    body = Relocation(district=district, reason="迁址。")
    return await town.ledger.transact(context, body.on(town.organisation))


async def deregister(town: Town, context: CommandContext, organisation: UUID | None = None) -> Receipt:
    body = Deregistration(reason="示例。", document_number=PAPER)
    return await town.ledger.transact(context, body.on(organisation or town.organisation))


async def merge(town: Town, context: CommandContext, one: UUID, into: UUID) -> Receipt:
    return await town.ledger.transact(context, Merger(into=into, document_number=PAPER).on(one))


async def register(town: Town, number: str = "示例0002") -> UUID:
    body = Registration(
        identifiers=(Identifier(scheme="CN-REG", id=number),),
        name="示例接续中心",
        kind=OrganisationKind.ASSOCIATION,
        district="110101",
    )
    return (await town.ledger.transact(CommandContext(OFFICE), body.decide)).id


async def reorganise(town: Town, context: CommandContext, former: str, to: str) -> Receipt:
    body = Reorganisation(decree="示例令", successions=(DistrictSucceeded(former=former, to=to),))
    return await town.ledger.transact(context, body.on(CODE))


async def name_of(town: Town, project: UUID) -> tuple[str, str | None]:
    """The name and the district that the project was applied for under."""
    found = state(PROJECT, project, (await town.ledger.store.streams([project]))[project]).applied
    assert found is not None
    return found.organisation_name, found.district


@pytest.mark.parametrize(
    ("month", "day", "name"), [(2, 27, "示例助老服务中心"), (2, 28, "示例新名"), (3, 1, "示例新名")]
)
async def test_application_uses_the_name_of_its_day(database: Database, month: int, day: int, name: str) -> None:
    async with open_town(database) as town:
        await rename(town, on(date(2010, 2, 28)))
        town.clock.to(month, day)
        assert (await name_of(town, await town.apply()))[0] == name


async def test_later_announcements_build_on_earlier_ones(database: Database) -> None:
    async with open_town(database) as town:
        await rename(town, on(APRIL), "示例甲")
        await refused(town, OrganisationUnchanged, rename(town, on(MAY), "示例甲"))
        # Today it still has its first name, so that may be announced to come back, and the other be given now.
        await rename(town, on(MAY), "示例助老服务中心")
        await refused(town, OrganisationUnchanged, rename(town, CommandContext(OFFICE), "示例助老服务中心"))
        await rename(town, CommandContext(OFFICE), "示例乙")
        assert (await name_of(town, await town.apply()))[0] == "示例乙"


async def test_the_district_keeps_an_organisation_until_it_moves(database: Database) -> None:
    there = account(Role.DISTRICT, "110102")
    async with open_town(database) as town:
        await relocate(town, on(APRIL, DISTRICT), "110102")
        town.clock.to(3, 31)
        await refused(town, OutOfScope, rename(town, CommandContext(there)))
        await rename(town, CommandContext(DISTRICT))
        town.clock.to(4, 1)
        await refused(town, OutOfScope, rename(town, CommandContext(DISTRICT), "示例甲"))
        await rename(town, CommandContext(there), "示例甲")


@pytest.mark.parametrize(("ends", "refusal"), [("merge", OrganisationMerged), ("deregister", OrganisationDeregistered)])
async def test_an_ending_organisation_acts_until_its_last_day(
    database: Database, ends: str, refusal: type[Refusal]
) -> None:
    async with open_town(database) as town:
        heir = await register(town)
        last = date(2010, 2, 20)
        await (merge(town, on(last), town.organisation, heir) if ends == "merge" else deregister(town, on(last)))
        town.clock.to(2, 19)
        await town.apply()
        await rename(town, CommandContext(OFFICE))
        town.clock.to(2, 20)
        with pytest.raises(refusal):
            await town.apply()
        await refused(town, refusal, rename(town, CommandContext(OFFICE), "示例甲"))


async def test_an_organisation_ends_once_and_for_good(database: Database) -> None:
    async with open_town(database) as town:
        heir = await register(town)
        announced = await merge(town, on(MAY), town.organisation, heir)
        # In May it is no more; before, a second end would let the first one come to nothing.
        await refused(town, OrganisationMerged, rename(town, on(JUNE)))
        await refused(town, OrganisationMerged, deregister(town, on(JUNE)))
        for context in (CommandContext(OFFICE), on(APRIL)):
            assert (await refused(town, AnnouncedAfter, deregister(town, context))).details == {
                "type": "Merged",
                "version": announced.version,
                "on": "2010-05-01",
            }
        await rename(town, on(APRIL))
        body = VoidBody(kind="void", target=announced.version, reason="不合并了。")
        await town.ledger.transact(
            CommandContext(OFFICE), organisation_corrections.correct_organisation(town.organisation, body)
        )
        # A name was announced for April: nothing ends before that is settled.
        await refused(town, AnnouncedAfter, deregister(town, on(date(2010, 3, 31))))
        await deregister(town, on(APRIL))
        # Nor can the merger be restored alongside it.
        body = VoidBody(kind="void", target=announced.version + 2, reason="仍合并。")
        again = town.ledger.transact(
            CommandContext(OFFICE), organisation_corrections.correct_organisation(town.organisation, body)
        )
        await refused(town, AnnouncedAfter, again)
        town.clock.to(5, 2)
        again = town.ledger.transact(
            CommandContext(OFFICE), organisation_corrections.correct_organisation(town.organisation, body)
        )
        await refused(town, OrganisationDeregistered, again)


async def test_announced_mergers_cannot_form_a_cycle(database: Database) -> None:
    async with open_town(database) as town:
        heir = await register(town)
        await merge(town, on(MAY), heir, town.organisation)
        for context in (CommandContext(OFFICE), on(APRIL), on(JUNE)):
            await refused(town, OrganisationMerged, merge(town, context, town.organisation, heir))


async def test_an_announcement_is_put_off_by_restating_it(database: Database) -> None:
    async with open_town(database) as town:
        receipt = await rename(town, on(date(2010, 2, 10)))
        body = RestateBody(kind="restate", target=receipt.version, effective_on=date(2010, 2, 20), reason="推迟。")
        await town.ledger.transact(
            CommandContext(OFFICE), organisation_corrections.correct_organisation(town.organisation, body)
        )
        town.clock.to(2, 19)
        assert (await name_of(town, await town.apply()))[0] == "示例助老服务中心"
        town.clock.to(2, 20)
        assert (await name_of(town, await town.apply()))[0] == "示例新名"
        body = body.model_copy(update={"effective_on": date(2012, 2, 21)})
        step = town.ledger.transact(
            CommandContext(OFFICE), organisation_corrections.correct_organisation(town.organisation, body)
        )
        assert (await refused(town, TooFarAhead, step)).details["last"] == "2012-02-20"


@pytest.mark.parametrize(("month", "day", "district"), [(2, 19, "110101"), (2, 20, "110102"), (2, 21, "110102")])
async def test_applications_go_to_that_days_district(database: Database, month: int, day: int, district: str) -> None:
    async with open_town(database) as town:
        before = await town.apply()
        await reorganise(town, on(date(2010, 2, 20)), "110101", "110102")
        town.clock.to(month, day)
        assert await name_of(town, await town.apply()) == ("示例助老服务中心", district)
        who, other = (
            account(Role.DISTRICT, code) for code in (district, "110102" if district == "110101" else "110101")
        )
        await refused(town, ProjectUnknown, town.screen(before, who=other))
        await town.screen(before, who=who)


async def test_a_second_decree_builds_on_the_first(database: Database) -> None:
    async with open_town(database) as town:
        await reorganise(town, on(MAY), "110103", "110101")
        # In May it is abolished already; in April nothing may be said that the decree of May could not follow.
        await refused(town, DistrictNotInForce, reorganise(town, on(JUNE), "110103", "110102"))
        await refused(town, DistrictNotInForce, reorganise(town, on(APRIL), "110103", "110102"))
        await refused(town, DistrictNotInForce, reorganise(town, on(APRIL), "110101", "110103"))
        await refused(town, DistrictNotInForce, reorganise(town, CommandContext(OFFICE), "110101", "110103"))
        await reorganise(town, on(JUNE), "110101", "110102")


async def test_what_is_announced_lies_at_most_two_years_ahead(database: Database) -> None:
    async with open_town(database) as town:
        refusal = await refused(town, TooFarAhead, rename(town, on(date(2012, 2, 2))))
        assert refusal.details == {"effective_on": "2012-02-02", "last": "2012-02-01"}
        await rename(town, on(date(2012, 2, 1)))


Step = Callable[[Town, UUID, CommandContext], Awaitable[Receipt]]


def of_the_organisation(body: OrganisationCommand | FurtherIdentifier) -> Step:
    return lambda town, _, context: town.ledger.transact(context, body.on(town.organisation))


def of_the_project(body: ProjectCommand) -> Step:
    return lambda town, project, context: town.ledger.transact(context, body.on(project))


NOT_AHEAD: dict[str, Step] = {
    "an identifier": of_the_organisation(
        FurtherIdentifier(identifier=Identifier(scheme="CN-REG", id="示例0009")),
    ),
    "a grade": of_the_organisation(
        Grading(grade=3, valid_from=APRIL, authority="示例民政局", document_number=PAPER),
    ),
    "a list": of_the_organisation(
        Listing(kind="enter", list=CreditList.SERIOUS, reason="示例。", authority="示例民政局", document_number=PAPER),
    ),
    "an extension": lambda town, _, context: town.ledger.transact(
        context, Extension(phase="application", last_day=MAY, reason="示例。").on(CODE)
    ),
    "an application": lambda town, _, context: town.ledger.transact(
        context, Application(programme=CODE, organisation=town.organisation, form=form_body()).decide
    ),
    "a withdrawal": of_the_project(Withdrawal(reason="示例。")),
}


@pytest.mark.parametrize("what", NOT_AHEAD)
async def test_nothing_else_is_announced(database: Database, what: str) -> None:
    async with open_town(database) as town:
        project = await town.apply()
        refusal = await refused(town, EffectiveInFuture, NOT_AHEAD[what](town, project, on(date(2010, 2, 2))))
        assert refusal.details == {"effective_on": "2010-02-02", "today": "2010-02-01"}


EARLY: dict[str, Step] = NOT_AHEAD | {
    "a name": lambda town, _, context: rename(town, context),
    "a decree": lambda town, _, context: reorganise(town, context, "110103", "110101"),
}


@pytest.mark.parametrize("what", EARLY)
async def test_nothing_is_dated_before_its_subject_exists(database: Database, what: str) -> None:
    async with open_town(database) as town:
        project = await town.apply()
        town.clock.to(2, 10)
        step = EARLY[what](town, project, on(date(2010, 1, 31)))
        assert (await refused(town, EffectiveTooEarly, step)).details == {
            "effective_on": "2010-01-31",
            "earliest": "2010-02-01",
        }


async def test_a_merger_cannot_precede_the_surviving_organisation(database: Database) -> None:
    async with open_town(database) as town:
        town.clock.to(2, 10)
        heir = await register(town)
        refusal = await refused(town, EffectiveTooEarly, merge(town, on(date(2010, 2, 9)), town.organisation, heir))
        assert refusal.details["earliest"] == "2010-02-10"
        await merge(town, on(date(2010, 2, 10)), town.organisation, heir)


async def test_a_late_extension_cannot_precede_a_shorter_one(database: Database) -> None:
    """Folded before it, it would have no effect."""
    async with open_town(database) as town:
        town.clock.to(2, 10)
        first = Extension(phase="application", last_day=date(2010, 3, 10), reason="示例。")
        await town.ledger.transact(CommandContext(OFFICE), first.on(CODE))
        second = first.model_copy(update={"last_day": date(2010, 3, 20)})
        step = town.ledger.transact(on(date(2010, 2, 9)), second.on(CODE))
        assert (await refused(town, EffectiveTooEarly, step)).details["earliest"] == "2010-02-10"
        await refused(town, ExtensionNotLater, town.ledger.transact(CommandContext(OFFICE), first.on(CODE)))
        await town.ledger.transact(on(date(2010, 2, 10)), second.on(CODE))


async def test_an_identifier_is_taken_at_once(database: Database) -> None:
    async with open_town(database) as town:
        await rename(town, on(MAY))
        other = await register(town)
        body = FurtherIdentifier(identifier=Identifier(scheme="CN-REG", id="示例0002"))
        step = town.ledger.transact(CommandContext(OFFICE), body.on(town.organisation))
        assert (await refused(town, IdentifierTaken, step)).details["organisation"] == other


async def test_the_committee_reviews_all_the_same(database: Database) -> None:
    """A programme on which something is announced is the same for all that has nothing to do with it."""
    async with open_town(database) as town:
        await reorganise(town, on(MAY), "110103", "110101")
        project = await town.apply()
        await town.screen(project)
        await town.hand_in(project)
        await town.ledger.transact(CommandContext(MEMBERS[0]), review_of(1, True).on(project))
