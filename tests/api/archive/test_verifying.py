"""The verifier over packages that somebody changed: every change is found, and told by its place."""

import json
from pathlib import Path
from random import Random

from tests.api.archive.packages import MANIFEST, asked, forged, packed, zipped
from tests.api.client import Town
from tests.verify.running import accepted, refused, run


async def whole(town: Town) -> dict[str, bytes]:
    project = await town.published()
    document = await town.local.uploaded()
    await town.local.done(f"{project}/attachments", {"subject": "示例材料", "files": [document]})
    return await asked(town, town.local)


async def test_a_bit_that_flipped_is_found_in_every_file(signed_town: Town, tmp_path: Path) -> None:
    files = await whole(signed_town)
    chance = Random(20100118)
    for name, content in files.items():
        start, stop = 0, len(content)
        if name == MANIFEST:
            # The rest of it is what the maker says of the package, which nothing else tells.
            start, stop = content.index(b'"events"'), content.index(b'"files"')
        place = chance.randrange(start, stop)
        bad = bytearray(content)
        bad[place] ^= 1 << chance.randrange(8)
        assert run("archive", packed(files | {name: bytes(bad)}, tmp_path), "--memory", tmp_path / "m").code == 1, name


async def test_a_damaged_zip_is_refused(signed_town: Town, tmp_path: Path) -> None:
    await whole(signed_town)
    content = await zipped(signed_town, signed_town.local)
    path = tmp_path / "a.zip"
    for bad in (content[:-100], content[: len(content) // 2], b"", b"PK"):
        path.write_bytes(bad)
        assert run("archive", path, "--memory", tmp_path / "m").code == 1
    middle = bytearray(content)
    middle[len(middle) // 2] ^= 1
    path.write_bytes(bytes(middle))
    refused("is damaged", "archive", path, "--memory", tmp_path / "m")
    assert run("archive", tmp_path / "nowhere.zip").code == 2


async def test_a_package_foreign_to_the_log_is_refused(signed_town: Town, tmp_path: Path) -> None:
    files = await whole(signed_town)
    manifest = json.loads(files[MANIFEST])
    events = manifest["events"]
    last = events[-1]["position"]
    history = next(name for name in files if name.startswith("projects/") and name.endswith("history.json"))
    attachment = next(name for name in files if name.startswith("attachments/") and name.endswith(".pdf"))
    proof, payload, opening = f"log/proof/{last}", f"log/events/{last}", f"log/openings/{last}"
    other = f"log/proof/{events[0]['position']}"
    words = files[history].replace("每个工作日".encode(), "每个休息日".encode())
    assert words != files[history]
    told = json.loads(files[history])
    without = {name: content for name, content in files.items() if name != attachment}

    def check(said: str, changed: dict[str, bytes], **more: object) -> None:
        refused(said, "archive", forged(changed, tmp_path, **more), "--memory", tmp_path / "m")

    accepted("archive", forged(files, tmp_path), "--memory", tmp_path / "m")
    check("is not what was recorded there", files | {payload: files[payload].replace(b"fact", b"fake")})
    check("says something else in the log", files | {history: words})
    check("no history tells of it", files | {history: json.dumps(told[:-1]).encode()})
    check("is another record in the log", files | {history: json.dumps([told[0] | {"version": 9}, *told[1:]]).encode()})
    check("of which there is no proof", files | {history: json.dumps([*told, told[0] | {"position": 0}]).encode()})
    check("is not of the record", files | {proof: files[other]})
    check("does not hold", files | {proof: files[proof].replace(b"index ", b"index 1", 1)})
    check("is not named by its SHA-256", without | {attachment: b"%PDF-1.7 another"})
    check("is missing", {name: content for name, content in files.items() if name != proof})
    check("belongs to no record", files | {"log/proof/999": files[proof]})
    check("belongs to no record", files | {"log/openings/999": files[opening]})
    check("told without salt", {name: content for name, content in files.items() if name != opening})
    check("is no opening", files | {opening: b"{}"})
    check("is not version", files | {opening: json.dumps(json.loads(files[opening]) | {"version": 99}).encode()})
    check("another checkpoint", files, checkpoint=manifest["checkpoint"] | {"size": 3})
    check("out of order", files, events=[*events, events[0]])
    check("neither shown nor redacted", files, events=[*events[:-1], events[-1] | {"payload": False}])
    redacted = {"payload": False, "redacted_by": last}
    check("which does not say so", files, events=[events[0] | redacted, *events[1:]])
    check("which is not there", files, events=[events[0] | redacted | {"redacted_by": last + 1}, *events[1:]])
    added = "attachments/" + "0" * 64 + ".pdf"
    check("is not named by its SHA-256", files | {added: b"%PDF-1.7 more"})
    refused("in the package and not in the manifest", "archive", packed(files | {"more.txt": b"1"}, tmp_path))
    refused("in the manifest and not in the package", "archive", packed(without, tmp_path))


async def test_a_key_from_elsewhere_decides(signed_town: Town, tmp_path: Path) -> None:
    files = await whole(signed_town)
    path, memory = packed(files, tmp_path), ("--memory", tmp_path / "m")
    key = files["log/key"].decode().strip()
    assert "taken from the package itself" in accepted("archive", path, *memory).out
    assert "taken from the package itself" not in accepted("archive", path, "--key", key, *memory).out
    stranger = "ledger.example/log+73276038+AeKbrv29k9VsCXzMQv9dMN+HPOLU7r7IOCDUl2/OtrQl"
    refused("is not signed by the log's key", "archive", path, "--key", stranger, *memory)
    (tmp_path / "key").write_text(key)
    accepted("archive", path, "--key", tmp_path / "key", *memory)
