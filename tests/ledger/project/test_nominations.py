"""Nominations: each organisation and each person once for an honour."""

import pytest
from tests.ledger.project.given import PROJECT, recorded
from tests.ledger.project.honoured import A_PERSON, THE_ORGANISATION, Recipient, nominated
from tests.support import refuses, veiled

from ledger.aggregates import NOMINATIONS
from ledger.project.nominations import AlreadyNominated, Nominations, nominate
from ledger.veils import Veiled

EMPTY = Nominations(veiled(Veiled.NOMINATIONS, "beijing-2010", "advanced-organisation"))


@pytest.mark.parametrize("recipient", [THE_ORGANISATION, A_PERSON])
def test_a_recipient_is_nominated_once(recipient: Recipient) -> None:
    said = {"programme": "beijing-2010", "honour": "advanced-organisation", "deed": "示例：送餐一年。"}
    fact = nominate(EMPTY, recipient, project=PROJECT, **said)
    assert fact == nominated(recipient)
    after = NOMINATIONS.evolve(EMPTY, recorded(fact, 1))
    assert after.made == {recipient.holder: fact}
    with refuses(AlreadyNominated, honour="advanced-organisation"):
        nominate(after, recipient, project=PROJECT, **said)


def test_each_honour_has_its_own_nominations() -> None:
    streams = {veiled(Veiled.NOMINATIONS, code, honour) for code in ("a", "b") for honour in ("c", "d")}
    assert len(streams) == 4
