"""Who holds which role over HTTP: who appoints whom, terms, names, and one person in several accounts."""

from uuid import UUID

import pytest
from tests.api import bodies
from tests.api.appointing import APPOINTMENTS, ENDINGS, NAME, appoint, appointed, appointment, ending, first, open_for
from tests.api.client import AT_NEW_YEAR, Caller, Town, check_problem
from tests.support import small_programme

from ledger.accounts import bind_account, open_account
from ledger.appointments import FirstAppointmentMade
from ledger.commands.appointments import appointee
from ledger.commands.programme import announce
from ledger.core.fact import Role
from ledger.refusals.general import AppointmentNeeded, PersonDiffers
from ledger.tokens import find_account

INTEREST = {"nature": "曾任该组织理事。"}


async def account_of(town: Town, caller: Caller) -> UUID:
    assert caller.token
    async with town.service.pool.connection() as connection:
        found = await find_account(connection, caller.token)
    assert found
    return found.id


async def test_an_appointed_member_acts_within_the_term(town: Town) -> None:
    member = await appointed(town, since="2010-02-02", until="2010-02-05")
    project = await town.handed_in()
    for month, day, code in ((2, 1, "appointment_not_begun"), (2, 6, "appointment_over")):
        town.clock.to(month, day)
        check_problem(await member.post(f"{project}/reviews", bodies.review()), 403, code)
        check_problem(await member.get(project), 403, code)
    town.clock.to(2, 5)
    await member.done(f"{project}/reviews", bodies.review())
    assert (await member.read(project))["status"] == "under_review"


async def test_the_refusal_names_role_and_day(town: Town) -> None:
    member = await appointed(town, until="2010-01-31")
    told = [(await member.get("/v1/worklist", language)).json()["title"] for language in ("zh", "en")]
    assert told == [
        "评估监督委员会委员的任期已于 2010-01-31 届满或终止。",
        "The term (Member of the evaluation committee) was over on 2010-01-31.",
    ]


async def test_an_ended_appointment_acts_no_more(town: Town) -> None:
    position = await appoint(town)
    member, project = await open_for(town, position), await town.handed_in()
    check_problem(await town.office.post(ENDINGS, ending(position)), 403, "not_theirs_to_appoint")
    await town.leaders.done(ENDINGS, ending(position, last_day="2010-01-31"))
    check_problem(await member.post(f"{project}/reviews", bodies.review()), 403, "appointment_over")
    check_problem(await town.leaders.post(ENDINGS, ending(position, last_day="2010-02-05")), 409, "ending_not_earlier")
    check_problem(await town.leaders.post(ENDINGS, ending(position, last_day="2010-01-01")), 422, "term_reversed")
    check_problem(await town.leaders.post(ENDINGS, ending(0)), 404, "appointment_unknown")


async def test_roles_appoint_by_the_programmes_rules(town: Town) -> None:
    own, other = (
        {"role": "organisation", "body": str(town.local_id)},
        {"role": "organisation", "body": str(town.city_id)},
    )
    member = await appointed(town)
    for caller, change, status, code in (
        (town.office, {}, 403, "not_theirs_to_appoint"),
        (town.leaders, {"role": "juror"}, 403, "not_theirs_to_appoint"),
        (town.leaders, {"role": "administrator"}, 409, "nobody_appoints"),
        (member, {}, 403, "role_may_not"),
        (town.district, other, 403, "out_of_scope"),
        (town.district, {"role": "district", "body": "110106"}, 403, "out_of_scope"),
        (town.city, own, 403, "out_of_scope"),
        (town.office, {"role": "district"}, 422, "choice_unknown"),
        (town.office, {"role": "juror", "body": "110105"}, 422, "choice_unknown"),
        (town.office, {"role": "organisation", "body": bodies.ANY_ID}, 404, "organisation_unknown"),
        (town.leaders, {"until": "2010-01-17"}, 422, "term_reversed"),
        (town.leaders, {"since": "2012-02-02", "until": None}, 422, "too_far_ahead"),
        (town.leaders, {"same_as": bodies.ANY_ID}, 404, "account_unknown"),
        (town.leaders, {"same_as": 0}, 404, "appointment_unknown"),
    ):
        check_problem(await caller.post(APPOINTMENTS, appointment() | change), status, code)
    for caller, change in (
        (town.district, own),
        (town.local, own),
        (town.office, {"role": "district", "body": "110106"}),
    ):
        await caller.done(APPOINTMENTS, appointment() | change)


