-- Facts. The service may add rows and read them, nothing else; history has no UPDATE and no DELETE.
CREATE SCHEMA ledger;
GRANT USAGE ON SCHEMA ledger TO minsheng_service, minsheng_projections;

-- One row: how many events there are. Its lock is what makes positions gapless and commit-ordered.
CREATE TABLE ledger.head (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    size bigint NOT NULL,
    last_recorded_at timestamptz NOT NULL
);
INSERT INTO ledger.head (size, last_recorded_at) VALUES (0, '1970-01-01T00:00:00Z');
GRANT SELECT, UPDATE ON ledger.head TO minsheng_service;
GRANT SELECT ON ledger.head TO minsheng_projections;

CREATE TABLE ledger.events (
    position bigint PRIMARY KEY CHECK (position >= 0),
    recorded_at timestamptz NOT NULL,
    stream uuid NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    payload_sha256 bytea NOT NULL CHECK (octet_length(payload_sha256) = 32),
    leaf_hash bytea NOT NULL CHECK (octet_length(leaf_hash) = 32),
    UNIQUE (stream, version)
);
CREATE UNIQUE INDEX events_recorded_at ON ledger.events (recorded_at);
GRANT SELECT, INSERT ON ledger.events TO minsheng_service;
GRANT SELECT ON ledger.events TO minsheng_projections;

-- Beside the events, because redaction removes payload bytes (by the owner's tool alone) and never an event.
CREATE TABLE ledger.payloads (
    position bigint PRIMARY KEY,
    payload bytea NOT NULL,
    account uuid,
    account_salt bytea
);
GRANT SELECT, INSERT ON ledger.payloads TO minsheng_service;
GRANT SELECT ON ledger.payloads TO minsheng_projections;

-- Sealed values: one key per subject and purpose, wrapped by a master key that is not in the database.
CREATE TABLE ledger.vault_keys (
    subject uuid NOT NULL,
    purpose text NOT NULL,
    wrapped_key bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    erased_at timestamptz,
    PRIMARY KEY (subject, purpose),
    CHECK ((wrapped_key IS NULL) = (erased_at IS NOT NULL))
);
GRANT SELECT, INSERT ON ledger.vault_keys TO minsheng_service;

CREATE TABLE ledger.sealed_values (
    commitment bytea PRIMARY KEY CHECK (octet_length(commitment) = 32),
    subject uuid NOT NULL,
    purpose text NOT NULL,
    nonce bytea NOT NULL,
    ciphertext bytea NOT NULL
);
CREATE INDEX sealed_values_subject ON ledger.sealed_values (subject, purpose);
GRANT SELECT, INSERT ON ledger.sealed_values TO minsheng_service;

-- What was answered to a repeated request; not history, so rows go after 30 days.
CREATE TABLE ledger.idempotency_keys (
    account uuid NOT NULL,
    key text NOT NULL,
    request_sha256 bytea NOT NULL,
    position bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (account, key)
);
CREATE INDEX idempotency_keys_recorded_at ON ledger.idempotency_keys (recorded_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.idempotency_keys TO minsheng_service;

CREATE TABLE ledger.accounts (
    id uuid PRIMARY KEY,
    role text NOT NULL,
    body text,
    label text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE ledger.tokens (
    token_sha256 bytea PRIMARY KEY,
    account uuid NOT NULL REFERENCES ledger.accounts (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);
GRANT SELECT, INSERT ON ledger.accounts, ledger.tokens TO minsheng_service;
GRANT UPDATE (revoked_at) ON ledger.tokens TO minsheng_service;

-- How far each read model has come: it has seen all events before next_position. Its rows and this row are
-- written in one transaction. Each read model has a schema of its own, made by the projections' role.
CREATE SCHEMA projections;
GRANT USAGE ON SCHEMA projections TO minsheng_service, minsheng_projections;
CREATE TABLE projections.tracking (
    name text PRIMARY KEY,
    fold_version integer NOT NULL,
    next_position bigint NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT, UPDATE, DELETE ON projections.tracking TO minsheng_projections;
GRANT SELECT ON projections.tracking TO minsheng_service;
