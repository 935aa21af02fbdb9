-- Where a read model stopped, and why, while it does not go on: the position of the event that it could not fold, what
-- kind of error that was, and since when. Of the error no words, only its kind and place: words may cite what was sealed
-- or comes to be redacted.
ALTER TABLE projections.tracking
    ADD COLUMN broken_position bigint,
    ADD COLUMN broken_error text,
    ADD COLUMN broken_since timestamptz;
