"""Webhooks: credit changes and the public feed sent to whom they are for (N22, D6)."""
