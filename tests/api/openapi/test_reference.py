"""The API reference describes what there is, and needs no network to be read."""

import re
from collections.abc import Iterator
from typing import Any

from fastapi.routing import APIRoute
from tests.api.client import Town, connect

from api.app import create_app
from api.command_route import CommandRoute
from ledger.core.refusal import Refusal

ADDRESS = re.compile(r"""(?:src|href|url)\s*[=:(]\s*["']?([^"'\s>)]+)""")
CONDITIONS = {"if-match", "idempotency-key"}


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def routes(town: Town) -> list[APIRoute]:
    return [route for route in create_app(town.service).routes if isinstance(route, APIRoute)]


async def test_the_reference_names_no_address_outside(town: Town) -> None:
    page = await town.public.get("/docs")
    assert page.status_code == 200
    addresses = ADDRESS.findall(page.text)
    assert addresses
    for address in addresses:
        assert address.startswith("/") and not address.startswith("//"), address
        assert (await town.public.get(address)).status_code == 200, address
    assert "http://" not in page.text
    assert "https://" not in page.text


async def test_every_route_is_described_and_nothing_else(town: Town) -> None:
    document = await town.public.read("/openapi.json")
    described = {(method.upper(), path) for method, path, _ in operations(document)}
    there = {
        (method, route.path_format)
        for route in routes(town)
        if route.include_in_schema
        for method in route.methods or ()
    }
    assert described == there
    assert {path for _, path in described} >= {route.path for route in routes(town) if route.path.startswith("/v1")}
    assert len([path for _, path in described if path.startswith("/v1")]) > 20


async def test_each_operation_says_what_it_does_in_words(town: Town) -> None:
    document = await town.public.read("/openapi.json")
    for method, path, operation in operations(document):
        assert len(operation.get("description", "")) > 10, f"{method} {path}"
        assert operation["tags"], f"{method} {path}"


async def test_each_operation_of_v1_describes_its_problems(town: Town) -> None:
    document = await town.public.read("/openapi.json")
    for method, path, operation in operations(document):
        if path.startswith("/v1"):
            [(kind, problem)] = operation["responses"]["4XX"]["content"].items()
            assert (kind, problem["schema"]) == ("application/problem+json", {"$ref": "#/components/schemas/Problem"})
            assert "422" not in operation["responses"], f"{method} {path}: pydantic's own form is never sent"
    schema = document["components"]["schemas"]["Problem"]
    assert schema["required"] == ["type", "title", "status", "code"]


async def test_each_command_describes_body_conditions_and_receipt(town: Town) -> None:
    document = await town.public.read("/openapi.json")
    commands = [route for route in routes(town) if isinstance(route, CommandRoute)]
    assert len(commands) >= 14
    for route in commands:
        operation = document["paths"][route.path]["post"]
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        assert set(schema) & {"$ref", "oneOf", "discriminator"}, route.path
        assert operation["requestBody"]["required"] is True
        parameters = {one["name"].lower(): one for one in operation["parameters"]}
        assert set(parameters) == CONDITIONS | {"wait"} | set(route.param_convertors)
        assert all(parameters[name]["in"] == "header" and parameters[name]["description"] for name in CONDITIONS)
        assert operation["security"] == [{"HTTPBearer": []}, *([{}] if route.takes_anyone else [])]
        receipt = operation["responses"]["201"]["content"]["application/json"]["schema"]
        kinds = {
            "applications": "PlanReceipts",
            "invitations": "InvitationsReceipt",
            "invited-answers": "AnswerReceipt",
            "open-answers": "AnswerReceipt",
        }
        kind = kinds.get(route.path.rsplit("/", 1)[1])
        assert receipt == {"$ref": f"#/components/schemas/{kind or 'ReceiptBody'}"}
        assert set(operation["responses"]) == {"201", "4XX"}


async def test_every_command_takes_another_effective_day_with_its_reason(town: Town) -> None:
    document = await town.public.read("/openapi.json")
    schemas = document["components"]["schemas"]
    for route in (route for route in routes(town) if isinstance(route, CommandRoute)):
        body = document["paths"][route.path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        for kind in set(re.findall(r"#/components/schemas/([\w.-]+)", str(body))):
            if route.path.endswith("redactions") or route.path.startswith("/v1/subjects/"):
                # When a text or a value went is when everybody stopped reading it.
                assert schemas[kind]["properties"]["late_entry"]["type"] == "null"
                continue
            [late, null] = schemas[kind]["properties"]["late_entry"]["anyOf"]
            assert null == {"type": "null"}
            entry = schemas[late["$ref"].rsplit("/", 1)[1]]
            assert set(entry["required"]) == {"effective_on", "reason"}, route.path


async def test_a_reading_describes_the_clocks_that_it_takes(town: Town) -> None:
    document = await town.public.read("/openapi.json")

    def names(path: str) -> set[str]:
        return {one["name"] for one in document["paths"][path]["get"]["parameters"] if one["in"] == "query"}

    assert names("/v1/projects/{project_id}/state") == {"known_at", "effective_on", "fold_version"}
    assert names("/v1/projects/{project_id}/history") == {"known_at", "axis"}
    bases = {"from", "to", "from_effective_on", "to_effective_on"}
    assert names("/v1/projects/{project_id}/diff") == bases | {"corrections_only", "fold_version"}
    assert names("/v1/programmes/{programme}") == {"known_at", "on"}
    assert "known_at" in names("/v1/organisations/{organisation_id}/history")
    assert names("/v1/organisations/{organisation_id}") == {"known_at", "on"}
    filters = {
        "programme",
        "category",
        "district",
        "district_now",
        "served_district",
        "served_district_now",
        "status",
        "organisation",
        "q",
    }
    filters |= {"marked", "figure", "at_least", "at_most", "year", "known_at", "on"}
    assert names("/v1/projects") == filters | {"sort", "cursor", "limit"}
    assert names("/v1/projects/facets") == filters


async def test_every_reference_inside_the_document_leads_somewhere(town: Town) -> None:
    async with connect(town.service) as http:
        text = (await http.get("/openapi.json")).text
        schemas = (await http.get("/openapi.json")).json()["components"]["schemas"]
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', text))
    assert named <= set(schemas)


def test_each_refusal_has_a_code_of_its_own() -> None:
    codes = [refusal.code for refusal in Refusal.__subclasses__()]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)+", code) for code in codes)
