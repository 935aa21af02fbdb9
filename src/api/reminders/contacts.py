"""To which address an organisation is written to."""

from collections.abc import Sequence
from email.errors import MessageError
from email.headerregistry import Address
from uuid import UUID

from api.reminders.reminder import Reminder
from ledger.access import opens
from ledger.accounts import OPERATOR, Account
from ledger.core.envelope import Recorded
from ledger.core.fact import Role
from ledger.core.history import corrected
from ledger.organisation.registration import OrganisationRegistered
from ledger.project.application import Amended, Applied
from ledger.sealed_reads import Reading, Why
from ledger.transaction import Ledger
from ledger.values import Contact


async def emails(ledger: Ledger, reminders: Sequence[Reminder]) -> dict[UUID, str]:
    """By project: the address of the contact that its organisation named for it, or else when it registered. What
    the organisation itself could not open is not opened for it, so a project that was carried on by another has the
    contact of that one."""
    streams = list({stream for one in reminders for stream in (one.project, one.organisation)})
    events = await ledger.store.streams(streams)
    sealed: dict[UUID, list[str]] = {}
    for one in reminders:
        itself = Account(OPERATOR.id, Role.ORGANISATION, str(one.organisation))
        named = [_newest(events[stream]) for stream in (one.project, one.organisation)]
        sealed[one.project] = [
            commitment
            for fact in named
            if fact and opens(itself, fact, ledger.today())
            for commitment in _contact_in(fact)
        ]
    wanted = {commitment for found in sealed.values() for commitment in found}
    opened = await ledger.vault.open(wanted, Reading(OPERATOR.id, Role.ORGANISATION, Why.REMINDER, ledger.clock()))
    found = {
        project: [Contact.model_validate(opened[one]).email for one in commitments if one in opened]
        for project, commitments in sealed.items()
    }
    return {
        project: address
        for project, addresses in found.items()
        if (address := next((one for one in addresses if one and _can_be_written_to(one)), None))
    }


def _newest(events: Sequence[Recorded]) -> Recorded | None:
    """What names the contact now: an amendment may name another one."""
    return next((one for one in reversed(corrected(events)) if _contact_in(one)), None)


def _contact_in(recorded: Recorded) -> list[str]:
    match recorded.fact:
        case Applied(contact=contact) | Amended(contact=contact) | OrganisationRegistered(contact=contact):
            return [contact.commitment] if contact else []
        case _:
            return []


def _can_be_written_to(email: str) -> bool:
    """A contact holds any line as its address; one that names two people, say, is none."""
    try:
        return email.isascii() and Address(addr_spec=email).domain != ""
    except (MessageError, ValueError, IndexError):
        return False
