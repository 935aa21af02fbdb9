"""Whom somebody who found a weakness writes to (RFC 9116)."""

import re
from datetime import date, timedelta

from ledger.operator_problem import OperatorProblem
from ledger.values import Frozen

_CONTACT = re.compile(r"(?:https://|mailto:|tel:)[\x21-\x7e]+")
# The standard recommends less than a year.
GOOD_FOR = timedelta(days=180)


class SecurityContactWrong(OperatorProblem):
    """MINSHENG_SECURITY_CONTACT or MINSHENG_SECURITY_EXPIRES cannot be used."""


class SecurityContact(Frozen):
    """`contact`: the mailbox that RFC 2142 reserves for this, at the service's own host, unless it is set. `expires`:
    the last day on which that may be relied on; without one it moves with the day of the answer."""

    contact: str = ""
    expires: date | None = None

    @classmethod
    def of(cls, contact: str, expires: str) -> "SecurityContact":
        """Raises SecurityContactWrong."""
        try:
            day = date.fromisoformat(expires) if expires else None
        except ValueError as error:
            raise SecurityContactWrong(
                f"MINSHENG_SECURITY_EXPIRES is {expires!r} and not a day such as 2027-12-31"
            ) from error
        if contact and not _CONTACT.fullmatch(contact):
            raise SecurityContactWrong(
                f"MINSHENG_SECURITY_CONTACT is {contact!r} and not an address such as mailto:security@example.org"
            )
        return cls(contact=contact, expires=day)

    def text(self, base: str, host: str, today: date) -> str:
        """`base`: the public address of the service."""
        return (
            f"Contact: {self.contact or f'mailto:security@{host}'}\n"
            f"Expires: {(self.expires or today + GOOD_FOR).isoformat()}T23:59:59Z\n"
            "Preferred-Languages: zh, en\n"
            f"Canonical: {base}/.well-known/security.txt\n"
        )


RESERVED_MAILBOX = SecurityContact()
