"""What is said of one organisation, by both clocks (N22)."""

from datetime import date
from uuid import UUID

from ledger.identifiers import Identifier
from ledger.organisation.ending import RegistrationEnd
from ledger.organisation.state import Organisation
from ledger.rules import CreditList
from ledger.values import CivilDate, Frozen


class HeldIdentifier(Frozen):
    """`since`: null for one of the registration. `replaced_by`: null while it is in force."""

    scheme: str
    id: str
    since: CivilDate | None
    replaces: Identifier | None
    replaced_by: Identifier | None


class GradeView(Frozen):
    grade: int
    valid_from: CivilDate
    valid_until: CivilDate
    authority: str
    document_number: str


class ListView(Frozen):
    list: CreditList
    since: CivilDate
    reason: str
    authority: str
    document_number: str


class MergerView(Frozen):
    into: UUID
    into_name: str
    since: CivilDate
    document_number: str


class DeregistrationView(Frozen):
    """`kind`: `cancelled` 注销 or `revoked` 撤销; null where the record does not tell the two apart."""

    kind: RegistrationEnd | None = None
    since: CivilDate
    reason: str
    document_number: str


class OrganisationView(Frozen):
    """As known at the position `known` and in force on the day `on`: its grade and the lists that it is on, too."""

    id: UUID
    version: int
    name: str
    former_names: list[str]
    kind: str
    district: str | None
    contract_body: str | None
    supervisor: str | None
    identifiers: list[HeldIdentifier]
    active: bool
    merged: MergerView | None
    deregistered: DeregistrationView | None
    grade: GradeView | None
    lists: list[ListView]
    known: int
    on: CivilDate


def organisation_view(found: Organisation, version: int, known: int, day: date) -> OrganisationView:
    assert found.kind is not None
    added = {one.fact.identifier: one for one in found.added}
    grade = found.grade_on(day)
    return OrganisationView(
        id=found.id,
        version=version,
        name=found.name,
        former_names=list(found.former_names),
        kind=found.kind,
        district=found.district,
        contract_body=found.contract_body,
        supervisor=found.supervisor,
        identifiers=[
            HeldIdentifier(
                scheme=one.scheme,
                id=one.id,
                since=added[one].on if one in added else None,
                replaces=added[one].fact.replaces if one in added else None,
                replaced_by=found.replaced.get(one),
            )
            for one in found.identifiers
        ],
        active=found.is_active,
        merged=MergerView(since=found.merged.on, **found.merged.fact.model_dump(exclude={"type"}))
        if found.merged
        else None,
        deregistered=DeregistrationView(since=end.on, **end.fact.model_dump(exclude={"type"}))
        if (end := found.deregistered)
        else None,
        grade=GradeView(**grade.model_dump(exclude={"type"})) if grade else None,
        lists=[ListView(since=entry.since, **entry.fact.model_dump(exclude={"type"})) for entry in found.lists_on(day)],
        known=known,
        on=day,
    )
