"""The published vectors of RFC 6962 proofs: what they accept is accepted, what they reject is rejected."""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from minsheng_verify.tree import ProofWrong, check_consistency, check_inclusion, check_subtree

VECTORS = Path(__file__).parents[2].parent / "shared" / "data" / "rfc6962"


def inclusion(case: Any, proof: list[bytes]) -> None:
    check_inclusion(case["leafIdx"], case["treeSize"], _hash(case["leafHash"]), proof, _hash(case["root"]))


def consistency(case: Any, proof: list[bytes]) -> None:
    check_consistency(case["size1"], case["size2"], _hash(case["root1"]), _hash(case["root2"]), proof)


def subtreeinclusion(case: Any, proof: list[bytes]) -> None:
    start, size = case["start"], case["end"] - case["start"]
    check_inclusion(case["leafIdx"] - start, size, _hash(case["leafHash"]), proof, _hash(case["root"]))


def subtreeconsistency(case: Any, proof: list[bytes]) -> None:
    roots = _hash(case["root1"]), _hash(case["root2"])
    check_subtree(case["start"], case["end"], case["size"], *roots, proof)


def _hash(text: str) -> bytes:
    return b64decode(text)


@pytest.mark.skipif(not VECTORS.is_dir(), reason="the vectors of RFC 6962 lie next to the project, and are not here")
@pytest.mark.parametrize(
    ("check", "count"),
    [(inclusion, 98), (consistency, 98), (subtreeinclusion, 204), (subtreeconsistency, 118)],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_every_vector_is_judged_as_it_says(check: Any, count: int) -> None:
    cases = json.loads((VECTORS / f"{check.__name__}.json").read_text())
    assert len(cases) == count
    judged = {}
    for case in cases:
        try:
            check(case, [_hash(one) for one in case["proof"] or []])
            judged[case["name"]] = False
        except ProofWrong:
            judged[case["name"]] = True
    assert judged == {case["name"]: case["wantErr"] for case in cases}
