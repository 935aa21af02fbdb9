-- Which reminder which channel has taken: written after it did, so a reminder goes out at least once. No history.
CREATE TABLE ledger.reminders (
    project uuid NOT NULL,
    item uuid NOT NULL,
    due_on date NOT NULL,
    channel text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('due soon', 'overdue')),
    sent_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (item, due_on, channel, kind)
);
GRANT SELECT, INSERT ON ledger.reminders TO minsheng_service;
