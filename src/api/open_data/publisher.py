"""Who publishes, and the prefixes under which identifiers are made."""

from ledger.values import Frozen

# The placeholder of the standard's own documents; who publishes asks the Open Contracting Partnership for a prefix.
UNREGISTERED_OCID = "ocds-000000"
UNREGISTERED_GRANT = "360G-unregistered"


class Publisher(Frozen):
    """`ocid_prefix` is given out by the Open Contracting Partnership, `grant_prefix` by 360Giving."""

    name: str = "民生账本 Minsheng Ledger"
    ocid_prefix: str = UNREGISTERED_OCID
    grant_prefix: str = UNREGISTERED_GRANT

    @property
    def registered(self) -> bool:
        return self.ocid_prefix != UNREGISTERED_OCID


UNREGISTERED = Publisher()
