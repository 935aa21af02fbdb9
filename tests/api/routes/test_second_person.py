"""Payments and honours of a programme that asks for two persons (N15, N20)."""

from typing import Any

from tests.api.bodies import person
from tests.api.city import NUMBER, PROGRAMME, City, apply, confirm, deliver, evaluate, money
from tests.api.client import Caller, check_problem

from ledger.accounts import open_account
from ledger.commands.appointments import appointee
from ledger.core.fact import Role
from ledger.tokens import issue_token

AWARDS = f"/v1/programmes/{PROGRAMME}/awards"
PAYMENT = {
    "under": "support",
    "amount": money("2500.00"),
    "cost": "Example: pool",
    "paid_on": "2027-05-31",
    "voucher": "EX-1",
}


async def types(caller: Caller, project: str) -> list[str]:
    return [one["type"] for one in await caller.read(f"{project}/history")]


async def to_confirm(city: City, caller: Caller) -> list[tuple[str, int]]:
    await city.service.wait_for((await city.service.store.head()).size - 1)
    items = (await caller.read("/v1/worklist"))["items"]
    return [(one["what"], one["version"]) for one in items if one["command"] == "confirm_prepared"]


async def contracted(city: City) -> str:
    city.on(2027, 4, 1)
    project = await apply(city)
    await confirm(city, project)
    return project


async def test_payment_counts_once_another_person_confirms(city: City) -> None:
    project = await contracted(city)
    version = (await city.treasury.done(f"{project}/disbursements", PAYMENT))["version"]
    assert (await types(city.treasury, project))[-1] == "PaymentPrepared"
    for outsider in (city.public, city.organisation, city.association):
        assert "PaymentPrepared" not in await types(outsider, project)
    figures = (await city.treasury.read(f"{project}/money"))["figures"]
    assert [one["amount"]["amount"] for one in figures if one["stage"] == "paid"] in ([], ["0.00"], ["0"])
    check_problem(await city.treasury.post(f"{project}/disbursements", PAYMENT), 409, "already_prepared")
    wanted = {"record": version}
    own = await city.treasury.post(f"{project}/confirmations", wanted)
    check_problem(own, 403, "preparer_may_not_confirm")
    check_problem(await city.leaders.post(f"{project}/confirmations", wanted), 403, "role_may_not")
    check_problem(await city.office.post(f"{project}/confirmations", wanted), 403, "role_may_not")
    assert (await types(city.treasury, project))[-1] == "PaymentPrepared"
    second = await city.account(Role.TREASURY)
    assert await to_confirm(city, city.treasury) == []
    assert await to_confirm(city, city.leaders) == []
    assert await to_confirm(city, second) == [("EX-1", version)]
    await second.done(f"{project}/confirmations", wanted)
    assert (await types(city.public, project))[-2:] == ["Disbursed", "PreparationConfirmed"]
    assert await to_confirm(city, second) == []
    again = await second.post(f"{project}/confirmations", wanted)
    check_problem(again, 404, "preparation_unknown")


async def test_payment_is_decided_again_when_confirmed(city: City) -> None:
    project, second = await contracted(city), await city.account(Role.TREASURY)
    whole = PAYMENT | {"amount": money("7500.00")}
    records = [
        (await city.treasury.done(f"{project}/disbursements", whole | {"voucher": voucher}))["version"]
        for voucher in ("EX-1", "EX-2")
    ]
    await second.done(f"{project}/confirmations", {"record": records[0]})
    size = (await city.service.store.head()).size
    refused = await second.post(f"{project}/confirmations", {"record": records[1]})
    check_problem(refused, 409, "paid_too_much")
    assert (await city.service.store.head()).size == size
    void = {"kind": "void", "target": records[1], "reason": "Entered twice."}
    await city.treasury.done(f"{project}/corrections", void)
    assert await to_confirm(city, second) == []


async def test_another_account_of_the_same_person_is_refused(city: City) -> None:
    project = await contracted(city)
    appointment = {
        "role": "treasury",
        "name": "Example Clerk",
        "since": "2027-01-18",
        "document_number": "EX-A 1",
        "reason": "Pays.",
    }
    receipt = await city.leaders.done(f"/v1/programmes/{PROGRAMME}/appointments", appointment)
    fact, human = await appointee(city.service.ledger, receipt["position"])
    accounts = []
    for label in ("one", "other"):
        async with city.service.pool.connection() as connection:
            opened = await open_account(connection, fact.role, None, label, human)
            accounts.append(Caller(city.public.http, await issue_token(connection, opened.id)))
    version = (await accounts[0].done(f"{project}/disbursements", PAYMENT))["version"]
    refused = await accounts[1].post(f"{project}/confirmations", {"record": version})
    check_problem(refused, 403, "preparer_may_not_confirm")
    await city.treasury.done(f"{project}/confirmations", {"record": version})


async def places(city: City) -> dict[str, Any]:
    shown = await city.public.read(f"/v1/programmes/{PROGRAMME}")
    return {quota["code"]: quota["taken"] for quota in shown["quotas"]}


async def test_honours_are_granted_by_the_second_person(city: City) -> None:
    project = await contracted(city)
    await deliver(city, project)
    await evaluate(city, project)
    city.on(2028, 2, 10)
    award = {"project": project.rsplit("/", 1)[1], "deed": "For the bay.", "document_number": NUMBER}
    star = (await city.leaders.done(AWARDS, award | {"honour": "community-star"}))["version"]
    volunteer = award | {"honour": "volunteer-of-the-year", "person": person("Example Person")}
    person_of = (await city.association.done(AWARDS, volunteer))["version"]
    assert (await places(city)) == {"community-star": 0, "volunteer-of-the-year": 0}
    # Each body knows of its own.
    assert "AwardPrepared" not in await types(city.public, project)
    assert (await types(city.association, project)).count("AwardPrepared") == 1
    leader, associate = await city.account(Role.LEADING_GROUP), await city.account(Role.PROMOTION_ASSOCIATION)
    wrong = await associate.post(f"{project}/confirmations", {"record": star})
    check_problem(wrong, 403, "role_may_not")
    assert await to_confirm(city, leader) == [("community-star", star)]
    assert await to_confirm(city, associate) == [("volunteer-of-the-year", person_of)]
    await leader.done(f"{project}/confirmations", {"record": star})
    await associate.done(f"{project}/confirmations", {"record": person_of})
    assert (await places(city)) == {"community-star": 1, "volunteer-of-the-year": 1}
    history = await city.public.read(f"{project}/history")
    awarded = [one for one in history if one["type"] == "Awarded"]
    assert [one["role"] for one in awarded] == ["leading_group", "promotion_association"]
    assert list(awarded[1]["opened"].values()) == [{"name": "Example Person"}]


async def test_several_honours_wait_one_by_one(city: City) -> None:
    project = await contracted(city)
    await deliver(city, project)
    await evaluate(city, project)
    city.on(2028, 2, 10)
    one = {"project": project.rsplit("/", 1)[1], "deed": "For the bay.", "honour": "community-star"}
    twice = await city.leaders.post(AWARDS, {"awards": [one, one]})
    check_problem(twice, 409, "batch_refused")
    await city.leaders.done(AWARDS, {"awards": [one], "document_number": NUMBER})
    assert (await types(city.leaders, project))[-1] == "AwardPrepared"
    assert (await places(city))["community-star"] == 0
