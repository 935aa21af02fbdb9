"""How the reference is made: what the framework finds in the routes, then what only we know."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api import problems
from api.command_route import CommandRoute
from api.door import signed_in, who_asks
from api.openapi.answers import ANSWERS
from api.openapi.fields import field_of
from api.openapi.operations import GROUPS
from api.openapi.parameters import PARAMETERS, Parameter

Json = dict[str, Any]
BEARER = {"HTTPBearer": list[str]()}
CODE = "^[a-z0-9][a-z0-9_-]{0,79}$"
EXAMPLE_ID = "0192f0c1-6f3a-7c3e-9d5b-2f1a4e8b7c60"
EXAMPLE_DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
EXAMPLE_DAY = "2010-03-15"
_UNCLEAN = re.compile(r"(?:[a-z_]+__)+")


def install(app: FastAPI) -> None:
    made = app.openapi

    def openapi() -> Json:
        if app.openapi_schema is None:
            # Twice the same object may be asked for, and is written on only once.
            app.openapi_schema = described(app, made())
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # the way FastAPI documents for extending the document


def described(app: FastAPI, document: Json) -> Json:
    document = _renamed(document)
    # Relative to the document, so that it holds behind a proxy that serves it under a prefix.
    document["servers"] = [{"url": ".", "description": "This service."}]
    document["tags"] = [{"name": group.name, "description": group.description} for group in GROUPS]
    schemas = document["components"]["schemas"]
    schemas["Problem"] = problems.PROBLEM_SCHEMA
    _require_tags(schemas)
    _group(document)
    _secure(app, document)
    for name in sorted(requested(document)):
        _describe_fields(schemas, name)
    for _, _, operation in operations(document):
        for parameter in operation.get("parameters", ()):
            _describe_parameter(schemas, parameter)
    _exemplify(document)
    return document


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def references(part: object) -> Iterator[str]:
    """The schemas that a part of the document names."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "$ref":
                yield value.rpartition("/")[2]
            elif key != "mapping":
                yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def requested(document: Json) -> set[str]:
    """The schemas that request bodies are made of."""
    schemas = document["components"]["schemas"]
    left = {name for _, _, operation in operations(document) for name in references(operation.get("requestBody"))}
    found: set[str] = set()
    while left:
        found.add(name := left.pop())
        left |= set(references(schemas[name])) - found
    return found


def _renamed(document: Json) -> Json:
    """Names that every generator can make a class of: no module, and the answer's form without an ending."""
    schemas = document["components"]["schemas"]
    names: dict[str, str] = {}
    for name in schemas:
        if name == "Words":
            names[name] = "Bilingual"  # clients were made with this name
        elif name.endswith("-Input"):
            names[name] = f"{name.removesuffix('-Input')}Input"
        elif name.endswith("-Output"):
            names[name] = name.removesuffix("-Output")
        elif _UNCLEAN.match(name):
            *_, module, kind = name.split("__")
            names[name] = f"{module.title().replace('_', '')}{kind}"

    def walk(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: _ref(value, names) if key == "$ref" else walk(value) for key, value in part.items()}
        if isinstance(part, list):
            return [walk(value) for value in part]
        return _ref(part, names) if isinstance(part, str) and part.startswith("#/components/schemas/") else part

    walked: Json = walk(document)
    renamed = {names.get(name, name): schema for name, schema in walked["components"]["schemas"].items()}
    for name, schema in renamed.items():
        if "title" in schema:
            schema["title"] = name
    walked["components"]["schemas"] = renamed
    return walked


def _ref(reference: str, names: dict[str, str]) -> str:
    start, slash, name = reference.rpartition("/")
    return f"{start}{slash}{names.get(name, name)}"


def _require_tags(schemas: Json) -> None:
    """Without the field that tells which one it is, one of several is not taken, whatever default its model has."""
    for union in list(_unions(schemas)):
        field = union["discriminator"]["propertyName"]
        for name in references(union["oneOf"]):
            schema = schemas[name]
            schema["properties"][field].pop("default", None)
            if field not in schema.setdefault("required", []):
                schema["required"].append(field)


def _unions(part: object) -> Iterator[Json]:
    if isinstance(part, dict):
        if "discriminator" in part:
            yield part
        for value in part.values():
            yield from _unions(value)
    elif isinstance(part, list):
        for value in part:
            yield from _unions(value)


