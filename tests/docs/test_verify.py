"""docs/verify.md: its commands do what it says, over a log that is served from a folder."""

import json
import shutil
from base64 import b32encode
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.docs.test_guides import run
from tests.verify.producer import Made, event
from tests.verify.serving import served

from ledger.project.sampling import digest_of, draw, seed_of

PROJECT = UUID("5a445d71-0ae2-4cd2-b606-2b0c84850838")
GOLDEN = Path(__file__).parents[1] / "golden"
POSITION = 17


def site(folder: Path) -> Path:
    """What the service would answer: the log, a proof, an event, a certificate, a draw."""
    said = (GOLDEN / "Awarded.organisation.json").read_bytes()
    ours = event(POSITION, PROJECT, 1, said)
    made = Made([ours if n == POSITION else event(n, UUID(int=n + 1), 1, b'{"fact":{}}') for n in range(40)])
    files = {f"log/{path}": data for path, data in made.files().items()}
    files |= {f"log/proof/{POSITION}": made.proof(POSITION, carries=True), f"log/events/{POSITION}": said}
    files[f"v1/projects/{PROJECT}/certificates/1"] = json.dumps(certificate(said, made.leaves[POSITION])).encode()
    files[f"v1/projects/{PROJECT}/sample-frame"] = json.dumps(sample_frame()).encode()
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


def certificate(said: bytes, leaf: bytes) -> dict[str, Any]:
    awarded = json.loads(said)
    fact = awarded["fact"]
    name = fact["recipient"]["name"]
    same = {field: fact[field] for field in ("honour", "deed", "document_number", "place", "places")}
    return same | {
        "project": str(PROJECT),
        "version": 1,
        "position": POSITION,
        "code": b32encode(leaf).decode()[:10],
        "leaf_hash": leaf.hex(),
        "standing": "valid",
        "withdrawal": None,
        "recipient": "organisation",
        "name": name,
        "organisation_name": name,
        "awarded_on": awarded["effective_on"],
    }


def sample_frame() -> dict[str, Any]:
    entries = tuple(digit * 64 for digit in "0123")
    seed = seed_of(digest_of(entries), "07")
    frame = {"entries": entries, "digest": digest_of(entries), "share": 10, "least": 2}
    return {"frame": frame, "sample": {"value": "07", "seed": seed, "drawn": draw(seed, entries, share=10, least=2)}}


@pytest.mark.skipif(shutil.which("curl") is None, reason="the guide asks by curl")
def test_verifying_without_trusting_us(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    with served(site(tmp_path / "site")) as address:
        settings = {"ADDRESS": address.removeprefix("http://"), "XDG_DATA_HOME": str(tmp_path), "HOME": str(tmp_path)}
        run(["verify.md"], ("tested",), tmp_path / "work", **settings)
