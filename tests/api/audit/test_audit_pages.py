"""The pages of auditors: what the audit interface answers, with filters, files and the records behind each row."""

import csv
import io
import json
import re
import zipfile

import pytest
from tests.api import bodies
from tests.api.client import Town
from tests.api.work.clerk import clerk

from api.audit.lists import ASKED, AuditList

LATE = {"late_entry": {"effective_on": "2010-02-05", "reason": "示例：合同寄到较晚。"}}
AUDIT = "/v1/audit"


async def with_a_late_contract(town: Town) -> tuple[str, int]:
    """A project, and the position of its contract that was entered late."""
    project = await town.approved(town.local)
    town.clock.to(2, 9)
    receipt = await town.district.done(f"{project}/contract", bodies.contract() | LATE)
    await town.followed()
    return project, receipt["position"]


@pytest.mark.parametrize("name", AuditList)
async def test_each_list_is_for_its_readers_alone(town: Town, name: AuditList) -> None:
    for caller in (town.auditor, town.office, town.leaders, town.district, town.local, town.members[0], town.treasury):
        person = await clerk(town, caller)
        sees = caller in (town.auditor, town.office, town.leaders)
        sees = sees and (name is not AuditList.SEALED or caller is town.auditor)
        for suffix in ("", ".csv", ".json"):
            page = await person.open(f"/audit/{name}{suffix}")
            assert person.status == (200 if sees else 403), (caller, suffix, page.text)
    answer = await town.public.http.get(f"/audit/{name}", headers={"Accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?next=%2Faudit%2F")


async def test_a_late_entry_stands_with_its_record(town: Town) -> None:
    _, position = await with_a_late_contract(town)
    auditor = await clerk(town, town.auditor)
    page = await auditor.open("/audit/late-entries?programme=beijing-2010&district=110105&min_days=2")
    assert "示例：合同寄到较晚。" in page.text
    assert "4 天" in page.text and "2 个工作日" in page.text
    assert f"/audit/events/{position}" in page.links
    record = await auditor.open(f"/audit/events/{position}")
    assert "签订合同" in record.text and "补录：示例：合同寄到较晚。" in record.text
    assert "示例：合同寄到较晚。" not in (await auditor.open("/audit/late-entries?min_days=30")).text
    english = await auditor.open("/audit/late-entries?lang=en")
    assert "Late entries" in english.text and "2 working days" in english.text


async def test_a_record_shows_what_its_reader_may_read(town: Town) -> None:
    project = await town.reviewed()
    review = next(one for one in await town.auditor.read(f"{project}/history") if one["type"] == "Reviewed")
    auditor, public = await clerk(town, town.auditor), town.public
    assert "Reviewed" in (await auditor.open(f"/audit/events/{review['position']}")).text
    assert auditor.status == 200
    assert (await auditor.open("/audit/events/999999")).text and auditor.status == 404
    assert (await auditor.open("/audit/events/x")).text and auditor.status == 404
    seen = await public.http.get(f"/audit/events/{review['position']}", headers={"Accept": "text/html"})
    assert seen.status_code == 303
    district = await clerk(town, town.district)
    await district.open(f"/audit/events/{review['position']}")
    assert district.status == 403


async def test_exceptions_and_corrections_are_told_apart(town: Town) -> None:
    project, _ = await with_a_late_contract(town)
    void = {"kind": "void", "target": 1, "reason": "示例：重复。"}
    answered = await town.district.read(f"{project}/history")
    void["target"] = next(one["version"] for one in answered if one["type"] == "ContractSigned")
    await town.district.done(f"{project}/corrections", void)
    await town.followed()
    auditor = await clerk(town, town.auditor)
    corrections = (await auditor.open("/audit/corrections")).text
    assert "记录作废" in corrections and "示例：重复。" in corrections
    answered = await town.auditor.read(f"{AUDIT}/exceptions", corrections=True)
    assert {one["kind"] for one in answered["exceptions"]} == {"voided"}
    extension = bodies.EXTENSION
    await town.office.done(f"/v1/programmes/{bodies.PROGRAMME}/phase-extensions", extension)
    await town.followed()
    every = await town.auditor.read(f"{AUDIT}/exceptions")
    assert {one["kind"] for one in every["exceptions"]} == {"voided", "phase_extended"}
    assert "阶段延期" not in (await auditor.open("/audit/corrections")).text
    one_kind = await auditor.open("/audit/exceptions?kind=voided")
    assert 'value="voided" selected' in one_kind.text
    none = await town.auditor.read(f"{AUDIT}/exceptions", corrections=True, kind="lapsed")
    assert none["exceptions"] == []


async def test_money_opens_to_the_records_that_make_it(town: Town) -> None:
    project, _ = await with_a_late_contract(town)
    id = project.rsplit("/", 1)[1]
    auditor = await clerk(town, town.auditor)
    page = await auditor.open("/audit/money")
    [link] = [one for one in page.links if one.startswith(f"/audit/money?project={id}")]
    opened = await auditor.open(link)
    money = await town.auditor.read(f"{AUDIT}/money", project=id)
    positions = {one["position"] for figure in money["groups"][0]["figures"] for one in figure["events"]}
    assert {f"/audit/events/{one}" for one in positions} <= set(opened.links)
    by_programme = await auditor.open("/audit/money?group_by=programme")
    assert "/projects?programme=beijing-2010" in by_programme.links


async def test_files_hold_the_whole_list_as_shown(town: Town) -> None:
    await with_a_late_contract(town)
    auditor = await clerk(town, town.auditor)
    for name in AuditList:
        shown = await auditor.http.get(f"/audit/{name}.json", headers={"Cookie": auditor.cookie})
        rows = json.loads(shown.text)["rows"]
        as_csv = await auditor.http.get(f"/audit/{name}.csv", headers={"Cookie": auditor.cookie})
        lines = list(csv.DictReader(io.StringIO(as_csv.content.decode("utf-8-sig"))))
        assert len(lines) == len(rows), name
        book = await auditor.http.get(f"/audit/{name}.xlsx", headers={"Cookie": auditor.cookie})
        sheet = zipfile.ZipFile(io.BytesIO(book.content)).read("xl/worksheets/sheet1.xml")
        assert sheet.count(b"<row ") == len(rows) + 1
        assert shown.headers["cache-control"] == as_csv.headers["cache-control"] == "no-store"
    late = await auditor.http.get("/audit/late-entries.json", headers={"Cookie": auditor.cookie})
    assert json.loads(late.text)["rows"] == (await town.auditor.read(f"{AUDIT}/late-entries"))["entries"]


async def test_every_link_carries_the_chosen_moment(town: Town) -> None:
    _, position = await with_a_late_contract(town)
    auditor = await clerk(town, town.auditor)
    before = await auditor.open(f"/audit/late-entries?known_at={position - 1}")
    assert "示例：合同寄到较晚。" not in before.text
    for name in ASKED:
        page = await auditor.open(f"/audit/{name}?known_at={position}&lang=en")
        assert auditor.status == 200, page.text
        own = [one for one in page.links if one.startswith(("/audit", "/projects", "/organisations", "/data"))]
        # The way back to the present is meant to leave it.
        kept = [one for one in own if f"known_at={position}" in one]
        assert len(own) - len(kept) <= 1, (name, own)


async def test_wrong_conditions_are_named_on_a_page(town: Town) -> None:
    auditor = await clerk(town, town.auditor)
    for query in ("min_days=x", "role=king", "programme=%20x%2F", "known_at=never"):
        page = await auditor.open(f"/audit/late-entries?{query}")
        assert auditor.status in (404, 422), query
        assert "<h1>" in page.text
    assert "记录人" in (await auditor.open("/audit/late-entries?role=king")).text


async def test_sealed_reads_are_followed_by_person(town: Town) -> None:
    project = await town.applied(contact=bodies.CONTACT)
    await town.office.read(f"{project}/history")
    auditor = await clerk(town, town.auditor)
    page = await auditor.open("/audit/sealed-reads")
    assert "按权限查看" in page.text
    [person] = {re.sub(r"&.*", "", one) for one in page.links if "?person=" in one}
    assert "按权限查看" in (await auditor.open(person)).text
    assert auditor.status == 200


async def test_who_audits_is_led_to_the_lists(town: Town) -> None:
    auditor, local = await clerk(town, town.auditor), await clerk(town, town.local)
    assert "/audit" in (await auditor.open("/work")).links
    assert "/audit" not in (await local.open("/work")).links
    first = await auditor.http.get("/audit", headers={"Cookie": auditor.cookie})
    assert first.headers["location"] == "/audit/late-entries"
