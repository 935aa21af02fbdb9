"""All read models that are kept up to date; each is one file in this folder."""

from projections.audit import Audit
from projections.competition import Competition
from projections.credit import Credit
from projections.due import DueItems
from projections.feed import Feed
from projections.listing import Listing
from projections.money import MoneyMovements
from projections.projection import Projection
from projections.statistics import Statistics
from projections.worklist import Worklist

READ_MODELS: tuple[type[Projection], ...] = (
    Listing,
    DueItems,
    MoneyMovements,
    Audit,
    Statistics,
    Credit,
    Competition,
    Worklist,
    Feed,
)
