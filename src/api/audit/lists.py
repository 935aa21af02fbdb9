"""The lists that auditors look through: what each asks of the interface, and how its rows stand in a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from api.routes.audit import (
    ExceptionItem,
    ExceptionsWanted,
    LateItem,
    LateTotal,
    LateWanted,
    PairItem,
    PairsWanted,
    exception_page,
    late_page,
    pair_page,
)
from api.routes.audit_money import AuditedMoney, MoneyWanted, audit_money
from api.routes.audit_sealed import READERS as SEALED_READERS
from api.routes.audit_sealed import SealedReadItem, SealedReadsWanted, list_sealed_reads
from api.service import Service
from ledger.access import SEES_CONFIDENTIAL
from ledger.accounts import Account
from ledger.core.fact import Role
from ledger.values import Frozen

Wanted = LateWanted | ExceptionsWanted | PairsWanted | MoneyWanted | SealedReadsWanted


class AuditList(StrEnum):
    LATE = "late-entries"
    EXCEPTIONS = "exceptions"
    CORRECTIONS = "corrections"
    PAIRS = "pairs"
    MONEY = "money"
    SEALED = "sealed-reads"


@dataclass(frozen=True, slots=True)
class Asked:
    """`filters`: those that its form shows, by the names of the interface. `clocks`: those of the moment it follows."""

    model: type[Wanted]
    filters: tuple[str, ...]
    clocks: tuple[str, ...] = ("known_at",)
    readers: frozenset[Role] = SEES_CONFIDENTIAL


ASKED: dict[AuditList, Asked] = {
    AuditList.LATE: Asked(LateWanted, ("programme", "district", "role", "min_days")),
    AuditList.EXCEPTIONS: Asked(ExceptionsWanted, ("kind", "programme", "district", "role")),
    AuditList.CORRECTIONS: Asked(ExceptionsWanted, ("kind", "programme", "district", "role")),
    AuditList.PAIRS: Asked(PairsWanted, ("programme", "role", "min")),
    AuditList.MONEY: Asked(MoneyWanted, ("group_by", "programme", "district"), ("known_at", "effective_on")),
    AuditList.SEALED: Asked(SealedReadsWanted, (), (), SEALED_READERS),
}
Item = LateItem | ExceptionItem | PairItem | SealedReadItem


@dataclass(frozen=True, slots=True)
class Found:
    """A page of a list. `next`: the cursor of the next one. `known`: null where the list is outside the ledger."""

    items: Sequence[Item]
    next: str | None
    known: int | None
    sums: Sequence[LateTotal] = ()
    money: AuditedMoney | None = None


def lists_of(who: Account) -> tuple[AuditList, ...]:
    return tuple(one for one, asked in ASKED.items() if who.role in asked.readers)


async def ask(service: Service, who: Account, wanted: Wanted) -> Found:
    """Raises RoleMayNot."""
    match wanted:
        case LateWanted():
            late = await late_page(service, who, wanted)
            return Found(late.entries, late.next_cursor, late.known, late.sums)
        case ExceptionsWanted():
            exceptional = await exception_page(service, who, wanted)
            return Found(exceptional.exceptions, exceptional.next_cursor, exceptional.known)
        case PairsWanted():
            pairs = await pair_page(service, who, wanted)
            return Found(pairs.pairs, pairs.next_cursor, pairs.known)
        case MoneyWanted():
            money = await audit_money(service, who, wanted)
            return Found((), money.next_after, money.basis.known, money=money)
        case SealedReadsWanted():
            reads = await list_sealed_reads(service, who, wanted)
            return Found(reads.reads, reads.next_cursor, None)


def after(wanted: Wanted, place: str) -> Wanted:
    """The same question for its next page."""
    if isinstance(wanted, MoneyWanted):
        return wanted.model_copy(update={"after": place})
    return wanted.model_copy(update={"cursor": place})


def records_of(found: Found) -> list[dict[str, Any]]:
    """As the interface answers them, each flat enough for a line of a table."""
    if found.money is None:
        return [one.model_dump(mode="json") for one in found.items]
    return [
        {"key": group.key, "stage": figure.stage.value}
        | (event.model_dump(mode="json") if event else {})
        | (event.amount if event else figure.amount).model_dump(mode="json")
        for group in found.money.groups
        for figure in group.figures
        for event in (figure.events if figure.events is not None else (None,))
    ]


MONEY_COLUMNS = (
    "key",
    "stage",
    "amount",
    "currency",
    "source",
    "position",
    "version",
    "type",
    "effective_on",
    "dated_on",
    "corrected_at",
)
ITEMS: dict[AuditList, type[Frozen]] = {
    AuditList.LATE: LateItem,
    AuditList.EXCEPTIONS: ExceptionItem,
    AuditList.CORRECTIONS: ExceptionItem,
    AuditList.PAIRS: PairItem,
    AuditList.SEALED: SealedReadItem,
}


def columns_of(name: AuditList) -> tuple[str, ...]:
    return tuple(ITEMS[name].model_fields) if name in ITEMS else MONEY_COLUMNS
