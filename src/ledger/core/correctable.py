"""What each fact declares of its correction: whether it may be voided or restated, or why not.

Who corrects it follows from who entered it (`ledger/authors.py`).
docs/access.md is generated from these declarations.
"""

from dataclasses import dataclass

from ledger.core.words import Words


@dataclass(frozen=True, slots=True)
class CorrectionRule:
    """`void`, `restate`: why it cannot be, and what to do instead; None where it can. `fixed`: fields that a
    restatement keeps: those by which other facts, streams or sealed values hold on to it, and those that the decision
    computed, copied or issued and the author did not say. `again`: whether its void can itself be
    voided."""

    void: Words | None = None
    restate: Words | None = None
    fixed: tuple[str, ...] = ()
    again: bool = True

    @property
    def is_never(self) -> bool:
        return self.void is not None and self.restate is not None


def never(zh: str, en: str) -> CorrectionRule:
    """Nobody corrects it, and what to do instead."""
    why = Words(zh, en)
    return CorrectionRule(void=why, restate=why)


FREE = CorrectionRule()
FOUNDS_A_PROJECT = Words("项目由它成立，请改用撤回或重述。", "it founds the project; withdraw or restate instead.")
