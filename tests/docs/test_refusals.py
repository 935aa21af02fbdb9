"""docs/refusals.md lists every refusal as the code has it."""

from tests.docs.documents import DOCS, tables

from api.problems import HTTP_REFUSALS, STATUS
from ledger.errors import Kind, Refusal

STATUSES, OWN, HTTP = tables(DOCS / "refusals.md")


def row(code: str, status: int, zh: str, en: str) -> dict[str, str]:
    return {"code": f"`{code}`", "status": str(status), "in Chinese": zh, "in English": en}


def test_every_refusal_stands_in_the_table_as_it_is() -> None:
    assert OWN == [row(found.code, STATUS[found.kind], found.zh, found.en) for found in Refusal.__subclasses__()]


def test_every_refusal_of_http_stands_in_the_table_as_it_is() -> None:
    assert HTTP == [row(code, status, zh, en) for status, (code, zh, en) in HTTP_REFUSALS.items()]


def test_every_status_is_explained() -> None:
    assert [int(found["status"]) for found in STATUSES] == [STATUS[kind] for kind in Kind]
