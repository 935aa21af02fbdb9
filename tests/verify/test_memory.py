"""What was seen binds: shorter, changed, renamed and newly signed logs are refused, with both statements as proof."""

import json
from pathlib import Path

import pytest
from tests.verify.producer import LOG, ORIGIN, Made, Signer, events
from tests.verify.running import accepted, refused, run

from minsheng_verify.memory import memory_file

NEW_KEY = Signer(seed=b"new")


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    return tmp_path / "memory" / "seen.json"


def test_a_grown_log_is_accepted_and_remembered(tmp_path: Path, memory: Path) -> None:
    for size, before in [(5, {}), (300, 5), (300, 300), (700, 300)]:
        folder = Made(events(700)[:size]).write(tmp_path / "log")
        told = accepted("checkpoint", folder, "--memory", memory, "--json").json["before"]
        assert told.get("size", {}) == before
    said = accepted("consistency", folder, "--memory", memory).out
    assert "continues  700 entries" in said


@pytest.mark.parametrize("command", ["checkpoint", "inclusion", "all", "consistency"])
@pytest.mark.parametrize(
    ("made", "said"),
    [
        (Made(events(299)), "the log has become shorter: 299 entries, but what was seen before had 300"),
        (Made([]), "the log has become shorter: 0 entries"),
        (Made(events(300, streams=3)), "the log was changed within its first 300 entries"),
        (Made([*events(299), *events(400, streams=3)[299:]]), "the log was changed within its first 300 entries"),
    ],
    ids=["shorter", "empty", "changed", "changed at the end"],
)
def test_a_log_taking_back_entries_is_refused(
    tmp_path: Path, memory: Path, command: str, made: Made, said: str
) -> None:
    before = Made(events(300))
    accepted("checkpoint", before.write(tmp_path / "before"), "--memory", memory)
    kept = memory.read_bytes()
    position = (0,) if command == "inclusion" else ()
    ran = refused(said, command, made.write(tmp_path / "now"), *position, "--memory", memory)
    assert memory.read_bytes() == kept
    # Two signed statements that cannot both be true.
    for statement in (before.checkpoint(), made.checkpoint()):
        for line in statement.decode().splitlines():
            assert line in ran.err
    told = run(command, tmp_path / "now", *position, "--memory", memory, "--json").json
    assert told["notes"] == [before.checkpoint().decode(), made.checkpoint().decode()]


def test_an_old_checkpoint_or_another_copy_can_be_compared(tmp_path: Path, memory: Path) -> None:
    made = Made(events(300))
    new, old = made.write(tmp_path / "new"), tmp_path / "old.checkpoint"
    old.write_bytes(made.checkpoint(100))
    told = accepted("consistency", old, new, "--memory", memory, "--json").json
    assert told["continues"]["size"] == 100
    mirror = Made(made.events[:200]).write(tmp_path / "mirror")
    accepted("consistency", mirror, new, "--memory", memory)
    refused("the log has become shorter", "consistency", new, mirror, "--memory", tmp_path / "fresh.json")
    split = Made([*made.events[:99], *events(300, streams=3)[99:]]).write(tmp_path / "split")
    refused("not a continuation of the old checkpoint", "consistency", split, new, "--memory", memory)
    refused("not a continuation of the old checkpoint", "consistency", old, split, "--memory", tmp_path / "fresh.json")
    other = Signer("other.example", seed=b"other")
    Made(events(3), (other,), other.name, (other.key,)).write(tmp_path / "other")
    refused("is of another log: other.example", "consistency", tmp_path / "other", new, "--memory", memory)
    Made(events(3), (NEW_KEY,)).write(tmp_path / "forged")
    refused("the old checkpoint is not signed", "consistency", tmp_path / "forged", new, "--memory", memory)


def test_nothing_can_be_compared_with_nothing(tmp_path: Path, memory: Path) -> None:
    folder = Made(events(3)).write(tmp_path / "log")
    ran = run("consistency", folder, "--memory", memory)
    assert (ran.code, "nothing is remembered of ledger.example/log yet" in ran.err) == (2, True)
    assert run("consistency", folder, folder, folder, "--memory", memory).code == 2


