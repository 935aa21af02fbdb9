"""Refusals of application, screening and review (N6 to N10)."""
