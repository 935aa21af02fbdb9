"""The ledger as a log that strangers can check: tiles, signed checkpoints, witnesses."""
