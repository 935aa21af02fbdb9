"""Files: uploaded by content, cited by who had them, read by whom the project says."""

import base64
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pytest
from tests.api.bodies import PROGRAMME, contract, publication, report
from tests.api.client import Caller, Town, check_problem
from tests.ledger.store.appends import written

from api.files.file_types import OFFICE, TYPES
from ledger.core.envelope import encode
from ledger.project.attachments import Attached

PDF = b"%PDF-1.7 example"
WORD, EXCEL = f"{OFFICE}.wordprocessingml.document", f"{OFFICE}.spreadsheetml.sheet"


def zipped(parts: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def office(**parts: bytes) -> bytes:
    """A document for Word with further parts."""
    return zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b""} | parts)


# A content of each type that is taken.
SAMPLES = {
    "application/pdf": PDF,
    "image/png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "image/jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF",
    WORD: zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b""}),
    EXCEL: zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b""}),
    "text/csv": "姓名,次数\r\n示例,3\r\n".encode("gb18030"),
    "text/plain": "示例材料\n".encode(),
}
UPLOAD = "/v1/attachments"


def digest_header(content: bytes) -> str:
    return f"sha-256=:{base64.b64encode(sha256(content).digest()).decode()}:"


# What is sent, as what, with which headers and address; and the refusal.
REFUSED: dict[str, tuple[bytes, str, dict[str, str], str, tuple[int, str]]] = {
    "nothing": (b"", "application/pdf", {}, "", (422, "attachment_empty")),
    "more than 20 MB": (PDF + bytes(20_000_000), "application/pdf", {}, "", (413, "attachment_too_large")),
    "a program": (b"MZ\x90", "application/x-msdownload", {}, "", (415, "attachment_type_forbidden")),
    "a page": (b"<html>", "text/html", {}, "", (415, "attachment_type_forbidden")),
    "a drawing that runs": (b"<svg/>", "image/svg+xml", {}, "", (415, "attachment_type_forbidden")),
    "no type": (PDF, "", {}, "", (415, "attachment_type_forbidden")),
    "a page said to be a PDF": (b"<html>%PDF-", "application/pdf", {}, "", (422, "attachment_content_wrong")),
    "a PDF said to be a picture": (PDF, "image/png", {}, "", (422, "attachment_content_wrong")),
    "a program said to be text": (b"MZ\0\0", "text/plain", {}, "", (422, "attachment_executable")),
    "text in no encoding": (b"\xff\xff\xff", "text/csv", {}, "", (422, "attachment_content_wrong")),
    "a table said to be a letter": (
        SAMPLES[EXCEL], WORD, {}, "",
        (422, "attachment_content_wrong"),
    ),
    "another digest": (PDF, "application/pdf", {}, f"?sha256={'0' * 64}", (422, "attachment_digest_wrong")),
    "another digest in the header": (
        PDF, "application/pdf", {"Content-Digest": digest_header(b"x")}, "", (422, "attachment_digest_wrong"),
    ),
    "one digest right and one wrong": (
        PDF, "application/pdf", {"Content-Digest": digest_header(PDF)}, f"?sha256={'0' * 64}",
        (422, "attachment_digest_wrong"),
    ),
    "no digest": (PDF, "application/pdf", {}, "?sha256=1", (422, "invalid_request")),
    "a header of another form": (
        PDF, "application/pdf", {"Content-Digest": "sha-256=abc"}, "", (422, "header_invalid"),
    ),
    "a header that is not base64": (
        PDF, "application/pdf", {"Content-Digest": f"sha-256=:{'A' * 42}B=:"}, "", (422, "attachment_digest_wrong"),
    ),
}  # fmt: skip

DECEIVING = {
    "申报表.pdf.bat": "attachment_name_ending",
    "申报表\u202efdp.bat": "attachment_name_character",
    "报告.html": "attachment_name_ending",
    "..": "attachment_name_dots",
    "\u200b": "attachment_name_character",
    "CON.txt": "attachment_name_reserved",
    "长" * 200: "attachment_name_too_long",
    "示例.txt": "attachment_name_ending",
}


async def kept(town: Town) -> int:
    """The rows of uploads."""
    async with town.service.pool.connection() as connection:
        row = await (await connection.execute("SELECT count(*) FROM ledger.attachments")).fetchone()
    assert row is not None
    return int(row[0])


async def status(caller: Caller, project: str, digest: str) -> int:
    return (await caller.get(f"{UPLOAD}/{digest}", project=project.rsplit("/", 1)[1])).status_code


