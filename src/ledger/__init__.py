"""Facts of public-welfare programmes: events, rules, time, and the one door they go through."""
