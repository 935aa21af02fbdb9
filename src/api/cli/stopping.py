"""A server that ends the streams before it waits for what is still being answered."""

import socket

import uvicorn

from api.listeners import Listeners


class StoppingServer(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, listeners: Listeners) -> None:
        super().__init__(config)
        self._listeners = listeners

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._listeners.close()
        await super().shutdown(sockets)
