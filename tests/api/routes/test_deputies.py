"""Deputies and handovers over HTTP: who names them, what they may do and until when (N3)."""

from typing import Any

from tests.api import bodies
from tests.api.appointing import APPOINTMENTS, ENDINGS, appoint, appointment, ending, open_for
from tests.api.client import Caller, Town, check_problem

AT = f"/v1/programmes/{bodies.PROGRAMME}/deputies"
DEPUTY_ENDINGS = f"/v1/programmes/{bodies.PROGRAMME}/deputy-endings"
HANDOVERS = f"/v1/programmes/{bodies.PROGRAMME}/handovers"
NAME = "孙示例"


def naming(position: int, **changes: Any) -> dict[str, Any]:
    return {
        "appointment": position,
        "name": NAME,
        "since": "2010-02-01",
        "until": "2010-02-05",
        "document_number": "示例代〔2010〕1号",
        "reason": "休假。",
    } | changes


def handover(position: int, **changes: Any) -> dict[str, Any]:
    return {
        "appointment": position,
        "last_day": "2010-02-10",
        "name": NAME,
        "document_number": "示例接〔2010〕1号",
        "reason": "轮岗。",
    } | changes


async def name(town: Town, by: Caller, position: int, **changes: Any) -> int:
    return int((await by.done(AT, naming(position, **changes)))["position"])


async def test_a_deputy_acts_within_the_term_alone(town: Town) -> None:
    position = await appoint(town, "leading_group")
    holder = await open_for(town, position)
    deputy = await open_for(town, await name(town, holder, position, since="2010-02-02"))
    project = await town.reviewed()
    for month, day, code in ((2, 1, "appointment_not_begun"), (2, 6, "appointment_over")):
        town.clock.to(month, day)
        check_problem(await deputy.post(f"{project}/approval", bodies.approval()), 403, code)
        check_problem(await deputy.get("/v1/worklist"), 403, code)
    town.clock.to(2, 5)
    await deputy.done(f"{project}/approval", bodies.approval())
    history = await town.public.read("/v1/appointments", role="leading_group", on="2010-02-03")
    [stands_in] = [one for held in history["appointments"] for one in held["deputies"]]
    assert (stands_in["since"], stands_in["until"], stands_in["name"]) == ("2010-02-02", "2010-02-05", None)
    [shown] = [
        one["name"]
        for held in (await town.office.read("/v1/appointments", role="leading_group"))["appointments"]
        for one in held["deputies"]
    ]
    assert shown == NAME


async def test_holders_and_appointers_name_deputies(town: Town) -> None:
    position, other = await appoint(town, "treasury"), await appoint(town, "treasury", name="周示例")
    holder, colleague = await open_for(town, position), await open_for(town, other)
    for caller, code in (
        (colleague, "not_theirs_to_deputise"),
        (town.treasury, "not_theirs_to_deputise"),
        (town.office, "not_theirs_to_deputise"),
        (town.members[0], "role_may_not"),
    ):
        check_problem(await caller.post(AT, naming(position)), 403, code)
    named = await name(town, holder, position)
    deputy = await open_for(town, named)
    check_problem(await deputy.post(AT, naming(position, since="2010-03-01", until="2010-03-02")), 403)
    check_problem(await deputy.post(DEPUTY_ENDINGS, {"deputy": named, "last_day": "2010-02-01", "reason": "。"}), 403)
    await name(town, town.leaders, other)


async def test_what_no_deputy_may_be_is_refused(town: Town) -> None:
    position, judge = await appoint(town, "treasury"), await appoint(town)
    other = await appoint(town, "treasury", name="周示例", until=None)
    holder = await open_for(town, position)
    for caller, said, status, code in (
        (town.leaders, naming(judge), 409, "no_deputy_possible"),
        (town.leaders, naming(position, until="2010-01-31"), 422, "term_reversed"),
        (town.leaders, naming(position, until="2011-01-01"), 409, "deputy_outside_term"),
        (town.leaders, naming(position, since="2010-01-17"), 409, "deputy_outside_term"),
        (town.leaders, naming(position, same_as=other), 409, "deputy_holds_seat"),
        (town.leaders, naming(position, same_as=position), 409, "deputy_holds_seat"),
        (holder, naming(position, same_as=position), 403, "own_appointment"),
        (town.leaders, naming(0), 404, "appointment_unknown"),
    ):
        check_problem(await caller.post(AT, said), status, code)
    first = await name(town, holder, position)
    again = naming(position, since="2010-02-05", until="2010-02-06")
    check_problem(await town.leaders.post(AT, again), 409, "deputy_named_already")
    for_another = naming(other, same_as=first)
    check_problem(await town.leaders.post(AT, for_another), 409, "deputy_named_already")
    await town.leaders.done(AT, again | {"since": "2010-02-06"})


