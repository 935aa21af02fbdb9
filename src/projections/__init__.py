"""Read models: folds of the ledger's events into tables, as known at any position."""
