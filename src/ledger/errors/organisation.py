"""Refusals of an organisation's life and of districts."""
