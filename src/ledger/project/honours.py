"""Honours for what was achieved in a project: nominees, grant, revocation (N20, N21)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from ledger.core.action import GRANTING, Action
from ledger.core.changed import changed
from ledger.core.correctable import CorrectionRule
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, PastDate, Role, Version
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Teller, Words
from ledger.project.fact import Occurrence, ProjectFact, ProjectState
from ledger.project.finality import check_honourable
from ledger.project.nominations import OrganisationRecipient, PersonRecipient
from ledger.project.proposals import check_proposal
from ledger.refusals.general import ChoiceUnknown, OutOfScope, RoleMayNot, StepOutOfOrder
from ledger.rules import Quota, Rules
from ledger.values import Code, Label, Line, Text

if TYPE_CHECKING:
    from ledger.project.ground import Ground
    from ledger.project.state import Project

AWARD = Action("award", GRANTING, Words("授予表彰", "award an honour"), judging=True)
REVOKE_HONOUR = Action("revoke_honour", GRANTING, Words("撤销表彰", "revoke an honour"), judging=True)
PRESENT_PLAQUE = Action("present_plaque", GRANTING, Words("授牌", "record the presentation of a plaque"))


class AwardUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "所指记录（版本 {version}）不是有效的表彰。", "Version {version} is no honour that counts."


class AlreadyRevoked(Refusal):
    kind = Kind.CONFLICT
    zh, en = "该称号（版本 {version}）已被撤销。", "The honour of version {version} has been revoked already."


class PlaquePresentedAlready(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "该称号（版本 {version}）已经授牌。",
        "The plaque of the honour at version {version} has been presented already.",
    )


class PlaqueTooEarly(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "授牌日期 {presented_on} 不得早于表彰日期 {awarded_on}。",
        "The plaque cannot be presented on {presented_on}, before the honour of {awarded_on}.",
    )


class RecipientWrong(Refusal):
    kind = Kind.INVALID
    zh, en = "{honour} 授予{recipient}。", "{honour} is given to: {recipient}."


class Awarded(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("honour", "recipient", "place", "places", "document_number")),
    named=Words("表彰", "honour"),
    ocds="implementationUpdate",
    audit=Audit.EXAMINED,
):
    """N20, N21: an honour, for this project."""

    sentence: ClassVar[Words] = Words(
        "授予{recipient}{title}称号（{document}）。", "Honoured {recipient} as {title} ({document})."
    )
    cited: ClassVar[Words] = Words("{title}称号", "the honour {title}")

    type: Literal["Awarded"] = "Awarded"
    honour: Code
    recipient: Annotated[OrganisationRecipient | PersonRecipient, Field(discriminator="kind")]
    deed: Text
    document_number: Line
    place: Annotated[int, Field(ge=1)]
    places: Annotated[int, Field(ge=1)]

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, honours=(*project.honours, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> Awarded:
        rule = find_honour(ground.rules, self.honour)
        return award(
            project,
            rule,
            recipient=self.recipient,
            deed=self.deed,
            document_number=self.document_number,
            place=self.place,
            rules=ground.rules,
            today=ground.day(recorded),
        )

    def told(self, tell: Teller) -> str:
        recipient, title = self.recipient.told(tell), tell.title(self.honour)
        return tell.say(self.sentence, recipient=recipient, title=title, document=self.document_number)

    def cited_as(self, tell: Teller, day: date) -> str:
        return tell.say(self.cited, title=tell.title(self.honour))


class HonourRevoked(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("award", "place_freed_because", "document_number")),
    named=Words("表彰撤销", "revocation of an honour"),
    ocds="implementationUpdate",
    audit=Audit.EXAMINED,
):
    """The honour at version `award` is taken back; its place becomes free only by a decision that says why."""

    sentence: ClassVar[Words] = Words(
        "撤销{award}（{document_number}）：{reason}",
        "Revoked {award} ({document_number}): {reason}",
    )

    type: Literal["HonourRevoked"] = "HonourRevoked"
    award: Version
    reason: Text
    document_number: Line
    place_freed_because: Text | None

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, revocations=(*project.revocations, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> HonourRevoked:
        return revoke(
            project,
            find_award(project, self.award),
            reason=self.reason,
            document_number=self.document_number,
            place_freed_because=self.place_freed_because,
        )


class PlaquePresented(
    ProjectFact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("award",)),
    named=Words("授牌", "presentation of a plaque"),
    ocds="implementationUpdate",
    audit=Audit.REGULAR,
    credit=False,
):
    """N20: the plaque 牌匾 of the honour at version `award`, such as at the closing ceremony."""

    sentence: ClassVar[Words] = Words(
        "{presented_on}在{ceremony}上为{award}授牌。",
        "The plaque of {award} was presented on {presented_on} at: {ceremony}.",
    )

    type: Literal["PlaquePresented"] = "PlaquePresented"
    award: Version
    presented_on: PastDate
    ceremony: Label

    def fold(self, project: Project, recorded: Recorded) -> Project:
        return changed(project, plaques=(*project.plaques, self.occurrence(recorded)))

    def decide_again(self, ground: Ground, project: Project, recorded: Recorded) -> PlaquePresented:
        return present_plaque(project, find_award(project, self.award), self.presented_on, self.ceremony)


@dataclass(frozen=True)
class HonoursState(ProjectState):
    honours: tuple[Occurrence[Awarded], ...] = ()
    revocations: tuple[Occurrence[HonourRevoked], ...] = ()
    plaques: tuple[Occurrence[PlaquePresented], ...] = ()

    def is_honoured(self, award: int) -> bool:
        """Whether the award at this version counts: it was not taken back."""
        return not any(revoked.fact.award == award for revoked in self.revocations)

    def holds_place(self, award: int) -> bool:
        """Whether the award at this version has its place: revoking alone does not free it."""
        return not any(revoked.fact.award == award and revoked.fact.place_freed_because for revoked in self.revocations)


Recipient = OrganisationRecipient | PersonRecipient


def is_honour(quota: Quota) -> bool:
    """The other quotas are places of the purchase."""
    return quota.recipient != "project"


def find_honour(rules: Rules, code: str) -> Quota:
    rule = rules.quota(code)
    if rule is None or not is_honour(rule):
        honours = [quota.code for quota in rules.quotas if is_honour(quota)]
        raise ChoiceUnknown(field="honour", value=code, choices=", ".join(honours))
    return rule


def honour_rule(rules: Rules, code: str, role: Role, action: Action = AWARD) -> Quota:
    """The honour, if this role decides on it."""
    rule = find_honour(rules, code)
    if rule.decided_by is not role:
        raise RoleMayNot(role=role, command=f"{action} {code}")
    return rule


def check_recipient(project: Project, rule: Quota, recipient: Recipient, action: Action) -> None:
    """The organisation of a completed project, or a person who worked in it."""
    if not project.is_achieved:
        raise StepOutOfOrder(status=project.status, command=action)
    if recipient.kind != rule.recipient:
        raise RecipientWrong(honour=rule.code, recipient=rule.recipient)
    if project.holder is None or recipient.organisation != project.holder.organisation:
        raise OutOfScope(command=action)


def award(
    project: Project,
    rule: Quota,
    recipient: Recipient,
    *,
    deed: str,
    document_number: str,
    place: int,
    rules: Rules,
    today: date,
) -> Awarded:
    """Where the programme takes nominations, after a proposal against which no objection stands."""
    check_recipient(project, rule, recipient, AWARD)
    check_honourable(project, rules, today)
    if rules.nominations:
        check_proposal(project, rule, recipient.holder, today)
    return Awarded(
        honour=rule.code,
        recipient=recipient,
        deed=deed,
        document_number=document_number,
        place=place,
        places=rule.places,
    )


def find_award(project: Project, version: int) -> Occurrence[Awarded]:
    found = next((award for award in project.honours if award.version == version), None)
    if found is None:
        raise AwardUnknown(version=version)
    return found


def revoke(
    project: Project, award: Occurrence[Awarded], *, reason: str, document_number: str, place_freed_because: str | None
) -> HonourRevoked:
    """Once, whatever became of the project since."""
    if not project.is_honoured(award.version):
        raise AlreadyRevoked(version=award.version)
    return HonourRevoked(
        award=award.version,
        reason=reason,
        document_number=document_number,
        place_freed_because=place_freed_because,
    )


def present_plaque(project: Project, award: Occurrence[Awarded], presented_on: date, ceremony: str) -> PlaquePresented:
    """Once for an honour that counts, not before it was granted."""
    if not project.is_honoured(award.version):
        raise AlreadyRevoked(version=award.version)
    if any(presented.fact.award == award.version for presented in project.plaques):
        raise PlaquePresentedAlready(version=award.version)
    if presented_on < award.on:
        raise PlaqueTooEarly(presented_on=presented_on.isoformat(), awarded_on=award.on.isoformat())
    return PlaquePresented(award=award.version, presented_on=presented_on, ceremony=ceremony)