def _group(document: Json) -> None:
    for group in GROUPS:
        for place, operation in group.operations.items():
            method, path = place.split(" ")
            document["paths"][path][method.lower()] |= {
                "tags": [group.name],
                "operationId": operation.name,
                "summary": operation.summary,
            }


def _secure(app: FastAPI, document: Json) -> None:
    for route in app.routes:
        if isinstance(route, APIRoute) and route.include_in_schema:
            for method in route.methods or ():
                document["paths"][route.path_format][method.lower()]["security"] = security_of(route)


def security_of(route: APIRoute) -> list[Json]:
    """Nothing where no token is read; the token and `{}` where it is optional."""
    if isinstance(route, CommandRoute):
        return [BEARER, {}] if route.takes_anyone else [BEARER]
    asked = set(_asked(route.dependant))
    if signed_in in asked:
        return [BEARER]
    return [BEARER, {}] if who_asks in asked else []


def _asked(dependant: Dependant) -> Iterator[Callable[..., Any] | None]:
    yield dependant.call
    for inner in dependant.dependencies:
        yield from _asked(inner)


def _describe_fields(schemas: Json, name: str) -> None:
    model = name.removesuffix("Input")
    for key, schema in schemas[name].get("properties", {}).items():
        if found := field_of(model, key):
            schema["description"] = found.description
            schema["examples"] = [example(schemas, model, key, schema)]


def _describe_parameter(schemas: Json, parameter: Json) -> None:
    found = PARAMETERS.get(parameter["name"], Parameter())
    if found.description:
        parameter.setdefault("description", found.description)
    if "description" in parameter:
        # Where a generator looks for it; the framework says it in both places.
        parameter["schema"].pop("description", None)
    # None where no example fits: a description says what is meant.
    value = _of_type(schemas, parameter["schema"]) if found.example is None else found.example
    if value is not None:
        parameter["example"] = _fitting(parameter["schema"], value)


def _fitting(schema: Json, value: Any) -> Any:
    """A number as text where the parameter is text, and the other way around."""
    kinds = {one.get("type") for one in (schema, *schema.get("anyOf", ()))}
    if "uuid" in {one.get("format") for one in (schema, *schema.get("anyOf", ()))}:
        return EXAMPLE_ID
    if isinstance(value, str) and "string" not in kinds and value.isdigit():
        return int(value)
    return str(value) if isinstance(value, int) and not kinds & {"integer", "boolean"} else value


def example(schemas: Json, model: str, key: str, schema: Json) -> Any:
    found = field_of(model, key)
    given = found.example if found else None
    return _of_type(schemas, schema) if given is None else _shaped(schemas, schema, given)


def _shaped(schemas: Json, schema: Json, given: Any) -> Any:
    """What was written for one value, where a type asks for several."""
    return [given] if any(one.get("type") == "array" for one in (schema, *schema.get("anyOf", ()))) else given


def _of_type(schemas: Json, schema: Json) -> Any:
    match schema:
        case {"$ref": reference}:
            return _of_schema(schemas, reference.rpartition("/")[2])
        case {"const": value}:
            return value
        case {"enum": [first, *_]}:
            return first
        case {"anyOf": [first, *_]} | {"oneOf": [first, *_]}:
            return _of_type(schemas, first)
        case {"type": "array", "items": items}:
            return [_of_type(schemas, items)]
        case {"type": "boolean"}:
            return True
        case {"type": "integer"}:
            return schema.get("minimum", 1)
        case {"format": "date"}:
            return EXAMPLE_DAY
        case {"format": "uuid"}:
            return EXAMPLE_ID
        case {"pattern": "^[0-9a-f]{64}$"}:
            return EXAMPLE_DIGEST
    return None


def _of_schema(schemas: Json, name: str) -> Any:
    """With what has to be given, and no more."""
    schema = schemas[name]
    if "properties" not in schema:
        return _of_type(schemas, schema)
    model = name.removesuffix("Input")
    return {key: example(schemas, model, key, schema["properties"][key]) for key in schema.get("required", ())}


def _exemplify(document: Json) -> None:
    """Answers that were written by hand, and a body for every command."""
    schemas = document["components"]["schemas"]
    for _, _, operation in operations(document):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            if "$ref" in content.get("schema", {}):
                content["example"] = _of_type(schemas, content["schema"])
        for answer in operation["responses"].values():
            for content in answer.get("content", {}).values():
                name = next(references(content.get("schema", {})), None)
                if "$ref" in content.get("schema", {}) and name in ANSWERS:
                    content["example"] = ANSWERS[name]
