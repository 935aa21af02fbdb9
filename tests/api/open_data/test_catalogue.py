"""The catalogue and the data package: what they name is there, is as of their position, and is what they say it is."""

import csv
import json
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pyshacl
import pytest
import rdflib
from tests.api.client import Town
from tests.api.routes.test_audit_money import bought

# rdflib's parser of JSON-LD still uses what rdflib itself calls deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
READS: dict[str, Callable[[str], Any]] = {
    "string": str,
    "integer": int,
    "number": Decimal,
    "date": date.fromisoformat,
    "boolean": ("false", "true").index,
}
# What DCAT-AP 3.0 makes mandatory of a catalogue, a dataset and a distribution, and of what kind it wants them.
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
[] a sh:NodeShape ; sh:targetClass dcat:Catalog ; sh:nodeKind sh:IRI ;
  sh:property [ sh:path dct:title ; sh:minCount 1 ; sh:datatype rdf:langString ; sh:uniqueLang true ] ,
    [ sh:path dct:description ; sh:minCount 1 ; sh:datatype rdf:langString ; sh:uniqueLang true ] ,
    [ sh:path dct:publisher ; sh:minCount 1 ; sh:maxCount 1 ; sh:class foaf:Agent ] ,
    [ sh:path dct:modified ; sh:maxCount 1 ; sh:datatype xsd:dateTime ] ,
    [ sh:path dcat:dataset ; sh:minCount 1 ; sh:class dcat:Dataset ] .
[] a sh:NodeShape ; sh:targetClass dcat:Dataset ; sh:nodeKind sh:IRI ;
  sh:property [ sh:path dct:title ; sh:minCount 1 ; sh:datatype rdf:langString ; sh:uniqueLang true ] ,
    [ sh:path dct:description ; sh:minCount 1 ; sh:datatype rdf:langString ; sh:uniqueLang true ] ,
    [ sh:path dct:publisher ; sh:maxCount 1 ; sh:class foaf:Agent ] ,
    [ sh:path dct:modified ; sh:maxCount 1 ; sh:datatype xsd:dateTime ] ,
    [ sh:path dcat:distribution ; sh:minCount 1 ; sh:class dcat:Distribution ] .
[] a sh:NodeShape ; sh:targetClass dcat:Distribution ; sh:nodeKind sh:IRI ;
  sh:property [ sh:path dcat:accessURL ; sh:minCount 1 ; sh:nodeKind sh:IRI ] ,
    [ sh:path dcat:downloadURL ; sh:nodeKind sh:IRI ] ,
    [ sh:path dct:conformsTo ; sh:class dct:Standard ] ,
    [ sh:path dcat:mediaType ; sh:maxCount 1 ; sh:class dct:MediaType ] .
[] a sh:NodeShape ; sh:targetClass foaf:Agent ; sh:property [ sh:path foaf:name ; sh:minCount 1 ] .
"""


def report(document: str) -> tuple[bool, str]:
    graph = rdflib.Graph().parse(data=document, format="json-ld")
    conforms, _, text = pyshacl.validate(graph, shacl_graph=rdflib.Graph().parse(data=SHAPES, format="turtle"))
    return conforms, text


async def test_the_catalogue_fulfils_dcat_ap(town: Town) -> None:
    await bought(town)
    answer = await town.public.get("/catalog.jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.headers["ledger-position"] == str(await town.followed())
    conforms, text = report(answer.text)
    assert conforms, text
    document = answer.json()
    distributions = [one for dataset in document["dcat:dataset"] for one in dataset["dcat:distribution"]]
    assert len(distributions) == 16
    for one in distributions:
        parts = urlsplit(one["dcat:downloadURL"]["@id"])
        found = await town.public.get(parts.path, **dict(parse_qsl(parts.query)))
        assert found.status_code == 200, parts
        media = one["dcat:mediaType"]["@id"].split("media-types/")[1]
        assert found.headers["content-type"].split(";")[0] == media
    # The shapes would see it if something were missing.
    del document["dcat:dataset"][0]["dct:title"]
    assert not report(json.dumps(document))[0]


async def test_without_pyarrow_the_catalogue_names_no_parquet(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    text = (await town.public.get("/catalog.jsonld")).text
    assert "projects.xlsx" in text
    assert "parquet" not in text


async def test_the_data_package_describes_its_columns(town: Town) -> None:
    await bought(town)
    answer = await town.public.get("/exports/datapackage.json")
    package = answer.json()
    assert package["version"] == answer.headers["ledger-position"]
    names = {resource["name"] for resource in package["resources"]}
    for resource in package["resources"]:
        schema = resource["schema"]
        columns = {field["name"] for field in schema["fields"]}
        assert schema["primaryKey"] and columns >= set(schema["primaryKey"])
        for key in schema["foreignKeys"]:
            assert set(key["fields"]) <= columns and key["reference"]["resource"] in names
    for resource in package["resources"]:
        parts = urlsplit(resource["path"])
        query = dict(parse_qsl(parts.query))
        assert query == {"known_at": package["version"]}
        text = (await town.public.get(parts.path, **query)).content.decode("utf-8-sig")
        header, *rows = csv.reader(StringIO(text, newline=""))
        fields = resource["schema"]["fields"]
        assert header == [field["name"] for field in fields]
        assert rows
        for row in rows:
            for field, value in zip(fields, row, strict=True):
                if value not in resource["schema"]["missingValues"]:
                    READS[field["type"]](value)


async def test_a_catalogue_is_stable_per_position(town: Town) -> None:
    project = await bought(town)
    known = await town.followed()
    paths = ("/catalog.jsonld", "/exports/datapackage.json")
    before = [(await town.public.get(path, known_at=known)).content for path in paths]
    await town.office.done(f"{project}/suspension", {"reason": "示例。"})
    await town.followed()
    assert [(await town.public.get(path, known_at=known)).content for path in paths] == before