def files(*cited: dict[str, str]) -> dict[str, Any]:
    return {"subject": "示例材料", "files": list(cited)}


@pytest.mark.parametrize("media_type", TYPES)
async def test_each_type_that_is_taken_is_taken(town: Town, media_type: str) -> None:
    content = SAMPLES[media_type]
    said = {"Content-Type": f"{media_type}; charset=utf-8", "Content-Digest": digest_header(content)}
    digest = sha256(content).hexdigest()
    for caller in (town.local, town.district, town.local):
        answer = await caller.send(f"{UPLOAD}?sha256={digest}", content, **said)
        assert answer.status_code == 201
        assert answer.json() == {"sha256": digest, "bytes": len(content), "media_type": media_type}
    assert await kept(town) == 2
    assert await town.service.attachments.get(digest) == content


async def test_what_is_refused_leaves_nothing_behind(town: Town, subtests: pytest.Subtests) -> None:
    size = await town.size()
    for name, (content, media_type, headers, query, refusal) in REFUSED.items():
        with subtests.test(name):
            answer = await town.local.send(UPLOAD + query, content, **{"Content-Type": media_type}, **headers)
            check_problem(answer, *refusal)
    answer = await town.public.send(UPLOAD, PDF, **{"Content-Type": "application/pdf"})
    check_problem(answer, 401, "sign_in_needed")
    assert await kept(town) == 0
    assert await town.size() == size


@pytest.mark.parametrize(
    ("content", "media_type", "found"),
    [
        (b"\x7fELF\x02\x01", "text/plain", "elf"),
        (b"MZ\x90\0", "application/pdf", "pe"),
        (b"\xcf\xfa\xed\xfe", "image/png", "mach-o"),
        (b"#!/bin/sh\nrm -r .\n", "text/plain", "script"),
        (b"\xef\xbb\xbf#!/bin/sh\n", "text/csv", "script"),
        (b"@echo off\r\nstart calc.exe\r\n", "text/plain", "script"),
        ("说明\n<ScRiPt >alert(1)</script>".encode(), "text/plain", "markup"),
        (b"<svg onload='alert(1)'/>", "text/csv", "markup"),
        (b"<?php system('id');", "text/plain", "markup"),
        ("姓名,次数\r\n=cmd|'/C calc'!A0,3\r\n".encode(), "text/csv", "formula"),
        (PDF + b" /OpenAction << /S /JavaScript /JS (app.alert(1)) >>", "application/pdf", "actions"),
        (PDF + zipped({"a.class": b"\xca\xfe\xba\xbe"}), "application/pdf", "archive"),
        (SAMPLES["image/jpeg"] + zipped({"a": b"b"}), "image/jpeg", "archive"),
        (SAMPLES["image/png"] + b"<script>alert(1)</script>", "image/png", "markup"),
        (office(**{"word/vbaProject.bin": b"x"}), WORD, "macros"),
        (office(**{"word/activeX/activeX1.xml": b"x"}), WORD, "macros"),
        (office(**{"word/embeddings/oleObject1.bin": b"x"}), WORD, "macros"),
        (office(**{"[Content_Types].xml": b"application/vnd.ms-word.document.macroEnabled.main+xml"}), WORD, "macros"),
        (
            office(
                **{
                    "word/_rels/settings.xml.rels": b'<R Type="x/attachedTemplate" Target="https://example.org/a.dotm"/>'
                }
            ),
            WORD,
            "remote template",
        ),
        (office(**{"word/Document.xml": b"x"}), WORD, "repeated part"),
        (office(**{"word/_rels/a.rels": bytes(1_000_001)}), WORD, "oversized part"),
    ],
)
async def test_what_can_be_run_is_not_taken(town: Town, content: bytes, media_type: str, found: str) -> None:
    answer = await town.local.send(UPLOAD, content, **{"Content-Type": media_type})
    check_problem(answer, 422, "attachment_executable")
    assert answer.json()["details"] == {"found": found}
    assert await kept(town) == 0


async def test_roles_that_cite_nothing_upload_nothing(town: Town) -> None:
    administrator = await town.account("administrator")
    roles = (town.auditor, town.members[0], town.jurors[0], town.treasury, town.beneficiary, town.association)
    for caller in (*roles, administrator):
        answer = await caller.send(UPLOAD, PDF, **{"Content-Type": "application/pdf"})
        check_problem(answer, 403, "role_may_not")
    assert await kept(town) == 0
    for caller in (town.local, town.district, town.office, town.leaders):
        assert (await caller.send(UPLOAD, PDF, **{"Content-Type": "application/pdf"})).status_code == 201


