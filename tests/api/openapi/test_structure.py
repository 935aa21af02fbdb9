"""What linters of OpenAPI documents (redocly, spectral) and generators of clients ask of the reference."""

import keyword
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from tests.api.openapi.reference import application, document

from api.openapi.answers import ANSWERS
from api.openapi.document import operations, references, requested
from api.openapi.fields import FIELDS, OWN, SPECIAL
from api.openapi.operations import GROUPS, MOST
from api.openapi.parameters import PARAMETERS

DOCUMENT = document()
SCHEMAS = DOCUMENT["components"]["schemas"]
OPERATIONS = [(f"{method} {path}", path, operation) for method, path, operation in operations(DOCUMENT)]


def valid(schema: dict[str, Any], value: Any) -> None:
    whole = {"components": {"schemas": SCHEMAS}, **schema}
    Draft202012Validator(whole, format_checker=FormatChecker()).validate(value)


def parts(part: object) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
        for value in part.values():
            yield from parts(value)
    elif isinstance(part, list):
        for value in part:
            yield from parts(value)


def test_every_operation_is_in_one_group_of_its_readers() -> None:
    placed = [place for group in GROUPS for place in group.operations]
    assert Counter(placed) == Counter(place for place, _, _ in OPERATIONS)
    assert all(len(group.operations) <= MOST for group in GROUPS)
    assert [tag["name"] for tag in DOCUMENT["tags"]] == [group.name for group in GROUPS]
    assert all(len(tag["description"]) > 20 for tag in DOCUMENT["tags"])
    assert all(len(operation["tags"]) == 1 for _, _, operation in OPERATIONS)


def test_operation_ids_make_method_names() -> None:
    ids = [operation["operationId"] for _, _, operation in OPERATIONS]
    assert len(ids) == len(set(ids))
    assert [one for one in ids if not re.fullmatch(r"[a-z]+(_[a-z0-9]+)*", one) or keyword.iskeyword(one)] == []


@pytest.mark.parametrize(("place", "operation"), [(place, one) for place, _, one in OPERATIONS], ids=lambda part: "")
def test_summaries_are_short_sentences(place: str, operation: dict[str, Any]) -> None:
    summary = operation["summary"]
    assert re.fullmatch(r"[A-Z][^.]{4,60}", summary), place
    assert not summary.startswith(("Show ", "The ", "A ")), place
    later = [word for word in re.findall(r"\b[A-Z][a-z]+\b", summary)[1:] if word not in ("Atom", "Feed", "Excel")]
    assert all(word in ("JSON", "Parquet", "Giving") for word in later), place


def test_component_names_are_class_names_of_their_own() -> None:
    titles = Counter(schema.get("title", name) for name, schema in SCHEMAS.items())
    assert [title for title, count in titles.items() if count > 1] == []
    assert [name for name in SCHEMAS if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name)] == []


def test_references_lead_somewhere_and_schemas_are_used() -> None:
    named = set(references(DOCUMENT))
    assert named <= set(SCHEMAS)
    mapped = {value.rpartition("/")[2] for part in parts(DOCUMENT) for value in part.get("mapping", {}).values()}
    assert mapped <= set(SCHEMAS)


def test_alternative_bodies_differ_by_a_required_field() -> None:
    unions = [part for part in parts(DOCUMENT) if "discriminator" in part]
    assert unions
    for union in unions:
        field = union["discriminator"]["propertyName"]
        for name in references(union["oneOf"]):
            assert field in SCHEMAS[name]["required"], f"{name}.{field}"
            assert "default" not in SCHEMAS[name]["properties"][field]


def test_the_document_names_its_server_and_declares_security_everywhere() -> None:
    assert DOCUMENT["servers"]
    assert DOCUMENT["info"]["contact"]
    schemes = set(DOCUMENT["components"]["securitySchemes"])
    for place, _, operation in OPERATIONS:
        assert {name for one in operation["security"] for name in one} <= schemes, place
        assert any(re.match("4|2XX", status) for status in operation["responses"]), place
        assert operation["responses"]["4XX"]["content"]["application/problem+json"], place


def test_path_parameters_are_those_of_the_path() -> None:
    for place, path, operation in OPERATIONS:
        given = [one["name"] for one in operation.get("parameters", ()) if one["in"] == "path"]
        assert sorted(given) == sorted(re.findall(r"\{(\w+)\}", path)), place


@pytest.mark.parametrize("name", sorted(requested(DOCUMENT)))
def test_request_fields_have_descriptions_and_examples(name: str) -> None:
    for field, schema in SCHEMAS[name].get("properties", {}).items():
        assert re.fullmatch(r"[A-Z0-9].{3,120}\.", schema["description"]), f"{name}.{field}"
        for example in schema["examples"]:
            valid(schema, example)


def test_every_parameter_is_described_with_an_example() -> None:
    for place, _, operation in OPERATIONS:
        for parameter in operation.get("parameters", ()):
            assert parameter.get("description"), f"{place} {parameter['name']}"
            valid(parameter["schema"], parameter["example"])


def test_examples_of_bodies_and_answers_are_valid() -> None:
    found = 0
    for _, _, operation in OPERATIONS:
        for carrier in (operation.get("requestBody", {}), *operation["responses"].values()):
            for content in carrier.get("content", {}).values():
                if "example" in content:
                    found += 1
                    valid(content["schema"], content["example"])
    assert found > 140
    assert {name for name in ANSWERS if name not in SCHEMAS} == set()


def used_fields() -> set[tuple[str, str]]:
    """Of bodies, by their schemas."""
    return {
        (name.removesuffix("Input"), key) for name in requested(DOCUMENT) for key in SCHEMAS[name].get("properties", {})
    }


def test_a_field_described_with_its_command_is_no_others() -> None:
    users = Counter(key for _, key in used_fields())
    assert OWN
    assert {name for name in OWN if users[name] != 1} == set()


def test_no_description_is_left_of_what_is_gone() -> None:
    used = used_fields()
    assert set(FIELDS) <= {key for _, key in used}
    assert set(SPECIAL) <= {f"{name}.{key}" for name, key in used}
    there = {one["name"] for _, _, operation in OPERATIONS for one in operation.get("parameters", ())}
    assert set(PARAMETERS) <= there


def test_the_document_is_the_same_each_time() -> None:
    app = application()
    assert app.openapi() is app.openapi()
    assert app.openapi() == DOCUMENT
