"""Refusals of delivery and supervision (N13, N14, N23)."""
