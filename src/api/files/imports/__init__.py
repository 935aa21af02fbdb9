"""Files of other systems, read into facts of the ledger."""
