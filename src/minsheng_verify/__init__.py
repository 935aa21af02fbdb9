"""The verifier for outsiders: it trusts neither the service nor any of its code.

It imports nothing of the ledger and needs only the standard library and `cryptography`, so a copy of this folder
runs by itself: `python -m minsheng_verify`. Formats: C2SP tlog-tiles, signed-note, tlog-checkpoint,
tlog-cosignature, tlog-proof; hashes: RFC 6962.
"""
