-- A log that goes on under a new origin after a loss. The first position that is not what the log before held there lies
-- from `fork` to `fork_until`; `lost`: the leaf hashes of that log from there on, so that anybody can rebuild its root; null when not known.
CREATE TABLE ledger.restarts (
    generation integer PRIMARY KEY CHECK (generation >= 2),
    position bigint NOT NULL,
    fork bigint NOT NULL CHECK (fork >= 0),
    fork_until bigint NOT NULL CHECK (fork_until BETWEEN fork AND position),
    previous text NOT NULL,
    lost bytea CHECK (octet_length(lost) % 32 = 0)
);
GRANT SELECT ON ledger.restarts TO minsheng_service, minsheng_projections;

-- What was signed before a restart. `timestamp`: what an authority answered over it.
CREATE TABLE ledger.earlier_checkpoints (
    generation integer NOT NULL,
    size bigint NOT NULL,
    note text NOT NULL,
    "timestamp" bytea,
    PRIMARY KEY (generation, size)
);
GRANT SELECT ON ledger.earlier_checkpoints TO minsheng_service;
