"""docs/refusals.md lists every refusal as the code has it."""

from tests.docs.documents import tables
from tests.docs.refusals_page import PAGE, rewritten

from api.problems import STATUS
from ledger.core.refusal import Kind

STATUSES = tables(PAGE)[0]


def test_every_refusal_stands_in_its_table_as_it_is() -> None:
    text = PAGE.read_text("utf-8")
    assert rewritten(text) == text


def test_every_status_is_explained() -> None:
    assert [int(found["status"]) for found in STATUSES] == [STATUS[kind] for kind in Kind]
