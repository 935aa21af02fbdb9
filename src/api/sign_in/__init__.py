"""Signing in on pages: cookies and forms of a session, the pages themselves."""
