"""The public pages, rendered at the server: they need no script."""
