"""What a form sent, with its files, in either of the two ways in which web browsers encode it (RFC 7578)."""

from dataclasses import dataclass, field

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from api.sign_in.forms import FORM, check_fields, check_sent_here, media_type
from api.sign_in.visits import Visit

# An input for a file counts as one whether or not a file was chosen.
MOST_FIELDS, LARGEST_FIELD = 5_000, 1_000_000


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
    sent = await read_form(request)
    check_fields(sent.fields, visit)
    return sent


async def read_form(request: Request) -> Sent:
    """Raises HTTPException (400, 415)."""
    if media_type(request) not in (FORM, "multipart/form-data"):
        raise HTTPException(415)
    sent = Sent()
    async with request.form(max_files=MOST_FIELDS, max_fields=MOST_FIELDS, max_part_size=LARGEST_FIELD) as form:
        for name, value in form.multi_items():
            if not isinstance(value, UploadFile):
                sent.fields[name] = value
            elif value.filename:
                kind = value.content_type or "application/octet-stream"
                sent.files[name] = SentFile(_plain(value.filename), kind, await value.read())
    return sent


def _plain(name: str) -> str:
    """Of a file's name as browsers escape it (HTML, section 4.10.22.8)."""
    return name.replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n")
