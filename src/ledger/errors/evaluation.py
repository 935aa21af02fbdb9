"""Refusals of evaluation (N16 to N19)."""
