"""Registration, identifiers and their succession (N6, N22)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from pydantic import Field

from ledger.core.action import AUTHORITY, Action
from ledger.core.correctable import CorrectionRule, never
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Sealed, SealedFor
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Teller, Words
from ledger.identifiers import Identifier, code_within
from ledger.organisation.state import (
    Organisation,
    OrganisationFact,
    Since,
    check_active,
)
from ledger.values import Code, Contact, Label

REGISTER = Action("register", AUTHORITY, Words("登记社会组织", "register an organisation"))
KEEP_ORGANISATION = Action(
    "keep_organisation", AUTHORITY, Words("变更社会组织登记", "change the register of an organisation")
)


class IdentifierTaken(Refusal):
    kind = Kind.CONFLICT
    zh = "标识 {identifier} 已属于社会组织 {organisation}。"
    en = "The identifier {identifier} is taken by the organisation {organisation}."


class IdentifierRepeated(Refusal):
    kind = Kind.INVALID
    zh, en = "每个标识只列一次：{identifier}。", "Each identifier stands once: {identifier}."


class IdentifierNotInForce(Refusal):
    kind = Kind.INVALID
    zh = "{identifier} 不是该社会组织现行的标识。"
    en = "{identifier} is not an identifier that the organisation has in force."


class IdentifierSuccessionWrong(Refusal):
    kind = Kind.INVALID
    zh = "统一社会信用代码第 9 至 17 位须为原组织机构代码 {expected}，现为 {got}。"
    en = "Characters 9 to 17 of a unified code are the organisation code {expected}, not {got}."


class OrganisationAlreadyRegistered(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "该标识的社会组织已登记：{organisation}。",
        "An organisation with this identifier is registered already: {organisation}.",
    )


class OrganisationKind(StrEnum):
    ASSOCIATION = "association"
    PRIVATE_NON_ENTERPRISE = "private_non_enterprise"
    FOUNDATION = "foundation"
    COMMUNITY = "community"
    OTHER = "other"


class OrganisationRegistered(
    OrganisationFact,
    audience=Audience.AT_ONCE,
    correction=CorrectionRule(
        void=Words("社会组织由它登记，请改用重述。", "it registers the organisation; restate it instead."),
        fixed=("identifiers", "contact"),
    ),
    named=Words("社会组织登记", "registration"),
    audit=Audit.REGULAR,
):
    """N6, N22: an organisation becomes known. `contract_body` signs for one without legal personality."""

    sentence: ClassVar[Words] = Words("登记社会组织：{name}。", "Organisation registered: {name}.")

    type: Literal["OrganisationRegistered"] = "OrganisationRegistered"
    identifiers: tuple[Identifier, ...] = Field(min_length=1, max_length=10)
    name: Label
    kind: OrganisationKind
    district: Code | None
    contract_body: Label | None
    contact: Annotated[Sealed[Contact] | None, SealedFor.of("contact")]

    def fold(self, organisation: Organisation, recorded: Recorded) -> Organisation:
        return replace(
            organisation,
            name=self.name,
            kind=self.kind,
            district=self.district,
            identifiers=self.identifiers,
            contract_body=self.contract_body,
        )


class IdentifierAdded(
    OrganisationFact,
    audience=Audience.AT_ONCE,
    correction=CorrectionRule(fixed=("identifier", "replaces")),
    named=Words("标识增加", "further identifier"),
    audit=Audit.REGULAR,
):
    """A new identifier, and which one it takes the place of: since 2015 the unified code for the organisation code."""

    sentence: ClassVar[Words] = Words("增加代码 {identifier}。", "Identifier {identifier} added.")

    type: Literal["IdentifierAdded"] = "IdentifierAdded"
    identifier: Identifier
    replaces: Identifier | None

    def fold(self, organisation: Organisation, recorded: Recorded) -> Organisation:
        replaced = organisation.replaced | ({self.replaces: self.identifier} if self.replaces else {})
        return replace(
            organisation,
            identifiers=(*organisation.identifiers, self.identifier),
            added=(*organisation.added, Since(self, recorded.event.effective_on)),
            replaced=replaced,
        )

    def told(self, tell: Teller) -> str:
        return tell.say(self.sentence, identifier=f"{self.identifier.scheme} {self.identifier.id}")


class IdentifierClaimed(
    OrganisationFact,
    audience=Audience.AT_ONCE,
    correction=never(
        "它随标识的登记而来，请作废后者。", "it follows the added identifier; void that on its organisation instead."
    ),
    named=Words("标识占用", "claim of an identifier"),
    audit=Audit.REGULAR,
    accompanies=True,
):
    """Founds the stream that an organisation with this first identifier would have, so that it stays one identity.
    `organisation` has it as a further one."""

    sentence: ClassVar[Words] = Words(
        "代码 {identifier} 已归一个组织所有。", "Identifier {identifier} belongs to an organisation."
    )

    type: Literal["IdentifierClaimed"] = "IdentifierClaimed"
    identifier: Identifier
    organisation: UUID

    def fold(self, organisation: Organisation, recorded: Recorded) -> Organisation:
        return replace(organisation, claimed_by=self.organisation)

    def told(self, tell: Teller) -> str:
        return tell.say(self.sentence, identifier=f"{self.identifier.scheme} {self.identifier.id}")


def register(
    organisation: Organisation,
    *,
    identifiers: tuple[Identifier, ...],
    name: str,
    kind: OrganisationKind,
    district: str | None,
    contract_body: str | None,
    contact: Sealed[Contact] | None,
) -> OrganisationRegistered:
    if organisation.exists:
        raise OrganisationAlreadyRegistered(organisation=organisation.id)
    if organisation.claimed_by:
        raise OrganisationAlreadyRegistered(organisation=organisation.claimed_by)
    for number, identifier in enumerate(identifiers):
        if identifier in identifiers[:number]:
            raise IdentifierRepeated(identifier=identifier.text)
        _check_succession(identifiers, identifier)
    return OrganisationRegistered(
        identifiers=identifiers,
        name=name,
        kind=kind,
        district=district,
        contract_body=contract_body,
        contact=contact,
    )


def claim(there: Organisation, identifier: Identifier, organisation: UUID) -> IdentifierClaimed:
    """A further identifier is the organisation's alone. `there`: the stream that the identifier itself names."""
    if there.exists or there.claimed_by:
        raise IdentifierTaken(identifier=identifier.text, organisation=there.claimed_by or there.id)
    return IdentifierClaimed(identifier=identifier, organisation=organisation)


