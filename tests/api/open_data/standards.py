"""The published schemas of the standards, as files next to the project; and validators of what we publish."""

import csv
import json
import re
from datetime import datetime
from functools import cache
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZipFile

import pytest
from jsonschema import Draft4Validator, Draft202012Validator, FormatChecker
from jsonschema.protocols import Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4, DRAFT202012
from tests.docs.documents import ROOT

from api.open_data.ocds_changes import Object
from api.open_data.ocds_extension import CODELISTS, SCHEMAS

DATA = ROOT.parent / "shared" / "data"
OCDS = DATA / "ocds" / "ocds-standard-1.1.5-schema.zip"
GRANTS = DATA / "360giving" / "lloyds-bank-foundation.json"
GRANT_SCHEMAS = DATA / "360giving"
FORMATS = FormatChecker([])
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)


@FORMATS.checks("date-time", ValueError)
def _is_moment(value: object) -> bool:
    return not isinstance(value, str) or bool(MOMENT.fullmatch(value) and datetime.fromisoformat(value))


@FORMATS.checks("uri", ValueError)
def _is_uri(value: object) -> bool:
    return not isinstance(value, str) or bool(urlsplit(value).scheme and not re.search(r"\s", value))


def needs(path: Path) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not path.exists(), reason=f"{path.name} is not next to the project (../shared/data)")


def patched(target: Any, patch: Any) -> Any:
    """JSON Merge Patch (RFC 7396), as OCDS extensions are applied."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = patched(result.get(key), value)
    return result


@cache
def ocds_schemas() -> dict[str, Any]:
    """With our extension, and nothing allowed that neither the standard nor the extension knows."""
    with ZipFile(OCDS) as archive:
        names = {name.rsplit("/", 1)[1]: name for name in archive.namelist() if name.endswith(".json")}
        texts = {name: archive.read(names[name]).decode("utf-8") for name in names}
    found = {}
    for name in ("release-schema.json", "release-package-schema.json", "record-package-schema.json"):
        text = texts[name].replace("{{version}}", "1.1").replace("{{lang}}", "en")
        found[name] = closed(patched(json.loads(text), SCHEMAS[name]))
    return found


def closed(schema: Any) -> Any:
    """The same schema that knows no further properties."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    result = {key: closed(value) for key, value in schema.items()}
    # Not where `properties` is itself the name of a property.
    if isinstance(schema.get("properties"), dict) and "additionalProperties" not in schema:
        result["additionalProperties"] = False
        # Names with a language behind them, such as title_en.
        result.setdefault("patternProperties", {})
    return result


@cache
def ocds_codes() -> dict[str, frozenset[str]]:
    """The codes of each codelist, with those that the extension adds."""
    lists: dict[str, set[str]] = {}
    with ZipFile(OCDS) as archive:
        for name in archive.namelist():
            if name.endswith(".csv"):
                with TextIOWrapper(archive.open(name), "utf-8", newline="") as file:
                    lists[name.rsplit("/", 1)[1]] = {row["Code"] for row in csv.DictReader(file)}
    for name, text in CODELISTS.items():
        lists.setdefault(name.removeprefix("+"), set()).update(row["Code"] for row in csv.DictReader(StringIO(text)))
    return {name: frozenset(codes) for name, codes in lists.items()}


@cache
def ocds_validator(name: str) -> Validator:
    schemas = ocds_schemas()
    release = Resource.from_contents(schemas["release-schema.json"], default_specification=DRAFT4)
    registry: Registry[Any] = Registry().with_resource(schemas["release-schema.json"]["id"], release)
    return Draft4Validator(schemas[name], registry=registry, format_checker=FORMATS)


def check_ocds(package: Object, name: str) -> None:
    """Valid, and every code of a codelist, open or closed, is on it."""
    errors = [f"{error.json_path}: {error.message}"[:300] for error in ocds_validator(name).iter_errors(package)]
    assert not errors, "\n".join(errors)
    unknown = set(_unknown_codes(package, ocds_schemas()[name]))
    assert not unknown, unknown


def _unknown_codes(value: Any, schema: Any) -> Any:
    release = ocds_schemas()["release-schema.json"]
    if "$ref" in schema:
        reference: str = schema["$ref"]
        if reference.startswith("#/definitions/"):
            name = reference.rsplit("/", 1)[1]
            found = release["definitions"].get(name)
            schema = found or ocds_schemas()["record-package-schema.json"]["definitions"][name]
        else:
            schema = release
    if "codelist" in schema:
        codes = ocds_codes()[schema["codelist"]]
        given = value if isinstance(value, list) else [value]
        yield from ((schema["codelist"], code) for code in given if code is not None and code not in codes)
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _unknown_codes(inner, schema.get("properties", {}).get(key, {}))
    elif isinstance(value, list):
        for inner in value:
            yield from _unknown_codes(inner, schema.get("items", {}))


@cache
def grants_validator() -> Validator:
    package = json.loads((GRANT_SCHEMAS / "360-giving-package-schema.json").read_text("utf-8"))
    grant = json.loads((GRANT_SCHEMAS / "360-giving-schema.json").read_text("utf-8"))
    resource = Resource.from_contents(grant, default_specification=DRAFT202012)
    # The package's schema of 1.4.3 still names the grant's of 1.4.2.
    names = (grant["$id"], package["properties"]["grants"]["items"]["$ref"])
    registry: Registry[Any] = Registry().with_resources([(name, resource) for name in names])
    return Draft202012Validator(package, registry=registry, format_checker=FORMATS)
