"""Facts of public-welfare programmes: events, rules, time, and the one door they go through."""

from ledger import facts as facts
