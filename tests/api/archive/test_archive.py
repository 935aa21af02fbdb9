"""An organisation's archive over HTTP: what is in it for whom, by both clocks, and that it stays the same bytes."""

import csv
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped]  # ships no types
import pytest
from tests.api.archive.packages import MANIFEST, address, asked, history_of, projects_in, unpacked, verified, zipped
from tests.api.bodies import CONTACT, GRADE, LISTING, PROGRAMME, award, person, report
from tests.api.client import Town, check_problem
from tests.api.pictures import photographed

PDF = b"%PDF-1.7 example"


async def lived(town: Town) -> str:
    """An evaluated project; the organisation has a grade and is on a list."""
    register = f"/v1/organisations/{town.local_id}"
    await town.office.done(f"{register}/grades", GRADE)
    project = await town.evaluated(contact=CONTACT)
    await town.office.done(f"{register}/lists", LISTING)
    return project


def text_of(pdf: bytes) -> str:
    pages = pypdfium2.PdfDocument(pdf)
    told = "".join(page.get_textpage().get_text_range() for page in pages)
    # Lines are broken, and Chinese set apart from figures, as it looks best.
    return "".join(told.split())


async def test_a_package_holds_what_its_reader_may_see(signed_town: Town, tmp_path: Path) -> None:
    town = signed_town
    hidden = await town.applied(title="示例：未公布")
    shown = await lived(town)
    town.clock.to(12, 1)
    own = [town.local, town.district, town.office, town.auditor]
    for caller in (*own, town.public, town.neighbour, town.elsewhere):
        files = await asked(town, caller)
        assert projects_in(files) == ({hidden, shown} if caller in own else {shown})
        organisation = f"/v1/organisations/{town.local_id}"
        assert json.loads(files["credit.json"]) == await caller.read(f"{organisation}/credit")
        assert json.loads(files["organisation/state.json"]) == await caller.read(organisation)
        for project in projects_in(files):
            folder = project.removeprefix("/v1/")
            assert json.loads(files[f"{folder}/state.json"]) == await caller.read(f"{project}/state")
            history = await caller.read(f"{project}/history")
            assert history_of(files, project) == [event | {"opened": {}} for event in history]
        whole = await caller.read(f"{organisation}/history")
        told = json.loads(files[MANIFEST])["events"]
        assert [one["position"] for one in told] == [event["position"] for event in whole["events"]]
        said = verified(files, tmp_path)
        assert said["records"]["shown"] == len(told)
        assert said["organisation"] == str(town.local_id)


async def test_the_manifest_names_files_basis_and_role(signed_town: Town) -> None:
    town = signed_town
    await lived(town)
    for caller, made_for in (
        (town.public, {"role": "public", "body": None}),
        (town.district, {"role": "district", "body": "110105"}),
        (town.local, {"role": "organisation", "body": str(town.local_id)}),
        (town.auditor, {"role": "auditor", "body": None}),
    ):
        files = await asked(town, caller, on="2010-12-01")
        manifest = json.loads(files.pop(MANIFEST))
        assert {one["path"]: (one["bytes"], one["sha256"]) for one in manifest["files"]} == {
            name: (len(content), sha256(content).hexdigest()) for name, content in files.items()
        }
        assert manifest["made_for"] == made_for
        assert (manifest["basis"]["known"], manifest["basis"]["on"]) == (await town.size() - 1, "2010-12-01")
        assert manifest["checkpoint"]["size"] == await town.size()
        readme = files["README.txt"].decode()
        assert "minsheng-verify archive" in readme and "How to verify" in readme


async def test_the_dossier_reads_as_the_record_does(signed_town: Town) -> None:
    town = signed_town
    await lived(town)
    found = text_of((await asked(town, town.public))["dossier.pdf"])
    for said in (
        "社会组织电子档案", "示例朝阳助老服务中心", "示例京朝民证字第0002号", "4A", "严重违法失信名单",
        "示例发〔2010〕7号", "示例：为独居老人送午餐", "扶老助残", "示例合同2010-1", "¥30,000.00",
        "报送启动阶段进度表", "按计划进行。", "第三方评估", "达到目标。", "报送时效",
    ):  # fmt: skip
        assert said in found, said
    english = text_of((await asked(town, town.public, lang="en"))["dossier.pdf"])
    assert "Electronicarchiveofanorganisation" in english and "Contract" in english


