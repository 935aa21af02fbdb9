"""The verifier over a folder: what is right is accepted and told, every flipped bit is refused."""

import json
from base64 import b64encode
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.verify.producer import LOG, ORIGIN, Event, Made, Signer, event, events, note
from tests.verify.running import accepted, refused, run
from tests.verify.test_tree import flipped

from ledger.transparency.leaves import entry, leaf_hash
from minsheng_verify.entries import parse_entry

SIZES = (1, 2, 255, 256, 257, 300, 512, 513)


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    return tmp_path / "memory" / "seen.json"


@pytest.mark.parametrize("size", SIZES)
def test_a_whole_log_verifies_at_every_size(tmp_path: Path, memory: Path, size: int) -> None:
    made = Made(events(size))
    said = accepted("all", made.write(tmp_path / "log"), "--memory", memory, "--json").json
    shown = [one.payload for one in made.events]
    assert (said["log"], said["size"], said["streams"]) == (ORIGIN, size, min(size, 7))
    assert said["events"] == {
        "shown": sum("payload" in one for one in shown),
        "withheld": sum("withheld" in one for one in shown),
        "redacted": sum("redacted_by" in one for one in shown),
    }
    for position in {0, size // 2, size - 1}:
        told = accepted("inclusion", tmp_path / "log", position, "--memory", memory, "--json").json
        assert told["leaf_hash"] == made.leaves[position].hex()
        assert told["payload_sha256"] == sha256(made.events[position].said).hexdigest()


def test_an_empty_log_verifies(tmp_path: Path, memory: Path) -> None:
    folder = Made([]).write(tmp_path / "log")
    assert accepted("all", folder, "--memory", memory, "--json").json["size"] == 0
    refused("the log has 0 entries, so none at position 0", "inclusion", folder, 0, "--memory", memory)
    Made(events(3)).write(folder)
    accepted("consistency", folder, "--memory", memory)


def test_published_events_are_shown(tmp_path: Path, memory: Path) -> None:
    folder = Made(events(20)).write(tmp_path / "log")
    told = {n: accepted("inclusion", folder, n, "--memory", memory, "--json").json["event"] for n in (0, 3, 4)}
    assert told == {0: {"fact": {"type": "Noted", "number": 0}}, 3: {"withheld": True}, 4: {"redacted_by": 11}}
    text = accepted("inclusion", folder, 4, "--memory", memory).out
    assert "removed by the event at position 11" in text and text.endswith("verified\n")
    assert "event" not in accepted("inclusion", folder, 4, "--no-payload", "--memory", memory, "--json").json


def test_the_ledger_s_own_entries_are_understood() -> None:
    made = event(7, UUID(int=5), 3, b"payload")
    parsed = parse_entry(made.entry, 7, "file")
    at = datetime.fromisoformat(parsed.recorded_at)
    assert entry(7, UUID(int=5), 3, at, sha256(b"payload").digest(), None) == made.entry
    assert leaf_hash(made.entry) == sha256(b"\0" + made.entry).digest()


# Payloads without `redacted_by`: its number is the one thing that stands under no hash.
PLAIN = Made(
    [
        event(n, UUID(int=n % 5), n // 5 + 1, f"said {n}".encode(), {"withheld": True} if n % 7 == 2 else None)
        for n in range(300)
    ]
)


@given(st.data())
def test_a_flipped_bit_names_its_file(data: st.DataObject) -> None:
    files = PLAIN.files()
    path = data.draw(st.sampled_from(sorted(set(files) - {"key"})))
    bit = data.draw(st.integers(0, len(files[path]) * 8 - 1))
    with TemporaryDirectory() as name:
        folder = PLAIN.write(Path(name) / "log", lambda found: found.update({path: flipped(found[path], bit)}))
        ran = run("all", folder, "--key", LOG.key, "--memory", Path(name) / "memory.json", "--json")
    assert ran.code == 1, (path, bit, ran)
    told = ran.json["fault"]
    # An entry and its hash in the tile blame each other.
    assert path in told or (path.startswith("tile/entries") and "tile/0/" in told), (path, bit, told)


@given(st.data(), st.integers(0, 299), st.booleans())
def test_a_proof_with_one_bit_flipped_is_refused(data: st.DataObject, position: int, carries: bool) -> None:
    proof = PLAIN.proof(position, carries=carries)
    spoiled = flipped(proof, data.draw(st.integers(0, len(proof) * 8 - 1)))
    with TemporaryDirectory() as name:
        folder, file = PLAIN.write(Path(name) / "log"), Path(name) / "proof"
        asked = ("inclusion", folder, position, "--proof", file, "--memory", Path(name) / "memory.json")
        file.write_bytes(proof)
        accepted(*asked)
        file.write_bytes(spoiled)
        assert run(*asked).code == 1
        assert run("proof", file, "--key", LOG.key).code == 1


def test_an_old_proof_holds_in_the_log(tmp_path: Path, memory: Path) -> None:
    made = Made(events(300))
    folder, proof = made.write(tmp_path / "log"), tmp_path / "7.tlog-proof"
    proof.write_bytes(made.proof(7, size=200))
    told = accepted("inclusion", folder, 7, "--proof", proof, "--memory", memory, "--json").json
    assert told["proof"] == "holds under the checkpoint of 200 entries"
    refused("the proof is for position 7, not 8", "inclusion", folder, 8, "--proof", proof, "--memory", memory)


def test_a_proof_that_carries_its_entry_needs_no_log(tmp_path: Path, memory: Path) -> None:
    proof, payload = tmp_path / "7.tlog-proof", tmp_path / "payload"
    proof.write_bytes(PLAIN.proof(7, carries=True))
    payload.write_bytes(b"said 7")
    asked = ("proof", proof, "--payload", payload)
    told = accepted(*asked, "--key", LOG.key, "--json").json
    assert (told["position"], told["stream"], told["event"]) == (7, str(UUID(int=2)), "said 7")
    ran = run(*asked, "--memory", memory)
    assert (ran.code, "no key of the log ledger.example/log is known here" in ran.err) == (2, True)
    accepted("checkpoint", PLAIN.write(tmp_path / "log"), "--memory", memory)
    accepted(*asked, "--memory", memory)
    refused("not signed by the log's key", *asked, "--key", Signer(seed=b"x").key)
    payload.write_bytes(b"said 8")
    refused("what is shown for position 7 is not what was recorded", *asked, "--memory", memory)
    proof.write_bytes(PLAIN.proof(7))
    refused("does not carry its entry", *asked, "--memory", memory)


def test_a_proof_of_another_log_or_history_is_refused(tmp_path: Path, memory: Path) -> None:
    folder, proof = Made(events(300)).write(tmp_path / "log"), tmp_path / "proof"
    asked = ("inclusion", folder, 7, "--proof", proof, "--memory", memory)
    other = Signer("other.example/log", seed=b"other")
    for made, said in [
        (Made(events(300), (other,), other.name), "the proof is of another log: other.example/log"),
        (Made(events(300, streams=3)), "the proof does not hold"),
        (Made([*events(300)[:8], *events(300, streams=3)[8:]]), "was changed within its first 300 entries"),
        (Made(events(301)), "the log has become shorter"),
        (Made(events(300), (Signer(seed=b"x"),)), "the proof is not signed by the log's key"),
    ]:
        proof.write_bytes(made.proof(7))
        refused(said, *asked)
    proof.write_bytes(b"x" * 200_000)
    assert run(*asked).code == 1


def test_witnesses_are_counted_against_the_quorum(tmp_path: Path, memory: Path) -> None:
    witnesses = [Signer(f"witness.example/{n}", 4, bytes([n])) for n in range(3)]
    made = Made(events(5), (LOG, *witnesses[:2]))
    folder, keys = made.write(tmp_path / "log"), tmp_path / "witnesses"
    keys.write_text("".join(f"{one.key}\n" for one in witnesses))
    told = accepted("checkpoint", folder, "--witness", keys, "--quorum", 2, "--memory", memory, "--json").json
    assert told["witnesses"] == [one.name for one in witnesses[:2]]
    assert (
        "witness.example/0 at 2011-03-13"
        in accepted("checkpoint", folder, "--witness", witnesses[0].key, "--memory", memory).out
    )
    refused("2 of 3 witnesses vouch", "checkpoint", folder, "--witness", keys, "--memory", memory)
    refused(
        "0 of 1 witnesses vouch for the checkpoint (none), 1 are asked for",
        *("checkpoint", folder, "--witness", witnesses[2].key, "--memory", memory),
    )


def test_an_absurd_witness_time_has_no_day(tmp_path: Path, memory: Path) -> None:
    witness, made = Signer("witness.example/w", 4), Made(events(3))
    late = made.checkpoint() + witness.line(made.text(), (1 << 63) - 1).encode()
    folder = made.write(tmp_path / "log", lambda files: files.update(checkpoint=late))
    told = accepted("checkpoint", folder, "--witness", witness.key, "--memory", memory).out
    assert "witness.example/w\n" in told


def test_output_never_moves_the_reader_s_cursor(tmp_path: Path, memory: Path) -> None:
    evil = Signer("evil\x7f\x9b[2Jlog")
    made = Made([event(0, UUID(int=1), 1, b"\x1b[2Jcleared")], (evil,), evil.name, (evil.key,))
    said = accepted("inclusion", made.write(tmp_path / "log"), 0, "--memory", memory).out
    assert "\\x9b[2Jlog" in said and "\\x1b[2Jcleared" in said
    assert said.replace("\n", "").isprintable()


def entries_with(change: str, to: str, position: int = 5) -> list[Event]:
    made = events(12)
    old = made[position]
    made[position] = Event(old.entry.replace(change.encode(), to.encode(), 1), old.said, old.payload)
    assert made[position] != old
    return made


@pytest.mark.parametrize(
    ("change", "to", "said"),
    [
        ('"position":5', '"position":6', "the entry at position 5 says that it is at 6"),
        ('"position":5', '"position":05', "entry 5 is not JSON"),
        ('"position":5', '"position": 5', "entry 5 is not canonical JSON"),
        ('"position":5', '"position":"5"', "entry 5 is not canonical JSON"),
        ('"position":5,', "", "entry 5 has neither the fields"),
        ('"version":1', '"version":1,"x":1', "entry 5 has neither the fields"),
        ('"version":1', '"version":2', "is version 2 of stream"),
        ('"version":1', '"version":0', "entry 5 is not canonical JSON"),
        ("2010-03-01T00:00:05", "2010-03-01T00:00:04.000004Z"[:19], "not after 2010-03-01T00:00:04.000004Z"),
        ("2010-03-01T", "2010-02-30T", "entry 5 names no instant"),
        ("0000a005", "0000A005", "entry 5 is not canonical JSON"),
        ('{"payload', '["payload', "entry 5 is not JSON"),
    ],
)
def test_an_entry_that_should_not_be_there_is_named(
    tmp_path: Path, memory: Path, change: str, to: str, said: str
) -> None:
    if "not after" in said:
        made = Made(entries_with("2010-03-01T00:00:05.000005Z", "2010-03-01T00:00:04.000004Z"))
    else:
        made = Made(entries_with(change, to))
    ran = run("all", made.write(tmp_path / "log"), "--memory", memory, "--json")
    assert (ran.code, ran.json["position"]) == (1, 5)
    assert said in ran.json["fault"]


def test_a_missing_version_is_named_with_its_stream(tmp_path: Path, memory: Path) -> None:
    made = [event(0, UUID(int=9), 1, b"a"), event(1, UUID(int=9), 3, b"b")]
    ran = run("all", Made(made).write(tmp_path / "log"), "--memory", memory, "--json")
    assert ran.json["fault"].endswith(f"is version 3 of stream {UUID(int=9)}, expected is 2")
    assert (ran.json["position"], ran.json["stream"], ran.json["version"]) == (1, str(UUID(int=9)), 3)


@pytest.mark.parametrize("by", [7, 11, 12])
def test_a_full_check_finds_a_redaction_without_its_event(tmp_path: Path, memory: Path, by: int) -> None:
    """12 is of the same stream, 11 redacts another event."""
    made = Made(events(14))

    def change(files: dict[str, bytes]) -> None:
        lines = files["payloads/000"].split(b"\n")
        lines[5] = json.dumps({"position": 5, "redacted_by": by}).encode()
        files["payloads/000"] = b"\n".join(lines)

    folder = made.write(tmp_path / "log", change)
    ran = run("all", folder, "--memory", memory, "--json")
    assert (ran.code, ran.json["position"]) == (1, 5)
    assert f"position 5 is said to be redacted by {by}, which does not say so" in ran.json["fault"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"position": 6, "withheld": True}, "position 5 is missing or out of order"),
        ({"position": 5.0, "withheld": True}, "is not what it should be"),
        ({"position": True, "withheld": True}, "is not what it should be"),
        ({"position": 5}, "is not what it should be"),
        ({"position": 5, "withheld": False}, "is not what it should be"),
        ({"position": 5, "withheld": True, "redacted_by": 9}, "is not what it should be"),
        ({"position": 5, "payload": "a"}, "is not what it should be"),
        ({"position": 5, "payload": 7}, "is not what it should be"),
        ({"position": 5, "payload": b64encode(b"another").decode()}, "what is shown for position 5 is not what was"),
        ({"position": 5, "redacted_by": 5}, "which is no later event"),
        ({"position": 5, "redacted_by": True}, "is not what it should be"),
        ([5], "is not what it should be"),
        (None, "is not what it should be"),
    ],
)
def test_a_payload_that_should_not_be_there_is_named(tmp_path: Path, memory: Path, line: object, said: str) -> None:
    made = Made(events(12))

    def change(files: dict[str, bytes]) -> None:
        lines = files["payloads/000"].split(b"\n")
        lines[5] = json.dumps(line).encode()
        files["payloads/000"] = b"\n".join(lines)

    folder = made.write(tmp_path / "log", change)
    for command in (("all", folder), ("inclusion", folder, 5)):
        ran = run(*command, "--memory", memory, "--json")
        assert (ran.code, ran.json["position"], ran.json["file"]) == (1, 5, "payloads/000"), ran
        assert said in ran.json["fault"]
    accepted("all", folder, "--no-payloads", "--memory", memory)


