"""All read models that are kept up to date; each is one file beside this one."""

from projections.audit import Audit
from projections.due import DueItems
from projections.feed import Feed
from projections.listing import Listing
from projections.money import MoneyMovements
from projections.runner import Projection

READ_MODELS: tuple[type[Projection], ...] = (Listing, DueItems, MoneyMovements, Audit, Feed)