async def test_many_projects_are_bound_in_volumes(signed_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town = signed_town
    for number in range(3):
        await town.applied(title=f"示例项目{number}")
    monkeypatch.setattr("api.archive.dossier.PROJECTS_A_VOLUME", 1)
    monkeypatch.setattr("api.archive.making.PROJECTS_A_VOLUME", 1)
    files = await asked(town, town.local)
    first, second, third = (text_of(files[name]) for name in ("dossier.pdf", "dossier-2.pdf", "dossier-3.pdf"))
    assert "示例项目0" in first and "示例项目2" in first and "示例项目2" in third
    assert "第1卷，共3卷" in first and "示例项目0" not in second


async def test_nothing_sealed_is_opened_for_anybody(signed_town: Town) -> None:
    town = signed_town
    honour, name = "advanced-individual", "李示例"
    project = await lived(town)
    nominee = await town.proposed(project, honour, town.leaders, person=person(name))
    town.clock.to(12, 16)
    await town.leaders.done(f"/v1/programmes/{PROGRAMME}/awards", award(project, honour, **nominee))
    for caller in (town.public, town.local, town.office, town.auditor):
        for path, content in (await asked(town, caller)).items():
            told = text_of(content) if path.endswith(".pdf") else content.decode()
            for sealed in (CONTACT["telephone"], CONTACT["name"], name):
                assert sealed not in told, path


async def test_files_are_readable_events_byte_for_byte(signed_town: Town, tmp_path: Path) -> None:
    town = signed_town
    project = await town.published()
    kept = await town.local.uploaded("=示例.pdf", PDF)
    opened = await town.local.uploaded("示例公开.pdf", PDF + b" two")
    for path, document in (("attachments", kept), ("attachments", opened), ("disclosures", opened)):
        await town.local.done(f"{project}/{path}", {"subject": "示例材料", "files": [document]})
    both = {kept["sha256"]: PDF, opened["sha256"]: PDF + b" two"}
    for caller, wanted in ((town.local, both), (town.office, both), (town.public, {opened["sha256"]: PDF + b" two"})):
        files = await asked(town, caller)
        assert {
            name.removeprefix("attachments/").removesuffix(".pdf"): content
            for name, content in files.items()
            if name.startswith("attachments/") and name.endswith(".pdf")
        } == wanted
        header, *rows = csv.reader(files["attachments/index.csv"].decode("utf-8-sig").splitlines())
        assert {row[header.index("SHA-256")] for row in rows} == set(wanted)
        assert verified(files, tmp_path)["attachments"] == len(wanted)
    # What a spreadsheet would take for a formula is a text.
    index = (await asked(town, town.local))["attachments/index.csv"].decode()
    assert ",'=示例.pdf," in index


async def test_a_question_always_gives_the_same_bytes(signed_town: Town, tmp_path: Path) -> None:
    town = signed_town
    project = await town.published()
    known = await town.followed()
    question: dict[str, Any] = {"known_at": known, "on": "2010-12-01"}
    before = await zipped(town, town.public, **question)
    other = await town.applied(title="示例：后来的")
    town.clock.to(3, 15)
    await town.local.done(f"{project}/milestones", report("start"))
    town.clock.forward(days=365)
    assert await zipped(town, town.public, **question) == before
    files = unpacked(before)
    assert json.loads(files[MANIFEST])["basis"]["known"] == known
    later = await asked(town, town.local, **question)
    assert other not in projects_in(later)
    assert "MilestoneReported" not in [event["type"] for event in history_of(later, project)]
    assert "MilestoneReported" in [event["type"] for event in history_of(await asked(town, town.local), project)]
    verified(later, tmp_path)


async def test_a_redacted_event_is_shown_as_redacted(signed_town: Town, tmp_path: Path) -> None:
    town, name = signed_town, "示例张某"
    project = await town.published(content=f"为{name}等老人送午餐。")
    known = await town.followed()
    assert name in text_of((await asked(town, town.public))["dossier.pdf"])
    said = {"target": 1, "texts": {"form.content": [name]}, "reason": "误录了姓名。", "authority": "示例规定第3条"}
    await town.office.done(f"{project}/redactions", said)
    by = (await town.office.done(f"{project}/redactions", said | {"texts": {"form.plan": ["三月"]}}))["position"]
    for query in ({}, {"known_at": known}):
        files = await asked(town, town.public, **query)
        for path, content in files.items():
            assert name not in (text_of(content) if path.endswith(".pdf") else content.decode()), path
        first = history_of(files, project)[0]
        assert first["redacted"]["by"] == by
        [told] = [one for one in json.loads(files[MANIFEST])["events"] if one["position"] == first["position"]]
        assert (told["payload"], told["redacted_by"]) == (False, by)
        assert f"log/events/{first['position']}" not in files and f"log/proof/{first['position']}" in files
        assert f"log/events/{by}" in files
        # As known later, the first of the two redactions is read in the second's words too.
        assert verified(files, tmp_path)["records"]["redacted"] == (1 if query else 2)
        assert "误录了姓名。" in text_of(files["dossier.pdf"])


async def test_conditional_requests_and_file_names_work(signed_town: Town) -> None:
    town = signed_town
    await zipped(town, town.public)
    answer = await town.public.get(address(town))
    named = answer.headers["content-disposition"]
    assert f'filename="archive-{town.local_id}-' in named
    assert "filename*=UTF-8''%E7%A4%BA%E4%BE%8B" in named
    assert answer.headers["etag"] == f'"{sha256(answer.content).hexdigest()}"'
    assert int(answer.headers["content-length"]) == len(answer.content)
    again = await town.public.http.get(address(town), headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    private = await town.local.get(address(town))
    assert "private" in private.headers["cache-control"] and "Authorization" in private.headers["vary"]


async def test_impossible_questions_are_refused_by_code(signed_town: Town) -> None:
    town = signed_town
    stranger = "/v1/organisations/00000000-0000-4000-8000-000000000000/archive"
    check_problem(await town.public.get(stranger), 404, "organisation_unknown")
    check_problem(await town.public.get(address(town), known_at="0"), 404, "nothing_known_yet")
    check_problem(await town.public.get(address(town), known_at="10000"), 404, "position_unknown")
    check_problem(await town.public.get(address(town), known_at="2010-02-30"), 422, "known_at_invalid")
    check_problem(await town.public.get(address(town), on="2009-12-31"), 404, "nothing_in_force_yet")


async def test_what_is_not_signed_is_not_packed(town: Town) -> None:
    check_problem(await town.office.get(address(town)), 404, "log_not_signed")


async def test_what_was_just_recorded_is_waited_for(signed_town: Town) -> None:
    town = signed_town
    project = await town.published()
    town.clock.to(3, 15)
    done = await town.local.done(f"{project}/milestones", report("start"))
    answer = await town.local.get(address(town))
    assert f"log/proof/{done['position']}" in unpacked(answer.content)


async def test_no_photograph_is_in_a_package(signed_town: Town, tmp_path: Path) -> None:
    """A package could not follow when consent is taken back; it verifies before that and afterwards."""
    project = await signed_town.published()
    address = await photographed(signed_town, project)
    content = (await signed_town.public.get(address)).content
    files = await asked(signed_town, signed_town.local)
    assert verified(files, tmp_path)
    version = int(address.rsplit("/", 1)[1])
    body = {"target": version, "reason": "示例：撤回同意。"}
    await signed_town.local.done(f"{project}/photograph-withdrawals", body)
    after = await asked(signed_town, signed_town.local)
    assert verified(after, tmp_path)
    told = [one["type"] for one in history_of(after, project)]
    assert told[-2:] == ["PhotographShown", "PhotographWithdrawn"]
    digest = sha256(content).hexdigest().encode()
    for package in (files, after):
        assert not any(content in one or digest in one for one in package.values())
