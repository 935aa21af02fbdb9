-- Events of veiled streams that outsiders never read, also once the stream is disclosed. They are told as veiled ones: by
-- their hour.
CREATE TABLE ledger.withheld (position bigint PRIMARY KEY);
GRANT SELECT, INSERT ON ledger.withheld TO minsheng_service;
GRANT SELECT ON ledger.withheld TO minsheng_projections;
