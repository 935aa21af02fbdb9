-- Where an invitation's code leads: by keyed digests, which nobody can turn into codes. Rows go once their codes have
-- expired; they are no history, and say nothing of who has answered.
CREATE TABLE ledger.invitation_codes (
    code uuid PRIMARY KEY,
    project uuid NOT NULL,
    expires_on date NOT NULL
);
CREATE INDEX invitation_codes_expires_on ON ledger.invitation_codes (expires_on);
GRANT SELECT, INSERT, UPDATE, DELETE ON ledger.invitation_codes TO minsheng_service;
