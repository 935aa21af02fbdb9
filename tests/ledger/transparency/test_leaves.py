"""The leaf of the transparency log: canonical JSON by a template, and the hash that outsiders compute."""

import json
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from uuid import UUID

import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from ledger.transparency.leaves import entry, leaf_hash

STREAM = UUID("0f8fad5b-d9cb-469f-a165-70867728950e")
LARGEST_INTEGER = 2**53 - 1
instants = st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - as asked


@given(
    position=st.integers(0, LARGEST_INTEGER),
    stream=st.uuids(),
    version=st.integers(1, 2**31 - 1),
    recorded_at=instants,
    digest=st.binary(min_size=32, max_size=32),
)
def test_the_template_writes_what_canonical_json_would(
    position: int, stream: UUID, version: int, recorded_at: datetime, digest: bytes
) -> None:
    data: dict[str, str | int] = {
        "version": version,
        "stream": str(stream),
        "recorded_at": recorded_at.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "position": position,
        "payload_sha256": digest.hex(),
    }
    assert entry(position, stream, version, recorded_at, digest, None) == rfc8785.dumps(dict(data))


def test_a_leaf_hashes_a_zero_byte_and_entry() -> None:
    payload = '{"示例":1}'.encode()
    recorded_at = datetime(2010, 3, 1, 4, 0, 0, 7, tzinfo=UTC)
    leaf = leaf_hash(entry(17, STREAM, 2, recorded_at, sha256(payload).digest(), None))
    written = (
        '{"payload_sha256":"' + sha256(payload).hexdigest() + '","position":17,'
        '"recorded_at":"2010-03-01T04:00:00.000007Z",'
        '"stream":"0f8fad5b-d9cb-469f-a165-70867728950e","version":2}'
    )
    assert leaf == sha256(b"\x00" + written.encode()).digest()


def test_the_empty_leaf_matches_rfc_6962() -> None:
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"


@given(instants, st.integers(-23, 23))
def test_an_entry_is_independent_of_time_zone(at: datetime, hours: int) -> None:
    elsewhere = at.astimezone(timezone(timedelta(hours=hours)))
    assert entry(0, STREAM, 1, elsewhere, bytes(32), None) == entry(0, STREAM, 1, at, bytes(32), None)


def test_the_entry_tells_nothing_of_what_happened() -> None:
    written = json.loads(entry(0, STREAM, 1, datetime(2010, 3, 1, tzinfo=UTC), bytes(32), None))
    assert set(written) == {"payload_sha256", "position", "recorded_at", "stream", "version"}
