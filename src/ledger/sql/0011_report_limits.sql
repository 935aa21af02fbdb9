-- When reports by the public were taken, for their limits: by pseudonyms, which nobody can turn into an address without
-- the master key. Rows go an hour after the last report; they are no history.
CREATE TABLE ledger.report_limits (
    key uuid PRIMARY KEY,
    taken timestamptz[] NOT NULL,
    last timestamptz NOT NULL
);
CREATE INDEX report_limits_last ON ledger.report_limits (last);
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.report_limits TO minsheng_service;