async def test_nobody_appoints_oneself(town: Town) -> None:
    position = await appoint(town, "leading_group")
    leader = await open_for(town, position)
    for same_as in (position, str(await account_of(town, leader))):
        again = appointment("leading_group", since="2011-01-01", until=None, same_as=same_as)
        check_problem(await leader.post(APPOINTMENTS, again), 403, "own_appointment")
        as_member = appointment(same_as=same_as)
        check_problem(await leader.post(APPOINTMENTS, as_member), 403, "own_appointment")


async def test_one_person_holds_a_seat_once_at_a_time(town: Town) -> None:
    position = await appoint(town, until="2010-06-30")
    overlapping = appointment(since="2010-06-30", until=None, same_as=position)
    check_problem(await town.leaders.post(APPOINTMENTS, overlapping), 409, "appointment_already_held")
    await town.service.ledger.transact(AT_NEW_YEAR, announce(small_programme("other-2010")))
    await town.leaders.done("/v1/programmes/other-2010/appointments", overlapping)
    await town.leaders.done(APPOINTMENTS, overlapping | {"since": "2010-07-01"})


async def test_interests_follow_the_person(town: Town) -> None:
    position = await appoint(town)
    member = await open_for(town, position)
    leader = await appointed(town, "leading_group", same_as=position)
    project = await town.reviewed()
    await member.done(f"{project}/interests", INTEREST)
    check_problem(await leader.post(f"{project}/approval", bodies.approval()), 403, "interest_stands")
    check_problem(await leader.post(f"{project}/interests", INTEREST), 409, "interest_already_declared")
    await town.leaders.done(f"{project}/approval", bodies.approval())


async def test_a_reviewer_does_not_decide_by_another_account(town: Town) -> None:
    position = await appoint(town)
    member = await open_for(town, position)
    leader = await appointed(town, "leading_group", same_as=position)
    project = await town.handed_in()
    for caller in (member, *town.members[:2]):
        await caller.done(f"{project}/reviews", bodies.review())
    check_problem(await leader.post(f"{project}/approval", bodies.approval()), 403, "reviewer_may_not_decide")


async def test_authorship_follows_the_person_into_the_next_term(town: Town) -> None:
    position = await appoint(town, until="2010-02-10")
    project = await town.handed_in()
    receipt = await (await open_for(town, position)).done(f"{project}/reviews", bodies.review())
    again = await open_for(town, await appoint(town, since="2010-02-11", until=None, same_as=position))
    other = await appointed(town)
    town.clock.to(2, 20)
    void = {"kind": "void", "target": receipt["version"], "reason": "误判。"}
    check_problem(await other.post(f"{project}/corrections", void), 404, "correction_target_unknown")
    await again.done(f"{project}/corrections", void)


async def test_a_second_account_reviews_only_once(town: Town) -> None:
    position, project = await appoint(town), await town.handed_in()
    await (await open_for(town, position)).done(f"{project}/reviews", bodies.review())
    twin = await open_for(town, position, "another")
    check_problem(await twin.post(f"{project}/reviews", bodies.review()), 409, "already_reviewed")


async def test_roles_of_any_day_by_both_clocks(old_town: Town) -> None:
    town = old_town
    position = await appoint(town)
    town.clock.to(6, 1)
    ended = await town.leaders.done(ENDINGS, ending(position, last_day="2010-05-31"))

    async def held(**asked: object) -> list[tuple[int, str, int | None]]:
        answer = await town.public.read("/v1/appointments", role="committee", **asked)
        return [(one["position"], one["until"], one["ended_by"]) for one in answer["appointments"]]

    assert await held(on="2010-01-17") == []
    assert await held(on="2010-05-31") == [(position, "2010-05-31", 2)]
    assert await held(on="2010-06-01") == []
    assert await held(on="2010-06-01", known_at="2010-05-31") == [(position, "2010-12-31", None)]
    assert await held(on="2010-05-31", known_at=str(ended["position"] - 1)) == [(position, "2010-12-31", None)]
    history = await town.public.read("/v1/appointments/history", role="committee")
    assert [one["type"] for one in history] == ["Appointed", "AppointmentEnded"]
    check_problem(await town.public.get("/v1/appointments", role="district"), 422, "choice_unknown")


async def test_a_name_is_read_by_its_body_and_officials(town: Town) -> None:
    await appoint(town)
    district = {"role": "district", "body": bodies.DISTRICT}
    await town.office.done(APPOINTMENTS, appointment(**district))
    readers = {caller: (town.office, town.leaders).count(caller) for caller in (town.office, town.leaders, town.public)}
    for caller, reads in [*readers.items(), (town.district, 0), (town.members[0], 0), (town.auditor, 0)]:
        [one] = (await caller.read("/v1/appointments", role="committee"))["appointments"]
        assert one["name"] == (NAME if reads else None)
    for caller, name in ((town.district, NAME), (town.elsewhere, None), (town.public, None)):
        [one] = (await caller.read("/v1/appointments", **district))["appointments"]
        assert one["name"] == name


