"""Document numbers 文号 from the registers of the authorities (N10)."""

from ledger.errors import DocumentNumberMissing
from ledger.events import Role
from ledger.identifiers import register_stream
from ledger.rules import Rules
from ledger.transaction import Work


async def document_number(work: Work, rules: Rules, given: str | None, role: Role) -> str:
    """The number that was given, as it is; else the next one of the decider's register, taken in the same append.
    A district may have a register under its own code. Raises DocumentNumberMissing."""
    if given:
        return given
    own = work.ask.who.district if role is Role.DISTRICT else None
    rule = (rules.register(own) if own else None) or rules.register(role)
    if rule is None:
        raise DocumentNumberMissing(register=own or role)
    register = register_stream(rules.code, rule.code)
    await work.take_turn(register)
    return rule.pattern.format(number=await work.next_number(register), year=rules.year)
