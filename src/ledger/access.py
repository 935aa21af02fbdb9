"""Whether an account may act, by the rights that each action states, and who may read what."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from ledger.accounts import Account
from ledger.appointments import Appointed
from ledger.core.action import ACTIONS, Action, Scope
from ledger.core.envelope import Recorded, Redacted, Restated
from ledger.core.fact import Audience, Fact, Role
from ledger.deputies import DeputyNamed
from ledger.organisation.registration import OrganisationRegistered
from ledger.programme import Programme
from ledger.project.application import Amended, Applied
from ledger.project.attachments import ATTACH
from ledger.project.correction_requests import CorrectionRequested
from ledger.project.nominations import OrganisationRecipient, PersonRecipient
from ledger.project.objections import PublicObjectionRaised
from ledger.project.proposals import HonourProposed
from ledger.project.state import Project
from ledger.refusals.general import OutOfScope, ProjectUnknown, RoleMayNot


def is_for_the_party(who: Account, action: Action) -> bool:
    """Whether the account, an official, enters for the organisation what is the organisation's to do."""
    return action.is_of_the_party and who.role in (Role.DISTRICT, Role.OFFICE)


# Who knows of every project, published or not. Everybody else knows their own and the published ones.
SEES_ALL = frozenset({Role.OFFICE, Role.COMMITTEE, Role.LEADING_GROUP, Role.TREASURY, Role.AUDITOR})
SEES_CONFIDENTIAL = frozenset({Role.OFFICE, Role.LEADING_GROUP, Role.AUDITOR})

# Who asks for the money of all projects, published or not; everybody else, for what is public of it.
SEES_ALL_MONEY = frozenset({Role.OFFICE, Role.LEADING_GROUP, Role.TREASURY, Role.AUDITOR})

# Nominations and rankings, of which the public never learns who was not chosen; see also who decides on an honour.
SEES_NOMINATIONS = frozenset({Role.OFFICE, Role.LEADING_GROUP, Role.AUDITOR})
# Which account judged, which is stored outside the payload: for auditors alone.
SEES_ACCOUNTS = frozenset({Role.AUDITOR})

# The changes of all credit records, and what is disputed in them before it is decided; an organisation sees the latter
# in its own.
SEES_CREDIT_CHANGES = frozenset({Role.CREDIT_SYSTEM, Role.OFFICE, Role.AUDITOR})

# Who sets up webhooks: the office everybody's, a credit system its own. Auditors see all of them.
SETS_WEBHOOKS = frozenset({Role.CREDIT_SYSTEM, Role.OFFICE})
SEES_WEBHOOKS = SETS_WEBHOOKS | {Role.AUDITOR}


def sees_disputes(who: Account, organisation: UUID) -> bool:
    return who.role in SEES_CREDIT_CHANGES or who.organisation == organisation


def sees_nominations(who: Account, decided_by: Role) -> bool:
    return who.role in SEES_NOMINATIONS or who.role is decided_by


def check_role(who: Account, action: Action) -> Scope:
    scope = action.may.get(who.role)
    if scope is None:
        raise RoleMayNot(role=who.role, command=action)
    return scope


def check_uploads(who: Account) -> None:
    """Raises RoleMayNot for a role that may cite no file anywhere."""
    if not any(who.role in action.may for action in ACTIONS.values() if action.citing):
        raise RoleMayNot(role=who.role, command=ATTACH)


def within(who: Account, programme: Programme) -> Account:
    """The account as it acts in a programme: a district for itself and all that it succeeded, or, when it was
    abolished there, for none."""
    if who.district is None or not programme.succeeded:
        return who
    now = programme.districts_now
    return replace(who, succeeded=frozenset(code for code, to in now.items() if to == who.district))


def check(who: Account, action: Action, *, organisation: UUID | None, district: str | None) -> None:
    """Raises RoleMayNot, or OutOfScope when the organisation or district is not the account's own."""
    scope = check_role(who, action)
    match scope:
        case Scope.ALL:
            allowed = True
        case Scope.OWN:
            allowed = organisation is not None and organisation == who.organisation
        case Scope.DISTRICT:
            allowed = who.acts_for(district)
        case Scope.CITY:
            allowed = district is None
    if not allowed:
        raise OutOfScope(command=action)


