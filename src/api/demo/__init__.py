"""A synthetic Beijing 2010, and a synthetic programme that is open today, for an empty ledger."""

from api.demo.load import DemoSummary, Progress, load_demonstration
from api.demo.sign_in import DemoSignIn, demo_accounts, is_demonstration_complete

__all__ = [
    "DemoSignIn",
    "DemoSummary",
    "Progress",
    "demo_accounts",
    "is_demonstration_complete",
    "load_demonstration",
]