async def test_deceiving_names_are_refused_wherever_they_enter(town: Town, subtests: pytest.Subtests) -> None:
    cited = await town.local.uploaded()
    theirs = await town.office.uploaded()
    project = await town.published()
    town.clock.to(3, 1)
    await town.local.done(f"{project}/milestones", report("start", documents=[cited]))
    version = (await town.local.read(project))["version"]
    size = await town.size()
    for name, code in DECEIVING.items():
        bad = cited | {"name": name}
        late = {"effective_on": "2010-03-01", "reason": "纸质。", "scan": theirs | {"name": name}}
        restated = {"kind": "restate", "target": version, "changes": {"documents": [bad]}, "reason": "改名。"}
        tries: list[tuple[Caller, str, dict[str, Any]]] = [
            (town.local, f"{project}/attachments", files(cited, bad)),
            (town.local, f"{project}/disclosures", files(bad)),
            (town.local, f"{project}/milestones", report("early", documents=[bad])),
            (town.office, f"{project}/milestones", report("early") | {"late_entry": late}),
            (town.local, f"{project}/corrections", restated),
        ]
        for caller, path, body in tries:
            with subtests.test(f"{name!a} {path.rsplit('/', 1)[1]}"):
                answer = await caller.post(path, body)
                check_problem(answer, 422, code)
                assert answer.json()["details"]["name"] == name
    assert await town.size() == size


async def test_a_name_recorded_before_is_read_and_saved_safely(town: Town) -> None:
    project, cited = await town.applied(), await town.local.uploaded()
    stream = UUID(project.rsplit("/", 1)[1])
    attached = await town.local.done(f"{project}/attachments", files(cited))
    [*_, recorded] = (await town.service.store.streams([stream]))[stream]
    fact = recorded.event.fact
    assert isinstance(fact, Attached)
    old = "申报表\u202efdp.bat"
    named = fact.model_copy(update={"files": tuple(one.model_copy(update={"name": old}) for one in fact.files)})
    state = encode(recorded.event.model_copy(update={"fact": named}))
    await town.service.store.append(written(stream, attached["version"], state))
    town.service.ledger.forget([stream])
    answer = await town.local.get(f"{UPLOAD}/{cited['sha256']}", project=str(stream))
    assert answer.headers["content-disposition"].endswith("_fdp_bat.pdf")
    await town.local.done(f"{project}/disclosures", files(cited | {"name": old}))


async def test_twenty_megabytes_are_taken_here_and_one_elsewhere(town: Town) -> None:
    cited = await town.local.uploaded(content=PDF + bytes(20_000_000 - len(PDF)))
    assert len(await town.service.attachments.get(cited["sha256"])) == 20_000_000
    check_problem(await town.local.send("/v1/projects", bytes(1_000_001)), 413, "body_too_large")


async def test_attachments_are_read_by_participants(town: Town) -> None:
    project = await town.published()
    cited = await town.local.uploaded("示例 “签到表”.pdf")
    assert await status(town.local, project, cited["sha256"]) == 404
    receipt = await town.local.done(f"{project}/attachments", files(cited))
    history = await town.local.read(f"{project}/history")
    [attached] = [event["payload"] for event in history if event["version"] == receipt["version"]]
    assert attached["files"] == [cited | {"media_type": "application/pdf", "bytes": len(PDF)}]
    inside = (town.local, town.district, town.office, town.members[0], town.leaders, town.auditor)
    assert {await status(caller, project, cited["sha256"]) for caller in inside} == {200}
    outside = (town.public, town.neighbour, town.city, town.elsewhere, town.association)
    assert {await status(caller, project, cited["sha256"]) for caller in outside} == {404}
    assert "Attached" not in {event["type"] for event in await town.public.read(f"{project}/history")}


async def test_a_file_is_saved_and_never_shown_in_place(town: Town) -> None:
    project, cited = await town.applied(), await town.local.uploaded("示例 “签到表”.pdf")
    await town.local.done(f"{project}/attachments", files(cited))
    answer = await town.local.get(f"{UPLOAD}/{cited['sha256']}", project=project.rsplit("/", 1)[1])
    assert answer.content == PDF
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["x-content-type-options"] == "nosniff"
    name = "%E7%A4%BA%E4%BE%8B%20%E2%80%9C%E7%AD%BE%E5%88%B0%E8%A1%A8%E2%80%9D.pdf"
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}"


