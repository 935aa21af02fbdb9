"""Who publishes, and the prefixes under which identifiers are made."""

import re

from ledger.operator_problem import OperatorProblem
from ledger.values import Frozen

# The placeholder of the standard's own documents; who publishes asks the Open Contracting Partnership for a prefix.
UNREGISTERED_OCID = "ocds-000000"
UNREGISTERED_GRANT = "360G-unregistered"


class PrefixWrong(OperatorProblem):
    """A setting is no prefix that the standard gives out."""


class Publisher(Frozen):
    """`ocid_prefix` is given out by the Open Contracting Partnership, `grant_prefix` by 360Giving."""

    name: str = "民生账本 Minsheng Ledger"
    ocid_prefix: str = UNREGISTERED_OCID
    grant_prefix: str = UNREGISTERED_GRANT

    @classmethod
    def of(cls, name: str, ocid_prefix: str, grant_prefix: str) -> "Publisher":
        """Raises PrefixWrong."""
        if not re.fullmatch(r"ocds-[a-z0-9]{6}", ocid_prefix):
            raise PrefixWrong(f"MINSHENG_OCID_PREFIX is {ocid_prefix!r} and not ocds- with six characters behind it")
        if not re.fullmatch(r"360G-[A-Za-z0-9_-]{1,40}", grant_prefix):
            raise PrefixWrong(f"MINSHENG_GRANT_PREFIX is {grant_prefix!r} and not 360G- with a name behind it")
        return cls(name=name, ocid_prefix=ocid_prefix, grant_prefix=grant_prefix)

    @property
    def registered(self) -> bool:
        return self.ocid_prefix != UNREGISTERED_OCID


UNREGISTERED = Publisher()
