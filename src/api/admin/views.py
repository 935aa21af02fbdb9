"""What a page of administration is made of: tables, and forms that work without a script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response
from pydantic import ValidationError

from api.pages.admin_texts import ADMIN
from api.pages.frame import Link, frame, render
from api.pages.reader import Reader, reader_for
from api.problems import STATUS
from api.refusal_notes import note
from api.sign_in.account import sent
from api.sign_in.visits import Visit, service_in, signed_in
from api.work.pages import private
from ledger.accounts import Account
from ledger.core.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Cell:
    """`href` is empty for what leads nowhere."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """`kind`: that of an HTML control, `select`, `area`, or `hidden`; `options`: codes with their names."""

    name: str
    label: str
    kind: str = "text"
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()
    required: bool = True


@dataclass(frozen=True, slots=True)
class Sending:
    """A form; `asks` is one that only asks, by GET."""

    action: str
    button: str
    fields: tuple[Field, ...] = ()
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    heading: str
    lead: str = ""
    sheet: Sheet | None = None
    forms: tuple[Sending, ...] = ()


@dataclass(frozen=True, slots=True)
class AdminView:
    """`notice`: what was done, with what is shown this once."""

    heading: str
    back: Link
    token: str
    language: str
    parts: tuple[Part, ...]
    error: str | None
    notice: tuple[str, str] | None


class FieldsWrong(Exception):
    """The fields of a form that were not understood, by their labels."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)


@dataclass(frozen=True, slots=True)
class Desk:
    """Who administers, and in which words. `error` and `notice` are of what was just sent."""

    request: Request
    visit: Visit
    reader: Reader
    error: Refusal | FieldsWrong | None = None
    notice: tuple[str, str] | None = None

    @property
    def who(self) -> Account:
        return self.visit.account

    def say(self, key: str, **values: object) -> str:
        return self.reader.say(ADMIN[key], **values)

    def link(self, path: str, **parameters: object) -> str:
        return self.reader.link(path, **parameters)


async def desk_of(request: Request) -> Desk:
    """Raises SignInFirst, and what refuses the account today."""
    visit = await signed_in(request)
    await service_in(request).ledger.appointments_of(visit.account)
    return Desk(request, visit, reader_for(request))


async def sent_to(request: Request) -> tuple[Desk, dict[str, str]]:
    """As `desk_of`, with the fields of a form. Raises FormForeign."""
    visit, fields = await sent(request)
    await service_in(request).ledger.appointments_of(visit.account)
    return Desk(request, visit, reader_for(request)), fields


def wrong(error: ValidationError) -> FieldsWrong:
    return FieldsWrong(list(dict.fromkeys(str(found["loc"][0]) for found in error.errors())))


async def page(
    desk: Desk,
    path: str,
    title: str,
    parts: Sequence[Part],
    *,
    back: Link | None = None,
    labels: Mapping[str, str] = {},
) -> Response:
    """`labels`: of the fields that a form of the page has, for those that were not understood."""
    reader, error, status = desk.reader, None, 200
    match desk.error:
        case Refusal() as refusal:
            await note(desk.request, refusal)
            error, status = refusal.sentence(reader.language), STATUS[refusal.kind]
        case FieldsWrong(names=names):
            error, status = desk.say("fields_wrong", fields=reader.listed(labels.get(one, one) for one in names)), 422
        case None:
            pass
    view = AdminView(
        heading=title,
        back=back or Link(desk.say("administration"), desk.link("/admin")),
        token=desk.visit.token,
        language=reader.language,
        parts=tuple(parts),
        error=error,
        notice=desk.notice,
    )
    around = frame(reader, path, {}, title=title)
    return private(render("admin.html", reader, around, view, status))
