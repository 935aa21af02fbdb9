"""A log that lost entries and says so goes on under another name; one that changed them in the act is a liar."""

import json
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.verify.producer import LOG, ORIGIN, Event, Made, Signer, event, events
from tests.verify.running import accepted, refused
from tests.verify.serving import served

NEW = f"{ORIGIN}/restart-2"
NEWER = f"{ORIGIN}/restart-3"
SIZE, FORK = 700, 300


def restarted(before: Made, kept: list[Event], origin: str, fork: int, said: dict[str, Any] | None = None) -> Made:
    """The log of the kept events and the one that tells of the restart, under the same key."""
    fact = {
        "type": "LogRestarted",
        "origin": origin,
        "previous_origin": before.origin,
        "previous_size": before.size,
        "previous_root": root_of(before).hex(),
        "fork": fork,
    }
    told = json.dumps({"fact": fact | (said or {})}).encode()
    start = [*kept, event(len(kept), UUID(int=0xB000 + len(kept), version=4), 1, told)]
    after = [
        event(position, UUID(int=0xC000 + position, version=4), 1, b"{}") for position in range(len(start), fork + 400)
    ]
    signer = replace(LOG, name=origin)
    return Made([*start, *after], (signer,), origin, (signer.key,))


def root_of(made: Made) -> bytes:
    return b64decode(made.text().split("\n")[2])


@dataclass
class Site:
    """Where the log is published; `written` puts there what is made, with what it says of its restarts."""

    folder: Path
    restarts: list[dict[str, Any]] = field(default_factory=list)
    lost: dict[int, bytes] = field(default_factory=dict)

    def say(self, generation: int, before: Made, position: int, fork: int, **changes: Any) -> None:
        previous = before.checkpoint().decode()
        said = {"generation": generation, "position": position, "fork": fork, "previous": previous, "lost": True}
        self.restarts.append(said | changes)
        self.lost[generation] = b"".join(before.leaves[fork:])

    def written(self, made: Made) -> Path:
        for file in sorted(self.folder.rglob("*"), reverse=True):
            if file.is_file():
                file.unlink()

        def add(files: dict[str, bytes]) -> None:
            files["previous"] = json.dumps(self.restarts).encode()
            files |= {f"lost/{generation}": leaves for generation, leaves in self.lost.items()}

        return made.write(self.folder, add)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path / "log")


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    return tmp_path / "memory.json"


def old() -> Made:
    return Made(events(SIZE))


@pytest.mark.parametrize("seen", [1, FORK - 1, FORK, FORK + 1, 512, SIZE])
def test_an_honest_loss_is_told_and_verified(site: Site, memory: Path, seen: int) -> None:
    """A client that saw the log before or after the fork can check that what is kept is the same."""
    before = old()
    accepted("checkpoint", site.written(Made(before.events[:seen])), "--memory", memory)
    after = restarted(before, before.events[:FORK], NEW, FORK)
    site.say(2, before, FORK, FORK)
    for question in (["checkpoint"], ["all"]):
        ran = accepted(*question, site.written(after), "--memory", memory)
        assert f"of what it had signed, entries {FORK} to {SIZE - 1} are no longer vouched for" in ran.out
        assert f"the first {FORK} entries are the same" in ran.out


def test_who_meets_a_restarted_log_first_checks_it_too(site: Site, memory: Path) -> None:
    before = old()
    site.say(2, before, FORK, FORK)
    after = restarted(before, before.events[:FORK], NEW, FORK)
    assert accepted("checkpoint", site.written(after), "--memory", memory, "--json").json["restarted"] == {
        "previous": ORIGIN,
        "fork": FORK,
        "size": SIZE,
    }
    forged = restarted(before, [*before.events[:7], *events(FORK, streams=5)[7:]], NEW, FORK)
    refused("was changed", "checkpoint", site.written(forged), "--memory", memory.with_name("another"))


@pytest.mark.parametrize("position", [0, 255, 256, FORK - 1])
def test_entries_changed_below_the_fork_are_called_a_lie(site: Site, memory: Path, position: int) -> None:
    before = old()
    accepted("checkpoint", site.written(before), "--memory", memory)
    remembered = memory.read_text()
    kept = before.events[:FORK]
    kept[position] = event(position, UUID(int=0xD000, version=4), 1, b"forged")
    site.say(2, before, FORK, FORK)
    ran = refused("was changed", "checkpoint", site.written(restarted(before, kept, NEW, FORK)), "--memory", memory)
    assert before.checkpoint().decode().splitlines()[-1] in ran.err
    assert memory.read_text() == remembered


@pytest.mark.parametrize(
    ("said", "change"),
    [
        ("with them the signed root", lambda site: site.lost.update({2: bytes(32) * (SIZE - FORK)})),
        ("bytes instead of", lambda site: site.lost.update({2: b""})),
        ("carries no hashes", lambda site: site.restarts[0].update(lost=False)),
        ("does not tell the same", lambda site: site.restarts[0].update(position=FORK + 1)),
        ("does not say how the log came to be called", lambda site: site.restarts.clear()),
        ("of another form", lambda site: site.restarts[0].update(fork="300")),
    ],
)
def test_what_a_restart_hides_is_found(site: Site, memory: Path, said: str, change: Callable[[Site], None]) -> None:
    before = old()
    accepted("checkpoint", site.written(before), "--memory", memory)
    site.say(2, before, FORK, FORK)
    change(site)
    refused(said, "checkpoint", site.written(restarted(before, before.events[:FORK], NEW, FORK)), "--memory", memory)


