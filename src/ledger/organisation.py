"""The organisation: registration and identifiers (N6, N22)."""

from dataclasses import dataclass, replace
from typing import assert_never
from uuid import UUID

from ledger.errors import OrganisationAlreadyRegistered
from ledger.events import OrganisationKind, OrganisationRegistered, Recorded, Sealed
from ledger.identifiers import Identifier
from ledger.values import Contact


@dataclass(frozen=True, slots=True)
class Organisation:
    id: UUID
    name: str = ""
    kind: OrganisationKind | None = None
    district: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    contract_body: str | None = None

    @property
    def exists(self) -> bool:
        return self.kind is not None


OrganisationFact = OrganisationRegistered


def evolve(state: Organisation, recorded: Recorded) -> Organisation:
    fact: OrganisationFact = recorded.fact
    match fact:
        case OrganisationRegistered():
            return replace(
                state,
                name=fact.name,
                kind=fact.kind,
                district=fact.district,
                identifiers=fact.identifiers,
                contract_body=fact.contract_body,
            )
        case _:
            assert_never(fact)


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
    return OrganisationRegistered(
        identifiers=identifiers,
        name=name,
        kind=kind,
        district=district,
        contract_body=contract_body,
        contact=contact,
    )
