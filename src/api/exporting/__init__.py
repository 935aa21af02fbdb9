"""The whole registry as files that balance with the figures of their date."""
