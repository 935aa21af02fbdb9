"""The glossary names only what exists in the code, and leaves out no word of the domain."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import chain

import pytest
from tests.docs.documents import DOCS, ROOT, tables

from ledger.core.action import ACTIONS
from ledger.core.fact import Role
from ledger.facts import FACTS
from ledger.rules import read_rules

SRC = ROOT / "src"
PROGRAMMES = SRC / "ledger" / "programmes"
ROWS = list(chain.from_iterable(tables(DOCS / "glossary.md")))
NAMED = [name for row in ROWS for name in re.findall(r"`([^`]+)`", row["in the code"])]


@cache
def roles_phases_and_groups() -> frozenset[str]:
    phases = {phase.code for path in PROGRAMMES.glob("*.toml") for phase in read_rules(path.read_text("utf-8")).phases}
    groups = {fact.__module__.rpartition(".")[2] for fact in FACTS.values()}
    return frozenset({*Role, *phases, *groups} - {"envelope"})


@cache
def public_names() -> frozenset[str]:
    """Modules, classes, functions, their arguments, fields and constants."""
    defined = chain.from_iterable(map(_names, (ast.parse(path.read_text("utf-8")) for path in SRC.rglob("*.py"))))
    return frozenset({*defined, *(path.stem for path in SRC.rglob("*.py"))})


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                yield name


@pytest.mark.parametrize("name", NAMED)
def test_every_name_exists(name: str) -> None:
    assert name in roles_phases_and_groups() | ACTIONS.keys() | public_names()


def test_no_word_of_the_domain_is_missing() -> None:
    assert roles_phases_and_groups() - set(NAMED) == set()


def test_every_cell_says_something() -> None:
    assert [row for row in ROWS if not all(row.values())] == []


def test_every_term_is_explained_once() -> None:
    terms = [row["our term"] for row in ROWS]
    assert len(terms) == len(set(terms))
