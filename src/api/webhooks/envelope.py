"""How a message reads and is signed: a CloudEvents 1.0 envelope in JSON, and the headers of Standard Webhooks.

Sources: https://github.com/cloudevents/spec (structured mode of the HTTP binding),
https://github.com/standard-webhooks/standard-webhooks (symmetric signatures).
"""

import hmac
import json
import secrets
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from ledger.core.fact import instant_text

MEDIA_TYPE = "application/cloudevents+json"
SECRET_PREFIX = "whsec_"
# Standard Webhooks asks for 24 to 64 bytes.
SECRET_BYTES = 32
UNNAMED = "minsheng-ledger"


@dataclass(frozen=True, slots=True)
class Item:
    """What a message tells: `data` is the text of a JSON object, `subject` what it is about, `time` when it was
    recorded."""

    type: str
    subject: str
    time: datetime
    data: str


def source_of(origin: str | None) -> str:
    """The ledger as a URI, by the name of its log; together with an id it names a message in the whole world."""
    return f"urn:minsheng:ledger:{quote(origin or UNNAMED, safe='/')}"


def enveloped(source: str, message: str, item: Item) -> bytes:
    """The same bytes whenever the same item is sent."""
    attributes = {
        "specversion": "1.0",
        "id": message,
        "source": source,
        "type": item.type,
        "subject": item.subject,
        "time": instant_text(item.time),
        "datacontenttype": "application/json",
    }
    # The data are text already; parsing them to write them again would only cost.
    return f'{json.dumps(attributes)[:-1]}, "data": {item.data}}}'.encode()


def new_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def secret_text(secret: bytes) -> str:
    """As receivers are given it."""
    return SECRET_PREFIX + b64encode(secret).decode("ascii")


def headers_of(message: str, sent_at: datetime, body: bytes, keys: Sequence[bytes]) -> dict[str, str]:
    """With a signature by each of the secrets, so that a receiver that has any of them can tell."""
    timestamp = str(int(sent_at.timestamp()))
    signed = f"{message}.{timestamp}.".encode() + body
    signatures = [b64encode(hmac.digest(key, signed, "sha256")).decode("ascii") for key in keys]
    return {
        "Content-Type": MEDIA_TYPE,
        "webhook-id": message,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{one}" for one in signatures),
    }
