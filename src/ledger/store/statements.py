"""The SQL of the write path. Plain on purpose: no extension, trigger, function, LOCK TABLE or advisory lock.

The lock, the reads under it and the inserts are statements of their own: in one statement the reads would see
the snapshot from before the lock was granted.
"""

LOCK_HEAD = "SELECT size, last_recorded_at FROM ledger.head FOR UPDATE"

# Runs after the lock is held, so the clock is read in commit order.
CLOCK = "SELECT clock_timestamp()"

# One look into the index for each stream, whatever the planner believes of a table that has grown since it looked.
VERSIONS = """
SELECT (SELECT e.version FROM ledger.events e WHERE e.stream = wanted.stream ORDER BY e.version DESC LIMIT 1)
FROM unnest(%b::uuid[]) WITH ORDINALITY AS wanted (stream, number) ORDER BY wanted.number
"""

# The same with the salts, which decide what the entries of the log look like.
VERSIONS_AND_SALTS = """
SELECT (SELECT e.version FROM ledger.events e WHERE e.stream = wanted.stream ORDER BY e.version DESC LIMIT 1),
    (SELECT v.salt FROM ledger.veils v WHERE v.stream = wanted.stream),
    (SELECT d.position FROM ledger.disclosures d WHERE d.stream = wanted.stream)
FROM unnest(%b::uuid[]) WITH ORDINALITY AS wanted (stream, number) ORDER BY wanted.number
"""

# Earlier versions wrote an event for each number, so that the version of the register's stream is its last number.
LAST_DOCUMENT_NUMBER = """
SELECT coalesce((SELECT last FROM ledger.document_numbers WHERE register = %b), 0),
    coalesce((SELECT max(version) FROM ledger.events WHERE stream = %b), 0)
"""

DOCUMENT_NUMBERS = "SELECT register, last FROM ledger.document_numbers WHERE register = ANY(%b)"

KEYS = """
SELECT k.account, k.key, k.request_sha256, k.position, k.recorded_at, e.stream, e.version
FROM unnest(%b::uuid[], %b::text[]) AS wanted (account, key)
JOIN ledger.idempotency_keys k USING (account, key)
JOIN ledger.events e ON e.position = k.position
WHERE k.recorded_at > %b::timestamptz - interval '30 days'
"""

# Keeps these files until the transaction ends. A row that the removal has locked is passed over: nobody waits for
# that while holding the head.
HOLD_FILES = "SELECT sha256 FROM ledger.files WHERE sha256 = ANY(%b) FOR KEY SHARE SKIP LOCKED"

# Asked after that, so that claims which the removal has dropped are no longer seen.
CLAIMS = """
SELECT uploaded_by, sha256 FROM unnest(%b::uuid[], %b::bytea[]) AS wanted (uploaded_by, sha256)
JOIN ledger.attachments USING (uploaded_by, sha256)
"""

# A photograph that the account uploaded and that no event shows yet; kept from being removed, as HOLD_FILES does.
HOLD_PHOTOGRAPHS = """
SELECT uploaded_by, commitment FROM ledger.photographs
WHERE commitment = ANY(%b) AND NOT shown AND wrapped_key IS NOT NULL FOR NO KEY UPDATE SKIP LOCKED
"""

SHOW_PHOTOGRAPHS = "UPDATE ledger.photographs SET shown = true WHERE commitment = ANY(%b)"

# Without its key nobody reads it from this commit on.
WITHDRAW_PHOTOGRAPHS = "UPDATE ledger.photographs SET wrapped_key = NULL WHERE commitment = ANY(%b)"

# Keys that were destroyed, of those that values are sealed with.
ERASED_KEYS = """
SELECT k.subject, k.purpose FROM unnest(%b::uuid[], %b::text[]) AS wanted (subject, purpose)
JOIN ledger.vault_keys k USING (subject, purpose) WHERE k.wrapped_key IS NULL
"""

DESTROY_KEYS = """
UPDATE ledger.vault_keys SET wrapped_key = NULL, erased_at = clock_timestamp()
WHERE subject = %b AND purpose = ANY(%b) AND wrapped_key IS NOT NULL
"""

