"""Where reminders and codes go: a log, a mail server, an address on the web; each named by its URL in a setting."""

import asyncio
import json
import smtplib
import ssl
import sys
import urllib.request
from contextlib import closing, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256
from http.client import HTTPException
from typing import IO, Any, Protocol
from urllib.error import HTTPError, URLError
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import UUID

from ledger.operator_problem import OperatorProblem

SECONDS = 15.0
LOG = "log:"


class ChannelsWrong(OperatorProblem):
    """MINSHENG_REMIND or MINSHENG_SMS is of no use; the message says why, and repeats no password."""


class NotTaken(Exception):
    """The channel did not take this reminder; it may take others."""


class OutOfReach(NotTaken):
    """The channel cannot be reached, so it will take no other either."""


class Message(Protocol):
    """What a channel takes: a line that names nobody, a letter, and JSON. `email`: whom the letter goes to."""

    @property
    def id(self) -> UUID: ...

    @property
    def email(self) -> str | None: ...

    def line(self) -> str: ...

    def subject(self) -> str: ...

    def letter(self) -> str: ...

    def message(self) -> dict[str, Any]: ...


class Channel(Protocol):
    """`name` is recorded with each sent message: it says which channel, without a secret. `to_contact`: it can send
    only where there is an e-mail address."""

    @property
    def name(self) -> str: ...

    @property
    def to_contact(self) -> bool: ...

    async def send(self, reminder: Message) -> None:
        """Returns when the channel has taken the reminder; raises NotTaken."""


@dataclass(frozen=True)
class LogChannel:
    """A line that names nobody."""

    out: IO[str]
    name: str = LOG
    to_contact: bool = False

    async def send(self, reminder: Message) -> None:
        try:
            print(reminder.line(), file=self.out, flush=True)
        except OSError as error:
            raise OutOfReach(self.name) from error


@dataclass(frozen=True, repr=False)
class SmtpChannel:
    host: str
    port: int
    sender: str
    user: str | None = None
    password: str | None = None
    starttls: bool = False
    to_contact: bool = True

    @property
    def name(self) -> str:
        return f"smtp://{self.host}:{self.port}"

    async def send(self, reminder: Message) -> None:
        await asyncio.to_thread(self._send, reminder)

    def _send(self, reminder: Message) -> None:
        try:
            server = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        except (OSError, ValueError) as error:
            raise OutOfReach(self.name) from error
        with closing(server):
            self._sign_in(server)
            try:
                server.send_message(self._letter(reminder), self.sender, [reminder.email or ""])
            except (OSError, ValueError) as error:
                raise NotTaken(self.name) from error
            # The letter has been taken, however the server says goodbye.
            with suppress(smtplib.SMTPException):
                server.quit()

    def _sign_in(self, server: smtplib.SMTP) -> None:
        try:
            if self.starttls:
                server.starttls(context=ssl.create_default_context())
            if self.user is not None:
                server.login(self.user, self.password or "")
        except (OSError, ValueError) as error:
            raise OutOfReach(self.name) from error

    def _letter(self, reminder: Message) -> EmailMessage:
        letter = EmailMessage(policy=SMTP)
        letter["From"] = self.sender
        letter["To"] = reminder.email
        letter["Subject"] = reminder.subject()
        letter["Message-ID"] = f"<{reminder.id}@{self.sender.rpartition('@')[2]}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(reminder.letter(), cte="base64")
        return letter


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirected POST becomes a GET without its body, which would count as taken."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> None:
        return None


@dataclass(frozen=True, repr=False)
class WebhookChannel:
    """POST of JSON; any 2xx says that it was taken."""

    url: str
    to_contact: bool = False

    @property
    def name(self) -> str:
        # Path and query may be a secret, and still tell two webhooks of one host apart.
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{parts.netloc}#{sha256(self.url.encode()).hexdigest()[:12]}"

    async def send(self, reminder: Message) -> None:
        await asyncio.to_thread(self._send, reminder)

    def _send(self, reminder: Message) -> None:
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(reminder.id)}
        body = json.dumps(reminder.message(), ensure_ascii=False).encode()
        request = urllib.request.Request(self.url, body, headers, method="POST")  # noqa: S310  https? only, see channel_of
        try:
            with urllib.request.build_opener(_NoRedirect).open(request, timeout=SECONDS):
                pass
        except HTTPError as error:
            error.close()
            raise NotTaken(self.name) from error
        except URLError as error:
            raise OutOfReach(self.name) from error
        except (OSError, ValueError, HTTPException) as error:
            raise NotTaken(self.name) from error


def channels_of(text: str, out: IO[str] = sys.stderr, setting: str = "MINSHENG_REMIND") -> list[Channel]:
    """By URLs with spaces or commas between them; the log alone where there are none. Raises ChannelsWrong."""
    urls = text.replace(",", " ").split() or [LOG]
    channels = [_channel_of(setting, number, url, out) for number, url in enumerate(urls, 1)]
    if len({channel.name for channel in channels}) < len(channels):
        raise ChannelsWrong(f"{setting} names a channel twice")
    return channels


def _channel_of(setting: str, number: int, url: str, out: IO[str]) -> Channel:
    def wrong(why: str) -> ChannelsWrong:
        return ChannelsWrong(f"{setting}, channel {number}: {why}")

    if url == LOG:
        return LogChannel(out)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise wrong("this is no URL") from error
    if parts.scheme not in ("smtp", "http", "https"):
        raise wrong("a URL begins with log:, smtp://, http:// or https://")
    if not parts.hostname or not url.isascii():
        raise wrong("the URL names no host, or is not in ASCII")
    if parts.scheme != "smtp":
        if parts.username is not None:
            raise wrong("a webhook's URL holds no user; put its token into path or query")
        return WebhookChannel(url)
    asked = parse_qs(parts.query, keep_blank_values=True)
    senders, starttls = asked.pop("from", []), asked.pop("starttls", ["0"])
    if len(senders) != 1 or "@" not in senders[0] or not senders[0].isascii():
        raise wrong("smtp:// needs ?from= with one address")
    if starttls not in (["0"], ["1"]):
        raise wrong("starttls is 0 or 1")
    if asked or parts.path not in ("", "/"):
        raise wrong("smtp:// knows from= and starttls= and nothing else")
    return SmtpChannel(
        host=parts.hostname,
        port=port or (587 if starttls == ["1"] else 25),
        sender=senders[0],
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        starttls=starttls == ["1"],
    )
