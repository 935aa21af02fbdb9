"""Draws a photograph again in a process of its own: the worst picture costs its sender a refusal and nobody else."""

import asyncio
from pathlib import Path
from typing import Literal

import PIL
from pydantic import TypeAdapter, ValidationError

from api.files.apart import answer_of
from api.files.photographs.process import CPU_SECONDS, FORMATS, MOST_PIXELS
from ledger.refusals.attachments import AttachmentTypeForbidden
from ledger.refusals.photographs import (
    PhotographMetadata,
    PhotographsBusy,
    PhotographTooLarge,
    PhotographUnreadable,
)
from ledger.values import Frozen

# Pillow alone of what is installed; no code of other packages runs, as it would at the start of an interpreter.
CODE = (
    "import sys; sys.path[:0] = sys.argv[1:3]; del sys.argv[1:3]; "
    "from api.files.photographs.process import main; main()"
)
INSTALLED = str(Path(PIL.__file__).parents[1])
# One at a time, for each takes up to a gigabyte; how long a request waits for its turn, and what it is told after that.
TURN_SECONDS = 5.0
RETRY_AFTER = 5
SECONDS = 2 * CPU_SECONDS - 2.0
LARGEST_ANSWER = 30_000_000


class _Answer(Frozen):
    found: tuple[str, ...] = ()
    refused: Literal["too_large", "unreadable"] | None = None


_ANSWER: TypeAdapter[_Answer] = TypeAdapter(_Answer)


def taken_picture(content_type: str | None) -> str:
    """The media type without its parameters. Raises AttachmentTypeForbidden."""
    media_type = (content_type or "").partition(";")[0].strip().lower()
    if media_type not in FORMATS:
        raise AttachmentTypeForbidden(choices=", ".join(FORMATS))
    return media_type


class PhotographDrawer:
    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(1)

    async def draw(self, content: bytes, media_type: str, *, strip: bool) -> bytes:
        """The picture alone. Raises PhotographMetadata for a file that holds more, unless that is to be stripped;
        PhotographTooLarge, PhotographUnreadable, whatever became of the process; PhotographsBusy."""
        try:
            async with asyncio.timeout(TURN_SECONDS):
                await self._turn.acquire()
        except TimeoutError as error:
            raise PhotographsBusy(retry_after=RETRY_AFTER) from error
        try:
            said = await answer_of(CODE, (INSTALLED, media_type), content, seconds=SECONDS, most=LARGEST_ANSWER)
        finally:
            self._turn.release()
        line, _, picture = said.partition(b"\n")
        try:
            answer = _ANSWER.validate_json(line)
        except ValidationError as error:
            raise PhotographUnreadable(media_type=media_type) from error
        if answer.refused == "too_large":
            raise PhotographTooLarge(megapixels=MOST_PIXELS // 1_000_000)
        if answer.refused or not picture:
            raise PhotographUnreadable(media_type=media_type)
        if answer.found and not strip:
            raise PhotographMetadata(found=", ".join(answer.found))
        return picture
