"""The log's keys in their file or from the environment, and what was signed last."""

from pathlib import Path

import pytest

from ledger.transparency.keys import KeyFile, LogKeyError, LogKeys
from ledger.transparency.notes import COSIGNATURE, Checkpoint, Signer
from ledger.transparency.signed_file import Signed, SignedFile
from ledger.transparency.tree import root_of

ORIGIN = "ledger.example/log"


def test_the_first_key_is_created_once_and_private(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "keys" / "log.key")
    assert not file.exists
    made = file.make(ORIGIN)
    assert (file.make("another.example/log"), file.read()) == (made, made)
    assert made.origin == ORIGIN
    assert file.path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in file.path.parent.iterdir()] == ["log.key"]
    file.path.chmod(0o644)
    with pytest.raises(LogKeyError, match="chmod 600"):
        file.read()


def test_an_origin_is_made_up_when_none_is_given(tmp_path: Path) -> None:
    first, second = (KeyFile(tmp_path / name).make(None).origin for name in ("one", "other"))
    assert first.startswith("minsheng-ledger/")
    assert first != second


def test_rotation_adds_and_retirement_keeps_public_halves(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "log.key")
    first = file.make(ORIGIN)
    file.write(first.rotated())
    both = file.read()
    assert both.signers[1:] == first.signers
    file.write(both.retired())
    last = file.read()
    assert last.signers == both.signers[:1]
    assert last.verifiers == both.verifiers
    assert first.signers[0].skey not in file.path.read_text()


def test_keys_of_the_environment_are_read_and_never_written(tmp_path: Path) -> None:
    given = KeyFile(tmp_path / "log.key", LogKeys.made(ORIGIN).rotated().text)
    assert given.exists
    assert len(given.read().signers) == 2
    with pytest.raises(LogKeyError, match="MINSHENG_LOG_KEY"):
        given.write(given.read().rotated())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no private key"),
        (Signer.make(ORIGIN).verifier.vkey, "no private key"),
        ("PRIVATE+KEY+nonsense", "cannot be read"),
        (Signer.make("w.example/1", COSIGNATURE).skey, "type 01"),
        (f"{Signer.make(ORIGIN).skey} {Signer.make('other.example/log').skey}", "origin"),
    ],
    ids=["nothing", "a public key", "nonsense", "a witness's key", "of two logs"],
)
def test_useless_keys_are_reported_without_their_text(text: str, why: str) -> None:
    with pytest.raises(LogKeyError, match=why) as told:
        LogKeys.parse(text)
    # The end of a key is of its secret part, in base64, which may itself hold a plus sign.
    assert not any(word[-20:] in str(told.value) for word in text.split())


def test_signed_state_needs_its_signature(tmp_path: Path) -> None:
    file, keys = SignedFile(tmp_path / "keys" / "log.checkpoint"), LogKeys.made(ORIGIN)
    assert file.read(keys) is None
    checkpoint = Checkpoint(ORIGIN, 5, bytes(32))
    signed = Signed(1, checkpoint, checkpoint.signed(keys.signers))
    file.write(signed)
    assert file.read(keys) == signed
    with pytest.raises(LogKeyError, match="not signed by a key of this log"):
        file.read(LogKeys.made(ORIGIN))
    file.path.write_text("nonsense")
    with pytest.raises(LogKeyError, match="cannot be used"):
        file.read(keys)


def test_less_than_was_signed_never_replaces_it(tmp_path: Path) -> None:
    file, keys = SignedFile(tmp_path / "log.checkpoint"), LogKeys.made(ORIGIN)

    def signed(generation: int, size: int) -> Signed:
        named = keys.of(generation)
        checkpoint = Checkpoint(named.origin, size, bytes(32))
        return Signed(generation, checkpoint, checkpoint.signed(named.signers))

    for one in (signed(1, 7), signed(1, 5)):
        file.write(one)
    assert file.read(keys) == signed(1, 7)
    file.write(signed(2, 3))
    file.write(signed(1, 9))
    assert file.read(keys) == signed(2, 3)


def test_leaves_need_the_signed_root(tmp_path: Path) -> None:
    file, keys = SignedFile(tmp_path / "log.checkpoint"), LogKeys.made(ORIGIN)
    leaves = b"".join(bytes([number]) * 32 for number in range(5))
    checkpoint = Checkpoint(ORIGIN, 5, root_of(leaves))
    signed = Signed(1, checkpoint, checkpoint.signed(keys.signers))
    file.write(signed, 0, leaves[:96])
    assert file.leaves_of(signed) is None
    file.write(signed, 3, leaves[96:] + bytes(32))
    assert file.leaves_of(signed) == leaves
    file.write(signed, 2, bytes(32))
    assert file.leaves_of(signed) is None
