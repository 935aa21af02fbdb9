-- One row for each content that was uploaded, by whomever. Its lock decides between a command that cites the file and the
-- removal of files that nothing cites.
CREATE TABLE ledger.files (
    sha256 bytea PRIMARY KEY CHECK (octet_length(sha256) = 32),
    uploaded_at timestamptz NOT NULL DEFAULT now(),
    -- No event before this position cites the file; and whether one behind it does, as far as was looked.
    checked_to bigint NOT NULL,
    cited boolean NOT NULL DEFAULT false
);
CREATE INDEX files_uncited ON ledger.files (uploaded_at, sha256) WHERE NOT cited;
INSERT INTO ledger.files (sha256, uploaded_at, checked_to)
SELECT sha256, max(uploaded_at), 0 FROM ledger.attachments GROUP BY sha256;
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.files TO minsheng_service;
-- Who uploaded what is bookkeeping, no history: it goes with the file.
GRANT DELETE ON ledger.attachments TO minsheng_service;

-- One row: which process removes files, and until when it may.
CREATE TABLE ledger.file_remover (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    holder uuid,
    held_until timestamptz NOT NULL
);
INSERT INTO ledger.file_remover (held_until) VALUES ('1970-01-01T00:00:00Z');
GRANT SELECT, UPDATE ON ledger.file_remover TO minsheng_service;

-- How much each account did on a day of what is limited by day.
CREATE TABLE ledger.daily_use (
    account uuid NOT NULL,
    day date NOT NULL,
    kind text NOT NULL,
    used integer NOT NULL CHECK (used >= 0),
    PRIMARY KEY (account, day, kind)
);
CREATE INDEX daily_use_day ON ledger.daily_use (day);
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.daily_use TO minsheng_service;
