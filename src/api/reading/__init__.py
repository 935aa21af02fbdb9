"""What one reader sees, by the two clocks: what routes, pages, files and the command line answer from."""
