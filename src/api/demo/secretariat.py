"""Decisions of the leading group that its office records from minutes or a signed approval (N3)."""

from hashlib import sha256
from uuid import UUID

from api.demo.play import Play, ask
from ledger.commands.recorded_decisions import Recorded
from ledger.commands.secretariat import DecisionConfirmation, DecisionRecord
from ledger.project.decision_papers import DecisionPaper, PaperKind

_NUMBER = {
    PaperKind.MINUTES: "演示纪〔{year}〕{month}号（演示）",
    PaperKind.SIGNED_APPROVAL: "演示签〔{year}〕{month}号（演示）",
}


async def record(play: Play, project: UUID, decision: Recorded, kind: PaperKind = PaperKind.MINUTES) -> None:
    """Of today's paper, by one person of the office and confirmed by another."""
    day = play.ledger.today()
    number = _NUMBER[kind].format(year=day.year, month=day.month)
    paper = DecisionPaper(kind=kind, number=number, dated_on=day, sha256=sha256(number.encode()).hexdigest())
    body = DecisionRecord(decision=decision, paper=paper)
    recorded = await play.ledger.transact(ask(play.cast.office.account), body.on(project))
    confirmation = DecisionConfirmation(record=recorded.version)
    await play.ledger.transact(ask(play.cast.secretary.account), confirmation.on(project))
