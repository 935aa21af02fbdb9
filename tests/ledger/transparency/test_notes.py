"""Signed notes and keys: the example of the specification, and all that is no note."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.transparency.notes import COSIGNATURE, Checkpoint, Note, NoteWrong, Signer, Verifier

VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
NOTE = (
    "This is an example message.\n"
    "\n"
    "— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
LOG = Signer.make("ledger.example/log")
WITNESS = Signer.make("witness.example/w1", COSIGNATURE)


def test_the_example_of_the_specification_verifies() -> None:
    verifier = Verifier.parse(VKEY)
    note = Note.parse(NOTE)
    assert note.text == "This is an example message.\n"
    assert note.verified_by([verifier]) == [verifier]
    assert verifier.vkey == VKEY
    with pytest.raises(NoteWrong, match="does not verify"):
        Note.parse(NOTE.replace("example message", "other message")).verified_by([verifier])


@given(st.integers(0, 2**60), st.binary(min_size=32, max_size=32))
def test_a_signed_note_verifies_with_its_key_alone(size: int, root: bytes) -> None:
    checkpoint = Checkpoint(LOG.name, size, root)
    note = Note.parse(checkpoint.signed([LOG]) + WITNESS.signature(checkpoint.text))
    assert Checkpoint.parse(note.text) == checkpoint
    assert note.verified_by([LOG.verifier, WITNESS.verifier]) == [LOG.verifier, WITNESS.verifier]
    assert note.verified_by([Signer.make(LOG.name).verifier]) == []


def test_a_cosignature_holds_its_time() -> None:
    text = Checkpoint(LOG.name, 1, bytes(32)).text
    at = datetime(2023, 3, 20, 12, 59, 7, tzinfo=UTC)
    line = WITNESS.signature(text, at)
    signed = Note.parse(f"{text}\n{line}").signatures[0].signed
    assert int.from_bytes(signed[:8]) == 1679317147
    assert WITNESS.verifier.verifies(text, signed)
    assert not WITNESS.verifier.verifies(text, (1).to_bytes(8) + signed[8:])
    assert not WITNESS.verifier.verifies(text, signed[8:])
    assert not Verifier(LOG.name, 1, WITNESS.verifier.public).verifies(text, signed[8:])


def test_keys_are_written_and_read() -> None:
    for signer in (LOG, WITNESS):
        assert Signer.parse(signer.skey) == signer
        assert Verifier.parse(signer.verifier.vkey) == signer.verifier
        assert signer.skey not in repr(signer)


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "example.com/foo",
        VKEY.replace("530d903a", "530d903b"),
        VKEY.replace("530d903a", "530D903A"),
        VKEY[:-4],
        VKEY.replace("example", "exam ple"),
        VKEY.replace("+Aeky", "+Beky"),
        VKEY + "=",
    ],
)
def test_what_is_no_key_is_told_so(vkey: str) -> None:
    with pytest.raises(NoteWrong):
        Verifier.parse(vkey)
    with pytest.raises(NoteWrong):
        Signer.parse(f"PRIVATE+KEY+{vkey}")


@pytest.mark.parametrize(
    "note",
    [
        "",
        "text\n",
        "text\n\n",
        "text\n\n— name\n",
        "text\n\n- name AAAAAAAA\n",
        "text\n\n— na me AAAAAAAA\n",
        "text\n\n— name AAAA\n",
        "text\n\n— name AAAAAAAA",
        "text\n\n— name AAAAAAAAA\n",
        "te\x01xt\n\n— name AAAAAAAA\n",
        "text\n\n" + "— name AAAAAAAA\n" * 65,
        "x" * 100_001 + "\n\n— name AAAAAAAA\n",
    ],
)
def test_what_is_no_note_is_told_so(note: str) -> None:
    with pytest.raises(NoteWrong):
        Note.parse(note)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "origin\n1\n",
        "origin\n01\n" + "A" * 43 + "=\n",
        "origin\n-1\n" + "A" * 43 + "=\n",
        "origin\n1\nAAAA\n",
        "\n1\n" + "A" * 43 + "=\n",
        "origin\n1\n" + "A" * 42 + "B=\n",
        "origin\n1\n" + "A" * 43 + "=",
    ],
)
def test_what_is_no_checkpoint_is_told_so(text: str) -> None:
    with pytest.raises(NoteWrong):
        Checkpoint.parse(text)
