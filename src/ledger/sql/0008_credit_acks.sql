-- Up to which cursor a credit system has taken the changes: a receipt, not history. A later one takes its place.
CREATE TABLE ledger.credit_acks (
    account uuid PRIMARY KEY,
    place bigint NOT NULL,
    is_change boolean NOT NULL,
    line uuid NOT NULL,
    after text NOT NULL,
    acknowledged_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT, UPDATE ON ledger.credit_acks TO minsheng_service;
