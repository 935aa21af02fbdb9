"""The verifier of the event page, on logs that another program made: right, and with anything changed."""

import json
import shutil
import subprocess
from base64 import b64decode, b64encode
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.verify.producer import LOG, Event, Made, Signer, event, veiled

from api.pages.hashed_files import STATIC

NODE = shutil.which("node")
SALT = bytes(range(32))
WITNESSES = (Signer("w.example/1", 4, b"1"), Signer("w.example/2", 4, b"2"))
SAID = '{"fact":{"type":"Noted","text":"四百一十二人"}}'.encode()
SIZES = (1, 2, 3, 4, 5, 7, 8, 9, 31)
Question = dict[str, Any]

pytestmark = pytest.mark.skipif(NODE is None, reason="node runs the page's module here; it is not installed")


@cache
def made(size: int, *, is_veiled: bool = False) -> Made:
    return Made([_event(position, is_veiled=is_veiled) for position in range(size)], (LOG, *WITNESSES))


def _event(position: int, *, is_veiled: bool) -> Event:
    if is_veiled:
        return veiled(position, SALT, position + 1, SAID, "payload")
    return event(position, UUID(int=7, version=4), position + 1, SAID)


def question(log: Made, position: int, **changes: Any) -> Question:
    shown = log.events[position].payload
    opening = {name: shown[name] for name in ("salt", "version", "recorded_at") if name in shown}
    return {
        "position": position,
        "proof": log.proof(position, carries=True).decode(),
        "keys": list(log.keys),
        "witnesses": [one.key for one in WITNESSES],
        "payload": b64encode(SAID).decode(),
        "opening": opening or None,
        "stated": {"version": position + 1},
    } | changes


def answers(folder: Path, *questions: Question) -> list[dict[str, Any]]:
    asked = folder / "questions.json"
    asked.write_text(json.dumps(questions), "utf-8")
    assert NODE is not None
    command = [NODE, str(Path(__file__).with_name("proofs.mjs")), str(STATIC / "proof.js"), str(asked)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    found: list[dict[str, Any]] = json.loads(ran.stdout)
    return found


def states(answer: dict[str, Any]) -> tuple[str, ...]:
    return tuple(answer[part]["state"] for part in ("content", "path", "signature", "witnesses"))


def test_every_position_of_every_tree_verifies(tmp_path: Path) -> None:
    asked = [question(made(size), position) for size in SIZES for position in range(size)]
    asked += [question(made(9, is_veiled=True), position) for position in range(9)]
    found = answers(tmp_path, *asked)
    assert {states(one) for one in found} == {("right",) * 4}
    assert all(one["ok"] for one in found)
    assert {len(one["witnesses"]["signed"]) for one in found} == {2}


def _flipped(proof: str, line: int) -> str:
    """Another bit in one line of Base 64."""
    lines = proof.split("\n")
    *name, encoded = lines[line].split(" ")
    data = bytearray(b64decode(encoded))
    data[-1] ^= 1
    lines[line] = " ".join([*name, b64encode(data).decode()])
    return "\n".join(lines)


def test_what_is_changed_fails_in_its_own_step(tmp_path: Path) -> None:
    log, hidden = made(8), made(8, is_veiled=True)
    proof = question(log, 5)["proof"]
    lines = proof.split("\n")
    root = lines.index("8") + 1
    log_line, witness_line = root + 2, root + 3
    other = b64encode(SAID.replace("四".encode(), "五".encode())).decode()
    forged = replace(LOG, seed=b"another")
    cases = {
        "content": (
            question(log, 5, payload=other),
            question(log, 5, stated={"version": 7}),
            question(log, 5, stated={"version": 6, "recordedAt": "2010-03-02T00:00:00.000000Z"}),
            question(hidden, 5, payload=other),
            question(hidden, 5, opening=question(hidden, 5)["opening"] | {"version": 7}),
            question(
                hidden, 5, opening=question(hidden, 5)["opening"] | {"recorded_at": "2010-03-01T00:00:06.000005Z"}
            ),
            question(hidden, 5, opening=None),
        ),
        "path": (
            question(log, 5, proof=_flipped(proof, 3)),
            question(log, 5, proof=proof.replace(lines[3] + "\n", "")),
            question(log, 5, proof=proof.replace(lines[3], lines[3] + "\n" + lines[3])),
            question(log, 5, proof=proof.replace("\n8\n", "\n5\n")),
        ),
        "signature": (
            question(log, 5, proof=_flipped(proof, log_line)),
            question(log, 5, keys=[forged.key]),
            question(log, 5, proof=proof.replace("\n8\n", "\n7\n")),
            question(log, 5, keys=[LOG.key.replace("+", "+0", 1)]),
        ),
        "witnesses": (question(log, 5, proof=_flipped(proof, witness_line)),),
    }
    asked = [(part, one) for part, all_of in cases.items() for one in all_of]
    for (part, one), answer in zip(asked, answers(tmp_path, *(one for _, one in asked)), strict=True):
        assert answer["ok"] is False, one
        assert answer[part]["state"] == "wrong", (part, one, answer)
        assert answer[part]["why"]


def test_a_proof_of_anything_else_is_none(tmp_path: Path) -> None:
    log = made(8)
    proof = question(log, 5)["proof"]
    entry = proof.split("\n")[1]
    spaced = b64encode(b64decode(entry[6:]).replace(b",", b", ")).decode()
    broken = (
        question(log, 4, proof=proof),
        question(log, 5, proof=proof.replace("@v1", "@v2")),
        question(log, 5, proof=proof.replace(entry + "\n", "")),
        question(log, 5, proof=proof.replace(entry, f"extra {spaced}")),
        question(log, 5, proof=proof.replace("index 5", "index 05")),
        question(log, 5, proof="<html>"),
        question(log, 5, proof=""),
    )
    for answer in answers(tmp_path, *broken):
        assert (answer["ok"], set(states(answer))) == (False, {"wrong"})


def test_nothing_is_claimed_of_what_is_withheld(tmp_path: Path) -> None:
    log, hidden = made(8), made(8, is_veiled=True)
    told = question(hidden, 5)["opening"] | {"payload_sha256": b64encode(bytes(32)).decode()}
    redacted, veil, wrong = answers(
        tmp_path,
        question(log, 5, payload=None, witnesses=[]),
        question(hidden, 5, payload=None, opening=None, stated={}),
        question(hidden, 5, payload=None, opening=told),
    )
    assert states(redacted) == ("withheld", "right", "right", "none")
    assert states(veil) == ("withheld", "right", "right", "right")
    assert wrong["content"]["state"] == "wrong"
