"""Who may do what, and who may read what: one table each."""

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum, StrEnum
from uuid import UUID

from ledger.accounts import Account
from ledger.core.envelope import Recorded, Redacted, Restated
from ledger.core.fact import Audience, Fact, Role
from ledger.organisation.registration import OrganisationRegistered
from ledger.programme import Programme
from ledger.project.application import Applied
from ledger.project.state import Project
from ledger.refusals.general import OutOfScope, ProjectUnknown, RoleMayNot


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
    ATTACH = "attach"
    DISCLOSE = "disclose"
    SCREEN = "screen"
    HAND_IN = "hand_in"
    RETURN = "return"
    ARRANGE_SUPPORT = "arrange_support"
    DECLARE_INTEREST = "declare_interest"
    SERVE = "serve"
    REQUEST_REVIEW = "request_review"
    DECIDE_REVIEW_REQUEST = "decide_review_request"
    LAPSE = "lapse"
    AMEND_CONTRACT = "amend_contract"
    REPORT_PUBLICLY = "report_publicly"
    ANSWER_PUBLIC_REPORT = "answer_public_report"
    DECIDE_MILESTONE = "decide_milestone"
    CHECK_ITSELF = "check_itself"
    INSPECT = "inspect"
    RECTIFY = "rectify"
    SUSPEND = "suspend"
    TERMINATE = "terminate"
    TRANSFER = "transfer"
    CLOSE = "close"
    ENTER_COMPETITION = "enter_competition"
    SCORE = "score"
    PURCHASE = "purchase"
    FORFEIT = "forfeit"
    SIGN_PURCHASE = "sign_purchase"
    DISBURSE = "disburse"
    REFUND = "refund"
    REGISTER_FRAME = "register_frame"
    DRAW_SAMPLE = "draw_sample"
    ENTER_FEEDBACK = "enter_feedback"
    GIVE_FEEDBACK = "give_feedback"
    PUBLISH_EVALUATION = "publish_evaluation"
    OBJECT = "object"
    RESOLVE_OBJECTION = "resolve_objection"
    NOMINATE = "nominate"
    PROPOSE_HONOUR = "propose_honour"
    REVOKE_HONOUR = "revoke_honour"
    KEEP_ORGANISATION = "keep_organisation"
    GRADE = "grade"
    LIST = "list"
    REORGANISE_DISTRICTS = "reorganise_districts"
    EVALUATE_SELF = "evaluate_self"
    EVALUATE_BENEFICIARIES = "evaluate_beneficiaries"
    EVALUATE_THIRD_PARTY = "evaluate_third_party"
    AWARD = "award"
    CORRECT = "correct"
    REDACT = "redact"
    IMPORT = "import"


class Scope(Enum):
    ALL = "all"
    OWN = "own organisation"
    DISTRICT = "own district's organisations"
    CITY = "organisations of the city, which belong to no district"


