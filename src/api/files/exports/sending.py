"""A file that was made for one answer: with its digest as ETag, in parts where they are asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import IO, Self

from fastapi.responses import StreamingResponse

PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class Sendable:
    """`file` has no name, so that it goes with its reader, however that ends."""

    file: IO[bytes]
    digest: str

    @classmethod
    def of(cls, file: IO[bytes]) -> Self:
        """Reads it all; not on the event loop."""
        file.seek(0)
        whole = sha256()
        while piece := file.read(PIECE):
            whole.update(piece)
        return cls(file, whole.hexdigest())

    def answer(self, media_type: str, headers: Mapping[str, str]) -> StreamingResponse:
        own = {
            "ETag": f'"{self.digest}"',
            "Accept-Ranges": "bytes",
            "Cache-Control": "public, no-cache",
            "Content-Length": str(self.file.seek(0, 2)),
        }
        return StreamingResponse(_pieces(self.file), media_type=media_type, headers={**headers, **own})


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece
