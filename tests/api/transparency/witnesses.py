"""Witnesses on ports of their own, as others run them."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from api.cli.witness import open_witness
from api.transparency.witness import create_witness
from ledger.transparency.notes import Verifier


@asynccontextmanager
async def running(app: ASGIApp) -> AsyncIterator[str]:
    """The address of an application that is served."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        task = asyncio.create_task(server.serve([listening]))
        while not server.started:
            await asyncio.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task


@asynccontextmanager
async def running_witness(name: str, log: Verifier, folder: Path) -> AsyncIterator[tuple[Verifier, str]]:
    """Its key and its address."""
    witness = open_witness(name, [log.vkey], folder / name.replace("/", "-"))
    async with running(create_witness(witness)) as url:
        yield witness.signer.verifier, url