def test_a_restart_below_the_seen_is_refused(site: Site, memory: Path) -> None:
    accepted("checkpoint", site.written(old()), "--memory", memory)
    less = Made(events(600))
    site.say(2, less, FORK, FORK)
    made = restarted(less, less.events[:FORK], NEW, FORK)
    refused("names 600 entries as all that", "checkpoint", site.written(made), "--memory", memory)


def test_the_key_signs_across_a_restart(site: Site, memory: Path) -> None:
    before = Made(events(SIZE), (Signer(seed=b"another"),))
    site.say(2, before, FORK, FORK)
    made = restarted(before, before.events[:FORK], NEW, FORK)
    refused("is not signed by the log's key", "checkpoint", site.written(made), "--memory", memory)


def test_a_second_loss_reaches_back_through_the_first(site: Site, memory: Path, tmp_path: Path) -> None:
    """The second restore went behind the first restart, whose own event is lost with it."""
    before = old()
    accepted("checkpoint", site.written(before), "--memory", memory)
    site.say(2, before, FORK, FORK)
    second = restarted(before, before.events[:FORK], NEW, FORK)
    accepted("checkpoint", site.written(second), "--memory", tmp_path / "second.json")
    site.say(3, second, 200, 200)
    third = restarted(second, before.events[:200], NEWER, 200)
    for seen in (memory, tmp_path / "second.json", tmp_path / "none.json"):
        accepted("checkpoint", site.written(third), "--memory", seen)
    kept = before.events[:200]
    kept[100] = event(100, UUID(int=0xD000, version=4), 1, b"forged")
    lying = restarted(second, kept, NEWER, 200)
    refused("was changed", "checkpoint", site.written(lying), "--memory", tmp_path / "fresh.json")


def test_another_name_without_a_restart_is_no_continuation(site: Site, memory: Path) -> None:
    before = old()
    accepted("checkpoint", site.written(before), "--memory", memory)
    other = replace(LOG, name=NEW, seed=b"another")
    made = replace(restarted(before, before.events[:FORK], NEW, FORK), signers=(other,), keys=(other.key,))
    refused("signs with a key that was not seen before", "checkpoint", site.written(made), "--memory", memory)
    # The old log is not accepted again once the new name is known at its address.
    site.say(2, before, FORK, FORK)
    accepted("checkpoint", site.written(restarted(before, before.events[:FORK], NEW, FORK)), "--memory", memory)


def test_a_lost_entry_keeps_its_proof(site: Site, memory: Path, tmp_path: Path) -> None:
    before = old()
    accepted("checkpoint", site.written(before), "--memory", memory)
    site.say(2, before, FORK, FORK)
    folder = site.written(restarted(before, before.events[:FORK], NEW, FORK))
    accepted("checkpoint", folder, "--memory", memory)
    lost, kept = tmp_path / "lost", tmp_path / "kept"
    lost.write_bytes(before.proof(FORK + 5, carries=True))
    kept.write_bytes(before.proof(FORK - 5, carries=True))
    assert "this is among what it lost" in accepted("proof", lost, "--memory", memory).out
    assert "this is before that" in accepted("proof", kept, "--memory", memory).out
    accepted("inclusion", folder, FORK - 5, "--proof", kept, "--memory", memory)
    refused("is of an entry that is lost", "inclusion", folder, FORK + 5, "--proof", lost, "--memory", memory)
    # What is not there any more is not called missing without a word of the loss.
    refused("may be lost: the log", "inclusion", folder, 5000, "--memory", memory)


def test_an_external_key_vouches_for_a_restart(site: Site, memory: Path) -> None:
    """Where the hashes of what is lost were not kept, nothing can be proven."""
    before = old()
    site.say(2, before, FORK, FORK, lost=False)
    made = restarted(before, before.events[:FORK], NEW, FORK)
    ran = accepted("checkpoint", site.written(made), "--memory", memory, "--key", made.keys[0])
    assert "its operator's word alone" in ran.out


def test_an_admitted_loss_is_no_lie(tmp_path: Path, memory: Path) -> None:
    """While it refuses to show anything from there on, its checkpoint stays what it was."""

    def refuse(handler: BaseHTTPRequestHandler) -> None:
        body = json.dumps({"status": 503, "code": "history_refused"}).encode()
        handler.send_response(503)
        handler.send_header("Content-Type", "application/problem+json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    old().write(tmp_path / "log")
    with served(tmp_path, {f"tile/entries/002.p/{SIZE - 512}": refuse}) as address:
        accepted("checkpoint", address, "--memory", memory)
        ran = refused("That is a loss which it admits", "all", address, "--memory", memory)
        assert "changed" not in ran.err
