"""What everybody may take away: open standards, tables and their catalogue, each as of a position."""
