"""Document numbers and the registers behind them over HTTP (N10)."""

from typing import Any

from tests.api.bodies import PROGRAMME, approval, rejection
from tests.api.client import Caller, Town, check_problem

DOCUMENTS = f"/v1/programmes/{PROGRAMME}/documents"
NUMBER = "京民服发〔2010〕7号"


def document(*projects: str, number: str | None = NUMBER) -> dict[str, Any]:
    about = {"title": "关于批准示例项目的决定", "dated_on": "2010-02-01", "sha256": "ab" * 32}
    return {"document_number": number, "document": about, "projects": [path.rsplit("/", 1)[1] for path in projects]}


async def listed(caller: Caller, **query: Any) -> list[str]:
    return [one["document_number"] for one in (await caller.read(DOCUMENTS, **query))["documents"]]


async def test_a_number_used_twice_is_refused(town: Town) -> None:
    first, second = await town.reviewed(), await town.reviewed()
    await town.leaders.done(f"{first}/approval", approval() | {"document_number": NUMBER})
    again = {"document_number": "京民服发[2010]０7号"}
    for step, body in (("approval", approval()), ("rejection", rejection())):
        answer = await town.leaders.post(f"{second}/{step}", body | again)
        check_problem(answer, 409, "document_number_taken")
        assert again["document_number"] in answer.json()["title"]


async def test_a_number_that_reads_otherwise_is_refused(town: Town) -> None:
    project = await town.reviewed()
    for number in ("随便1号", "京民服办发〔2010〕1号", "京民服发〔2011〕1号"):
        answer = await town.leaders.post(f"{project}/approval", approval() | {"document_number": number})
        check_problem(answer, 422, "document_number_form")
        assert "京民服发〔2010〕N号" in answer.json()["title"]


async def test_one_document_covers_the_projects_it_lists(town: Town) -> None:
    first, second, third = [await town.reviewed() for _ in range(3)]
    await town.leaders.done(DOCUMENTS, document(first, second))
    await town.leaders.done(f"{first}/approval", approval() | {"document_number": NUMBER})
    await town.leaders.done(f"{second}/rejection", rejection() | {"document_number": "京民服发【2010】7号"})
    refused = await town.leaders.post(f"{third}/approval", approval() | {"document_number": NUMBER})
    check_problem(refused, 409, "document_number_taken")
    other = {"document": document(first)["document"] | {"title": "另一标题"}, "document_number": NUMBER}
    check_problem(await town.leaders.post(f"{first}/approval", approval() | other), 409, "document_differs")
    check_problem(await town.leaders.post(DOCUMENTS, document(third)), 409, "document_number_taken")


async def test_each_authority_reads_its_own_documents(town: Town) -> None:
    project = await town.reviewed()
    before = await town.size() - 1
    await town.leaders.done(DOCUMENTS, document(project))
    await town.office.done(DOCUMENTS, document(project, number=None))
    await town.district.done(DOCUMENTS, document(project, number="示例区发〔2010〕3号"))
    await town.elsewhere.post(DOCUMENTS, document(project, number="示例区发〔2010〕3号"))
    everything = ["示例区发〔2010〕3号", "京民服办发〔2010〕1号", NUMBER]
    assert sorted(await listed(town.auditor)) == sorted(await listed(town.office)) == sorted(everything)
    assert (await listed(town.district), await listed(town.elsewhere)) == (["示例区发〔2010〕3号"], [])
    assert await listed(town.office, known_at=before) == []
    check_problem(await town.local.get(DOCUMENTS), 403, "role_may_not")
    check_problem(await town.public.get(DOCUMENTS), 401, "sign_in_needed")
    check_problem(await town.local.post(DOCUMENTS, document(project)), 403, "role_may_not")
    check_problem(await town.elsewhere.post(DOCUMENTS, document(project)), 409, "batch_refused")


async def test_a_districts_number_ends_one_project(town: Town) -> None:
    first, second, citys = await town.published(), await town.published(), await town.published(town.city)
    end = {"document_number": "示例区发〔2010〕3号", "reason": "无法继续。"}
    await town.district.done(f"{first}/termination", end)
    check_problem(await town.district.post(f"{second}/termination", end), 409, "document_number_taken")
    check_problem(await town.district.post(f"{second}/termination", {"reason": "无法继续。"}), 422)
    await town.office.done(f"{citys}/termination", {"reason": "无法继续。"})
    event = (await town.auditor.read(f"{citys}/history"))[-1]
    assert event["payload"]["document_number"] == "京民服办发〔2010〕1号"
