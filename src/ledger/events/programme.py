"""The programme year: rules, phases, districts, document numbers (N1, N5), and imported grants."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ledger.events.base import Audience, Count, Fact
from ledger.events.correctable import FOUNDS_A_PROJECT, CorrectedBy, CorrectionRule, never
from ledger.identifiers import Identifier
from ledger.values import Bilingual, CivilDate, Code, Digest, Frozen, Line, Money, Period, Text

_PLACE = never("名额随荣誉或购买增减，请更正后者。", "places follow honours and purchases; correct those instead.")


class ProgrammeAnnounced(
    Fact,
    audience=Audience.AT_ONCE,
    correction=CorrectionRule(
        CorrectedBy.OFFICE,
        void=Bilingual(
            zh="计划由它成立，申报均以其规则为据；请另以新代码公布。",
            en="it founds the programme, and applications rest on its rules; announce another under a code of its own.",
        ),
        fixed=("code", "rules_toml", "rules_sha256"),
    ),
):
    """N1: the rules of a programme year, whole, as the file that was announced."""

    type: Literal["ProgrammeAnnounced"] = "ProgrammeAnnounced"
    code: Code
    rules_toml: str
    rules_sha256: Digest


class FundingRegisterOpened(
    Fact,
    audience=Audience.AT_ONCE,
    correction=CorrectionRule(
        CorrectedBy.OFFICE,
        void=Bilingual(
            zh="导入的资助记录均归于它，请改用重述。", en="imported grants stand under it; restate it instead."
        ),
        fixed=("code", "funder"),
    ),
):
    """A funder's published grants are kept as a programme of their own; it has no rules and takes no commands."""

    type: Literal["FundingRegisterOpened"] = "FundingRegisterOpened"
    code: Code
    funder: Identifier
    funder_name: Line
    standard: Line


class PhaseExtended(Fact, audience=Audience.AT_ONCE, correction=CorrectionRule(CorrectedBy.OFFICE, fixed=("phase",))):
    """N5: the office gives a phase a later last day."""

    type: Literal["PhaseExtended"] = "PhaseExtended"
    phase: Code
    last_day: CivilDate
    reason: Text


class DistrictSucceeded(Frozen):
    """`to` takes over all that was `former`'s: scope, contracts, open batches."""

    former: Code
    to: Code


class DistrictsReorganised(Fact, audience=Audience.AT_ONCE, correction=CorrectionRule(CorrectedBy.OFFICE)):
    """Districts were abolished or made, such as by 国函〔2010〕55号 on 28 June 2010. What was recorded before keeps the
    district it had."""

    type: Literal["DistrictsReorganised"] = "DistrictsReorganised"
    decree: Line
    successions: tuple[DistrictSucceeded, ...] = Field(min_length=1, max_length=100)


class NumberIssued(
    Fact,
    audience=Audience.NEVER,
    correction=never(
        "文号一经编发即已使用，请更正其决定。",
        "a number that was issued stays used; correct the decision under it.",
    ),
):
    """The next document number 文号 of an authority's register, which has a stream of its own. No longer recorded: a
    decision carries its number, and an event of its own would tell that there is one."""

    type: Literal["NumberIssued"] = "NumberIssued"
    authority: Code
    number: Annotated[int, Field(ge=1)]
    text: Line


class PlaceTaken(Fact, audience=Audience.AT_ONCE, correction=_PLACE):
    """A place of a quota: a promise across projects, kept in a stream of its own."""

    type: Literal["PlaceTaken"] = "PlaceTaken"
    programme: Code
    quota: Code
    places: Annotated[int, Field(ge=1)]
    holder: UUID
    project: UUID


class PlaceReleased(Fact, audience=Audience.AT_ONCE, correction=_PLACE):
    type: Literal["PlaceReleased"] = "PlaceReleased"
    holder: UUID
    project: UUID
    reason: Text


class GrantImported(
    Fact,
    audience=Audience.AT_ONCE,
    correction=CorrectionRule(void=FOUNDS_A_PROJECT, fixed=("programme", "grant", "funder")),
):
    """A grant as its funder published it; nothing is added, absent fields are null."""

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


class LogRestarted(
    Fact,
    audience=Audience.AT_ONCE,
    correction=never("日志据此以新名继续，不能更改。", "the log goes on by it under its new name; it stays as it is."),
):
    """Events that were signed are lost, and the log goes on as `origin`. Of the log before, whose last checkpoint had
    this size and root, everything below `fork` is kept. The first difference lies from `fork` to `fork_until`, which
    are equal where it is known exactly; what stood from there up to `previous_size` is lost."""

    type: Literal["LogRestarted"] = "LogRestarted"
    origin: Line
    previous_origin: Line
    previous_size: Count
    previous_root: Digest
    fork: Count
    fork_until: Count
    reason: Text
