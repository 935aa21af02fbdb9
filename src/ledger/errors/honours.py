"""Refusals of honours (N20, N21)."""