def test_a_new_key_must_come_from_elsewhere(tmp_path: Path, memory: Path) -> None:
    accepted("checkpoint", Made(events(3)).write(tmp_path / "log"), "--memory", memory)
    renewed = Made(events(5), (NEW_KEY,), keys=(NEW_KEY.key, LOG.key)).write(tmp_path / "log")
    refused("now signs with a key that was not seen before", "checkpoint", renewed, "--memory", memory)
    accepted("checkpoint", renewed, "--memory", memory, "--key", NEW_KEY.key)
    accepted("checkpoint", renewed, "--memory", memory)
    shorter = Made(events(4), (NEW_KEY,)).write(tmp_path / "shorter")
    refused("has become shorter", "checkpoint", shorter, "--memory", memory, "--key", NEW_KEY.key)
    strange = Made(events(5), (Signer(seed=b"x"),)).write(tmp_path / "strange")
    refused("is not signed by the log's key", "checkpoint", strange, "--memory", memory)


def test_a_key_from_elsewhere_is_held_against_the_log(tmp_path: Path, memory: Path) -> None:
    folder = Made(events(3)).write(tmp_path / "log")
    key = tmp_path / "key"
    key.write_text(f"# printed in the gazette\n{LOG.key}\n")
    assert "at first sight" not in accepted("checkpoint", folder, "--key", key, "--memory", memory).out
    refused("not signed by the log's key", "checkpoint", folder, "--key", NEW_KEY.key, "--memory", memory)


def test_the_first_sight_without_key_is_said(tmp_path: Path, memory: Path) -> None:
    folder = Made(events(3)).write(tmp_path / "log")
    assert "taken from the log itself at first sight" in accepted("checkpoint", folder, "--memory", memory).out
    assert "at first sight" not in accepted("checkpoint", folder, "--memory", memory).out
    other = tmp_path / "other.json"
    for keys, said in [
        (b"", "key holds no key of the log ledger.example/log"),
        (b"\xff nonsense", "key: not a verifier key"),
        (Signer("other.example").key.encode(), "key holds no key of the log"),
    ]:
        (folder / "key").write_bytes(keys)
        refused(said, "checkpoint", folder, "--memory", other)
    (folder / "key").unlink()
    refused("key is missing: give the log's key by --key", "checkpoint", folder, "--memory", other)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"logs": {"a": {}}, "addresses": {}}', '{"logs": [], "addresses": 1}']
)
def test_an_unreadable_memory_is_not_reset(tmp_path: Path, memory: Path, text: str) -> None:
    folder = Made(events(3)).write(tmp_path / "log")
    memory.parent.mkdir()
    memory.write_text(text)
    ran = run("checkpoint", folder, "--memory", memory)
    assert (ran.code, "cannot be read" in ran.err, memory.read_text()) == (2, True, text)


def test_a_memory_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    folder = Made(events(3)).write(tmp_path / "log")
    (tmp_path / "file").write_text("")
    assert run("checkpoint", folder, "--memory", tmp_path / "file" / "seen.json").code == 2


def test_memory_holds_notes_and_keys_that_people_can_read(tmp_path: Path, memory: Path) -> None:
    made = Made(events(3))
    accepted("checkpoint", made.write(tmp_path / "log"), "--memory", memory)
    assert json.loads(memory.read_text()) == {
        "logs": {ORIGIN: {"keys": [LOG.key], "checkpoint": made.checkpoint().decode()}},
        "addresses": {},
        "ended": {},
    }


def test_memory_lies_where_the_user_s_data_lies(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert memory_file() == tmp_path / "minsheng-verify" / "memory.json"
    monkeypatch.setattr("sys.platform", "darwin")
    assert memory_file().parts[-4:-1] == ("Library", "Application Support", "minsheng-verify")
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    assert memory_file() == tmp_path / "minsheng-verify" / "memory.json"
