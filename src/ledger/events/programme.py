"""The programme year: rules, phases, districts, document numbers (N1, N5), and imported grants."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ledger.events.base import Audience, Count, Fact
from ledger.identifiers import Identifier
from ledger.values import CivilDate, Code, Digest, Frozen, Line, Money, Period, Text


class ProgrammeAnnounced(Fact):
    """N1: the rules of a programme year, whole, as the file that was announced."""

    audience = Audience.AT_ONCE
    type: Literal["ProgrammeAnnounced"] = "ProgrammeAnnounced"
    code: Code
    rules_toml: str
    rules_sha256: Digest


class FundingRegisterOpened(Fact):
    """A funder's published grants are kept as a programme of their own; it has no rules and takes no commands."""

    audience = Audience.AT_ONCE
    type: Literal["FundingRegisterOpened"] = "FundingRegisterOpened"
    code: Code
    funder: Identifier
    funder_name: Line
    standard: Line


class PhaseExtended(Fact):
    """N5: the office gives a phase a later last day."""

    audience = Audience.AT_ONCE
    type: Literal["PhaseExtended"] = "PhaseExtended"
    phase: Code
    last_day: CivilDate
    reason: Text


class DistrictSucceeded(Frozen):
    """`to` takes over all that was `former`'s: scope, contracts, open batches."""

    former: Code
    to: Code


class DistrictsReorganised(Fact):
    """Districts were abolished or made, such as by 国函〔2010〕55号 on 28 June 2010. What was recorded before keeps the
    district it had."""

    audience = Audience.AT_ONCE
    type: Literal["DistrictsReorganised"] = "DistrictsReorganised"
    decree: Line
    successions: tuple[DistrictSucceeded, ...] = Field(min_length=1, max_length=100)


class NumberIssued(Fact):
    """The next document number 文号 of an authority's register, which has a stream of its own. No longer recorded: a
    decision carries its number, and an event of its own would tell that there is one."""

    audience = Audience.NEVER
    type: Literal["NumberIssued"] = "NumberIssued"
    authority: Code
    number: Annotated[int, Field(ge=1)]
    text: Line


class PlaceTaken(Fact):
    """A place of a quota: a promise across projects, kept in a stream of its own."""

    audience = Audience.AT_ONCE
    type: Literal["PlaceTaken"] = "PlaceTaken"
    programme: Code
    quota: Code
    places: Annotated[int, Field(ge=1)]
    holder: UUID
    project: UUID


class PlaceReleased(Fact):
    audience = Audience.AT_ONCE
    type: Literal["PlaceReleased"] = "PlaceReleased"
    holder: UUID
    project: UUID
    reason: Text


class GrantImported(Fact):
    """A grant as its funder published it; nothing is added, absent fields are null."""

    audience = Audience.AT_ONCE
    type: Literal["GrantImported"] = "GrantImported"
    programme: Code
    grant: Line
    title: Text
    description: Text | None
    amount: Money
    awarded_on: CivilDate
    planned: Period | None
    recipient: Identifier | None
    recipient_name: Line
    funder: Identifier
    funder_name: Line
    grant_programme: Line | None
    source_sha256: Digest


class LogRestarted(Fact):
    """Events that were signed are lost, and the log goes on as `origin`. Of the log before, whose last checkpoint had
    this size and root, everything below `fork` is kept. The first difference lies from `fork` to `fork_until`, which
    are equal where it is known exactly; what stood from there up to `previous_size` is lost."""

    audience = Audience.AT_ONCE
    type: Literal["LogRestarted"] = "LogRestarted"
    origin: Line
    previous_origin: Line
    previous_size: Count
    previous_root: Digest
    fork: Count
    fork_until: Count
    reason: Text
