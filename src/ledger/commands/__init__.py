"""The commands of the ledger: who may, load, decide, append. One function a command."""
