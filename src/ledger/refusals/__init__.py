"""Refusals that belong to no single phase; those of a phase stand in its module."""
