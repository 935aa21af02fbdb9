"""Who may do what, and who may read what: one table each."""

from enum import Enum, StrEnum
from uuid import UUID

from ledger.accounts import Account
from ledger.errors import OutOfScope, ProjectUnknown, RoleMayNot
from ledger.events import Applied, Audience, Fact, OrganisationRegistered, Recorded, Restated, Role
from ledger.project.state import Project


class Command(StrEnum):
    ANNOUNCE = "announce"
    EXTEND_PHASE = "extend_phase"
    REGISTER = "register"
    APPLY = "apply"
    AMEND = "amend"
    WITHDRAW = "withdraw"
    REVIEW = "review"
    APPROVE = "approve"
    REJECT = "reject"
    CONTRACT = "contract"
    PUBLISH = "publish"
    REPORT = "report"
    EVALUATE_SELF = "evaluate_self"
    EVALUATE_BENEFICIARIES = "evaluate_beneficiaries"
    EVALUATE_THIRD_PARTY = "evaluate_third_party"
    AWARD = "award"
    CORRECT = "correct"
    IMPORT = "import"


class Scope(Enum):
    ALL = "all"
    OWN = "own organisation"
    DISTRICT = "own district's organisations"
    CITY = "organisations of the city, which belong to no district"


# Officials may also enter what an organisation brings on paper.
_PARTY = {Role.ORGANISATION: Scope.OWN, Role.DISTRICT: Scope.DISTRICT, Role.OFFICE: Scope.ALL}
ACCESS: dict[Command, dict[Role, Scope]] = {
    Command.ANNOUNCE: {Role.OFFICE: Scope.ALL},
    Command.EXTEND_PHASE: {Role.OFFICE: Scope.ALL},
    Command.REGISTER: {Role.DISTRICT: Scope.DISTRICT, Role.OFFICE: Scope.ALL},
    Command.APPLY: _PARTY,
    Command.AMEND: _PARTY,
    Command.WITHDRAW: _PARTY,
    Command.REVIEW: {Role.COMMITTEE: Scope.ALL},
    Command.APPROVE: {Role.LEADING_GROUP: Scope.ALL},
    Command.REJECT: {Role.LEADING_GROUP: Scope.ALL},
    Command.CONTRACT: {Role.DISTRICT: Scope.DISTRICT, Role.OFFICE: Scope.CITY},
    Command.PUBLISH: {Role.OFFICE: Scope.ALL},
    Command.REPORT: _PARTY,
    Command.EVALUATE_SELF: _PARTY,
    Command.EVALUATE_BENEFICIARIES: {Role.OFFICE: Scope.ALL},
    Command.EVALUATE_THIRD_PARTY: {Role.COMMITTEE: Scope.ALL},
    Command.AWARD: {Role.LEADING_GROUP: Scope.ALL, Role.PROMOTION_ASSOCIATION: Scope.ALL},
    Command.CORRECT: {Role.OFFICE: Scope.ALL, Role.DISTRICT: Scope.DISTRICT},
    Command.IMPORT: {Role.OFFICE: Scope.ALL},
}

# Who knows of every project, published or not. Everybody else knows their own and the published ones.
SEES_ALL = frozenset({Role.OFFICE, Role.COMMITTEE, Role.LEADING_GROUP, Role.TREASURY, Role.AUDITOR})
SEES_CONFIDENTIAL = frozenset({Role.OFFICE, Role.LEADING_GROUP, Role.AUDITOR})


def check_role(who: Account, command: Command) -> Scope:
    scope = ACCESS[command].get(who.role)
    if scope is None:
        raise RoleMayNot(role=who.role, command=command)
    return scope


def check(who: Account, command: Command, *, organisation: UUID | None, district: str | None) -> None:
    """Raises RoleMayNot, or OutOfScope when the organisation or district is not the account's own."""
    scope = check_role(who, command)
    match scope:
        case Scope.ALL:
            allowed = True
        case Scope.OWN:
            allowed = organisation is not None and organisation == who.organisation
        case Scope.DISTRICT:
            allowed = district is not None and district == who.district
        case Scope.CITY:
            allowed = district is None
    if not allowed:
        raise OutOfScope(command=command)


def check_project(who: Account, command: Command, project: Project) -> None:
    """As `check`, for a project; one that the account may not know of is ProjectUnknown."""
    if not project.exists or not knows(who, project):
        raise ProjectUnknown(project=project.id)
    applied = project.applied
    # An imported grant is nobody's here: only those whose right reaches everywhere may touch it.
    organisation, district = (applied.organisation, applied.district) if applied else (None, None)
    check(who, command, organisation=organisation, district=district)


def takes_part(who: Account, organisation: UUID | None, district: str | None) -> bool:
    """Whether the account sees a project before its publication."""
    return (
        who.role in SEES_ALL
        or (organisation is not None and organisation == who.organisation)
        or (district is not None and district == who.district)
    )


def knows(who: Account, project: Project) -> bool:
    if project.is_public:
        return True
    return project.applied is not None and takes_part(who, project.applied.organisation, project.applied.district)


def reads(who: Account, fact: Fact, *, published: bool, part: bool) -> bool:
    """Whether the account may read a fact of a project. `part`: see takes_part. Corrections follow their target."""
    match fact.audience:
        case Audience.AT_ONCE:
            return published or part
        case Audience.FROM_PUBLICATION:
            return published or part
        case Audience.NEVER:
            return part
        case Audience.CONFIDENTIAL:
            return who.role in SEES_CONFIDENTIAL
        case Audience.AS_TARGET:
            raise ValueError("ask for the fact that is corrected")


def opens(who: Account, recorded: Recorded) -> bool:
    """Whether the account may open what a fact seals, if its role may at all: a contact, only where it takes part."""
    fact = recorded.fact.fact if isinstance(recorded.fact, Restated) else recorded.fact
    match fact:
        case Applied():
            return takes_part(who, fact.organisation, fact.district)
        case OrganisationRegistered():
            return takes_part(who, recorded.stream, fact.district)
        case _:
            return True
