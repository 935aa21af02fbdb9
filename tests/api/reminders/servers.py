"""A mail server and a web server of the test's own, which take reminders or do not."""

import asyncio
import json
import threading
from base64 import b64decode
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class MailServer:
    """Speaks as much SMTP as one letter needs, in the clear. `refused`: to whom it takes no letter. `signed_in`: by
    what it was signed in to, each time."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    farewell: bytes = b"221 bye"
    signed_in: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}/?from=ledger@example.org"

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 test\r\n")
        while line := await reader.readline():
            word = line[:4].upper()
            if word == b"DATA":
                writer.write(b"354 go on\r\n")
                content = await reader.readuntil(b"\r\n.\r\n")
                letter = message_from_bytes(content[:-3], policy=default)
                assert isinstance(letter, EmailMessage)
                self.letters.append(letter)
            if word == b"AUTH":
                self.signed_in.append(b64decode(line.split()[2]))
            writer.write(self._answer(word, line) + b"\r\n")
            if word == b"QUIT":
                break
        writer.close()

    def _answer(self, word: bytes, line: bytes) -> bytes:
        match word:
            case b"EHLO":
                return b"250-test\r\n250 AUTH PLAIN"
            case b"AUTH":
                return b"235 welcome"
            case b"RCPT" if any(one.encode() in line for one in self.refused):
                return b"550 nobody here"
            case b"QUIT":
                return self.farewell
            case _:
                return b"250 ok"


@asynccontextmanager
async def open_mail_server() -> AsyncIterator[MailServer]:
    opened = MailServer()
    server = await asyncio.start_server(opened.meet, "127.0.0.1", 0)
    opened.port = server.sockets[0].getsockname()[1]
    async with server:
        yield opened


@dataclass
class WebServer:
    """`on_message` is called before the answer."""

    port: int = 0
    status: int = 204
    messages: list[dict[str, Any]] = field(default_factory=list)
    on_message: Callable[[], None] = lambda: None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook/secret"


@contextmanager
def open_web_server() -> Iterator[WebServer]:
    opened = WebServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            assert self.headers["Idempotency-Key"] == message["id"]
            opened.messages.append(message)
            opened.on_message()
            self.send_response(opened.status)
            if opened.status in (301, 302, 303):
                self.send_header("Location", "/elsewhere")
            self.end_headers()

        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    opened.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield opened
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
