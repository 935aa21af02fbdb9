"""Keys, notes, checkpoints and proofs: the example of the specification holds, malformed ones are named."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.verify.producer import LOG, ORIGIN, Made, Signer, events, note
from tests.verify.test_tree import flipped

from minsheng_verify.checkpoint import check_log_signature, cosigned, parse_checkpoint, parse_proof
from minsheng_verify.faults import Fault
from minsheng_verify.note import parse_key, parse_keys, parse_note, signed_by

EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = (
    "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1E"
    "RYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
).encode()
WITNESS = Signer("witness.example/w", 4, b"w")
MADE = Made(events(20))
TEXT = MADE.text()
ROOT = TEXT.split("\n")[2]


def test_the_example_of_the_specification_holds() -> None:
    key = parse_key(EXAMPLE_KEY)
    assert str(key) == EXAMPLE_KEY
    assert [signed.key for signed in signed_by(parse_note(EXAMPLE, "note"), [key], "note")] == [key]


@given(st.integers(0, len(EXAMPLE) * 8 - 1))
def test_a_flipped_bit_breaks_the_signature(bit: int) -> None:
    try:
        signed = signed_by(parse_note(flipped(EXAMPLE, bit), "note"), [parse_key(EXAMPLE_KEY)], "note")
    except Fault:
        return
    assert signed == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no signature lines"),
        (b"\xff\n\n\xe2\x80\x94 a YWJjZGU=\n", "not UTF-8"),
        (b"a\tb\n\n\xe2\x80\x94 a YWJjZGU=\n", "control characters"),
        (b"a\n\n\xe2\x80\x94 a YWJjZGU=", "cut off"),
        (b"a\n\n- a YWJjZGU=\n", "malformed signature line"),
        (b"a\n\n\xe2\x80\x94 a+b YWJjZGU=\n", "malformed signature line"),
        (b"a\n\n\xe2\x80\x94  YWJjZGU=\n", "malformed signature line"),
        (b"a\n\n\xe2\x80\x94 a YWJjZGU\n", "malformed signature line"),
        (b"a\n\n\xe2\x80\x94 a YWJj\n", "malformed signature line"),
        (b"a\n\n" + b"\xe2\x80\x94 a YWJjZGU=\n" * 65, "more than 64 signatures"),
    ],
)
def test_a_malformed_note_is_named(data: bytes, said: str) -> None:
    with pytest.raises(Fault, match=said):
        parse_note(data, "note")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "not a verifier key"),
        ("name", "not a verifier key"),
        (EXAMPLE_KEY.replace("example", "exa mple"), "not a verifier key"),
        (EXAMPLE_KEY[:-1] + "!", "not a verifier key"),
        (EXAMPLE_KEY[:-4], "of a kind that is not known"),
        (f"a+00000000+{b64encode(bytes([6]) + bytes(1312)).decode()}", "of a kind that is not known"),
        (EXAMPLE_KEY.replace("530d903a", "530d903b"), "mistyped"),
        (EXAMPLE_KEY.replace("foo", "fou"), "mistyped"),
    ],
)
def test_a_malformed_key_is_named(line: str, said: str) -> None:
    with pytest.raises(Fault, match=said):
        parse_key(line)


def test_keys_stand_one_a_line_with_remarks() -> None:
    assert [str(key) for key in parse_keys(f"# log\n\n{LOG.key}\r\n  {EXAMPLE_KEY}  \n")] == [LOG.key, EXAMPLE_KEY]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{ORIGIN}\n20\n", "origin, size and root"),
        (f"{ORIGIN}\n\n20\n{ROOT}\n", "origin, size and root"),
        (f"{ORIGIN}\n020\n{ROOT}\n", "not a number of entries"),
        (f"{ORIGIN}\n-1\n{ROOT}\n", "not a number of entries"),
        (f"{ORIGIN}\n{'9' * 5000}\n{ROOT}\n", "not a number of entries"),
        (f"{ORIGIN}\n20\n{ROOT[:-2]}\n", "not a root"),
        (f"{ORIGIN}\n20\n{b64encode(bytes(31)).decode()}\n", "not a root"),
    ],
)
def test_a_malformed_checkpoint_is_named(text: str, said: str) -> None:
    with pytest.raises(Fault, match=said):
        parse_checkpoint(note(text, LOG), "checkpoint")


def test_foreign_lines_on_a_checkpoint_are_ignored() -> None:
    parsed = parse_checkpoint(note(f"{TEXT}extension\n", LOG), "checkpoint")
    assert (parsed.size, check_log_signature(parsed, [parse_key(LOG.key)], "checkpoint").name) == (20, ORIGIN)


def test_only_the_log_s_own_key_signs_for_it() -> None:
    other = Signer("other.example", seed=b"other")
    for signers, keys, said in [
        ((other,), (LOG,), "not signed by the log's key"),
        ((other,), (other,), "speaks of the log"),
        ((Signer(seed=b"other"),), (LOG,), "not signed by the log's key"),
        ((Signer(kind=4),), (Signer(kind=4),), "not signed by the log's key"),
    ]:
        parsed = parse_checkpoint(note(TEXT, *signers), "checkpoint")
        with pytest.raises(Fault, match=said):
            check_log_signature(parsed, [parse_key(one.key) for one in keys], "checkpoint")


def test_one_wrong_known_signature_refuses_the_note() -> None:
    second = Signer(seed=b"second")
    wrong = note(TEXT, LOG).decode() + second.line(TEXT + "more\n")
    parsed = parse_checkpoint(wrong.encode(), "checkpoint")
    with pytest.raises(Fault, match=r"signature of ledger\.example/log is wrong"):
        check_log_signature(parsed, [parse_key(LOG.key), parse_key(second.key)], "checkpoint")


def test_a_witness_counts_once_per_checkpoint() -> None:
    keys = [parse_key(WITNESS.key), parse_key(Signer("witness.example/v", 4, b"v").key)]
    twice = note(TEXT, LOG).decode() + WITNESS.line(TEXT, 7) + WITNESS.line(TEXT, 8)
    assert [
        (one.key.name, one.time) for one in cosigned(parse_checkpoint(twice.encode(), "checkpoint"), keys, "c")
    ] == [(WITNESS.name, 7)]
    stolen = note(TEXT, LOG).decode() + WITNESS.line(TEXT.replace("\n20\n", "\n21\n"))
    with pytest.raises(Fault, match=r"signature of witness\.example/w is wrong"):
        cosigned(parse_checkpoint(stolen.encode(), "checkpoint"), keys, "checkpoint")


@pytest.mark.parametrize("where", ["text", "time", "signature"])
@given(data=st.data())
def test_a_cosignature_with_one_bit_flipped_vouches_for_nothing(where: str, data: st.DataObject) -> None:
    key = parse_key(WITNESS.key)
    parsed = parse_note(note(TEXT, WITNESS), "note")
    (signature,) = parsed.signatures
    first, last = {"text": (0, 0), "time": (0, 64), "signature": (64, 576)}[where]
    if where == "text":
        bit = data.draw(st.integers(0, len(TEXT) * 8 - 1).filter(lambda bit: bit % 8 < 7))
        changed = type(parsed)(parsed.raw, flipped(TEXT.encode(), bit).decode(), parsed.signatures)
    else:
        value = flipped(signature.value, data.draw(st.integers(first, last - 1)))
        changed = type(parsed)(parsed.raw, TEXT, (type(signature)(signature.name, signature.key_id, value),))
    with pytest.raises(Fault, match="is wrong"):
        signed_by(changed, [key], "note")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("@v1", "@v2"), "its first line"),
        (("index 7", "index 07"), "names no index"),
        (("index 7", "place 7"), "names no index"),
        (("\n\n", "\n"), "not a"),
        (("index 7\n", "extra ?\nindex 7\n"), "extra data"),
        (("index 7\n", "index 7\nQUJD\n"), "no hash"),
        (("index 7\n", "index 7\n" + f"{b64encode(bytes(32)).decode()}\n" * 64), "no hash"),
    ],
)
def test_a_malformed_proof_is_named(change: tuple[str, str], said: str) -> None:
    proof = MADE.proof(7).decode()
    assert parse_proof(proof.encode(), "the proof").position == 7
    assert parse_proof(proof.replace("index", "extra QUJD\nindex").encode(), "the proof").position == 7
    with pytest.raises(Fault, match=said):
        parse_proof(proof.replace(*change, 1).encode(), "the proof")
