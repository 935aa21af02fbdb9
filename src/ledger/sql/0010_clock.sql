-- What the database's clock is compared with: its reading when a machine had been up for so many seconds, one row for
-- each boot of each machine that a service runs on. No history; renewed every hour.
CREATE TABLE ledger.clock_references (
    boot text PRIMARY KEY,
    uptime double precision NOT NULL,
    clock timestamptz NOT NULL,
    acceptance bigint NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON ledger.clock_references TO minsheng_service;

-- When an operator accepted a clock that had been refused, and why: so many seconds ahead of what was expected, or (below
-- zero) behind the last event. For auditors; nobody changes it.
CREATE TABLE ledger.clock_acceptances (
    number bigint PRIMARY KEY CHECK (number > 0),
    clock timestamptz NOT NULL,
    last_recorded_at timestamptz NOT NULL,
    size bigint NOT NULL,
    seconds double precision NOT NULL,
    reason text NOT NULL CHECK (length(btrim(reason)) BETWEEN 1 AND 2000)
);
GRANT SELECT, INSERT ON ledger.clock_acceptances TO minsheng_service;
