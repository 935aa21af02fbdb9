"""Photographs of a project: with a statement on who is in them, and gone when they are withdrawn (N25)."""

import pytest
from tests.ledger.project.given import APPLIED, AT, DAY, given
from tests.support import refuses

from ledger.core.fact import Sealed
from ledger.project.photographs import PhotographShown, Picture, photograph_at, show_photograph, withdraw_photograph
from ledger.project.publicity import PUBLICISE
from ledger.project.status import Status
from ledger.refusals.general import StepOutOfOrder
from ledger.refusals.photographs import PhotographRemoved, PhotographStatementMissing, PhotographUnknown

SEALED: list[Sealed[Picture]] = [Sealed(commitment=digit * 64) for digit in "ab"]
LIFE = AT.DELIVERY


def shown(number: int = 0) -> PhotographShown:
    return show_photograph(given(*LIFE), SEALED[number], "示例：长桌", "示例：没有人的长桌。", True)


def test_it_needs_the_statement_and_a_published_project() -> None:
    with refuses(PhotographStatementMissing):
        show_photograph(given(*LIFE), SEALED[0], "示例", "示例。", False)
    with refuses(StepOutOfOrder, status=Status.APPLIED, command=PUBLICISE):
        show_photograph(given(APPLIED), SEALED[0], "示例", "示例。", True)


@pytest.mark.parametrize("number", [0, 1])
def test_what_is_withdrawn_is_gone_and_the_other_stays(number: int) -> None:
    before = (*LIFE, shown(0), shown(1))
    versions = [len(LIFE) + 1, len(LIFE) + 2]
    withdrawn, sealed = withdraw_photograph(given(*before), versions[number], "示例：撤回同意。")
    assert sealed == SEALED[number]
    project = given(*before, withdrawn)
    assert photograph_at(project, versions[1 - number]) == SEALED[1 - number]
    assert [one.version for one in project.photographs] == [versions[1 - number]]
    said = {"photograph": versions[number], "day": DAY.isoformat(), "reason": "示例：撤回同意。"}
    with refuses(PhotographRemoved, **said):
        withdraw_photograph(project, versions[number], "示例。")


def test_only_a_photograph_is_withdrawn() -> None:
    with refuses(PhotographUnknown, photograph=1):
        withdraw_photograph(given(*LIFE), 1, "示例。")
