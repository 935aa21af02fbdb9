"""What all streams share: facts, events, history, refusals."""
