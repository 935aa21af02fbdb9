"""Policies of witnesses, by the specification's words."""

import pytest

from ledger.transparency.notes import COSIGNATURE, Signer
from ledger.transparency.witness_policy import Policy, PolicyWrong

KEYS = [Signer.make(f"w.example/{number}", COSIGNATURE).verifier for number in range(6)]
LOG = Signer.make("ledger.example/log").verifier
WITNESSES = "\n".join(f"witness w{number} {key.vkey} https://w{number}.example/" for number, key in enumerate(KEYS))


def policy(*lines: str) -> Policy:
    return Policy.parse("\n".join([WITNESSES, *lines]))


def test_two_levels_of_groups() -> None:
    found = policy("group x 2 w0 w1 w2", "group y any w3 w4 w5", "group both all x y", "# the quorum", "quorum both")
    assert not found.is_met_by(KEYS[:3])
    assert not found.is_met_by([KEYS[0], *KEYS[3:]])
    assert found.is_met_by([KEYS[0], KEYS[2], KEYS[5]])
    assert not found.is_met_by([KEYS[0], KEYS[0], KEYS[5]])


def test_one_witness_or_none_may_be_the_quorum() -> None:
    assert policy("quorum w3").is_met_by([KEYS[3]])
    assert not policy("quorum w3").is_met_by([KEYS[4]])
    assert policy("quorum none").is_met_by([])
    assert policy(f"log {LOG.vkey} https://ledger.example", "quorum none").witnesses["w1"].url == "https://w1.example"


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([], "no line quorum"),
        (["quorum nobody"], "line 7: nobody is not defined"),
        (["quorum w0", "quorum w1"], "line 8"),
        (["group g 3 w0 w1", "quorum g"], "3 is neither"),
        (["group g 0 w0 w1", "quorum g"], "0 is neither"),
        (["group g any", "quorum g"], "line 7"),
        (["group g any w0 nobody", "quorum g"], "nobody is not defined"),
        (["group g any w0", "group h any w0", "quorum g"], "in a group already"),
        (["group g any w0 w0", "quorum g"], "named twice"),
        (["group w0 any w1", "quorum w0"], "is taken"),
        (["group none any w1", "quorum none"], "is taken"),
        ([f"witness again {KEYS[0].vkey}", "quorum none"], "another witness"),
        ([f"witness log {LOG.vkey}", "quorum none"], "type 04"),
        (["witness bad nonsense", "quorum none"], "line 7"),
        ([f"witness w9 {Signer.make('w.example/9', 4).verifier.vkey} ftp://w9", "quorum none"], "http"),
        (["whatever", "quorum none"], "none of a policy"),
    ],
)
def test_what_is_no_policy_is_told_by_its_line(lines: list[str], why: str) -> None:
    with pytest.raises(PolicyWrong, match=why):
        policy(*lines)
