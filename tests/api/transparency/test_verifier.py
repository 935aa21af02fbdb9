"""The verifier over what really happened: certificates and draws of the service, and its events published in full."""

import json
from pathlib import Path
from typing import Any

from tests.api.bodies import PROGRAMME, award, frame, person, revocation, sample
from tests.api.client import Town
from tests.verify.producer import Made, event, veiled
from tests.verify.running import Ran, accepted, refused, run

HERE = f"/v1/programmes/{PROGRAMME}"
EVERYTHING = """
SELECT e.position, e.stream, e.version, e.recorded_at, p.payload, v.salt, e.leaf_hash
FROM ledger.events e JOIN ledger.payloads p USING (position) LEFT JOIN ledger.veils v USING (stream) ORDER BY position
"""


async def published(town: Town, folder: Path) -> Path:
    """All events as a log, made by the tests' own producer."""
    async with town.service.pool.connection() as connection:
        rows = await (await connection.execute(EVERYTHING)).fetchall()
    made = Made(
        [
            event(n, stream, version, bytes(said), at=at)
            if salt is None
            else veiled(n, bytes(salt), version, bytes(said), "payload", at)
            for n, stream, version, at, said, salt, _ in rows
        ]
    )
    assert made.leaves == [bytes(row[6]) for row in rows]
    return made.write(folder / "log")


async def honoured(town: Town, **person: Any) -> tuple[str, int]:
    honour = "advanced-individual" if person else "advanced-organisation"
    project = await town.evaluated()
    nominee = await town.proposed(project, honour, town.leaders, **person)
    town.clock.to(12, 16)
    return project, (await town.leaders.done(f"{HERE}/awards", award(project, honour, **nominee)))["version"]


async def asked(town: Town, folder: Path, project: str, version: int, changes: Any = None) -> list[object]:
    """The arguments that check the project's certificate, or what was made of it, against the log as it is."""
    certificate = await town.public.read(f"{project}/certificates/{version}")
    file = folder / "certificate.json"
    file.write_text(json.dumps(certificate | (changes or {})))
    return ["award", await published(town, folder), file, "--memory", folder / "memory.json"]


async def test_everything_that_the_ledger_recorded_verifies(town: Town, tmp_path: Path) -> None:
    await honoured(town)
    folder = await published(town, tmp_path)
    told = accepted("all", folder, "--memory", tmp_path / "memory.json", "--json").json
    assert told["size"] == told["events"]["shown"] == await town.size()


async def test_a_certificate_follows_its_award(town: Town, tmp_path: Path) -> None:
    project, version = await honoured(town, person=person())
    stale = await asked(town, tmp_path, project, version)
    ran = accepted(*stale, "--json").json
    assert (ran["standing"], len(ran["events"]), ran["name"]) == ("valid", 1, {"sealed": True})
    old = (tmp_path / "certificate.json").read_text()
    await town.leaders.done(f"{HERE}/revocations", revocation(project, version))
    arguments = await asked(town, tmp_path, project, version)
    ran = accepted(*arguments, "--json").json
    assert (ran["standing"], len(ran["events"])) == ("revoked", 2)
    (tmp_path / "old.json").write_text(old)
    refused("by the log the award is revoked", *arguments[:2], tmp_path / "old.json", *arguments[3:])
    void = {"kind": "void", "target": version + 1, "reason": "误录。"}
    await town.corrected(project, void)
    assert accepted(*await asked(town, tmp_path, project, version), "--json").json["standing"] == "valid"
    await town.corrected(project, void | {"target": version})
    ran = accepted(*await asked(town, tmp_path, project, version), "--json").json
    assert (ran["standing"], ran["events"][1] > ran["events"][0]) == ("void", True)


async def test_a_restated_award_is_compared_as_restated(town: Town, tmp_path: Path) -> None:
    project, version = await honoured(town)
    await asked(town, tmp_path, project, version)
    before = json.loads((tmp_path / "certificate.json").read_text())
    restate = {"kind": "restate", "target": version, "changes": {"deed": "示例：改正后的事迹。"}, "reason": "误录。"}
    await town.corrected(project, restate)
    told = accepted(*await asked(town, tmp_path, project, version), "--json").json
    assert (told["standing"], len(told["events"])) == ("valid", 2)
    old_words = {"deed": before["deed"], "awarded_on": before["awarded_on"]}
    refused("the certificate says deed", *await asked(town, tmp_path, project, version, old_words))
    # The restated one can be taken back as well.
    await town.leaders.done(f"{HERE}/revocations", revocation(project, version))
    told = accepted(*await asked(town, tmp_path, project, version), "--json").json
    assert (told["standing"], len(told["events"])) == ("revoked", 3)


