-- What somebody typed into a form and has not sent yet. It may be personal, so it is encrypted under a key of its own,
-- which the master key wraps. It is no history: sending the form erases it, and so does a month without a change.
-- `account`: the one that the person acts in. `form`: the address of the form.
CREATE TABLE ledger.drafts (
    account uuid NOT NULL REFERENCES ledger.accounts (id),
    form text NOT NULL,
    wrapped_key bytea NOT NULL,
    encrypted bytea NOT NULL,
    changed_at timestamptz NOT NULL,
    PRIMARY KEY (account, form)
);
CREATE INDEX drafts_changed_at ON ledger.drafts (changed_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.drafts TO minsheng_service;
