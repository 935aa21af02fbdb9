"""The table of clauses in docs/notice.md names only what exists, and leaves out no event and no endpoint."""

import ast
import re
from functools import cache
from itertools import chain

import pytest
from tests.api.openapi.reference import application, document
from tests.docs.documents import DOCS, ROOT, tables

from ledger.facts import FACTS

[ROWS] = tables(DOCS / "notice.md")
CLAUSES = [f"N{number}" for number in range(1, 26)] + ["D1–D4", "D5", "D6", "D7"]


def names(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def named(column: str) -> list[str]:
    return list(chain.from_iterable(names(row[column]) for row in ROWS))


@cache
def endpoints() -> frozenset[str]:
    paths = document()["paths"]
    return frozenset(f"{method.upper()} {path}" for path, methods in paths.items() for method in methods)


@cache
def page_routes() -> frozenset[str]:
    shown = (route for route in application().routes if not getattr(route, "include_in_schema", True))
    return frozenset(str(getattr(route, "path", "")) for route in shown)


@cache
def functions_of(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / "tests" / file).read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_every_clause_has_one_row() -> None:
    assert [row["clause"] for row in ROWS if row["clause"] != "+"] == CLAUSES


def test_every_cell_says_something() -> None:
    assert [row["clause"] for row in ROWS if not all(row.values())] == []


@pytest.mark.parametrize("event", sorted(set(named("events"))))
def test_an_event_that_is_named_exists(event: str) -> None:
    assert event in FACTS


@pytest.mark.parametrize("endpoint", sorted(set(named("endpoints"))))
def test_an_endpoint_that_is_named_exists(endpoint: str) -> None:
    assert endpoint in endpoints()


@pytest.mark.parametrize("page", sorted(set(named("page"))))
def test_a_page_that_is_named_exists(page: str) -> None:
    assert page in page_routes()


@pytest.mark.parametrize("test", sorted(set(named("tests"))))
def test_a_test_that_is_named_exists(test: str) -> None:
    file, _, function = test.partition("::")
    assert (ROOT / "tests" / file).is_file()
    assert function in functions_of(file)


def test_no_event_is_left_out() -> None:
    assert set(FACTS) - set(named("events")) == set()


def test_no_endpoint_is_left_out() -> None:
    assert endpoints() - set(named("endpoints")) == set()


def test_what_is_there_does_not_stand_as_later_alone() -> None:
    """A row with events has endpoints and tests."""
    for row in ROWS:
        if names(row["events"]):
            assert row["endpoints"] != "later", row["clause"]
            assert row["tests"] != "later", row["clause"]
