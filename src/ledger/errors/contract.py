"""Refusals of contract, publication and public reports (N11, N12)."""
