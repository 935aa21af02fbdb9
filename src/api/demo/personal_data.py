"""Somebody who reported about a project asks for their contact to be erased, which two people of the city decide."""

from datetime import date
from uuid import UUID

from api.demo.clock import EVENING, later
from api.demo.forms import NOTE
from api.demo.play import Play, ask
from ledger.commands.subjects import Erasure, ErasureProposal, HoldRelease, LegalHold

AUTHORITY = "个人信息保护法第四十七条（演示）"
LAST_DAY = date(2010, 12, 31)


async def forget_reporter(play: Play, report: UUID, asked_on: date) -> None:
    """The contact is kept until the answer is no longer disputed, and goes then."""
    day = min(later(asked_on, 5), LAST_DAY)
    subject = play.ledger.vault.pseudonym("complainant", report)
    office, second = ask(play.cast.office.account), ask(play.cast.leading_group.account)
    await play.until(day, EVENING)
    async with play.in_order:
        hold = LegalHold(authority="示例市民政局留存通知（演示）", reason=f"答复期内留存。{NOTE}")
        held = await play.ledger.transact(office, hold.on(subject))
        release = HoldRelease(hold=held.version, reason=f"答复期已过。{NOTE}")
        await play.ledger.transact(office, release.on(subject))
        proposal = ErasureProposal(authority=AUTHORITY, reason=f"本人申请删除。{NOTE}")
        proposed = await play.ledger.transact(office, proposal.on(subject))
        await play.ledger.transact(second, Erasure(proposal=proposed.version).on(subject))
