-- The salts of veiled streams: what hides stream and version in their entries of the log. A stream without a row is open.
CREATE TABLE ledger.veils (
    stream uuid PRIMARY KEY,
    salt bytea NOT NULL CHECK (octet_length(salt) = 32)
);
GRANT SELECT, INSERT ON ledger.veils TO minsheng_service;
GRANT SELECT ON ledger.veils TO minsheng_projections;

-- Streams that were begun before this position are open, whatever they hold; 0 in a ledger that was begun with veils.
CREATE TABLE ledger.log_format (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    veiled_from bigint NOT NULL
);
INSERT INTO ledger.log_format (veiled_from) SELECT size FROM ledger.head;
GRANT SELECT ON ledger.log_format TO minsheng_service;

-- The event with which a veiled stream became public. From then on its salt is told.
CREATE TABLE ledger.disclosures (
    stream uuid PRIMARY KEY REFERENCES ledger.veils (stream),
    position bigint NOT NULL
);
GRANT SELECT, INSERT ON ledger.disclosures TO minsheng_service;
GRANT SELECT ON ledger.disclosures TO minsheng_projections;

-- The last document number of each register. A decision carries its number; no event of its own tells outsiders that a
-- withheld event is a decision. Registers of earlier versions wrote NumberIssued, which counts as well.
CREATE TABLE ledger.document_numbers (
    register uuid PRIMARY KEY,
    last integer NOT NULL CHECK (last > 0)
);
GRANT SELECT, INSERT, UPDATE ON ledger.document_numbers TO minsheng_service;
