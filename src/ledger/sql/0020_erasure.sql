-- The event in which a sealed value stands, so that everything about a subject is found by index; NULL where it was
-- sealed before this was kept. Of an erased value the row stays, without what was encrypted.
ALTER TABLE ledger.sealed_values ADD COLUMN position bigint;
-- What is kept, from the longest kept on.
CREATE INDEX sealed_values_position ON ledger.sealed_values (position, subject, purpose) WHERE ciphertext <> '';
GRANT UPDATE (nonce, ciphertext) ON ledger.sealed_values TO minsheng_service;
GRANT UPDATE (wrapped_key, erased_at) ON ledger.vault_keys TO minsheng_service;
-- What accounts and tokens were called may name their holder.
GRANT UPDATE (label) ON ledger.accounts, ledger.tokens TO minsheng_service;

-- The tombstones: written with the event at this version of the subject's file, and with the destruction of the keys.
-- Without `cleared_at`, copies are still to be cleared.
CREATE TABLE ledger.erasures (
    stream uuid NOT NULL,
    version integer NOT NULL,
    subject uuid NOT NULL,
    purposes text[] NOT NULL,
    cleared_at timestamptz,
    PRIMARY KEY (stream, version)
);
CREATE INDEX erasures_to_clear ON ledger.erasures (stream, version) WHERE cleared_at IS NULL;
GRANT SELECT, INSERT, UPDATE (cleared_at) ON ledger.erasures TO minsheng_service;

-- In which projects a file is shown no more; and the files that went altogether, which nobody uploads again. Without
-- `removed_at`, their bytes may still be there.
CREATE TABLE ledger.erased_citations (
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    project uuid NOT NULL,
    PRIMARY KEY (sha256, project)
);
GRANT SELECT, INSERT ON ledger.erased_citations TO minsheng_service;
CREATE TABLE ledger.erased_files (
    sha256 bytea PRIMARY KEY CHECK (octet_length(sha256) = 32),
    erased_at timestamptz NOT NULL DEFAULT now(),
    removed_at timestamptz
);
CREATE INDEX erased_files_to_remove ON ledger.erased_files (sha256) WHERE removed_at IS NULL;
GRANT SELECT, INSERT, UPDATE (removed_at) ON ledger.erased_files TO minsheng_service;