async def test_a_deputys_term_ends_earlier(town: Town) -> None:
    position = await appoint(town, "treasury")
    holder = await open_for(town, position)
    named = await name(town, holder, position)
    deputy = await open_for(town, named)
    town.clock.to(2, 3)
    await deputy.read("/v1/worklist")
    said = {"deputy": named, "last_day": "2010-02-02", "reason": "提前返岗。"}
    check_problem(
        await holder.post(DEPUTY_ENDINGS, said | {"last_day": "2010-02-05"}), 409, "deputy_ending_not_earlier"
    )
    check_problem(await holder.post(DEPUTY_ENDINGS, said | {"last_day": "2010-01-31"}), 422, "term_reversed")
    check_problem(await holder.post(DEPUTY_ENDINGS, said | {"deputy": position}), 404, "deputy_unknown")
    await holder.done(DEPUTY_ENDINGS, said)
    check_problem(await deputy.get("/v1/worklist"), 403, "appointment_over")


async def test_deputies_end_with_the_appointment(town: Town) -> None:
    position = await appoint(town, "treasury")
    named = await name(town, town.leaders, position)
    deputy = await open_for(town, named)
    await town.leaders.done(ENDINGS, ending(position, last_day="2010-01-31"))
    told = await deputy.get("/v1/worklist")
    check_problem(told, 403, "appointment_over")
    assert "2010-01-31" in told.text


async def test_interests_follow_the_deputy(town: Town) -> None:
    member = await appoint(town)
    position = await appoint(town, "leading_group")
    deputy = await open_for(town, await name(town, town.leaders, position, same_as=member))
    reviewer, project = await open_for(town, member), await town.reviewed()
    await reviewer.done(f"{project}/interests", {"nature": "曾任该组织理事。"})
    town.clock.to(2, 2)
    check_problem(await deputy.post(f"{project}/approval", bodies.approval()), 403, "interest_stands")


async def test_a_handover_ends_and_appoints_in_one(town: Town) -> None:
    position = await appoint(town, "treasury")
    holder = await open_for(town, position)
    check_problem(await town.office.post(HANDOVERS, handover(position)), 403, "not_theirs_to_appoint")
    check_problem(await town.leaders.post(HANDOVERS, handover(position, last_day="2011-01-01")), 409)
    size = await town.size()
    again = handover(position, same_as=position)
    check_problem(await town.leaders.post(HANDOVERS, again), 409, "appointment_already_held")
    assert await town.size() == size
    receipt = await town.leaders.done(HANDOVERS, handover(position))
    successor = await open_for(town, receipt["position"])
    check_problem(await successor.get("/v1/worklist"), 403, "appointment_not_begun")
    await holder.read("/v1/worklist")
    town.clock.to(2, 11)
    await successor.read("/v1/worklist")
    check_problem(await holder.get("/v1/worklist"), 403, "appointment_over")
    history = await town.public.read("/v1/appointments/history", role="treasury")
    assert [one["type"] for one in history] == ["Appointed", "AppointmentEnded", "Appointed"]
    assert history[-1]["payload"]["since"] == "2010-02-11"


async def test_a_handover_at_the_end_of_a_term_appoints_alone(town: Town) -> None:
    position = await appoint(town, "treasury", until="2010-02-10")
    await town.leaders.done(HANDOVERS, handover(position))
    history = await town.public.read("/v1/appointments/history", role="treasury")
    assert [one["type"] for one in history] == ["Appointed", "Appointed"]
    await town.leaders.done(APPOINTMENTS, appointment("treasury", name="吴示例"))