INSERT_ERASURE = "INSERT INTO ledger.erasures (stream, version, subject, purposes) VALUES (%b, %b, %b, %b)"

ERASE_CITATIONS = """
INSERT INTO ledger.erased_citations (sha256, project) SELECT * FROM unnest(%b::bytea[], %b::uuid[])
ON CONFLICT DO NOTHING
"""

ERASE_FILES = "INSERT INTO ledger.erased_files (sha256) SELECT unnest(%b::bytea[]) ON CONFLICT DO NOTHING"

DROP_CLAIMS = "DELETE FROM ledger.attachments WHERE sha256 = ANY(%b)"

DROP_FILES = "DELETE FROM ledger.files WHERE sha256 = ANY(%b)"

# Any text that is one of the digests, with its position: a fact may name a file in any field.
CITED = """
SELECT DISTINCT p.position, found[1]
FROM ledger.payloads p, regexp_matches(encode(p.payload, 'escape'), '"([0-9a-f]{64})"', 'g') AS found
WHERE p.position >= %s AND p.position < %s AND found[1] = ANY(%s)
"""

DAILY_USE = """
SELECT account, kind, day, used FROM unnest(%b::uuid[], %b::text[], %b::date[]) AS wanted (account, kind, day)
JOIN ledger.daily_use USING (account, kind, day)
"""

ADD_DAILY_USE = """
INSERT INTO ledger.daily_use AS already (account, kind, day, used)
SELECT * FROM unnest(%b::uuid[], %b::text[], %b::date[], %b::int[])
ON CONFLICT (account, day, kind) DO UPDATE SET used = already.used + excluded.used
"""

INSERT_EVENTS = """
INSERT INTO ledger.events (position, recorded_at, stream, version, payload_sha256, leaf_hash)
SELECT * FROM unnest(%b::bigint[], %b::timestamptz[], %b::uuid[], %b::int[], %b::bytea[], %b::bytea[])
"""

INSERT_PAYLOADS = """
INSERT INTO ledger.payloads (position, payload, account, account_salt)
SELECT * FROM unnest(%b::bigint[], %b::bytea[], %b::uuid[], %b::bytea[])
"""

INSERT_SEALED = """
INSERT INTO ledger.sealed_values (commitment, subject, purpose, nonce, ciphertext, position)
SELECT * FROM unnest(%b::bytea[], %b::uuid[], %b::text[], %b::bytea[], %b::bytea[], %b::bigint[])
"""

INSERT_REDACTIONS = """
INSERT INTO ledger.redactions (position, redacted_by) SELECT * FROM unnest(%b::bigint[], %b::bigint[])
"""

# A row is only ever there when it has expired: a live one was answered from KEYS under the lock.
INSERT_KEYS = """
INSERT INTO ledger.idempotency_keys (account, key, request_sha256, position, recorded_at)
SELECT * FROM unnest(%b::uuid[], %b::text[], %b::bytea[], %b::bigint[], %b::timestamptz[])
ON CONFLICT (account, key) DO UPDATE
SET request_sha256 = excluded.request_sha256, position = excluded.position, recorded_at = excluded.recorded_at
"""

INSERT_VEILS = "INSERT INTO ledger.veils (stream, salt) SELECT * FROM unnest(%b::uuid[], %b::bytea[])"

INSERT_DISCLOSURES = """
INSERT INTO ledger.disclosures (stream, position) SELECT * FROM unnest(%b::uuid[], %b::bigint[])
"""

INSERT_WITHHELD = "INSERT INTO ledger.withheld (position) SELECT * FROM unnest(%b::bigint[])"

TAKE_NUMBERS = """
INSERT INTO ledger.document_numbers (register, last) SELECT * FROM unnest(%b::uuid[], %b::int[])
ON CONFLICT (register) DO UPDATE SET last = excluded.last
"""

MOVE_HEAD = "UPDATE ledger.head SET size = %b, last_recorded_at = %b"

