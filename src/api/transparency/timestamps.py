"""RFC 3161: a time-stamping authority says when a checkpoint was there, so that no later one can be given its place."""

import asyncio
import urllib.request
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urlsplit

from psycopg_pool import AsyncConnectionPool
from rfc3161_client import PKIStatus, TimestampRequestBuilder, decode_timestamp_response

from ledger.operator_problem import OperatorProblem
from ledger.transparency.notes import Note

SECONDS = 30.0
LARGEST_REPLY = 1_000_000
NEWEST = "SELECT size, note FROM ledger.checkpoints ORDER BY size DESC LIMIT 1"
KNOWN = "SELECT 1 FROM ledger.timestamps WHERE size = %b"
INSERT = "INSERT INTO ledger.timestamps (size, response) VALUES (%b, %b) ON CONFLICT DO NOTHING"


class TimestampProblem(OperatorProblem):
    """No timestamp was had; the message says why."""


async def stamp_newest(pool: AsyncConnectionPool, authority: str) -> int | None:
    """Has the text of the newest checkpoint stamped and keeps the reply; its size, or None when nothing is signed.
    One that is stamped already is left alone. Raises TimestampProblem."""
    async with pool.connection() as connection:
        row = await (await connection.execute(NEWEST)).fetchone()
        if row is None:
            return None
        size, note = row
        if await (await connection.execute(KNOWN, [size])).fetchone():
            return int(size)
    reply = await asyncio.to_thread(stamped, Note.parse(note).text.encode(), authority)
    async with pool.connection() as connection:
        await connection.execute(INSERT, [size, reply])
    return int(size)


def stamped(data: bytes, authority: str) -> bytes:
    """The authority's reply, which is of these data and of this request. Raises TimestampProblem."""
    if urlsplit(authority).scheme not in ("http", "https"):
        raise TimestampProblem("MINSHENG_TSA is an address that begins with http:// or https://")
    asked = TimestampRequestBuilder().data(data).nonce(nonce=True).cert_request(cert_request=True).build()
    reply = _post(authority, asked.as_bytes())
    try:
        said = decode_timestamp_response(reply)
        granted = PKIStatus(said.status) in (PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS)
        ours = granted and (
            said.tst_info.message_imprint.message == asked.message_imprint.message
            and said.tst_info.nonce == asked.nonce
        )
    except ValueError as error:
        raise TimestampProblem(f"the authority's reply cannot be read: {error}") from error
    if not granted:
        raise TimestampProblem(f"the authority refuses: status {said.status}")
    if not ours:
        raise TimestampProblem("the authority's reply is to another request")
    return reply


def _post(url: str, query: bytes) -> bytes:
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    request = urllib.request.Request(url, query, headers, method="POST")  # noqa: S310  http(s) only, see above
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            found: bytes = answer.read(LARGEST_REPLY)
    except HTTPError as error:
        with error:
            raise TimestampProblem(f"the authority answers {error.code}") from error
    except (OSError, HTTPException, ValueError) as error:
        raise TimestampProblem(f"the authority cannot be reached: {type(error).__name__}") from error
    return found