async def test_a_certificate_that_says_something_else_is_refused(town: Town, tmp_path: Path) -> None:
    project, version = await honoured(town)
    other = project.rsplit("/", 1)[1]
    for changes, said in [
        ({"deed": "另一件事。"}, "the certificate says deed"),
        ({"name": "另一个组织"}, "the certificate says name"),
        ({"place": 2}, "the certificate says place"),
        ({"awarded_on": "2010-12-15"}, "the certificate says awarded_on"),
        ({"leaf_hash": "00" * 32}, "not the certificate's"),
        ({"code": "AAAAAAAAAA"}, "the code of position"),
        ({"version": version - 1}, f"holds version {version} of stream {other}"),
        ({"position": 0}, "position 0 holds version 1"),
        ({"position": 10**6}, "so none at position 1000000"),
        ({"standing": "revoked"}, "by the log the award is valid, the certificate calls it 'revoked'"),
        ({"withdrawal": {"version": 1}}, "cites another withdrawal"),
        ({"withdrawal": 7}, "cites another withdrawal"),
        ({"project": "not an id"}, "not the JSON of a certificate"),
        ({"version": "1"}, "not the JSON of a certificate"),
        ({"standing": []}, "not the JSON of a certificate"),
    ]:
        refused(said, *await asked(town, tmp_path, project, version, changes))
    arguments = await asked(town, tmp_path, project, version)
    for text in ("[]", "7", "{}", '{"project": 7}', "null"):
        (tmp_path / "certificate.json").write_text(text)
        refused("not the JSON of a certificate", *arguments)


async def test_a_withheld_later_event_is_refused(town: Town, tmp_path: Path) -> None:
    """Leaving an event out of the tree changes the tree; leaving out what it says is told."""
    project, version = await honoured(town)
    await town.leaders.done(f"{HERE}/revocations", revocation(project, version))
    arguments = await asked(town, tmp_path, project, version)
    bundle = tmp_path / "log" / "payloads" / "000"
    lines = bundle.read_bytes().splitlines(keepends=True)
    told = json.loads(lines[-1])
    hidden = {"position": len(lines) - 1, "withheld": True}
    lines[-1] = json.dumps(hidden | {name: told[name] for name in ("salt", "version")}).encode() + b"\n"
    bundle.write_bytes(b"".join(lines))
    assert "revoked" in refused("by the log the award is valid", *arguments).err
    (tmp_path / "certificate.json").write_text(
        json.dumps(json.loads((tmp_path / "certificate.json").read_text()) | {"standing": "valid", "withdrawal": None})
    )
    assert accepted(*arguments, "--json").json["hidden"] == 1


async def test_a_draw_of_the_service_is_recomputed(town: Town, tmp_path: Path) -> None:
    project = await town.completed()
    town.clock.to(12, 1)
    await town.local.done(f"{project}/sample-frame", frame())
    answer, file = await town.public.read(f"{project}/sample-frame"), tmp_path / "answer.json"

    def checked(value: Any) -> Ran:
        file.write_text(json.dumps(value))
        return run("draw", file)

    assert "nothing was drawn" in checked(answer).err
    town.clock.to(12, 2)
    await town.office.done(f"{HERE}/samples", sample(project))
    answer = await town.public.read(f"{project}/sample-frame")
    ran = checked(answer)
    assert (ran.code, "10 of 80, as announced" in ran.out) == (0, True), ran
    frame_, sample_ = answer["frame"], answer["sample"]
    entries, drawn = frame_["entries"], sample_["drawn"]
    for changed, said in [
        ({"frame": frame_ | {"entries": entries[:-1]}}, "the frame was changed"),
        ({"frame": frame_ | {"entries": entries[::-1]}}, "not in ascending order"),
        ({"frame": frame_ | {"entries": [*entries, entries[-1]]}}, "names someone twice"),
        ({"frame": frame_ | {"least": 9}}, "10 were drawn instead of 9"),
        ({"frame": frame_ | {"share": "10"}}, "other types"),
        ({"frame": frame_ | {"entries": 7}}, "other types"),
        ({"sample": sample_ | {"value": "another"}}, "the seed does not follow"),
        ({"sample": sample_ | {"seed": "0" * 64}}, "the seed does not follow"),
        ({"sample": sample_ | {"drawn": [*drawn[1:], drawn[0]]}}, "number 1 of the sample"),
        ({"sample": sample_ | {"drawn": drawn[:-1]}}, "9 were drawn instead of 10"),
        ({"sample": []}, "a frame or sample is missing"),
    ]:
        ran = checked(answer | changed)
        assert (ran.code, said in ran.err) == (1, True), ran
    assert checked([]).code == 1
