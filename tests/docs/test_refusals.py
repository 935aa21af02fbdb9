"""docs/refusals.md lists every refusal as the code has it."""

from tests.docs.documents import DOCS, tables

from api.problems import HTTP_REFUSALS, STATUS
from ledger import errors
from ledger.errors import Kind, Refusal

STATUSES, OWN, HTTP = tables(DOCS / "refusals.md")
REFUSALS = [refusal for refusal in Refusal.__subclasses__() if refusal.__module__ == errors.__name__]


def row(code: str, status: int, zh: str, en: str) -> dict[str, str]:
    return {"code": f"`{code}`", "status": str(status), "in Chinese": zh, "in English": en}


def test_every_refusal_stands_in_the_table_as_it_is() -> None:
    assert [row(found.code, STATUS[found.kind], found.zh, found.en) for found in REFUSALS] == OWN


def test_every_refusal_of_http_stands_in_the_table_as_it_is() -> None:
    assert [row(code, status, zh, en) for status, (code, zh, en) in HTTP_REFUSALS.items()] == HTTP


def test_every_status_is_explained() -> None:
    assert [int(found["status"]) for found in STATUSES] == [STATUS[kind] for kind in Kind]
