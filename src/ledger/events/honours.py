"""Honours: nomination, proposal, grant, revocation (N20, N21)."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ledger.events.base import Audience, Fact, Sealed, Version
from ledger.events.correctable import CorrectionRule, never
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


class Awarded(
    Fact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(fixed=("honour", "recipient", "place", "places")),
):
    """N20, N21: an honour, for this project."""

    type: Literal["Awarded"] = "Awarded"
    honour: Code
    recipient: Annotated[OrganisationRecipient | PersonRecipient, Field(discriminator="kind")]
    deed: Text
    document_number: Line
    place: Annotated[int, Field(ge=1)]
    places: Annotated[int, Field(ge=1)]


class Nominated(
    Fact,
    audience=Audience.NEVER,
    correction=never(
        "提名不能收回；不拟授予的不予提请即可。", "a nomination stands; who should not be honoured is not proposed."
    ),
):
    """N20: for an honour, for what was achieved in `project`; in a stream of the honour's own. By the organisation
    itself, or recommended by its district; who is not chosen stays unknown to the public."""

    type: Literal["Nominated"] = "Nominated"
    programme: Code
    honour: Code
    project: UUID
    recipient: Annotated[OrganisationRecipient | PersonRecipient, Field(discriminator="kind")]
    deed: Text


class HonourProposed(
    Fact,
    audience=Audience.FROM_PUBLICATION,
    correction=CorrectionRule(
        fixed=("honour", "recipient", "formula", "score", "rank", "nominated", "objections_until")
    ),
):
    """N20, N21: shown for objection 公示 until the end of that day. `score` is a decimal of two places by the
    programme's weights and the ranking's formula of that number, null where the project had none yet; `rank` is the
    place among the nominated; `departure` says why one is proposed whom the ranking would not have chosen."""

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


class HonourRevoked(
    Fact, audience=Audience.FROM_PUBLICATION, correction=CorrectionRule(fixed=("award", "place_freed_because"))
):
    """The honour at version `award` is taken back; its place becomes free only by a decision that says why."""

    type: Literal["HonourRevoked"] = "HonourRevoked"
    award: Version
    reason: Text
    document_number: Line
    place_freed_because: Text | None