# Officials may also enter what an organisation brings on paper.
_PARTY = {Role.ORGANISATION: Scope.OWN, Role.DISTRICT: Scope.DISTRICT, Role.OFFICE: Scope.ALL}
# Who supervises: the office everywhere, a district its own. Who contracts: each for those that are its own.
_AUTHORITY = {Role.DISTRICT: Scope.DISTRICT, Role.OFFICE: Scope.ALL}
_CONTRACTOR = {Role.DISTRICT: Scope.DISTRICT, Role.OFFICE: Scope.CITY}
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
    Command.CONTRACT: _CONTRACTOR,
    Command.PUBLISH: {Role.OFFICE: Scope.ALL},
    Command.REPORT: _PARTY,
    Command.ATTACH: _PARTY,
    Command.DISCLOSE: _PARTY,
    Command.SCREEN: {Role.DISTRICT: Scope.DISTRICT},
    Command.HAND_IN: {Role.DISTRICT: Scope.DISTRICT},
    Command.RETURN: {Role.OFFICE: Scope.ALL},
    Command.ARRANGE_SUPPORT: _AUTHORITY,
    Command.DECLARE_INTEREST: {
        Role.COMMITTEE: Scope.ALL,
        Role.JUROR: Scope.ALL,
        Role.DISTRICT: Scope.DISTRICT,
        Role.LEADING_GROUP: Scope.ALL,
        Role.PROMOTION_ASSOCIATION: Scope.ALL,
    },
    Command.SERVE: _AUTHORITY,
    Command.REQUEST_REVIEW: _PARTY,
    Command.DECIDE_REVIEW_REQUEST: {Role.LEADING_GROUP: Scope.ALL, Role.OFFICE: Scope.ALL},
    Command.LAPSE: _CONTRACTOR,
    Command.AMEND_CONTRACT: _CONTRACTOR,
    Command.REPORT_PUBLICLY: dict.fromkeys(Role, Scope.ALL),
    Command.ANSWER_PUBLIC_REPORT: _AUTHORITY,
    Command.DECIDE_MILESTONE: _CONTRACTOR,
    Command.CHECK_ITSELF: _PARTY,
    Command.INSPECT: _AUTHORITY,
    Command.RECTIFY: _PARTY,
    Command.SUSPEND: _AUTHORITY,
    Command.TERMINATE: _CONTRACTOR,
    Command.TRANSFER: _AUTHORITY,
    Command.CLOSE: _CONTRACTOR,
    Command.ENTER_COMPETITION: _PARTY,
    Command.SCORE: {Role.JUROR: Scope.ALL},
    Command.PURCHASE: {Role.LEADING_GROUP: Scope.ALL},
    Command.FORFEIT: _PARTY | {Role.LEADING_GROUP: Scope.ALL},
    Command.SIGN_PURCHASE: {Role.LEADING_GROUP: Scope.ALL},
    Command.DISBURSE: {Role.TREASURY: Scope.ALL},
    Command.REFUND: {Role.TREASURY: Scope.ALL},
    Command.REGISTER_FRAME: _PARTY,
    Command.DRAW_SAMPLE: {Role.OFFICE: Scope.ALL},
    Command.ENTER_FEEDBACK: _AUTHORITY,
    Command.GIVE_FEEDBACK: {Role.BENEFICIARY: Scope.ALL},
    Command.PUBLISH_EVALUATION: {Role.OFFICE: Scope.ALL},
    Command.OBJECT: {Role.ORGANISATION: Scope.ALL, Role.DISTRICT: Scope.ALL, Role.OFFICE: Scope.ALL},
    Command.RESOLVE_OBJECTION: {Role.LEADING_GROUP: Scope.ALL, Role.OFFICE: Scope.ALL},
    Command.NOMINATE: {Role.ORGANISATION: Scope.OWN, Role.DISTRICT: Scope.DISTRICT, Role.OFFICE: Scope.CITY},
    Command.PROPOSE_HONOUR: {Role.LEADING_GROUP: Scope.ALL, Role.PROMOTION_ASSOCIATION: Scope.ALL},
    Command.REVOKE_HONOUR: {Role.LEADING_GROUP: Scope.ALL, Role.PROMOTION_ASSOCIATION: Scope.ALL},
    Command.KEEP_ORGANISATION: _AUTHORITY,
    Command.GRADE: {Role.OFFICE: Scope.ALL},
    Command.LIST: _AUTHORITY,
    Command.REORGANISE_DISTRICTS: {Role.OFFICE: Scope.ALL},
    Command.EVALUATE_SELF: _PARTY,
    Command.EVALUATE_BENEFICIARIES: {Role.OFFICE: Scope.ALL},
    Command.EVALUATE_THIRD_PARTY: {Role.COMMITTEE: Scope.ALL},
    Command.AWARD: {Role.LEADING_GROUP: Scope.ALL, Role.PROMOTION_ASSOCIATION: Scope.ALL},
    Command.CORRECT: _AUTHORITY,
    Command.REDACT: {Role.OFFICE: Scope.ALL},
    Command.IMPORT: {Role.OFFICE: Scope.ALL},
}

