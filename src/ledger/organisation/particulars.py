"""Name, supervisor and registering authority, which change over time (N22)."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar, Literal

from ledger.core.correctable import FREE
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit
from ledger.core.words import Words
from ledger.organisation.state import (
    Organisation,
    OrganisationFact,
    OrganisationUnchanged,
    check_active,
)
from ledger.values import Code, Label, Line, Text


class Renamed(
    OrganisationFact,
    audience=Audience.AT_ONCE,
    correction=FREE,
    ahead=True,
    named=Words("更名", "change of name"),
    audit=Audit.REGULAR,
):
    sentence: ClassVar[Words] = Words("更名为{name}（{document_number}）。", "Renamed {name} ({document_number}).")

    type: Literal["Renamed"] = "Renamed"
    name: Label
    document_number: Line

    def fold(self, organisation: Organisation, recorded: Recorded) -> Organisation:
        return replace(organisation, name=self.name, former_names=(*organisation.former_names, organisation.name))


class SupervisorNamed(
    OrganisationFact,
    audience=Audience.AT_ONCE,
    correction=FREE,
    ahead=True,
    named=Words("业务主管单位变更", "change of supervisor"),
    audit=Audit.REGULAR,
):
    """业务主管单位."""

    sentence: ClassVar[Words] = Words("业务主管单位：{authority}。", "Supervising authority: {authority}.")

    type: Literal["SupervisorNamed"] = "SupervisorNamed"
    authority: Label

    def fold(self, organisation: Organisation, recorded: Recorded) -> Organisation:
        return replace(organisation, supervisor=self.authority)


class Relocated(
    OrganisationFact,
    audience=Audience.AT_ONCE,
    correction=FREE,
    ahead=True,
    named=Words("登记管理机关变更", "change of registering authority"),
    audit=Audit.REGULAR,
):
    """Registered from now on with that district, or with the city."""

    sentence: ClassVar[Words] = Words("登记辖区变更：{reason}", "Registered with another district: {reason}")

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
