"""docs/programmes.md: its example is a programme, and its table names every field there is."""

from collections.abc import Iterator
from typing import get_args

from pydantic import BaseModel
from tests.docs.documents import DOCS, blocks, tables

from ledger.rules import Rules, Step, read_rules

DOCUMENT = DOCS / "programmes.md"


def fields(model: type[BaseModel], before: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield before + name
        for kind in (field.annotation, *get_args(field.annotation)):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from fields(kind, f"{before}{name}.")


def test_the_example_is_a_programme() -> None:
    [example] = [block.text for block in blocks(DOCUMENT) if block.words == ("toml",)]
    assert read_rules(example).code == "example-2027"


def test_every_field_is_documented_and_real() -> None:
    [explained] = tables(DOCUMENT)
    assert sorted(row["field"].strip("`") for row in explained) == sorted(fields(Rules))


def test_every_step_is_named() -> None:
    [explained] = tables(DOCUMENT)
    [steps] = [row["what it says"] for row in explained if row["field"] == "`phases.steps`"]
    assert [step for step in get_args(Step) if f"`{step}`" not in steps] == []