async def test_a_disclosed_file_is_public_after_publication(town: Town) -> None:
    project, cited = await town.contracted(), await town.local.uploaded()
    await town.local.done(f"{project}/attachments", files(cited))
    await town.local.done(f"{project}/disclosures", files(cited))
    assert await status(town.public, project, cited["sha256"]) == 404
    await town.office.done(f"/v1/programmes/{PROGRAMME}/publications", publication(project))
    assert {await status(caller, project, cited["sha256"]) for caller in (town.public, town.elsewhere)} == {200}
    other = await town.published(title="示例：另一个项目")
    assert await status(town.public, other, cited["sha256"]) == 404
    check_problem(await town.public.get(f"{UPLOAD}/{cited['sha256']}"), 422, "invalid_request")


async def test_a_disclosure_that_is_void_closes_the_file_again(town: Town) -> None:
    project, cited = await town.published(), await town.local.uploaded()
    await town.local.done(f"{project}/attachments", files(cited))
    receipt = await town.local.done(f"{project}/disclosures", files(cited))
    void = {"kind": "void", "target": receipt["version"], "reason": "照片中有人脸。"}
    await town.corrected(project, void)
    assert await status(town.public, project, cited["sha256"]) == 404
    assert await status(town.local, project, cited["sha256"]) == 200


async def test_only_files_of_the_project_are_disclosed(town: Town) -> None:
    project, cited = await town.published(), await town.local.uploaded()
    check_problem(await town.local.post(f"{project}/disclosures", files(cited)), 409, "attachment_not_cited")
    town.clock.to(3, 1)
    await town.local.done(f"{project}/milestones", report("start", documents=[cited]))
    await town.local.done(f"{project}/disclosures", files(cited))
    assert await status(town.public, project, cited["sha256"]) == 200


async def test_report_documents_are_named_publicly(town: Town) -> None:
    project, cited = await town.published(), await town.local.uploaded()
    town.clock.to(3, 1)
    await town.local.done(f"{project}/milestones", report("start", documents=[cited]))
    [event] = [one for one in await town.public.read(f"{project}/history") if one["type"] == "MilestoneReported"]
    assert event["payload"]["documents"] == [cited]
    assert await status(town.local, project, cited["sha256"]) == 200
    assert await status(town.public, project, cited["sha256"]) == 404


async def test_a_citation_without_upload_is_refused_by_name(town: Town, subtests: pytest.Subtests) -> None:
    """Also another's file, whose digest everybody may know: citing it must not open it."""
    theirs = await town.city.uploaded("示例他人.pdf")
    never = {"name": "示例没有.pdf", "sha256": "0" * 64}
    approved = await town.approved()
    published = await town.published(title="示例：已公布")
    town.clock.to(3, 1)
    await town.local.done(f"{published}/milestones", report("start"))
    version = (await town.local.read(published))["version"]
    size = await town.size()
    for cited in (theirs, never):
        tries: list[tuple[Caller, str, dict[str, Any], str]] = [
            (town.local, f"{published}/attachments", files(cited), cited["name"]),
            (town.local, f"{published}/milestones", report("early", documents=[cited]), cited["name"]),
            (town.district, f"{approved}/contract", contract(original_sha256=cited["sha256"]), contract()["number"]),
            (
                town.local,
                f"{published}/corrections",
                {"kind": "restate", "target": version, "changes": {"documents": [cited]}, "reason": "补附件。"},
                cited["name"],
            ),
        ]
        for caller, path, body, name in tries:
            with subtests.test(path.rsplit("/", 1)[1]):
                answer = await caller.post(path, body)
                check_problem(answer, 422, "attachment_not_uploaded")
                assert answer.json()["details"] == {"name": name, "sha256": cited["sha256"]}
    assert await town.size() == size


async def test_a_cited_file_may_be_cited_again(town: Town) -> None:
    project, cited = await town.published(), await town.local.uploaded()
    await town.local.done(f"{project}/attachments", files(cited))
    town.clock.to(3, 1)
    await town.district.done(f"{project}/milestones", report("start", documents=[cited]))


async def test_a_lost_file_is_reported_unavailable(town: Town) -> None:
    project, cited = await town.applied(), await town.local.uploaded()
    await town.local.done(f"{project}/attachments", files(cited))
    objects: Any = town.service.attachments.objects
    await objects.delete_async(f"sha256/{cited['sha256'][:2]}/{cited['sha256'][2:]}")
    answer = await town.local.get(f"{UPLOAD}/{cited['sha256']}", project=project.rsplit("/", 1)[1])
    check_problem(answer, 503, "attachment_out_of_reach")
