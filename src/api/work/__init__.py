"""Pages on which everybody with an account does their part: what waits, and a form for each command."""
