"""Witnesses: asking them to cosign, and being one (C2SP tlog-witness)."""
