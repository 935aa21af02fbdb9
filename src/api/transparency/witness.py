"""A witness over HTTP (C2SP tlog-witness): `POST /add-checkpoint`, and for monitors the last checkpoint of each log."""

import asyncio

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ledger.transparency.witness import LARGEST_BODY, Witness


def create_witness(witness: Witness) -> Starlette:
    async def add_checkpoint(request: Request) -> Response:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > LARGEST_BODY:
                return PlainTextResponse("the body is too long\n", 413)
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return PlainTextResponse("the body is not UTF-8\n", 400)
        reply = await asyncio.to_thread(witness.add_checkpoint, text)
        return Response(reply.body, reply.status, media_type=reply.media_type)

    async def show_checkpoint(request: Request) -> Response:
        note = await asyncio.to_thread(witness.latest, request.path_params["origin_hash"])
        if note is None:
            return PlainTextResponse("nothing of this log was cosigned here\n", 404)
        return PlainTextResponse(note, headers={"Cache-Control": "no-cache"})

    return Starlette(
        routes=[
            Route("/add-checkpoint", add_checkpoint, methods=["POST"]),
            Route("/{origin_hash}/checkpoint", show_checkpoint),
        ]
    )