# Commands refused to an account that declared an interest in the project (N8).
JUDGING = frozenset(
    {
        Command.SCREEN,
        Command.HAND_IN,
        Command.REVIEW,
        Command.APPROVE,
        Command.REJECT,
        Command.DECIDE_REVIEW_REQUEST,
        Command.SCORE,
        Command.PURCHASE,
        Command.SIGN_PURCHASE,
        Command.DECIDE_MILESTONE,
        Command.SUSPEND,
        Command.TERMINATE,
        Command.CLOSE,
        Command.EVALUATE_THIRD_PARTY,
        Command.RESOLVE_OBJECTION,
        Command.PROPOSE_HONOUR,
        Command.AWARD,
        Command.REVOKE_HONOUR,
    }
)

# Commands whose facts may cite a file: of themselves, as a scan of the paper that they came on, or corrected.
CITING = frozenset(
    {
        Command.APPLY,
        Command.AMEND,
        Command.WITHDRAW,
        Command.ATTACH,
        Command.DISCLOSE,
        Command.REPORT,
        Command.RECTIFY,
        Command.CONTRACT,
        Command.AMEND_CONTRACT,
        Command.SIGN_PURCHASE,
        Command.CORRECT,
    }
)

# Commands that are the organisation's, no matter which account enters them.
_OF_THE_PARTY = frozenset(command for command, rights in ACCESS.items() if rights.items() >= _PARTY.items())


def is_for_the_party(who: Account, command: Command) -> bool:
    """Whether the account, an official, enters for the organisation what is the organisation's to do."""
    return command in _OF_THE_PARTY and who.role in (Role.DISTRICT, Role.OFFICE)


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


def check_role(who: Account, command: Command) -> Scope:
    scope = ACCESS[command].get(who.role)
    if scope is None:
        raise RoleMayNot(role=who.role, command=command)
    return scope


def check_uploads(who: Account) -> None:
    """Raises RoleMayNot for a role that may cite no file anywhere."""
    if not any(who.role in ACCESS[command] for command in CITING):
        raise RoleMayNot(role=who.role, command=Command.ATTACH)


def within(who: Account, programme: Programme) -> Account:
    """The account as it acts in a programme: a district for itself and all that it succeeded, or, when it was
    abolished there, for none."""
    if who.district is None or not programme.succeeded:
        return who
    now = programme.districts_now
    return replace(who, succeeded=frozenset(code for code, to in now.items() if to == who.district))


def check(who: Account, command: Command, *, organisation: UUID | None, district: str | None) -> None:
    """Raises RoleMayNot, or OutOfScope when the organisation or district is not the account's own."""
    scope = check_role(who, command)
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
        raise OutOfScope(command=command)


def check_project(who: Account, command: Command, project: Project) -> None:
    """As `check`, for a project; one that the account may not know of is ProjectUnknown."""
    if not project.exists or not knows(who, project):
        raise ProjectUnknown(project=project.id)
    holder = project.holder
    # An imported grant is nobody's here: only those whose right reaches everywhere may touch it.
    organisation, district = (holder.organisation, holder.district) if holder else (None, None)
    check(who, command, organisation=organisation, district=district)


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
            return who.role in SEES_CONFIDENTIAL
        case Audience.AS_TARGET:
            return False


def reads_answers(who: Account, project: Project) -> bool:
    """Whether the account may read what came in of a project's beneficiaries: those who read what is confidential, and
    the district of the project, which enters it."""
    district = project.holder.district if project.holder else None
    return who.role in SEES_CONFIDENTIAL or who.acts_for(district)


def opens(who: Account, recorded: Recorded) -> bool:
    """Whether the account may open what a fact seals, if its role may at all: a contact, only where it takes part."""
    fact = recorded.fact
    while isinstance(fact, Restated | Redacted):
        fact = fact.fact if isinstance(fact, Restated) else fact.replacement.fact
    match fact:
        case Applied():
            return takes_part(who, fact.organisation, fact.district)
        case OrganisationRegistered():
            return takes_part(who, recorded.stream, fact.district)
        case _:
            return True
