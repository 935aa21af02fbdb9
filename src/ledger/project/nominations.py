"""Who is nominated for an honour (N20); each honour's nominations are a stream, which is never public."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ledger.core.action import Action, Scope
from ledger.core.correctable import never
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Fact, Role, Sealed, SealedFor
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Teller, Words
from ledger.values import Code, Frozen, Label, PersonName, Text

NOMINATE = Action(
    "nominate",
    {Role.ORGANISATION: Scope.OWN, Role.DISTRICT: Scope.DISTRICT, Role.OFFICE: Scope.CITY},
    Words("推荐参评", "nominate for an honour"),
)


class AlreadyNominated(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此对象已被推荐参评 {honour}。", "This recipient is nominated for {honour} already."


class ConsentMissing(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "推荐个人须经本人同意提供姓名和证件。",
        "A person is nominated with consent to give name and document.",
    )


class OrganisationRecipient(Frozen):
    kind: Literal["organisation"] = "organisation"
    organisation: UUID
    name: Label

    @property
    def holder(self) -> UUID:
        """Who holds the place."""
        return self.organisation

    def told(self, tell: Teller) -> str:
        return self.name


class PersonRecipient(Frozen):
    """A person honoured: `person` is a pseudonym within the programme; the name can be erased."""

    kind: Literal["person"] = "person"
    person: UUID
    name: Annotated[Sealed[PersonName], SealedFor.of("honour")]
    organisation: UUID
    organisation_name: Label

    @property
    def holder(self) -> UUID:
        """Who holds the place."""
        return self.person

    def told(self, tell: Teller) -> str:
        return tell.of_organisation(self.name, self.organisation_name)


class Nominated(
    Fact,
    audience=Audience.NEVER,
    correction=never(
        "提名不能收回；不拟授予的不予提请即可。", "a nomination stands; who should not be honoured is not proposed."
    ),
    named=Words("推荐参评", "nomination"),
    audit=Audit.REGULAR,
):
    """N20: for an honour, for what was achieved in `project`; in a stream of the honour's own. By the organisation
    itself, or recommended by its district; who is not chosen stays unknown to the public."""

    type: Literal["Nominated"] = "Nominated"
    programme: Code
    honour: Code
    project: UUID
    recipient: Annotated[OrganisationRecipient | PersonRecipient, Field(discriminator="kind")]
    deed: Text

    def fold(self, nominations: Nominations, recorded: Recorded) -> Nominations:
        return replace(nominations, made=nominations.made | {self.recipient.holder: self})


@dataclass(frozen=True, slots=True)
class Nominations:
    """By the organisation or person that is nominated."""

    id: UUID
    made: dict[UUID, Nominated] = field(default_factory=dict)


def nominate(
    nominations: Nominations,
    recipient: OrganisationRecipient | PersonRecipient,
    *,
    programme: str,
    honour: str,
    project: UUID,
    deed: str,
) -> Nominated:
    """Once for each honour."""
    if recipient.holder in nominations.made:
        raise AlreadyNominated(honour=honour)
    return Nominated(programme=programme, honour=honour, project=project, recipient=recipient, deed=deed)
