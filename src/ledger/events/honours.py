"""Honours: nomination, proposal, grant, revocation (N20, N21)."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ledger.events.base import Audience, Fact, Sealed, Version
from ledger.values import CivilDate, Code, Frozen, Line, PersonName, Text


class OrganisationRecipient(Frozen):
    kind: Literal["organisation"] = "organisation"
    organisation: UUID
    name: Line

    @property
    def holder(self) -> UUID:
        """Who holds the place."""
        return self.organisation


class PersonRecipient(Frozen):
    """A person honoured: `person` is a pseudonym within the programme; the name can be erased."""

    kind: Literal["person"] = "person"
    person: UUID
    name: Sealed[PersonName]
    organisation: UUID
    organisation_name: Line

    @property
    def holder(self) -> UUID:
        """Who holds the place."""
        return self.person


class Awarded(Fact):
    """N20, N21: an honour, for this project."""

    audience = Audience.FROM_PUBLICATION
    type: Literal["Awarded"] = "Awarded"
    honour: Code
    recipient: Annotated[OrganisationRecipient | PersonRecipient, Field(discriminator="kind")]
    deed: Text
    document_number: Line
    place: Annotated[int, Field(ge=1)]
    places: Annotated[int, Field(ge=1)]


class Nominated(Fact):
    """N20: for an honour, for what was achieved in `project`; in a stream of the honour's own. By the organisation
    itself, or recommended by its district; who is not chosen stays unknown to the public."""

    audience = Audience.NEVER
    type: Literal["Nominated"] = "Nominated"
    programme: Code
    honour: Code
    project: UUID
    recipient: Annotated[OrganisationRecipient | PersonRecipient, Field(discriminator="kind")]
    deed: Text


class HonourProposed(Fact):
    """N20, N21: shown for objection 公示 until the end of that day. `score` is a decimal of two places by the
    programme's weights and the ranking's formula of that number, null where the project had none yet; `rank` is the
    place among the nominated; `departure` says why one is proposed whom the ranking would not have chosen."""

    audience = Audience.FROM_PUBLICATION
    type: Literal["HonourProposed"] = "HonourProposed"
    honour: Code
    recipient: Annotated[OrganisationRecipient | PersonRecipient, Field(discriminator="kind")]
    deed: Text
    formula: Annotated[int, Field(ge=1)]
    score: Line | None
    rank: Annotated[int, Field(ge=1)]
    nominated: Annotated[int, Field(ge=1)]
    departure: Text | None
    notice: Line
    objections_until: CivilDate


class HonourRevoked(Fact):
    """The honour at version `award` is taken back; its place becomes free only by a decision that says why."""

    audience = Audience.FROM_PUBLICATION
    type: Literal["HonourRevoked"] = "HonourRevoked"
    award: Version
    reason: Text
    document_number: Line
    place_freed_because: Text | None
