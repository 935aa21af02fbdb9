"""Where a log is read from: a folder, or an address that may lie, stall, cut off or send elsewhere."""

import http.client
import socket
import ssl
import stat
import zlib
from contextlib import suppress
from pathlib import Path
from threading import Timer
from typing import Protocol
from urllib.parse import urlsplit

from minsheng_verify.faults import Fault, Missing, WrongUsage

PIECE = 1 << 20
SECONDS = 30.0


class Source(Protocol):
    name: str
    is_address: bool

    def read(self, path: str, limit: int) -> bytes:
        """Raises Missing when there is no such file, Fault when it cannot be had whole or is longer than the limit."""
        ...

    def close(self) -> None: ...


class Folder:
    """A folder laid out as the paths under /log/."""

    is_address = False

    def __init__(self, folder: Path) -> None:
        inner = folder / "log"
        self._folder = inner if not (folder / "checkpoint").exists() and (inner / "checkpoint").exists() else folder
        self.name = str(folder)

    def read(self, path: str, limit: int) -> bytes:
        try:
            return read_file(self._folder / path, path, limit)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise Missing(f"{path} is missing", file=path) from error
        except OSError as error:
            raise Fault(f"{path} cannot be read: {error.strerror}", file=path) from error

    def close(self) -> None:
        """Nothing is kept open."""


def read_file(file: Path, name: str, limit: int) -> bytes:
    found = file.stat()
    if not stat.S_ISREG(found.st_mode):
        raise Fault(f"{name} is not a file", file=name)
    if found.st_size > limit:
        raise Fault(f"{name} is longer than it can be ({limit} bytes)", file=name)
    return file.read_bytes()


class Address:
    """An HTTP address. No answer is waited for longer than `seconds`, none is redirected."""

    is_address = True

    def __init__(self, url: str, seconds: float = SECONDS, below: str = "/log") -> None:
        """`below` is added to the path unless it ends so already. Raises WrongUsage."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError as error:
            raise WrongUsage(f"{url} is not an address: {error}") from error
        if parts.scheme not in ("http", "https") or not host:
            raise WrongUsage(f"{url} is not an address such as https://ledger.example")
        path = parts.path.rstrip("/")
        self._base = path if path.endswith(below) else path + below
        self.name = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{self._base}"
        self._seconds = seconds
        if parts.scheme == "https":
            context = ssl.create_default_context()
            self._connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                host, port, timeout=seconds, context=context
            )
        else:
            self._connection = http.client.HTTPConnection(host, port, timeout=seconds)

    def read(self, path: str, limit: int) -> bytes:
        return self.get(f"{self._base}/{path}", path, limit)

    def get(self, target: str, name: str, limit: int) -> bytes:
        reused = self._connection.sock is not None
        try:
            return self._get(target, name, limit)
        except (OSError, http.client.HTTPException, ValueError) as error:
            # A server may end a connection that it kept open; a fresh one tells whether it answers.
            if not reused or not isinstance(error, ConnectionError):
                raise Fault(f"{name} cannot be had: {_reason(error)}", file=name) from error
        return self.get(target, name, limit)

    def close(self) -> None:
        self._connection.close()

    def _get(self, target: str, name: str, limit: int) -> bytes:
        late = False

        def give_up() -> None:
            nonlocal late
            late = True
            if connected := self._connection.sock:
                # Wakes the reader; the timeout of a socket restarts with each byte.
                with suppress(OSError):
                    socket.socket.shutdown(connected, socket.SHUT_RDWR)

        watch = Timer(self._seconds, give_up)
        watch.daemon = True
        watch.start()
        data, whole = b"", False
        try:
            if self._connection.sock is None:
                self._connection.connect()
            if late:
                raise TimeoutError
            self._connection.request("GET", target, headers={"Accept-Encoding": "gzip, identity"})
            with self._connection.getresponse() as answer:
                data = _body(answer, name, limit)
            whole = not late
        except (OSError, http.client.HTTPException, ValueError, Fault) as error:
            if not late and not isinstance(error, TimeoutError):
                raise
        finally:
            watch.cancel()
            if not whole:
                self._connection.close()
        if not whole:
            raise Fault(f"{name}: no whole answer within {self._seconds:g} seconds", file=name)
        return data


def _body(answer: http.client.HTTPResponse, name: str, limit: int) -> bytes:
    if 300 <= answer.status < 400:
        place = answer.headers.get("Location", "nowhere")
        raise Fault(
            f"{name}: the server sends elsewhere, to {place[:200]}; if that is right, name it instead", file=name
        )
    if answer.status in (404, 410):
        raise Missing(f"{name} is missing ({answer.status})", file=name)
    if answer.status == 503 and b'"history_refused"' in answer.read(PIECE):
        raise Fault(
            f"{name}: the ledger itself says that its events are no longer all that it signed, and shows nothing from "
            "there on. That is a loss which it admits, not one that it hides; what it signed still counts. Ask again "
            "when it is whole, or restarted",
            file=name,
        )
    if answer.status != 200:
        raise Fault(f"{name}: the server answers {answer.status} {answer.reason[:100]}", file=name)
    unpack = zlib.decompressobj(31) if answer.headers.get("Content-Encoding", "").lower() == "gzip" else None
    data = bytearray()
    while piece := answer.read(PIECE):
        try:
            data += unpack.decompress(piece, limit + 1 - len(data)) if unpack else piece
        except zlib.error as error:
            raise Fault(f"{name} is said to be gzip and is not", file=name) from error
        if len(data) > limit or (unpack and unpack.unconsumed_tail):
            raise Fault(f"{name} is longer than it can be ({limit} bytes)", file=name)
    if answer.length or (unpack and not unpack.eof):
        raise Fault(f"{name} is cut off: the connection ended early", file=name)
    return bytes(data)


def _reason(error: Exception) -> str:
    if isinstance(error, http.client.IncompleteRead):
        return "it is cut off, the connection ended early"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the server's certificate is not valid: {error.verify_message}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def open_source(text: str, seconds: float = SECONDS) -> Source:
    """Of an address or a folder. Raises WrongUsage."""
    if "://" in text:
        return Address(text, seconds)
    folder = Path(text)
    if not folder.is_dir():
        raise WrongUsage(f"{text} is neither an address such as https://ledger.example nor a folder")
    return Folder(folder)
