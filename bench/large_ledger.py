"""A ledger of any size for measuring reads: projects of 100 events each, recorded in turns, so that a project's
events lie far apart as they do after a year. Written by COPY, past the store; leaves and digests are real."""

import random
import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import psycopg

from ledger.database import Database
from ledger.transparency import leaves

EVENTS_A_PROJECT = 100
GOLDEN = Path(__file__).parents[1] / "tests" / "golden" / "2"
BEGAN = datetime(2010, 1, 1, tzinfo=UTC)
APART = timedelta(seconds=6)
_NONCE = re.compile(rb'"nonce":"[0-9a-f]{32}"')
_DAY = re.compile(rb'"effective_on":"[0-9-]{10}"')
# A life at length: what comes once, then deliveries and checks, now and then late, restated or void.
_ONCE = (
    *("Applied", "Screened", "HandedIn", "Reviewed", "Reviewed", "Reviewed", "Approved", "DecisionServed"),
    *("ContractSigned", "Published", "Disbursed", "MilestoneReported", "MilestoneAccepted"),
)
_AGAIN = ("SelfChecked", "Inspected", "Disclosed", "SelfChecked", "MilestoneReported", "MilestoneAccepted", "Rectified")


def payloads() -> list[bytes]:
    """One for each version of a project, from the stored examples, each effective on the day of its version."""
    names = [*_ONCE, *(_AGAIN[n % len(_AGAIN)] for n in range(EVENTS_A_PROJECT - len(_ONCE)))]
    names[50] = names[75] = "Restated"
    names[60] = names[90] = "Voided"
    found = []
    for version, name in enumerate(names, 1):
        day = (BEGAN + version * 7 * timedelta(days=1)).date()
        late = day - timedelta(days=40) if version % 10 == 0 else day
        found.append(
            _DAY.sub(b'"effective_on":"%s"' % late.isoformat().encode(), (GOLDEN / f"{name}.json").read_bytes())
        )
    return found


def stream(number: int) -> UUID:
    return UUID(bytes=sha256(b"bench %d" % number).digest()[:16], version=4)


def fill(database: Database, events: int) -> int:
    """Fills an empty ledger; returns the bytes of all payloads."""
    projects = events // EVENTS_A_PROJECT
    streams = [stream(number) for number in range(projects)]
    templates = [(_NONCE.split(payload)[0] + b'"nonce":"', b'"' + _NONCE.split(payload)[1]) for payload in payloads()]
    order, nonces, size = list(range(projects)), random.Random(2010), 0
    with psycopg.connect(database.login) as heads, psycopg.connect(database.login) as bodies:
        for version, (before, after) in enumerate(templates, 1):
            nonces.shuffle(order)
            position = (version - 1) * projects
            with (
                heads.cursor() as one,
                bodies.cursor() as two,
                one.copy("COPY ledger.events FROM STDIN (FORMAT BINARY)") as head,
                two.copy("COPY ledger.payloads FROM STDIN (FORMAT BINARY)") as body,
            ):
                head.set_types(["int8", "timestamptz", "uuid", "int4", "bytea", "bytea"])
                body.set_types(["int8", "bytea", "uuid", "bytea"])
                for place, number in enumerate(order, position):
                    payload = before + b"%032x" % nonces.getrandbits(128) + after
                    digest, at = sha256(payload).digest(), BEGAN + place * APART
                    leaf = leaves.leaf_hash(leaves.entry(place, streams[number], version, at, digest, None))
                    head.write_row((place, at, streams[number], version, digest, leaf))
                    body.write_row((place, payload, streams[0], digest))
                    size += len(payload)
            heads.commit()
            bodies.commit()
        heads.execute("UPDATE ledger.head SET size = %s, last_recorded_at = %s", [events, BEGAN + events * APART])
    with psycopg.connect(database.login, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE ledger.events")
        connection.execute("VACUUM ANALYZE ledger.payloads")
        # Or what was filled is written while it is asked for.
        connection.execute("CHECKPOINT")
    return size
