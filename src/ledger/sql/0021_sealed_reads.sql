-- Who opened which sealed values, looked for somebody among them, or took out all that is held about a subject: when and
-- why. Rows are only added. What was looked for is not kept.
CREATE TABLE ledger.sealed_reads (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    read_at timestamptz NOT NULL,
    person uuid NOT NULL,
    role text NOT NULL,
    body text,
    why text NOT NULL,
    reason text,
    commitments bytea[] NOT NULL,
    subject uuid,
    found integer NOT NULL
);
CREATE INDEX sealed_reads_person ON ledger.sealed_reads (person, number);
CREATE INDEX sealed_reads_commitments ON ledger.sealed_reads USING gin (commitments);
CREATE INDEX sealed_reads_subject ON ledger.sealed_reads (subject) WHERE subject IS NOT NULL;
GRANT SELECT, INSERT ON ledger.sealed_reads TO minsheng_service;
