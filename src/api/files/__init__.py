"""What is written out and read in as files."""
