"""Who opened sealed values is there for auditors, who open single ones for a reason."""

from tests.api.bodies import ANY_ID, CONTACT
from tests.api.client import Town, check_problem

READS, OPEN = "/v1/audit/sealed-reads", "/v1/audit/sealed-values"


async def _contact(town: Town) -> str:
    """The commitment of a contact that the office then read."""
    project = await town.applied(contact=CONTACT)
    events = await town.office.read(f"{project}/history")
    [commitment] = events[0]["opened"]
    return str(commitment)


async def test_each_read_is_listed(town: Town) -> None:
    commitment = await _contact(town)
    listed = (await town.auditor.read(READS, commitment=commitment))["reads"]
    assert [(one["role"], one["why"], one["reason"]) for one in listed] == [("office", "shown", None)]
    assert listed[0]["purposes"] == ["contact"]
    assert (await town.auditor.read(READS, person=ANY_ID))["reads"] == []
    assert (await town.auditor.read(READS, person=listed[0]["person"], limit=1))["reads"][0]["role"] == "office"


async def test_an_auditor_opens_for_a_reason_on_record(town: Town) -> None:
    commitment = await _contact(town)
    check_problem(await town.auditor.post(OPEN, {"commitment": commitment}), 422)
    opened = await town.auditor.post(OPEN, {"commitment": commitment, "reason": "核实申报材料。"})
    assert opened.status_code == 200 and opened.json()["value"]["telephone"]
    listed = (await town.auditor.read(READS, commitment=commitment))["reads"]
    assert next((one["role"], one["why"], one["reason"]) for one in listed) == ("auditor", "stated", "核实申报材料。")
    absent = {"commitment": "0" * 64, "reason": "核实申报材料。"}
    check_problem(await town.auditor.post(OPEN, absent), 404, "sealed_value_gone")


async def test_the_pages_of_reads_join(town: Town) -> None:
    commitment = await _contact(town)
    for _ in range(3):
        await town.auditor.post(OPEN, {"commitment": commitment, "reason": "核实申报材料。"})
    whole = (await town.auditor.read(READS))["reads"]
    first = await town.auditor.read(READS, limit=2)
    second = await town.auditor.read(READS, cursor=first["next_cursor"])
    assert first["reads"] + second["reads"] == whole and second["next_cursor"] is None


async def test_only_auditors_list_and_open(town: Town) -> None:
    commitment = await _contact(town)
    for caller in (town.office, town.local, town.leaders):
        check_problem(await caller.get(READS), 403, "role_may_not")
        check_problem(await caller.post(OPEN, {"commitment": commitment, "reason": "示例。"}), 403, "role_may_not")
    check_problem(await town.public.get(READS), 401, "sign_in_needed")
