"""Refusals of files."""
