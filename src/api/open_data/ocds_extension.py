"""What we say beyond OCDS 1.1.5, declared as an extension of the standard (extension.json, schemas, codelists), so that
nothing stands in a release that no schema knows."""

import csv
from io import StringIO
from typing import Any

from api.open_data.ocds_compiled import EVALUATIONS
from ledger.project.status import Status

PATH = "/ocds/extension"
_TEXT = {"type": ["string", "null"]}
_NUMBER = {"type": ["integer", "null"]}
_MOMENT = {"type": ["string", "null"], "format": "date-time"}


def _titled(title: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"title": title, "description": description} | schema


def _closed(codelist: str, codes: list[str]) -> dict[str, Any]:
    return {"type": ["string", "null"], "codelist": codelist, "openCodelist": False, "enum": [*codes, None]}


STATUSES = [status.value for status in Status]
HONOUR_STATUSES = {"granted": "It counts.", "revoked": "It was taken back by a later decision."}
RECIPIENTS = {"organisation": "An organisation.", "person": "A person, whose name is not part of open data."}
_EVALUATED = {
    "self": ("Self-evaluation", "What the organisation itself says of a project that it carried out."),
    "beneficiaries": ("Evaluation by beneficiaries", "What those say for whom the project was."),
    "third_party": (
        "Third-party evaluation",
        "What an independent evaluator says of a project that was carried out. Not `evaluationReports`, which are on"
        " bids.",
    ),
}
_HONOUR = {
    "type": "object",
    "title": "Honour",
    "description": "A public recognition of what was achieved. It is no award in the sense of OCDS.",
    "required": ["id"],
    "properties": {
        "id": _titled("ID", "Within the project.", {"type": "string"}),
        "honour": _titled("Honour", "The programme's code of the honour.", _TEXT),
        "date": _titled("Date", "Since when.", _MOMENT),
        "documentNumber": _titled("Document number", "文号 of the decision.", _TEXT),
        "recipientKind": _titled("Kind of recipient", "Who holds it.", _closed("recipientKind.csv", [*RECIPIENTS])),
        "recipient": {"$ref": "#/definitions/OrganizationReference"},
        "status": _titled("Status", "Whether it counts.", _closed("honourStatus.csv", [*HONOUR_STATUSES])),
    },
}
_WELFARE = {
    "type": "object",
    "title": "Public welfare",
    "description": "What a public-welfare project is, beyond the contract for it.",
    "properties": {
        "programme": _titled("Programme", "The code of the programme, or of a funder's register.", _TEXT),
        "grant": _titled("Grant", "The identifier of an imported grant (360Giving).", _TEXT),
        "category": _titled("Category", "The programme's code of the field of work.", _TEXT),
        "district": _titled("District", "GB/T 2260 code of the district of registration.", _TEXT),
        "place": _titled("Place", "Where the service is given.", _TEXT),
        "districtsServed": {
            "type": "array",
            "title": "Districts served",
            "description": "GB/T 2260 codes of the districts that are served, or `whole_city` alone.",
            "items": {"type": "string"},
        },
        "status": _titled("Status", "Where the project stands.", _closed("projectStatus.csv", STATUSES)),
        "beneficiaries": {
            "type": "object",
            "title": "Beneficiaries",
            "description": "For whom the project is, as applied for: a number and a group, never persons.",
            "properties": {
                "count": _titled("Count", "Expected people.", _NUMBER),
                "group": _titled("Group", "In the organisation's words.", _TEXT),
            },
        },
        "peopleServed": _titled("People served", "As the newest reports say, the most of them.", _NUMBER),
        "honours": {
            "type": "array",
            "title": "Honours",
            "description": "What the project was honoured with.",
            "items": {"$ref": "#/definitions/Honour"},
        },
    },
}
_EVENT = {
    "type": "object",
    "title": "Event of the ledger",
    "description": "The event that a release rests on, which the transparency log proves under /log/.",
    "properties": {
        "position": _titled("Position", "In the ledger, from 0.", _NUMBER),
        "version": _titled("Version", "In the project, from 1.", _NUMBER),
        "type": _titled("Type", "The kind of event.", _TEXT),
        "recordedAt": _titled("Recorded at", "When the ledger came to know.", _MOMENT),
        "effectiveOn": _titled("Effective on", "The civil date since when it is so.", {"type": ["string", "null"]}),
    },
}
_PACKAGE = {
    "properties": {
        "basis": {
            "type": "object",
            "title": "Basis",
            "description": "What the package is as of.",
            "properties": {
                "known": _titled("Position", "The last event that counts; -1: none.", {"type": "integer"}),
                "ocidPrefixRegistered": _titled(
                    "Prefix registered", "Whether the ocid prefix was given out to the publisher.", {"type": "boolean"}
                ),
            },
        },
        "links": {
            "type": "object",
            "title": "Links",
            "description": "Other parts of the same answer.",
            "properties": {"next": _titled("Next", "The next part.", {"type": "string", "format": "uri"})},
        },
    }
}
SCHEMAS: dict[str, dict[str, Any]] = {
    "release-schema.json": {
        "definitions": {"Honour": _HONOUR, "Welfare": _WELFARE, "LedgerEvent": _EVENT},
        "properties": {
            "welfare": {"$ref": "#/definitions/Welfare"},
            "ledgerEvent": {"$ref": "#/definitions/LedgerEvent"},
        },
    },
    "release-package-schema.json": _PACKAGE,
    "record-package-schema.json": _PACKAGE,
}


def _codelist(rows: dict[str, tuple[str, str]]) -> str:
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("Code", "Title", "Description"))
    writer.writerows((code, title, description) for code, (title, description) in rows.items())
    return out.getvalue()


def _plain(codes: dict[str, str]) -> str:
    return _codelist({code: (code.replace("_", " ").capitalize(), said) for code, said in codes.items()})


CODELISTS: dict[str, str] = {
    "+documentType.csv": _codelist({EVALUATIONS[by]: said for by, said in _EVALUATED.items()}),
    "projectStatus.csv": _plain(dict.fromkeys(STATUSES, "See docs/data.md.")),
    "honourStatus.csv": _plain(HONOUR_STATUSES),
    "recipientKind.csv": _plain(RECIPIENTS),
}
EXTENSION: dict[str, Any] = {
    "name": {"en": "Public-welfare projects"},
    "description": {
        "en": "Category, beneficiaries, people served and honours of public-welfare projects, evaluations of what was"
        " done, and the event of the ledger that a release rests on."
    },
    "documentationUrl": {"en": f"{PATH}/release-schema.json"},
    "compatibility": ["1.1"],
    "schemas": [*SCHEMAS],
    "codelists": [*CODELISTS],
}
