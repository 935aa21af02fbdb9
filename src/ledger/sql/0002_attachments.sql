-- Who uploaded which file, by content. The bytes lie in the file store under sha256/ab/cdef…; facts cite the digest.
-- An account has a row of its own for content that another one uploaded before: who cites a file has had it.
CREATE TABLE ledger.attachments (
    sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
    bytes bigint NOT NULL CHECK (bytes > 0),
    media_type text NOT NULL,
    uploaded_by uuid NOT NULL,
    uploaded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (sha256, uploaded_by)
);
GRANT SELECT, INSERT ON ledger.attachments TO minsheng_service;
