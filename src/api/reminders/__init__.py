"""Reminders of what is due, sent through channels (N23)."""
