"""A receiver of the test's own, and what it takes."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cloudevents.core.bindings.http import HTTPMessage, from_http_event
from cloudevents.core.v1.event import CloudEvent
from standardwebhooks.webhooks import Webhook


@dataclass(frozen=True)
class Message:
    """As it came over the wire."""

    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> CloudEvent:
        """Read by the SDK of CloudEvents."""
        event = from_http_event(HTTPMessage(self.headers, self.body))
        assert isinstance(event, CloudEvent)
        return event

    @property
    def data(self) -> Any:
        return self.event.get_data()

    def verified(self, secret: str) -> Any:
        """By the SDK of Standard Webhooks; raises WebhookVerificationError."""
        return Webhook(secret).verify(self.body, self.headers)


@dataclass
class Receiver:
    """`answer` gives status, body and headers for each message, and may take its time."""

    port: int = 0
    scheme: str = "http"
    messages: list[Message] = field(default_factory=list)
    status: int = 204
    said: bytes = b""
    answer: Callable[[Message], int] | None = None
    location: str | None = None
    retry_after: str | None = None

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/hook?token=receiver-secret"

    @property
    def ids(self) -> list[str]:
        return [message.id for message in self.messages]


@contextmanager
def open_receiver(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    opened = Receiver(scheme="https" if tls else "http")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            message = Message({name.lower(): value for name, value in self.headers.items()}, body)
            opened.messages.append(message)
            status = opened.answer(message) if opened.answer else opened.status
            said = b"" if status == 204 else opened.said
            try:
                self.send_response(status)
                if opened.location:
                    self.send_header("Location", opened.location)
                if opened.retry_after:
                    self.send_header("Retry-After", opened.retry_after)
                if status != 204:
                    self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)
            except OSError:
                # The sender did not wait for it.
                self.close_connection = True

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    opened.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield opened
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
