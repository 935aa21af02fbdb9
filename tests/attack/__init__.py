"""Attacks on a live service, by section of what they aim at: `python -m tests.attack`."""
