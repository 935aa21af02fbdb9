"""Refusals of government purchase and payments (N15)."""
