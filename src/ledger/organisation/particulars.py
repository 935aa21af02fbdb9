"""Name, supervisor and registering authority, which change over time (N22)."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from ledger.core.correctable import FREE
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience
from ledger.organisation.state import (
    Organisation,
    OrganisationFact,
    OrganisationUnchanged,
    check_active,
)
from ledger.values import Code, Line, Text


class Renamed(OrganisationFact, audience=Audience.AT_ONCE, correction=FREE, ahead=True):
    type: Literal["Renamed"] = "Renamed"
    name: Line
    document_number: Line

    def fold(self, organisation: Organisation, recorded: Recorded) -> Organisation:
        return replace(organisation, name=self.name, former_names=(*organisation.former_names, organisation.name))


class SupervisorNamed(OrganisationFact, audience=Audience.AT_ONCE, correction=FREE, ahead=True):
    """业务主管单位."""

    type: Literal["SupervisorNamed"] = "SupervisorNamed"
    authority: Line

    def fold(self, organisation: Organisation, recorded: Recorded) -> Organisation:
        return replace(organisation, supervisor=self.authority)


class Relocated(OrganisationFact, audience=Audience.AT_ONCE, correction=FREE, ahead=True):
    """Registered from now on with that district, or with the city."""

    type: Literal["Relocated"] = "Relocated"
    district: Code | None
    reason: Text

    def fold(self, organisation: Organisation, recorded: Recorded) -> Organisation:
        return replace(organisation, district=self.district)


def rename(organisation: Organisation, name: str, document_number: str) -> Renamed:
    check_active(organisation)
    if name == organisation.name:
        raise OrganisationUnchanged(field="name", value=name)
    return Renamed(name=name, document_number=document_number)


def name_supervisor(organisation: Organisation, authority: str) -> SupervisorNamed:
    check_active(organisation)
    if authority == organisation.supervisor:
        raise OrganisationUnchanged(field="supervisor", value=authority)
    return SupervisorNamed(authority=authority)


def relocate(organisation: Organisation, district: str | None, reason: str) -> Relocated:
    """Registered with another district from now on, or with the city: projects keep the district they had."""
    check_active(organisation)
    if district == organisation.district:
        raise OrganisationUnchanged(field="district", value=district or "-")
    return Relocated(district=district, reason=reason)
