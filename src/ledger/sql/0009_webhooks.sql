-- Webhooks: who is sent what, and what became of it. Bookkeeping of the service, no history: rows may go.
CREATE TABLE ledger.webhooks (
    id uuid PRIMARY KEY,
    account uuid NOT NULL REFERENCES ledger.accounts (id),
    content text NOT NULL CHECK (content IN ('credit', 'feed')),
    url text NOT NULL,
    label text NOT NULL,
    -- A cursor of what is sent: what lies behind it has no delivery yet. Moved in the transaction that adds those.
    place text NOT NULL,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_by text CHECK (ended_by IN ('request', 'receiver')),
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE INDEX webhooks_account ON ledger.webhooks (account);
GRANT SELECT, INSERT ON ledger.webhooks TO minsheng_service;
GRANT UPDATE (place, ended_at, ended_by) ON ledger.webhooks TO minsheng_service;

-- What messages are signed with, wrapped by a key that comes from the master key. The newest has no end yet.
CREATE TABLE ledger.webhook_secrets (
    webhook uuid NOT NULL REFERENCES ledger.webhooks (id),
    wrapped bytea NOT NULL,
    valid_until timestamptz,
    PRIMARY KEY (webhook, wrapped)
);
CREATE UNIQUE INDEX webhook_secrets_newest ON ledger.webhook_secrets (webhook) WHERE valid_until IS NULL;
GRANT SELECT, INSERT, DELETE ON ledger.webhook_secrets TO minsheng_service;
GRANT UPDATE (valid_until) ON ledger.webhook_secrets TO minsheng_service;

-- One row for each message, in the order of numbers within a lane. It names the item in the read model and holds no
-- copy: what is redacted before it is sent goes out redacted.
CREATE TABLE ledger.webhook_deliveries (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    webhook uuid NOT NULL REFERENCES ledger.webhooks (id),
    message text NOT NULL,
    lane uuid NOT NULL,
    -- All null for a test; public_at is of the feed, line of the credit records.
    position bigint,
    public_at bigint,
    line uuid,
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'delivered', 'dead', 'withdrawn')),
    attempts integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL,
    next_at timestamptz NOT NULL,
    settled_at timestamptz,
    UNIQUE (webhook, message),
    CHECK ((state = 'pending') = (settled_at IS NULL))
);
CREATE INDEX webhook_deliveries_lanes ON ledger.webhook_deliveries (webhook, lane, number) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_pending ON ledger.webhook_deliveries (webhook, number) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_open ON ledger.webhook_deliveries (state, created_at) WHERE state IN ('pending', 'dead');
CREATE INDEX webhook_deliveries_settled ON ledger.webhook_deliveries (settled_at);
CREATE INDEX webhook_deliveries_shown ON ledger.webhook_deliveries (webhook, number);
GRANT SELECT, INSERT, DELETE ON ledger.webhook_deliveries TO minsheng_service;
GRANT UPDATE (state, attempts, next_at, settled_at) ON ledger.webhook_deliveries TO minsheng_service;

-- Each time that a message was sent: the status that was answered, or null, and the beginning of what was said.
CREATE TABLE ledger.webhook_attempts (
    delivery bigint NOT NULL REFERENCES ledger.webhook_deliveries (number) ON DELETE CASCADE,
    attempted_at timestamptz NOT NULL,
    milliseconds integer NOT NULL,
    status integer,
    said text NOT NULL
);
CREATE INDEX webhook_attempts_delivery ON ledger.webhook_attempts (delivery);
GRANT SELECT, INSERT ON ledger.webhook_attempts TO minsheng_service;

-- One row: which process sends, and until when it may.
CREATE TABLE ledger.webhook_sender (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    holder uuid,
    held_until timestamptz NOT NULL
);
INSERT INTO ledger.webhook_sender (held_until) VALUES ('1970-01-01T00:00:00Z');
GRANT SELECT, UPDATE ON ledger.webhook_sender TO minsheng_service;
