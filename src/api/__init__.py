"""What the outside sees: HTTP, pages, the command line."""
