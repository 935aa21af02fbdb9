-- Who opened which sealed values, when and why. Rows are only added.
CREATE TABLE ledger.sealed_reads (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    read_at timestamptz NOT NULL,
    person uuid NOT NULL,
    role text NOT NULL,
    why text NOT NULL,
    reason text,
    commitments bytea[] NOT NULL CHECK (cardinality(commitments) > 0)
);
CREATE INDEX sealed_reads_person ON ledger.sealed_reads (person, number);
CREATE INDEX sealed_reads_commitments ON ledger.sealed_reads USING gin (commitments);
GRANT SELECT, INSERT ON ledger.sealed_reads TO minsheng_service;
