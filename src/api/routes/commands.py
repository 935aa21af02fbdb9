"""The routes of commands, made from the table of operations: the body of a request is the command that it asks for."""

import re
from collections.abc import Callable, Coroutine
from inspect import Parameter, Signature, cleandoc
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from api.command_route import CommandRoute
from api.door import Door, DoorDep, ReceiptBody
from api.operations import COMMANDS
from api.problems import PROBLEM_RESPONSES
from ledger.commands.command import Founding
from ledger.commands.served import Operation
from ledger.values import Code

IN_PATH = {"project_id": UUID, "organisation_id": UUID, "subject_id": UUID, "programme": Code}
PLACEHOLDER = re.compile(r"\{(\w+)\}")
Endpoint = Callable[..., Coroutine[Any, Any, ReceiptBody]]

commands = APIRouter(responses=PROBLEM_RESPONSES, route_class=CommandRoute)


def _endpoint(path: str, operation: Operation) -> Endpoint:
    """With the signature that the route and the API reference read."""

    async def endpoint(door: Door, body: Any, **target: UUID | str) -> ReceiptBody:
        decide = body.decide if isinstance(body, Founding) else body.on(*target.values())
        return await door.run(decide, body, operation.at, **target)

    types = {"door": DoorDep, **{name: IN_PATH[name] for name in PLACEHOLDER.findall(path)}, "body": operation.command}
    endpoint.__name__ = operation.name
    endpoint.__doc__ = operation.about or cleandoc(getattr(operation.command, "__doc__", "")).split("\n\n", 1)[0]
    endpoint.__annotations__ = {**types, "return": ReceiptBody}
    # Both FastAPI and the route read it (PEP 362); to mypy a function has no such attribute.
    endpoint.__signature__ = Signature(  # type: ignore[attr-defined]
        [Parameter(name, Parameter.KEYWORD_ONLY, annotation=kind) for name, kind in types.items()],
        return_annotation=ReceiptBody,
    )
    return endpoint


for group in COMMANDS:
    for place, operation in group.operations.items():
        if operation.command is not None:
            method, path = place.split(" ")
            commands.add_api_route(path, _endpoint(path, operation), methods=[method], status_code=201)
