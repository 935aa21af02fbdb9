"""What one person prepares and another confirms, where the programme asks for two: payments and honours (N15, N20).

It takes effect with the confirmation alone, and is decided again then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from ledger.core.action import Action, Scope
from ledger.core.correctable import CorrectionRule, never
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, PastDate, Role, Version
from ledger.core.history import corrected
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Teller, Words
from ledger.project.fact import OnRecord
from ledger.project.instalments import InstalmentNumber
from ledger.project.nominations import OrganisationRecipient, PersonRecipient
from ledger.project.payments import PaidUnder
from ledger.values import Code, Line, Money, Text

CONFIRM_PREPARED = Action(
    "confirm_prepared",
    {Role.TREASURY: Scope.ALL, Role.LEADING_GROUP: Scope.ALL, Role.PROMOTION_ASSOCIATION: Scope.ALL},
    Words("复核经办事项", "confirm what another person prepared"),
)


class PreparationUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh = "所指记录（版本 {record}）不是待复核的经办事项。"
    en = "At version {record} nothing waits to be confirmed by a second person."


class PreparerMayNotConfirm(Refusal):
    kind = Kind.FORBIDDEN
    zh = "经办与复核须为两人；同一人的其他账号也不得复核。"
    en = "Another person confirms what was prepared; no other account of the same person may."


class AlreadyPrepared(Refusal):
    kind = Kind.CONFLICT
    zh = "同一事项已经办（版本 {record}），尚待复核。"
    en = "The same was prepared at version {record} and waits to be confirmed."


_VOID_ONLY = CorrectionRule(restate=Words("请作废后重新经办。", "void it and prepare it again."))


class PaymentPrepared(
    OnRecord,
    audience=Audience.CONFIDENTIAL,
    correction=_VOID_ONLY,
    named=Words("拨付经办", "prepared payment"),
    audit=Audit.REGULAR,
    credit=False,
):
    """N15: a payment as one person of the treasury entered it, until another has confirmed it."""

    sentence: ClassVar[Words] = Words(
        "经办拨付 {amount}（{under}）：{cost}，待另一人复核。",
        "Prepared a payment of {amount} ({under}): {cost}. It waits for another person to confirm it.",
    )

    type: Literal["PaymentPrepared"] = "PaymentPrepared"
    under: PaidUnder
    amount: Money
    cost: Line
    paid_on: PastDate
    voucher: Line
    instalment: InstalmentNumber | None

    def also_read_by(self) -> Role:
        return Role.TREASURY


class AwardPrepared(
    OnRecord,
    audience=Audience.CONFIDENTIAL,
    correction=_VOID_ONLY,
    named=Words("表彰经办", "prepared honour"),
    audit=Audit.REGULAR,
    credit=False,
):
    """N20: an honour as one person of the body that decides on it entered it, until another has confirmed it. The name
    of a person stands under a commitment of its own."""

    sentence: ClassVar[Words] = Words(
        "经办授予{recipient}{title}称号（{document}），待另一人复核。",
        "Prepared to honour {recipient} as {title} ({document}). It waits for another person to confirm it.",
    )

    type: Literal["AwardPrepared"] = "AwardPrepared"
    decided_by: Role
    honour: Code
    recipient: Annotated[OrganisationRecipient | PersonRecipient, Field(discriminator="kind")]
    deed: Text
    document_number: Line

    def also_read_by(self) -> Role:
        return self.decided_by

    def told(self, tell: Teller) -> str:
        recipient, title = self.recipient.told(tell), tell.title(self.honour)
        return tell.say(self.sentence, recipient=recipient, title=title, document=self.document_number)


class PreparationConfirmed(
    OnRecord,
    audience=Audience.AS_TARGET,
    correction=never("请更正其决定。", "correct what was confirmed instead."),
    named=Words("另一人复核", "confirmation by a second person"),
    audit=Audit.REGULAR,
    credit=False,
):
    """The event at version `target` was prepared by one person at version `record`, and confirmed by another."""

    sentence: ClassVar[Words] = Words(
        "{target}由一人经办，经另一人复核。", "One person prepared {target}; another confirmed it."
    )

    type: Literal["PreparationConfirmed"] = "PreparationConfirmed"
    target: Version
    record: Version

    def ruled_by(self) -> int:
        return self.target


Preparation = PaymentPrepared | AwardPrepared
Prepared = Mapping[int, tuple[Recorded, Preparation]]


def prepared(events: Sequence[Recorded]) -> Prepared:
    """What counts and is not confirmed, by its version."""
    if not any(isinstance(found.fact, Preparation) for found in events):
        return {}
    counting = corrected(events)
    done = {found.fact.record for found in counting if isinstance(found.fact, PreparationConfirmed)}
    return {
        found.version: (found, found.fact)
        for found in counting
        if isinstance(found.fact, Preparation) and found.version not in done
    }


def check_new(events: Sequence[Recorded], wanted: Preparation) -> None:
    """Raises AlreadyPrepared for the same voucher, or the same honour for the same recipient."""
    for version, (_, there) in prepared(events).items():
        match there, wanted:
            case PaymentPrepared(voucher=one), PaymentPrepared(voucher=other):
                same = one == other
            case AwardPrepared(), AwardPrepared():
                same = (there.honour, there.recipient.holder) == (wanted.honour, wanted.recipient.holder)
            case _:
                same = False
        if same:
            raise AlreadyPrepared(record=version)


def to_confirm(events: Sequence[Recorded], version: int, person: UUID) -> Preparation:
    """What another person prepared at this version. Raises PreparationUnknown, PreparerMayNotConfirm."""
    if (found := prepared(events).get(version)) is None:
        raise PreparationUnknown(record=version)
    recorded, said = found
    if recorded.account in (None, person):
        raise PreparerMayNotConfirm()
    return said
