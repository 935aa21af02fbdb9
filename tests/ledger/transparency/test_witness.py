"""A witness by the words of the specification: each refusal, and cosigning what continues what was seen."""

from base64 import b64encode
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from tests.ledger.transparency.test_tree import LEAVES, naive, naive_consistency

from ledger.transparency.notes import COSIGNATURE, Checkpoint, Note, Signer
from ledger.transparency.witness import Reply, Witness

LOG, OTHER = Signer.make("ledger.example/log"), Signer.make("ledger.example/log")
WITNESS = Signer.make("witness.example/w1", COSIGNATURE)


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    return Witness(tmp_path, WITNESS, {LOG.name: [LOG.verifier]})


def note(size: int, root: bytes | None = None, by: Sequence[Signer] = (LOG,), origin: str = LOG.name) -> str:
    return Checkpoint(origin, size, naive(LEAVES[:size]) if root is None else root).signed(by)


def request(old: int, text: str, proof: Sequence[bytes] = ()) -> str:
    return f"old {old}\n" + "".join(b64encode(one).decode() + "\n" for one in proof) + f"\n{text}"


def asked(witness: Witness, old: int, size: int) -> Reply:
    proof = naive_consistency(old, LEAVES[:size]) if 0 < old <= size else []
    return witness.add_checkpoint(request(old, note(size), proof))


def test_what_continues_what_was_seen_is_cosigned_and_remembered(witness: Witness) -> None:
    old = 0
    for size in (3, 3, 5, 300):
        reply = asked(witness, old, size)
        assert reply.status == 200
        assert Note.parse(note(size) + reply.body).verified_by([WITNESS.verifier, LOG.verifier]) == [
            LOG.verifier,
            WITNESS.verifier,
        ]
        old = size
    latest = witness.latest(sha256(LOG.name.encode()).hexdigest())
    assert latest is not None
    parsed = Note.parse(latest)
    assert Checkpoint.parse(parsed.text).size == 300
    assert set(parsed.verified_by([LOG.verifier, WITNESS.verifier])) == {LOG.verifier, WITNESS.verifier}


def test_a_wrong_old_size_gets_the_seen_one(witness: Witness) -> None:
    asked(witness, 0, 5)
    assert asked(witness, 0, 8) == Reply(409, "5\n", "text/x.tlog.size")
    assert asked(witness, 3, 8) == Reply(409, "5\n", "text/x.tlog.size")


def test_what_does_not_continue_it_is_not_cosigned(witness: Witness) -> None:
    asked(witness, 0, 5)
    proof = naive_consistency(5, LEAVES[:8])
    forged = naive([bytes(32), *LEAVES[1:8]])
    for wrong in (
        request(5, note(8, forged), proof),
        request(5, note(8), []),
        request(5, note(8), [*proof, bytes(32)]),
        request(5, note(8), proof[::-1]),
        request(5, note(5, forged)),
        request(5, note(5), [bytes(32)]),
    ):
        assert witness.add_checkpoint(wrong).status == 422
    assert asked(witness, 5, 8).status == 200


def test_the_first_checkpoint_needs_no_proof(witness: Witness) -> None:
    assert witness.add_checkpoint(request(0, note(5), [bytes(32)])).status == 422
    assert witness.add_checkpoint(request(0, note(0, bytes(32)))).status == 422
    assert asked(witness, 0, 0).status == 200


def test_unknown_logs_and_strange_signatures_are_refused(witness: Witness) -> None:
    stranger = Signer.make("stranger.example/log")
    assert witness.add_checkpoint(request(0, note(5, origin=stranger.name, by=[stranger]))).status == 404
    assert witness.add_checkpoint(request(0, note(5, by=[OTHER]))).status == 403
    assert witness.add_checkpoint(request(0, note(5, by=[OTHER, LOG]))).status == 200
    damaged = note(5).replace(note(5)[-12:-3], "AAAAAAAAA")
    assert witness.add_checkpoint(request(5, damaged)).status in (400, 403)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "old 0\n",
        note(5),
        request(9, note(5)),
        "old -1" + request(0, note(5))[5:],
        "old 00" + request(0, note(5))[5:],
        "old 0\nnot base 64!\n\n" + note(5),
        "old 0\nAAAA\n\n" + note(5),
        request(0, note(5), [bytes(32)] * 64),
        request(0, "ledger.example/log\nfive\n\n"),
        request(0, note(5).replace("\n5\n", "\n05\n")),
        request(0, note(5).removesuffix("\n")),
        request(0, "\x00" + note(5)),
        "old 0\n\n" + "x" * 200_000,
    ],
)
def test_what_is_no_request_is_told_so(witness: Witness, body: str) -> None:
    assert witness.add_checkpoint(body).status == 400


def test_of_many_at_once_one_history_is_cosigned(witness: Witness) -> None:
    """Two sizes from the same old one, again and again: never both."""
    old = 0
    for size in range(10, 100, 10):
        with ThreadPoolExecutor(8) as threads:
            replies = list(threads.map(lambda more, old=old, size=size: asked(witness, old, size + more), range(8)))
        cosigned = [more for more, reply in enumerate(replies) if reply.status == 200]
        assert len(cosigned) == 1
        assert all(reply.status == 409 for more, reply in enumerate(replies) if more not in cosigned)
        old = size + cosigned[0]


def test_what_was_never_cosigned_cannot_be_had(witness: Witness) -> None:
    assert witness.latest(sha256(LOG.name.encode()).hexdigest()) is None
    assert witness.latest("../witness.key") is None
