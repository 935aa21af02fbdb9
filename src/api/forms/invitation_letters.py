"""Invitations of the drawn people as letters, and as a table for text messages (N17)."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from io import StringIO

from api.forms.typeset import Letter, Letters, picture_of
from api.forms.words import FORM
from api.pages.answer_texts import LETTER
from api.pages.reader import Reader
from ledger.invitation_codes import in_groups

# Enough to tell the entries of a frame apart.
SHOWN_OF_ENTRY = 12


@dataclass(frozen=True, slots=True)
class Inviting:
    """What the codes are for. `page`: where a code is typed, and behind which it stands; `authority`: who invites."""

    title: str
    organisation: str
    page: str
    authority: str
    day: date
    expires_on: date
    synthetic: bool


def letters(reader: Reader, about: Inviting, made: Mapping[str, str]) -> Letters:
    def say(key: str, **values: object) -> str:
        return reader.say(LETTER[key], **values)

    return Letters(
        language=reader.language,
        title=say("letter_title"),
        greeting=say("letter_greeting"),
        body=say("letter_body", title=about.title, organisation=about.organisation, page=about.page),
        minor=say("letter_minor"),
        private=say("letter_private"),
        until=say("letter_until", day=reader.day(about.expires_on).text),
        authority=about.authority,
        day=reader.day(about.day).text,
        letters=tuple(
            Letter(
                entry=say("letter_entry", entry=entry[:SHOWN_OF_ENTRY]),
                code=in_groups(code),
                qr=picture_of(f"{about.page}/{in_groups(code)}"),
            )
            for entry, code in made.items()
        ),
        link=about.page,
        synthetic=reader.say(FORM["synthetic"]) if about.synthetic else None,
    )


def message_table(reader: Reader, about: Inviting, made: Mapping[str, str]) -> bytes:
    """CSV with a byte order mark, by which Excel knows UTF-8: entry, code, address, text of the message."""
    out, day = StringIO(), reader.day(about.expires_on).text
    writer = csv.writer(out)
    writer.writerow(("entry", "code", "page", "message"))
    for entry, code in made.items():
        page = f"{about.page}/{in_groups(code)}"
        message = reader.say(LETTER["sms_text"], title=about.title, page=page, day=day)
        writer.writerow((entry, in_groups(code), page, message))
    return out.getvalue().encode("utf-8-sig")
