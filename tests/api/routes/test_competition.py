"""Televised rounds, proposal documents and the table of entries (N15), ceremonies (N20), over HTTP."""

from typing import Any

import pytest
from tests.api.bodies import ANY_ID, CEREMONY, ENTRY, PROGRAMME, selection, televised
from tests.api.client import Town, check_problem

HERE = f"/v1/programmes/{PROGRAMME}"
ROUNDS, TABLE = f"{HERE}/competition-rounds", f"{HERE}/competition"
LINK = "https://tv.example.org/rounds/1"


def id_of(project: str) -> str:
    return project.rsplit("/", 1)[1]


async def two_entries(town: Town) -> tuple[str, str]:
    """One that three jurors scored, one that nobody did."""
    scored = await town.entered()
    town.clock.to(2, 2)
    other = await town.published(town.city)
    town.clock.to(3, 1)
    await town.city.done(f"{other}/competition-entry", ENTRY)
    return scored, other


async def test_a_round_is_public_with_its_broadcast(town: Town) -> None:
    scored, other = await two_entries(town)
    body = televised(scored, other, broadcast_on="2010-03-01", link=LINK)
    check_problem(await town.leaders.post(ROUNDS, body), 403, "role_may_not")
    await town.office.done(ROUNDS, body)
    [shown] = (await town.public.read(HERE))["rounds"]
    assert (shown["round"], shown["broadcast_on"], shown["link"]) == (body["round"], "2010-03-01", LINK)
    assert shown["entries"] == [id_of(scored), id_of(other)]


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"broadcast_on": "2010-03-02"}, 422, "dated_in_future"),
        ({"link": "javascript:alert(1)"}, 422, "invalid_request"),
        ({"entries": []}, 422, "invalid_request"),
        ({"entries": [ANY_ID]}, 409, "batch_refused"),
    ],
)
async def test_a_round_names_what_was_broadcast(town: Town, changes: dict[str, Any], status: int, code: str) -> None:
    scored = await town.entered()
    check_problem(await town.office.post(ROUNDS, televised(scored, **changes)), status, code)


async def test_only_entries_are_in_a_round(town: Town) -> None:
    project = await town.published()
    answer = await town.office.post(ROUNDS, televised(project))
    check_problem(answer, 409, "batch_refused")
    assert [one["code"] for one in answer.json()["errors"]] == ["not_entered"]


async def test_the_proposal_document_is_for_the_jury(town: Town) -> None:
    scored, other = await two_entries(town)
    file = await town.city.uploaded("策划方案.pdf")
    stranger = {"file": {"name": "策划方案.pdf", "sha256": "0" * 64}}
    check_problem(await town.city.post(f"{other}/proposal-document", stranger), 422, "attachment_not_uploaded")
    await town.city.done(f"{other}/proposal-document", {"file": file})
    path = f"/v1/attachments/{file['sha256']}"
    for reader in (town.jurors[0], town.leaders, town.office, town.city):
        assert (await reader.get(path, project=id_of(other))).status_code == 200
    for reader in (town.public, town.local, town.beneficiary):
        check_problem(await reader.get(path, project=id_of(other)), 404, "attachment_unknown")
        assert "策划方案.pdf" not in (await reader.get(f"{other}/history")).text
    await town.leaders.done(f"{HERE}/purchases", selection(scored))
    check_problem(await town.local.post(f"{scored}/proposal-document", {"file": file}), 409, "already_selected")


async def test_the_table_ranks_entries_for_those_who_decide(town: Town) -> None:
    scored, other = await two_entries(town)
    file = await town.city.uploaded("策划方案.pdf")
    await town.city.done(f"{other}/proposal-document", {"file": file})
    await town.office.done(ROUNDS, televised(scored, broadcast_on="2010-03-01"))
    before = await town.size() - 1
    first, second = (await town.leaders.read(TABLE))["entries"]
    assert (first["rank"], first["project"], first["score"], first["jurors"]) == (1, id_of(scored), "81.00", 3)
    assert (first["rounds"], first["document"], first["place"]) == (["示例第一场"], None, None)
    assert (second["rank"], second["score"], second["jurors"], second["rounds"]) == (None, None, 0, [])
    assert second["document"] == file
    await town.leaders.done(f"{HERE}/purchases", selection(scored))
    assert [one["place"] for one in (await town.office.read(TABLE))["entries"]] == [1, None]
    assert [one["place"] for one in (await town.auditor.read(TABLE, known_at=before))["entries"]] == [None, None]
    check_problem(await town.public.get(TABLE), 401, "sign_in_needed")
    for reader in (town.local, town.district, town.jurors[0], town.members[0]):
        check_problem(await reader.get(TABLE), 403, "role_may_not")


async def test_a_ceremony_is_a_public_fact(town: Town) -> None:
    for caller in (town.leaders, town.local, town.district):
        check_problem(await caller.post(f"{HERE}/ceremonies", CEREMONY), 403, "role_may_not")
    receipt = await town.office.done(f"{HERE}/ceremonies", CEREMONY)
    [held] = (await town.public.read(HERE))["ceremonies"]
    assert held == CEREMONY | {"type": "CeremonyHeld", "link": None}
    void = {"kind": "void", "target": receipt["version"], "reason": "误录。"}
    await town.office.done(f"{HERE}/corrections", void)
    assert (await town.public.read(HERE))["ceremonies"] == []
