-- How people sign in on pages. A person is known by the id of the first account (0017). Names are kept as keyed digests,
-- codes and sessions as digests, what an authenticator app shares with us under the master key: a copy of these tables
-- lets nobody sign in. They are no history; the service may change them.
CREATE TABLE ledger.logins (
    person uuid PRIMARY KEY REFERENCES ledger.accounts (id),
    name_digest uuid NOT NULL UNIQUE,
    password_hash text NOT NULL,
    authenticator bytea,
    last_step bigint NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL
);
CREATE TABLE ledger.recovery_codes (
    person uuid NOT NULL REFERENCES ledger.logins (person) ON DELETE CASCADE,
    code_sha256 bytea NOT NULL CHECK (octet_length(code_sha256) = 32),
    used_at timestamptz,
    PRIMARY KEY (person, code_sha256)
);
-- One link, once: the holder chooses a name and a password for the account's person.
CREATE TABLE ledger.invitations (
    code_sha256 bytea PRIMARY KEY CHECK (octet_length(code_sha256) = 32),
    account uuid NOT NULL REFERENCES ledger.accounts (id),
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
-- `account`: the one that the person acts in. `awaits`: signed in only once a code of the authenticator app was given.
-- `setting_up`: what an app was shown and has not confirmed.
CREATE TABLE ledger.sessions (
    id uuid PRIMARY KEY,
    secret_sha256 bytea NOT NULL UNIQUE CHECK (octet_length(secret_sha256) = 32),
    person uuid NOT NULL REFERENCES ledger.accounts (id),
    account uuid NOT NULL REFERENCES ledger.accounts (id),
    awaits boolean NOT NULL,
    setting_up bytea,
    device text NOT NULL,
    created_at timestamptz NOT NULL,
    used_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX sessions_person ON ledger.sessions (person) WHERE revoked_at IS NULL;
CREATE INDEX sessions_expires_at ON ledger.sessions (expires_at);
-- Attempts of the last quarter of an hour that failed or are under way, by pseudonyms of names and networks.
CREATE TABLE ledger.sign_in_attempts (
    key uuid NOT NULL,
    attempt uuid NOT NULL,
    begun_at timestamptz NOT NULL
);
CREATE INDEX sign_in_attempts_key ON ledger.sign_in_attempts (key, begun_at);
CREATE INDEX sign_in_attempts_begun_at ON ledger.sign_in_attempts (begun_at);
GRANT SELECT, INSERT, UPDATE, DELETE
    ON ledger.logins, ledger.recovery_codes, ledger.invitations, ledger.sessions, ledger.sign_in_attempts
    TO minsheng_service;
-- Whom an identity provider's claim stands for, by its pseudonym; and browsers on their way there and back, minutes each.
CREATE TABLE ledger.provided_people (
    provided uuid PRIMARY KEY,
    person uuid NOT NULL REFERENCES ledger.accounts (id)
);
CREATE TABLE ledger.provider_turns (
    cookie_sha256 bytea PRIMARY KEY CHECK (octet_length(cookie_sha256) = 32),
    state text NOT NULL,
    nonce text NOT NULL,
    verifier text NOT NULL,
    going_on text NOT NULL,
    invitation text,
    expires_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.provided_people, ledger.provider_turns TO minsheng_service;
-- Who was refused what, by the hour: for auditors, and no history. `origin` is the pseudonym of a network.
CREATE TABLE ledger.refused_attempts (
    number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    hour timestamptz NOT NULL,
    code text NOT NULL,
    attempt text NOT NULL,
    person uuid NOT NULL,
    role text NOT NULL,
    body text NOT NULL,
    origin uuid NOT NULL,
    times integer NOT NULL,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (hour, code, attempt, person, role, body, origin)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.refused_attempts TO minsheng_service;
-- What a token may do (`reads`: nothing but read), whether it is a client's secret that only gets short-lived ones, and
-- when it was last used, to the minute.
ALTER TABLE ledger.tokens
    ADD COLUMN id uuid NOT NULL UNIQUE DEFAULT gen_random_uuid(),
    ADD COLUMN label text NOT NULL DEFAULT '',
    ADD COLUMN reads boolean NOT NULL DEFAULT false,
    ADD COLUMN client boolean NOT NULL DEFAULT false,
    ADD COLUMN last_used_at timestamptz;
CREATE INDEX tokens_account ON ledger.tokens (account);
CREATE INDEX tokens_expires_at ON ledger.tokens (expires_at);
GRANT UPDATE (revoked_at, expires_at, last_used_at), DELETE ON ledger.tokens TO minsheng_service;
-- A closed account acts no more, whatever it holds.
ALTER TABLE ledger.accounts ADD COLUMN closed_at timestamptz;
GRANT UPDATE (closed_at) ON ledger.accounts TO minsheng_service;
-- Who opened, bound and closed accounts, and let whom in: added to, never changed.
CREATE TABLE ledger.administrative_acts (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    act text NOT NULL,
    account uuid NOT NULL REFERENCES ledger.accounts (id),
    by uuid NOT NULL,
    by_role text NOT NULL
);
GRANT SELECT, INSERT ON ledger.administrative_acts TO minsheng_service;
-- Passkeys, and the challenges that browsers were given, minutes each.
CREATE TABLE ledger.passkeys (
    credential bytea PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    person uuid NOT NULL REFERENCES ledger.accounts (id),
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    label text NOT NULL,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz
);
CREATE INDEX passkeys_person ON ledger.passkeys (person);
CREATE TABLE ledger.passkey_challenges (
    cookie_sha256 bytea PRIMARY KEY CHECK (octet_length(cookie_sha256) = 32),
    challenge bytea NOT NULL,
    expires_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.passkeys, ledger.passkey_challenges TO minsheng_service;
