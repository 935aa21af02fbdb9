-- The keys under which webhooks were set up, so that a repeated request gets the first answer. `place` as it was then.
CREATE TABLE ledger.webhook_requests (
    account uuid NOT NULL REFERENCES ledger.accounts (id),
    key text NOT NULL,
    request_sha256 bytea NOT NULL,
    webhook uuid NOT NULL REFERENCES ledger.webhooks (id),
    place text NOT NULL,
    requested_at timestamptz NOT NULL,
    PRIMARY KEY (account, key)
);
CREATE INDEX webhook_requests_age ON ledger.webhook_requests (requested_at);
GRANT SELECT, INSERT, DELETE ON ledger.webhook_requests TO minsheng_service;

-- The receiver asked for a pause (Retry-After): nothing is sent there before.
ALTER TABLE ledger.webhooks ADD COLUMN left_alone_until timestamptz;
GRANT UPDATE (left_alone_until) ON ledger.webhooks TO minsheng_service;
