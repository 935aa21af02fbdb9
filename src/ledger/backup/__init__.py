"""Backups: history in parts named by their content, and apart from it, under a passphrase, what can be erased."""
