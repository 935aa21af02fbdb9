-- Photographs of projects. The picture lies encrypted in the file store under its commitment, which is all that an event
-- says of it. The key stands here and nowhere else: without it (NULL) nobody can read the picture, and it is removed
-- next. The row goes with the picture.
CREATE TABLE ledger.photographs (
    commitment bytea PRIMARY KEY CHECK (octet_length(commitment) = 32),
    wrapped_key bytea,
    media_type text NOT NULL,
    uploaded_by uuid NOT NULL,
    uploaded_at timestamptz NOT NULL DEFAULT now(),
    -- Whether an event shows it; one that none shows within a day is removed.
    shown boolean NOT NULL DEFAULT false
);
CREATE INDEX photographs_to_remove ON ledger.photographs (uploaded_at) WHERE wrapped_key IS NULL OR NOT shown;
GRANT SELECT, INSERT, UPDATE (wrapped_key, shown), DELETE ON ledger.photographs TO minsheng_service;
