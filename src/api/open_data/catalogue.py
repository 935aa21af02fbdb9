"""What there is to take away, for machines: a DCAT-AP 3 catalogue as JSON-LD, and a Frictionless data package."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from api.door import ServiceDep
from api.files.exports.single_tables import PARQUET, XLSX
from api.files.exports.writers import has_parquet
from api.open_data.public import AsOf, as_of
from api.open_data.publisher import Publisher
from api.problems import PROBLEM_RESPONSES
from api.reading.times import KnownAt
from projections.registry import TABLES, Kind

router = APIRouter(responses=PROBLEM_RESPONSES)
JSON_LD = "application/ld+json"
JSON_LD_ANSWER: dict[int | str, dict[str, Any]] = {200: {"content": {JSON_LD: {}}}}
IANA = "http://www.iana.org/assignments/media-types/"
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
# Name, words in both languages, the standard, and each file: path, media type.
DATASETS: tuple[tuple[str, str, str, str | None, tuple[tuple[str, str], ...]], ...] = (
    (
        "registry",
        "项目登记册",
        "The registry: projects, organisations, programmes, money",
        None,
        (
            ("exports/registry.zip", "application/zip"),
            *((f"exports/{table.name}.csv", "text/csv") for table in TABLES),
            *((f"exports/{table.name}.xlsx", XLSX) for table in TABLES),
            *((f"exports/{table.name}.parquet", PARQUET) for table in TABLES),
        ),
    ),
    (
        "ocds",
        "开放合同数据",
        "Open contracting data: releases and records",
        "https://standard.open-contracting.org/1.1/",
        (("ocds/releases.json", "application/json"), ("ocds/records.json", "application/json")),
    ),
    (
        "grants",
        "资助数据",
        "Grants",
        "https://standard.threesixtygiving.org/",
        (("360giving.json", "application/json"),),
    ),
)
TYPES: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"type": "string"},
    Kind.NUMBER: {"type": "integer"},
    Kind.AMOUNT: {"type": "number"},
    Kind.DAY: {"type": "date"},
    Kind.FLAG: {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]},
}


@router.get("/catalog.jsonld", response_class=JSONResponse, responses=JSON_LD_ANSWER)
async def catalogue(service: ServiceDep, request: Request, known_at: KnownAt = None) -> JSONResponse:
    """What there is to take away, as a DCAT-AP 3 catalogue; every file that it names is as of the same position."""
    cut = await as_of(service, known_at)
    document = described(str(request.base_url), service.publisher, cut)
    return JSONResponse(document, media_type=JSON_LD, headers=cut.position)


def described(base: str, publisher: Publisher, cut: AsOf) -> dict[str, Any]:
    """No licence is claimed: that is the publisher's to say."""
    modified = {"@type": "xsd:dateTime", "@value": cut.published}
    agent = {"@id": f"{base}#publisher", "@type": "foaf:Agent", "foaf:name": publisher.name}
    said = {"dct:publisher": agent, "dct:modified": modified}
    # Parquet only where it can be had.
    left_out = () if has_parquet() else (PARQUET,)
    datasets = [
        {
            "@id": f"{base}catalog.jsonld#{name}",
            "@type": "dcat:Dataset",
            "dct:identifier": name,
            "dct:title": _both(zh, en),
            "dct:description": _both(f"截至第{cut.known}号事件。", f"As known at position {cut.known}."),
            "dcat:distribution": [
                _distribution(base, cut, *file, standard) for file in files if file[1] not in left_out
            ],
        }
        | said
        for name, zh, en, standard, files in DATASETS
    ]
    return {
        "@context": CONTEXT,
        "@id": f"{base}catalog.jsonld",
        "@type": "dcat:Catalog",
        "dct:title": _both("民生账本", "Minsheng Ledger"),
        "dct:description": _both(
            "公益项目的公开数据。", f"Open data of public-welfare projects, position {cut.known}."
        ),
        "foaf:homepage": {"@id": base, "@type": "foaf:Document"},
        "dcat:dataset": datasets,
    } | said


def _both(zh: str, en: str) -> list[dict[str, str]]:
    return [{"@language": "zh", "@value": zh}, {"@language": "en", "@value": en}]


def _distribution(base: str, cut: AsOf, path: str, media: str, standard: str | None) -> dict[str, Any]:
    address = f"{base}{path}?known_at={cut.known}"
    found: dict[str, Any] = {
        "@id": address,
        "@type": "dcat:Distribution",
        "dcat:accessURL": {"@id": address},
        "dcat:downloadURL": {"@id": address},
        "dcat:mediaType": {"@id": f"{IANA}{media}", "@type": "dct:MediaType"},
        "dct:title": path,
    }
    if standard:
        found["dct:conformsTo"] = {"@id": standard, "@type": "dct:Standard"}
    return found


@router.get("/exports/datapackage.json", response_class=JSONResponse)
async def data_package(service: ServiceDep, request: Request, known_at: KnownAt = None) -> JSONResponse:
    """The tables with the types of their columns and their keys, as a Frictionless data package; its paths are as of
    its position."""
    cut = await as_of(service, known_at)
    base = str(request.base_url)
    resources = [
        {
            "name": table.name,
            "profile": "tabular-data-resource",
            "path": f"{base}exports/{table.name}.csv?known_at={cut.known}",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "schema": {
                "fields": [{"name": name} | TYPES[kind] for name, kind in table.columns],
                "missingValues": [""],
                "primaryKey": list(table.key),
                "foreignKeys": [_foreign_key(column, other) for column, other in table.refers.items()],
            },
        }
        for table in TABLES
    ]
    package = {
        "profile": "tabular-data-package",
        "name": "minsheng-registry",
        "title": "民生账本 Minsheng Ledger",
        "version": str(cut.known),
        "created": cut.published,
        "resources": resources,
    }
    return JSONResponse(package, headers=cut.position)


def _foreign_key(column: str, table: str) -> dict[str, Any]:
    (key,) = next(other.key for other in TABLES if other.name == table)
    return {"fields": [column], "reference": {"resource": table, "fields": [key]}}
