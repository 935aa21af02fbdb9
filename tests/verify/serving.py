"""A web server of the test's own: honest over a folder, or whatever else a server may do."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from tests.support import free_port

Lie = Callable[[BaseHTTPRequestHandler], None]


class _Honest(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_: Any) -> None:
        pass


class _Lying(_Honest):
    """Tells a lie about each path that ends as said, the truth about the others."""

    def __init__(self, *arguments: Any, lies: dict[str, Lie], **options: Any) -> None:
        self._lies = lies
        super().__init__(*arguments, **options)

    def do_GET(self) -> None:
        for end, lie in self._lies.items():
            if self.path.endswith(end):
                lie(self)
                return
        super().do_GET()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A reader that hangs up is what the tests are about."""


@contextmanager
def served(folder: Path, lies: dict[str, Lie] | None = None) -> Iterator[str]:
    """The address of a server over the folder that holds `log/`."""
    with _Server(("127.0.0.1", 0), partial(_Lying, directory=str(folder), lies=lies or {})) as server:
        thread = Thread(target=partial(server.serve_forever, poll_interval=0.01))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def unused_address() -> str:
    return f"http://127.0.0.1:{free_port()}"
