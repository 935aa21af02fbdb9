"""Which pages of administration there are, and for whom."""

from dataclasses import dataclass

from api.pages.admin_texts import ADMIN
from api.pages.frame import Link
from api.pages.reader import Reader
from api.routes.accounts import SEES_ACTS
from api.routes.audit_refusals import READERS as SEES_REFUSALS
from ledger.access import SEES_WEBHOOKS
from ledger.accounts import Account
from ledger.administration import ADMINISTERS
from ledger.appointments import APPOINT
from ledger.core.fact import Role
from ledger.refusals.general import RoleMayNot
from ledger.subjects import ERASE, READ_SUBJECTS


@dataclass(frozen=True, slots=True)
class Place:
    """`key`: of its name, and with `_lead` of what is done there."""

    path: str
    key: str
    roles: frozenset[Role]


SEES_HEALTH = ADMINISTERS | {Role.OFFICE, Role.AUDITOR}
PLACES = (
    Place("/admin/accounts", "accounts", ADMINISTERS),
    Place("/admin/appointments", "appointments", ADMINISTERS | {Role.AUDITOR} | APPOINT.may.keys()),
    Place("/admin/acts", "acts", SEES_ACTS),
    Place("/admin/refusals", "refused", SEES_REFUSALS),
    Place("/admin/subjects", "subjects", frozenset(READ_SUBJECTS.may) | ERASE.may.keys()),
    Place("/admin/retention", "retention", frozenset(READ_SUBJECTS.may)),
    Place("/admin/webhooks", "webhooks", SEES_WEBHOOKS),
    Place("/admin/reminders", "reminders", SEES_HEALTH),
    Place("/admin/health", "health", SEES_HEALTH),
)


def places_of(who: Account) -> list[Place]:
    return [one for one in PLACES if who.role in one.roles]


def check_place(who: Account, path: str) -> None:
    """For a page without a query of its own that would refuse. Raises RoleMayNot."""
    if not any(one.path == path for one in places_of(who)):
        raise RoleMayNot(role=who.role, command="read pages of administration")


def link_to(reader: Reader, who: Account) -> Link | None:
    """To the pages of administration, for those who have any."""
    return Link(reader.say(ADMIN["administration"]), reader.link("/admin")) if places_of(who) else None
