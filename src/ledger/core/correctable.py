"""What each fact declares of its correction: whether it may be voided or restated, by whom, or why not.

docs/corrections.md is generated from these declarations.
"""

from dataclasses import dataclass
from enum import Enum

from ledger.values import Bilingual


class CorrectedBy(Enum):
    """Who corrects. Nobody else does, neither what they said themselves nor what others did."""

    AUTHORITY = "the office; a district what it or an organisation said of its own"
    OFFICE = "the office"
    NOBODY = "nobody"
    AS_TARGET = "who may correct what it corrects"


@dataclass(frozen=True, slots=True)
class CorrectionRule:
    """`void`, `restate`: why it cannot be, and what to do instead; None where it can. `fixed`: fields that a
    restatement keeps, as other facts, streams or sealed values hold on to them. `again`: whether its void can itself be
    voided."""

    by: CorrectedBy = CorrectedBy.AUTHORITY
    void: Bilingual | None = None
    restate: Bilingual | None = None
    fixed: tuple[str, ...] = ()
    again: bool = True


def never(zh: str, en: str) -> CorrectionRule:
    """Nobody corrects it, and what to do instead."""
    why = Bilingual(zh=zh, en=en)
    return CorrectionRule(CorrectedBy.NOBODY, void=why, restate=why)


FREE = CorrectionRule()
FOUNDS_A_PROJECT = Bilingual(
    zh="项目由它成立，请改用撤回或重述。", en="it founds the project; withdraw or restate instead."
)