def claims(identifiers: Sequence[Identifier]) -> tuple[Identifier, ...]:
    """What an organisation with these identifiers has to itself next to the first, which names its own stream: the
    others, and the organisation codes within unified codes."""
    within = (code for one in identifiers if (code := code_within(one)))
    return tuple(dict.fromkeys(one for one in (*identifiers[1:], *within) if one != identifiers[0]))


def add_identifier(
    organisation: Organisation, identifier: Identifier, replaces: Identifier | None
) -> tuple[IdentifierAdded, tuple[Identifier, ...]]:
    """N22: the identifier that takes the place of another, which stays known; and what is to be claimed by it."""
    check_active(organisation)
    if replaces and replaces not in organisation.in_force:
        raise IdentifierNotInForce(identifier=replaces.text)
    if identifier in organisation.identifiers:
        raise IdentifierTaken(identifier=identifier.text, organisation=organisation.id)
    _check_succession(organisation.in_force, identifier)
    before, after = claims(organisation.identifiers), claims((*organisation.identifiers, identifier))
    return IdentifierAdded(identifier=identifier, replaces=replaces), tuple(one for one in after if one not in before)


def _check_succession(held: tuple[Identifier, ...], identifier: Identifier) -> None:
    """Both ways: a unified code next to an organisation code, and the reverse."""
    for one in held:
        if (within := code_within(identifier)) and one.scheme == "CN-ORGCODE" and one != within:
            raise IdentifierSuccessionWrong(expected=one.id, got=within.id)
        if identifier.scheme == "CN-ORGCODE" and (within := code_within(one)) and identifier != within:
            raise IdentifierSuccessionWrong(expected=identifier.id, got=within.id)
