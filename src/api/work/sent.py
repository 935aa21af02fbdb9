"""What a form sent, with its files: as web browsers encode it, in either of the two ways (RFC 7578)."""

import re
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.exceptions import HTTPException

from api.sign_in.forms import check_sent_here, check_token
from api.sign_in.visits import Visit

MOST_FIELDS = 5_000
_URLENCODED, _MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
_BOUNDARY = re.compile(r'boundary=(?:"([^"\r\n]{1,70})"|([^;,\s"]{1,70}))')
_NAME = re.compile(r'[;\s]name="([^"\r\n]*)"')
_FILE_NAME = re.compile(r'[;\s]filename="([^"\r\n]*)"')


@dataclass(frozen=True, slots=True)
class SentFile:
    name: str
    media_type: str
    content: bytes


@dataclass(slots=True)
class Sent:
    """The fields, each once, and the files that were chosen."""

    fields: dict[str, str] = field(default_factory=dict)
    files: dict[str, SentFile] = field(default_factory=dict)


async def sent_form(request: Request, visit: Visit) -> Sent:
    """Raises FormForeign, HTTPException (400, 415)."""
    check_sent_here(request)
    media_type = request.headers.get("content-type", "")
    kind = media_type.partition(";")[0].strip().lower()
    body = await request.body()
    try:
        if kind == _MULTIPART:
            sent = _parts(body, media_type)
        elif kind == _URLENCODED or not body:
            sent = Sent(dict(parse_qsl(body.decode(), True, max_num_fields=MOST_FIELDS, errors="strict")))
        else:
            raise HTTPException(415)
    except ValueError as error:
        raise HTTPException(400) from error
    # No text in PostgreSQL holds it.
    if any("\0" in value for value in sent.fields.values()):
        raise HTTPException(400)
    check_token(sent.fields, visit)
    return sent


def _parts(body: bytes, media_type: str) -> Sent:
    """Raises ValueError for what no browser sends."""
    found = _BOUNDARY.search(media_type)
    if found is None:
        raise ValueError("no boundary")
    boundary = b"--" + (found[1] or found[2]).encode("latin-1")
    first, *parts = (b"\r\n" + body).split(b"\r\n" + boundary)
    if first or not parts or not parts[-1].startswith(b"--") or len(parts) > MOST_FIELDS:
        raise ValueError("not the parts of a form")
    sent = Sent()
    for part in parts[:-1]:
        head, gap, content = part.partition(b"\r\n\r\n")
        said = head.decode()
        name = _NAME.search(said)
        if not gap or name is None:
            raise ValueError("a part without a name")
        if file_name := _FILE_NAME.search(said):
            if file_name[1]:
                kind = re.search(r"(?im)^content-type:[ \t]*(.*)$", said)
                sent.files[_plain(name[1])] = SentFile(
                    _plain(file_name[1]), kind[1].strip() if kind else "application/octet-stream", content
                )
        else:
            sent.fields[_plain(name[1])] = content.decode()
    return sent


def _plain(name: str) -> str:
    """Of a name as browsers escape it (HTML, section 4.10.22.8)."""
    return name.replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n")
