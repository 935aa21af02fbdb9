"""A pooler's ways in a few lines: a TCP proxy before a server's socket that rewrites what starts a connection."""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ledger.database.embedded import EmbeddedServer

Rewrite = Callable[[bytes], bytes]


def unchanged(data: bytes) -> bytes:
    return data


def without_options(startup: bytes) -> bytes:
    """The startup packet as poolers pass it on."""
    words = startup[8:].rstrip(b"\0").split(b"\0")
    pairs = zip(words[::2], words[1::2], strict=True)
    kept = b"".join(key + b"\0" + value + b"\0" for key, value in pairs if key != b"options") + b"\0"
    return struct.pack("!I", len(kept) + 8) + startup[4:8] + kept


def with_another_pid(answer: bytes) -> bytes:
    """The first answer of a server, its BackendKeyData made up as poolers do."""
    at = answer.find(b"K\x00\x00\x00\x0c")
    return answer if at < 0 else answer[: at + 5] + struct.pack("!I", 4_000_000) + answer[at + 9 :]


@contextmanager
def proxied(
    server: EmbeddedServer, dbname: str, startup: Rewrite = unchanged, answer: Rewrite = unchanged
) -> Iterator[str]:
    """The address of a proxy before the server; what is open when it ends is cut."""
    target = f"{conninfo_to_dict(server.conninfo())['host']}/.s.PGSQL.5432"
    opened: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def accept() -> None:
            with suppress(OSError):
                while True:
                    client, _ = listener.accept()
                    upstream = socket.socket(socket.AF_UNIX)
                    upstream.connect(target)
                    opened.extend((client, upstream))
                    for way in ((client, upstream, startup), (upstream, client, answer)):
                        threading.Thread(target=_pass_on, args=way, daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        host, port = listener.getsockname()
        try:
            yield make_conninfo(server.conninfo(dbname), host=host, port=port)
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            for one in opened:
                one.close()


def _pass_on(source: socket.socket, target: socket.socket, rewrite: Rewrite) -> None:
    """The first packet rewritten; small ones arrive whole on a machine's own network."""
    with suppress(OSError):
        data = source.recv(65536)
        target.sendall(rewrite(data))
        while data := source.recv(65536):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
