"""The public pages, rendered at the server: they need no script."""

from api.pages.routes import mount

__all__ = ["mount"]
