"""A fact that leaves a declaration out fails at import."""

import pytest

from ledger.core.correctable import CorrectionRule
from ledger.core.fact import Audience, Audit, Fact
from ledger.core.words import Words

NAME = Words("暂停", "pause")


def test_a_missing_audience_fails_at_import() -> None:
    with pytest.raises(TypeError, match="audience"):

        class Paused(Fact, correction=CorrectionRule(), named=NAME, audit=Audit.REGULAR):
            pass


def test_a_missing_correction_fails_at_import() -> None:
    with pytest.raises(TypeError, match="correction"):

        class Paused(Fact, audience=Audience.NEVER, named=NAME, audit=Audit.REGULAR):
            pass


def test_fixing_an_unknown_field_fails_at_import() -> None:
    with pytest.raises(TypeError, match="Paused has no fields until to fix"):

        class Paused(
            Fact, audience=Audience.NEVER, correction=CorrectionRule(fixed=("until",)), named=NAME, audit=Audit.REGULAR
        ):
            pass


def test_a_missing_name_fails_at_import() -> None:
    with pytest.raises(TypeError, match="no name"):

        class Paused(Fact, audience=Audience.NEVER, correction=CorrectionRule(), audit=Audit.REGULAR):
            pass


def test_a_missing_audit_fails_at_import() -> None:
    with pytest.raises(TypeError, match="no audit"):

        class Paused(Fact, audience=Audience.NEVER, correction=CorrectionRule(), named=NAME):
            pass
