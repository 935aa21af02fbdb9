"""The one reader of workbooks (.xlsx) from outside. It runs in a process of its own, see `isolation.py`.

Only the standard library is imported here, so that the process starts in milliseconds and holds no secret.
"""
