"""The registry as files, whole or a table each, that balance with the figures of their date."""