def test_endless_json_nesting_is_survived(tmp_path: Path, memory: Path) -> None:
    deep = b"[" * 200_000
    folder = Made(events(2)).write(tmp_path / "log", lambda files: files.update({"payloads/000": deep + b"\n" + deep}))
    refused("position 0 is not what it should be", "all", folder, "--memory", memory)
    (tmp_path / "deep.json").write_bytes(deep)
    refused("is not JSON", "draw", tmp_path / "deep.json")


@pytest.mark.parametrize("path", ["checkpoint", "tile/0/000", "tile/1/000.p/1", "tile/entries/000", "payloads/000"])
@pytest.mark.parametrize("how", ["missing", "empty", "cut", "longer", "folder"])
def test_a_missing_or_truncated_file_is_named(tmp_path: Path, memory: Path, path: str, how: str) -> None:
    folder = Made(events(300)).write(tmp_path / "log")
    file = folder / path
    data = file.read_bytes()
    file.unlink()
    if how == "folder":
        file.mkdir()
    elif how != "missing":
        file.write_bytes({"empty": b"", "cut": data[: len(data) // 2], "longer": data + data}[how])
    ran = run("all", folder, "--key", LOG.key, "--memory", memory, "--json")
    if (path, how) == ("payloads/000", "longer"):
        assert ran.code == 0  # a bundle may tell of more than the checkpoint covers
    else:
        assert (ran.code, ran.json["file"]) == (1, path), ran


def test_a_log_in_a_subfolder_is_found(tmp_path: Path, memory: Path) -> None:
    Made(events(3)).write(tmp_path / "copy" / "log")
    accepted("all", tmp_path / "copy", "--memory", memory)


def test_a_checkpoint_over_other_entries_is_refused(tmp_path: Path, memory: Path) -> None:
    made = Made(events(3))
    text = Made(events(3, streams=2)).text()
    folder = made.write(tmp_path / "log", lambda files: files.update(checkpoint=note(text, LOG)))
    refused("the log was changed after it was signed", "all", folder, "--memory", memory)
    refused("not have the root", "inclusion", folder, 0, "--memory", memory)