def check_project(who: Account, action: Action, project: Project) -> None:
    """As `check`, for a project; one that the account may not know of is ProjectUnknown."""
    if not project.exists or not knows(who, project):
        raise ProjectUnknown(project=project.id)
    holder = project.holder
    # An imported grant is nobody's here: only those whose right reaches everywhere may touch it.
    organisation, district = (holder.organisation, holder.district) if holder else (None, None)
    check(who, action, organisation=organisation, district=district)


def takes_part(who: Account, organisation: UUID | None, district: str | None) -> bool:
    """Whether the account sees a project before its publication."""
    return (
        who.role in SEES_ALL
        or (organisation is not None and organisation == who.organisation)
        or who.acts_for(district)
    )


def reads_public_reports(who: Account, project: Project) -> bool:
    """Whether the account sees what the public reported, answered or not; everybody else, the answers alone."""
    holder = project.holder
    own = holder is not None and who.acts_for(holder.district)
    return own or who.role in SEES_CONFIDENTIAL


def knows(who: Account, project: Project) -> bool:
    if project.is_public:
        return True
    holder = project.holder
    return holder is not None and takes_part(who, holder.organisation, holder.district)


def project_of(founder: Recorded) -> UUID | None:
    """The project that a stream with this first event is about; None for organisations, programmes, quotas,
    registers, nominations."""
    return founder.fact.project_in(founder.stream)


def ruling(events: Sequence[Recorded], fact: Fact) -> Fact:
    """The fact whose audience this one has: its own; of a correction, or a decision on a decision, what it is in the
    end about. `events`: the stream, or what it held before the fact. Only earlier events are followed, so a target
    that is not earlier cannot loop; then it is the last fact that was reached."""
    below = len(events) + 1
    while (target := fact.ruled_by()) is not None and target < below:
        below = target
        fact = events[target - 1].fact
    return fact


def is_never_public(events: Sequence[Recorded], fact: Fact) -> bool:
    """Whether outsiders never read a fact, also once its project is public. `events`: see ruling."""
    return ruling(events, fact).audience not in (Audience.AT_ONCE, Audience.FROM_PUBLICATION)


def reads(who: Account, fact: Fact, *, published: bool, part: bool) -> bool:
    """Whether the account may read a fact of a project. `part`: see takes_part. For what speaks of another fact, that
    one is asked for (see ruling); nobody reads what speaks of nothing."""
    match fact.audience:
        case Audience.AT_ONCE:
            return published or part
        case Audience.FROM_PUBLICATION:
            return published or part
        case Audience.NEVER:
            return part
        case Audience.CONFIDENTIAL:
            return who.role in SEES_CONFIDENTIAL or who.role is fact.also_read_by()
        case Audience.AS_TARGET:
            return False


def reads_answers(who: Account, project: Project) -> bool:
    """Whether the account may read what came in of a project's beneficiaries: those who read what is confidential, and
    the district of the project, which enters it."""
    district = project.holder.district if project.holder else None
    return who.role in SEES_CONFIDENTIAL or who.acts_for(district)


def knows_nominees(who: Account, proposed_by: Role, recipient: OrganisationRecipient | PersonRecipient) -> bool:
    """Whether the account reads the name of one who was proposed, when it is no longer shown."""
    return who.role in {*SEES_CONFIDENTIAL, proposed_by} or who.organisation == recipient.organisation


def opens(who: Account, recorded: Recorded, today: date) -> bool:
    """Whether the account may open what a fact seals, if its role may at all: contact and account, only where it takes
    part; who objected, only the body that handles it; the name of somebody appointed, only of its own body, unless
    names of that role are public; who was proposed for an honour, everybody while it is shown; what was awarded says it
    again."""
    fact = recorded.fact
    while isinstance(fact, CorrectionRequested | Restated | Redacted):
        match fact:
            case CorrectionRequested():
                fact = fact.proposed
            case Restated():
                fact = fact.fact
            case Redacted():
                fact = fact.replacement.fact
    match fact:
        case Applied() | Amended():
            return takes_part(who, fact.organisation, fact.district)
        case OrganisationRegistered():
            return takes_part(who, recorded.stream, fact.district)
        case Appointed() | DeputyNamed():
            own = fact.body is not None and fact.body == who.body
            return fact.name_is_public or own or who.role in (Role.OFFICE, Role.LEADING_GROUP)
        case PublicObjectionRaised():
            return who.role in fact.handlers
        case HonourProposed():
            return today <= fact.objections_until or knows_nominees(who, recorded.event.actor.role, fact.recipient)
        case _:
            return True
