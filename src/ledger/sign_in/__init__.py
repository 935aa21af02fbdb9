"""Signing in on pages: names and passwords, authenticator apps, recovery codes, invitations, sessions."""
