"""The organisation, by what happens to it."""
