"""The command `minsheng`."""
