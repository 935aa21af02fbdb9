"""The verifier on veiled streams: linked by nobody before disclosure, complete for everybody after it."""

import json
from base64 import b32encode, b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.verify.producer import LOG, Event, Made, event, stream_of, veiled
from tests.verify.running import accepted, refused

from ledger.transparency.leaves import entry, veiled_stream
from minsheng_verify.entries import parse_entry
from minsheng_verify.payloads import Payload, check_payload
from minsheng_verify.veil import Opening

UNTOLD = {"salt": None, "version": None, "recorded_at": None, "payload": None, "withheld": True}
HIDDEN, SHOWN = b"h" * 32, b"s" * 32
AWARD = {
    "type": "Awarded",
    "honour": "top-ten",
    "deed": "示例",
    "recipient": {"kind": "organisation", "name": "示例社"},
}
REVOKED = {"type": "HonourRevoked", "award": 3}


def said(fact: dict[str, Any]) -> bytes:
    return json.dumps({"fact": fact, "effective_on": "2010-12-16"}).encode()


def history() -> list[Event]:
    """A stream that stays hidden, one that is disclosed and of which one event is withheld, and an open one."""
    return [
        veiled(0, SHOWN, 1, said({"type": "Applied"}), "payload"),
        veiled(1, HIDDEN, 1, said({"type": "Applied"})),
        veiled(2, SHOWN, 2, said({"type": "Reviewed"}), "withheld"),
        event(3, UUID(int=9), 1, said({"type": "Noted"})),
        veiled(4, SHOWN, 3, said(AWARD), "payload"),
        veiled(5, HIDDEN, 2, said({"type": "Rejected"})),
        veiled(6, SHOWN, 4, said(REVOKED), "payload"),
    ]


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    return tmp_path / "memory.json"


def changed(at: int, **payload: Any) -> Made:
    events = history()
    told = {name: value for name, value in (events[at].payload | payload).items() if value is not None}
    events[at] = replace(events[at], payload=told)
    return Made(events)


@given(st.binary(min_size=32, max_size=32), st.integers(1, 2**31 - 1), st.integers(0, 2**50))
def test_what_the_ledger_writes_is_opened_by_its_salt(salt: bytes, version: int, microseconds: int) -> None:
    payload, at = b"payload", datetime(1990, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)
    stream = veiled_stream(salt)
    assert stream == stream_of(salt)
    found = parse_entry(entry(7, stream, version, at, sha256(payload).digest(), salt), 7, "file")
    assert (found.stream, found.version, found.payload_sha256, len(found.recorded_at)) == (None, None, None, 14)
    instant = at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    opened = check_payload(Payload(payload, None, Opening(salt, version, instant)), found, "file")
    assert (opened.stream, opened.version, opened.recorded_at) == (str(stream), version, instant)


def test_a_veiled_log_verifies(tmp_path: Path, memory: Path) -> None:
    folder = Made(history()).write(tmp_path / "log")
    told = accepted("all", folder, "--memory", memory, "--json").json
    assert (told["streams"], told["veiled"]) == (2, 2)
    assert told["events"] == {"shown": 4, "withheld": 3, "redacted": 0}
    accepted("all", folder, "--no-payloads", "--memory", memory)
    shown = accepted("inclusion", folder, 4, "--memory", memory, "--json").json
    assert (shown["stream"], shown["version"]) == (str(stream_of(SHOWN)), 3)
    assert shown["recorded_at"] == "2010-03-01T00:00:04.000004Z"
    hidden = accepted("inclusion", folder, 5, "--memory", memory, "--json").json
    assert (hidden["stream"], hidden["recorded_at"]) == ({"veiled": True}, "2010-03-01T00Z")
    assert str(stream_of(HIDDEN)) not in json.dumps(hidden)


@pytest.mark.parametrize(
    ("at", "change", "fault"),
    [
        (2, {"salt": None, "version": None}, "belongs to stream"),
        (4, UNTOLD, "belongs to stream"),
        (4, {"version": 4}, "is not version 4 of stream"),
        (4, {"salt": b64encode(HIDDEN).decode()}, "is not version 3 of stream"),
        (4, {"payload": b64encode(said(REVOKED)).decode()}, "is not what was recorded there"),
        (4, {"recorded_at": "2010-03-01T00:00:04.000005Z"}, "is not what was recorded there"),
        (4, {"recorded_at": "2010-03-01T01:00:04.000004Z"}, "is not what was recorded there"),
        (4, {"salt": None}, "is not what it should be"),
        (4, {"salt": None, "version": None, "recorded_at": None}, "told without salt"),
        (3, {"salt": b64encode(SHOWN).decode(), "version": 3}, "is not veiled"),
        (0, UNTOLD, "expected is 1"),
    ],
)  # fmt: skip
def test_statements_about_veiled_entries_must_be_true(
    tmp_path: Path, memory: Path, at: int, change: dict[str, Any], fault: str
) -> None:
    refused(fault, "all", changed(at, **change).write(tmp_path / "log"), "--memory", memory)


def test_a_hidden_duplicate_version_is_found(tmp_path: Path, memory: Path) -> None:
    twice = [*history(), veiled(7, HIDDEN, 2, said({"type": "Approved"}))]
    refused("one version of a stream twice", "all", Made(twice).write(tmp_path / "log"), "--memory", memory)


def test_a_veiled_award_counts_until_revoked(tmp_path: Path, memory: Path) -> None:
    made = Made(history())
    certificate: dict[str, Any] = {
        "project": str(stream_of(SHOWN)),
        "version": 3,
        "position": 4,
        "standing": "revoked",
        "leaf_hash": made.leaves[4].hex(),
        "code": b32encode(made.leaves[4]).decode()[:10],
        "withdrawal": {"version": 4},
        "honour": "top-ten",
        "deed": "示例",
        "document_number": None,
        "place": None,
        "places": None,
        "awarded_on": "2010-12-16",
        "recipient": "organisation",
        "organisation_name": "示例社",
        "name": "示例社",
    }
    file = tmp_path / "certificate.json"
    file.write_text(json.dumps(certificate))
    accepted("award", made.write(tmp_path / "log"), file, "--memory", memory)
    # A service that does not tell of the revocation is found out by the tag.
    silent = changed(6, **UNTOLD)
    refused("belongs to stream", "award", silent.write(tmp_path / "silent"), file, "--memory", memory)


def test_a_veiled_proof_needs_its_opening(tmp_path: Path) -> None:
    made = Made(history())
    proof, payload, opening = tmp_path / "proof", tmp_path / "payload", tmp_path / "opening"
    proof.write_bytes(made.proof(4, carries=True))
    payload.write_bytes(made.events[4].said)
    told = made.events[4].payload
    opening.write_text(json.dumps({name: told[name] for name in ("salt", "version", "recorded_at")}))
    asked = ("proof", proof, "--payload", payload, "--key", LOG.key)
    refused("told without salt", *asked)
    assert accepted(*asked, "--opening", opening, "--json").json["version"] == 3
    payload.write_bytes(made.events[6].said)
    refused("is not what was recorded there", *asked, "--opening", opening)
    opening.write_text("{}")
    refused("is no opening", *asked, "--opening", opening)