DIGEST_AT = "SELECT payload_sha256 FROM ledger.events WHERE position = %b"

LEAF_AT = "SELECT leaf_hash FROM ledger.events WHERE position = %b"

# What is redacted is read out of the newest event that redacts it, whether or not its own bytes are still there.
_PAYLOAD = """
CASE WHEN r.redacted_by IS NULL THEN p.payload
     ELSE (SELECT q.payload FROM ledger.payloads q WHERE q.position = r.redacted_by) END AS payload
"""
# The digest of these bytes: without it, nothing may be made of them.
_DIGEST = """
CASE WHEN r.redacted_by IS NULL THEN e.payload_sha256
     ELSE (SELECT d.payload_sha256 FROM ledger.events d WHERE d.position = r.redacted_by) END AS digest
"""
_EVENTS = """
ledger.events e LEFT JOIN ledger.payloads p USING (position) LEFT JOIN ledger.redactions r
    ON r.position = e.position AND NOT EXISTS (
        SELECT FROM ledger.redactions newer WHERE newer.position = r.position AND newer.redacted_by > r.redacted_by)
"""

# The position at which everything is known.
EVER = 2**63 - 1

# OFFSET 0 keeps the look by index for each stream apart, as above. The index holds the position: what was not known by
# then costs no page.
READ_STREAMS = f"""
SELECT wanted.stream, found.version, found.position, found.recorded_at, found.payload, found.account,
    found.redacted_by, found.digest
FROM unnest(%b::uuid[]) AS wanted (stream) CROSS JOIN LATERAL (
    SELECT e.version, e.position, e.recorded_at, {_PAYLOAD}, p.account, r.redacted_by, {_DIGEST}
    FROM {_EVENTS}
    WHERE e.stream = wanted.stream AND e.position <= %b ORDER BY e.version OFFSET 0
) AS found
"""  # noqa: S608  # nothing but the fragments above

SEALING_KEYS = """
SELECT k.subject, k.purpose, k.wrapped_key
FROM unnest(%b::uuid[], %b::text[]) AS wanted (subject, purpose) JOIN ledger.vault_keys k USING (subject, purpose)
"""

READ_POSITIONS = f"""
SELECT e.stream, e.version, e.position, e.recorded_at, {_PAYLOAD}, p.account, r.redacted_by, {_DIGEST}
FROM {_EVENTS}
WHERE e.position >= %b AND e.position < %b ORDER BY e.position
"""  # noqa: S608  # nothing but the fragments above

HEAD = "SELECT size, last_recorded_at FROM ledger.head"

POSITION_BEFORE = "SELECT max(position) FROM ledger.events WHERE recorded_at < %b"

# Events as outsiders are told of them: `told` are those that they may read now, of which they know the instant.
TOLD_EVENTS = """
(SELECT e.position, e.recorded_at, v.stream IS NULL OR d.stream IS NOT NULL AND w.position IS NULL AS told
FROM ledger.events e LEFT JOIN ledger.veils v USING (stream) LEFT JOIN ledger.disclosures d USING (stream)
    LEFT JOIN ledger.withheld w ON w.position = e.position) AS e
"""

# Of any other event outsiders learn the hour and no more: it counts from the end of its hour. By searching for the
# instant at which the answer changes they would learn the microsecond.
POSITION_TOLD_BEFORE = f"""
SELECT e.position FROM {TOLD_EVENTS}
WHERE e.recorded_at < %b AND (e.told OR e.recorded_at < date_trunc('hour', %b::timestamptz, 'UTC'))
ORDER BY e.recorded_at DESC LIMIT 1
"""  # noqa: S608  # nothing but the fragment above

# When an event was recorded, as exactly as outsiders may know.
TOLD_AT = f"""
SELECT CASE WHEN e.told THEN e.recorded_at ELSE date_trunc('hour', e.recorded_at, 'UTC') END AS recorded_at
FROM {TOLD_EVENTS} WHERE e.position = %s
"""  # noqa: S608  # nothing but the fragment above
