"""Document numbers 文号 from the registers of the authorities (N10)."""

from ledger.core.fact import Role
from ledger.identifiers import register_stream
from ledger.refusals.general import DocumentNumberMissing
from ledger.rules import Rules
from ledger.unit_of_work import UnitOfWork

# 内部: the series of decisions that are never public.
INTERNAL = "内"


async def document_number(work: UnitOfWork, rules: Rules, given: str | None, *, never_public: bool = False) -> str:
    """The number that was given, as it is; else the next one of the decider's register, taken in the same append.
    A district may have a register under its own code. Decisions that are `never_public` have a series of their own: in
    one with others, each would leave a gap in the numbers that everybody reads. Raises DocumentNumberMissing."""
    if given:
        return given
    who = work.context.who
    own = who.district if who.role is Role.DISTRICT else None
    rule = (rules.register(own) if own else None) or rules.register(who.role)
    if rule is None:
        raise DocumentNumberMissing(register=own or who.role)
    series = INTERNAL if never_public else ""
    register = register_stream(rules.code, rule.code + series)
    await work.lock_stream(register)
    return rule.pattern.format(number=f"{series}{await work.next_number(register)}", year=rules.year)
