-- Which event is read in another one's words: `redacted_by` holds, in its payload, what is read instead of `position`.
-- Written in the transaction of the `Redacted` itself, so no reader sees one without the other.
CREATE TABLE ledger.redactions (
    position bigint NOT NULL,
    redacted_by bigint NOT NULL CHECK (redacted_by > position),
    PRIMARY KEY (position, redacted_by)
);
GRANT SELECT, INSERT ON ledger.redactions TO minsheng_service;
GRANT SELECT ON ledger.redactions TO minsheng_projections;

-- Empty when the owner has erased the bytes of a redacted event; the account behind them stays.
ALTER TABLE ledger.payloads ALTER COLUMN payload DROP NOT NULL;
