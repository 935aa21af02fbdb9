-- A stream is found, and cut at a position, without its rows in ledger.events, which lie as far apart as its events.
CREATE UNIQUE INDEX events_by_stream ON ledger.events (stream, version) INCLUDE (position, recorded_at);
ALTER TABLE ledger.events DROP CONSTRAINT events_stream_version_key;
