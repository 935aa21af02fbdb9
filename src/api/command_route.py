"""How a command is served: the way FastAPI would, without what a command does not need.

FastAPI's general path (dependency solving, parsing JSON to Python and validating that, serialising by a response
model) costs more than the command itself. Here the body goes through pydantic's own JSON parser, straight to
the body's model. The endpoint's signature stays what the API reference is made from.
"""

import inspect
from collections.abc import Callable, Coroutine
from typing import Any, get_type_hints

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from api.door import open_door
from ledger.commands.command import Command

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class CommandRoute(APIRoute):
    """For endpoints `(door, *path parameters, body) -> ReceiptBody`."""

    takes_anyone = False

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        handle = self.get_route_handler()

        # Instead of FastAPI's, which holds two exit stacks open for dependencies; what is raised here is answered
        # by the application's handlers all the same.
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            response = await handle(Request(scope, receive, send))
            await response(scope, receive, send)

        self.app = app

    def get_route_handler(self) -> Handler:
        hints = get_type_hints(self.endpoint, include_extras=True)
        body_type: TypeAdapter[Command] = TypeAdapter(hints["body"])
        in_path = {
            name: TypeAdapter[Any](hints[name])
            for name in inspect.signature(self.endpoint).parameters
            if name not in ("door", "body")
        }
        endpoint = self.endpoint

        async def handle(request: Request) -> Response:
            path = {
                name: _valid(kind.validate_python, request.path_params[name], "path", name)
                for name, kind in in_path.items()
            }
            # Starlette looks through all headers for each name asked.
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in request.scope["headers"]}
            door = await open_door(request, headers, takes_anyone=self.takes_anyone)
            said = await request.body()
            if "json" not in headers.get("content-type", "").partition(";")[0]:
                raise HTTPException(415)
            body = _valid(body_type.validate_json, said, "body")
            receipt = await endpoint(door=door, **path, body=body)
            return Response(receipt.model_dump_json(), 201, door.headers, media_type="application/json")

        return handle


class OpenCommandRoute(CommandRoute):
    """For what also callers without an account may do."""

    takes_anyone = True


def _valid(validate: Callable[[Any], Any], value: Any, *place: str) -> Any:
    try:
        return validate(value)
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
        raise RequestValidationError([{**found, "loc": (*place, *found["loc"])} for found in errors]) from None