async def test_everybody_reads_names_that_rules_make_public(town: Town) -> None:
    toml = small_programme("open-2010") + '\n[appointments]\npublic = ["committee"]\n'
    await town.service.ledger.transact(AT_NEW_YEAR, announce(toml))
    for role in ("committee", "treasury"):
        await town.leaders.done("/v1/programmes/open-2010/appointments", appointment(role))
    found = (await town.public.read("/v1/appointments"))["appointments"]
    assert [(one["role"], one["name"]) for one in found] == [("committee", NAME), ("treasury", None)]
    # Without that rule the same role stays closed.
    await appoint(town)
    found = (await town.public.read("/v1/appointments", role="committee"))["appointments"]
    assert [one["name"] for one in found] == [NAME, None]


async def test_the_log_links_no_person_across_seats(town: Town) -> None:
    position = await appoint(town)
    leader = await appoint(town, "leading_group", same_as=position)
    events = await town.service.store.range(0, await town.size())
    one, other = (events[at].fact.model_dump() for at in (position, leader))
    assert one["person"] != other["person"] and one["name"] != other["name"]
    _, person = await appointee(town.service.ledger, position)
    history = await town.public.get("/v1/appointments/history", role="committee")
    for told in (history.text, (await town.public.get("/v1/feed")).text):
        assert str(person) not in told and NAME not in told


async def test_an_appointment_holds_in_its_programme(town: Town) -> None:
    toml = small_programme("other-2010") + '\n[appointments.by]\noffice = ["committee", "leading_group"]\n'
    await town.service.ledger.transact(AT_NEW_YEAR, announce(toml))
    path = "/v1/programmes/other-2010/appointments"
    elsewhere = await open_for(town, (await town.office.done(path, appointment("leading_group")))["position"])
    project = await town.reviewed()
    check_problem(await elsewhere.post(f"{project}/approval", bodies.approval()), 403, "not_appointed_here")
    await town.followed()
    seen = [await caller.read("/v1/worklist") for caller in (town.leaders, elsewhere)]
    assert [len(one["items"]) for one in seen] == [1, 0]
    assert [{step["programme"] for step in one["open"]} for one in seen][1] == {"other-2010"}
    check_problem(await elsewhere.post(APPOINTMENTS, appointment()), 403, "not_appointed_here")
    check_problem(await town.leaders.post(path, appointment()), 403, "not_theirs_to_appoint")


async def test_the_first_appointment_is_made_once_and_public(town: Town) -> None:
    position = await first(town)
    leader = await open_for(town, position)
    [one] = (await town.public.read("/v1/appointments", role="leading_group"))["appointments"]
    assert (one["position"], one["programme"], one["name"]) == (position, None, None)
    await town.followed()
    told = (await town.public.get("/feed.atom", "zh")).text
    assert "任命领导小组一名，自2010年1月18日起（示例任〔2010〕1号）：成立领导小组。" in told
    member = await leader.done(APPOINTMENTS, appointment())
    assert member["version"] == 1
    with pytest.raises(FirstAppointmentMade):
        await first(town)
    async with town.service.pool.connection() as connection:
        with pytest.raises(AppointmentNeeded):
            await open_account(connection, Role.COMMITTEE, None, "another")


async def test_an_old_account_acts_by_an_appointment_once_bound(town: Town) -> None:
    member, project = town.members[0], await town.handed_in()
    receipt = await member.done(f"{project}/reviews", bodies.review())
    account = await account_of(town, member)
    position = await appoint(town, same_as=str(account), until="2010-02-10")
    stranger = await appoint(town)
    async with town.service.pool.connection() as connection:
        with pytest.raises(PersonDiffers):
            await bind_account(connection, account, (await appointee(town.service.ledger, stranger))[1])
        await bind_account(connection, account, (await appointee(town.service.ledger, position))[1])
    town.clock.to(2, 10)
    void = {"kind": "void", "target": receipt["version"], "reason": "误判。"}
    await member.done(f"{project}/corrections", void)
    town.clock.to(2, 11)
    check_problem(await member.post(f"{project}/reviews", bodies.review()), 403, "appointment_over")


async def test_an_act_loses_against_an_ending_before_it(town: Town) -> None:
    """The seat is read in every command: what was appended second is decided again."""
    position, project = await appoint(town), await town.handed_in()
    member = await open_for(town, position)
    await member.read(project)
    await town.leaders.done(ENDINGS, ending(position, last_day="2010-01-31"))
    # The token is still remembered.
    check_problem(await member.post(f"{project}/reviews", bodies.review()), 403, "appointment_over")
