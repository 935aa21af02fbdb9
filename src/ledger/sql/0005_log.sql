-- The transparency log. Full tiles of the tree over the events' leaf hashes: level 0 holds 256 leaf hashes, a level
-- above the roots of 256 tiles below. Partial tiles are prefixes and are worked out.
CREATE TABLE ledger.tiles (
    level integer NOT NULL CHECK (level >= 0),
    index bigint NOT NULL CHECK (index >= 0),
    hashes bytea NOT NULL CHECK (octet_length(hashes) = 8192),
    root bytea NOT NULL CHECK (octet_length(root) = 32),
    PRIMARY KEY (level, index)
);
GRANT SELECT, INSERT ON ledger.tiles TO minsheng_service;

-- What was signed and published, with the witnesses' lines. Nothing stands here that no signature covers.
CREATE TABLE ledger.checkpoints (
    size bigint PRIMARY KEY CHECK (size > 0),
    note text NOT NULL
);
GRANT SELECT, INSERT ON ledger.checkpoints TO minsheng_service;

-- RFC 3161: what a time-stamping authority answered over the text of a checkpoint.
CREATE TABLE ledger.timestamps (
    size bigint PRIMARY KEY REFERENCES ledger.checkpoints (size),
    response bytea NOT NULL
);
GRANT SELECT, INSERT ON ledger.timestamps TO minsheng_service;

-- One row: which process signs, and until when it may. Nobody signs without holding its lock.
CREATE TABLE ledger.signer (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    holder uuid,
    held_until timestamptz NOT NULL
);
INSERT INTO ledger.signer (held_until) VALUES ('1970-01-01T00:00:00Z');
GRANT SELECT, UPDATE ON ledger.signer TO minsheng_service;
