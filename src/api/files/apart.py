"""Runs code on a file from outside in a process of its own, which neither outlives the request nor knows any secret."""

import asyncio
import contextlib
import logging
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from pathlib import Path

import api

log = logging.getLogger(__name__)
FOLDER = str(Path(api.__file__).parents[1])
INHERITED = ("SYSTEMROOT", "LD_LIBRARY_PATH")


async def answer_of(code: str, arguments: Sequence[str], content: bytes, *, seconds: float, most: int) -> bytes:
    """What the process wrote; empty when it did not end by itself and well. It is gone in any case, also when the
    request is cancelled. Neither site-packages nor the environment, which holds secrets, reach it: the first argument
    that `code` takes is the folder of our packages."""
    command = (sys.executable, "-I", "-S", "-c", code, FOLDER, *arguments)
    environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=environment)
    answer = b""
    try:
        async with asyncio.timeout(seconds):
            _, answer = await asyncio.gather(_give(process, content), _take(process, most))
            await process.wait()
    except TimeoutError:
        pass
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        log.warning("the process that reads a file ended with %s", process.returncode)
        return b""
    return answer


async def _give(process: Process, content: bytes) -> None:
    assert process.stdin
    # It may have ended before it read all.
    with contextlib.suppress(ConnectionError):
        process.stdin.write(content)
        await process.stdin.drain()
    process.stdin.close()
    with contextlib.suppress(ConnectionError):
        await process.stdin.wait_closed()


async def _take(process: Process, most: int) -> bytes:
    assert process.stdout
    parts, length = [], 0
    while part := await process.stdout.read(1 << 16):
        parts.append(part)
        length += len(part)
        if length > most:
            process.kill()
            return b""
    return b"".join(parts)
