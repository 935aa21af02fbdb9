"""Refusals: readers rely on their sentences, and each one that is raised has a test. Their codes stand in
docs/refusals.md."""

import ast
from pathlib import Path
from string import Formatter

import pytest
from tests.docs.refusals_page import REFUSALS

import ledger
from ledger.core.refusal import Refusal
from ledger.refusals.general import QuotaFull

BY_NAME = {refusal.__name__: refusal for refusal in REFUSALS}
SOURCE = Path(ledger.__file__).parent
DECIDING = [
    *SOURCE.glob("project/*.py"),
    *SOURCE.glob("organisation/*.py"),
    *(SOURCE / f"{name}.py" for name in ("programme", "quota", "corrections")),
]


def placeholders(sentence: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_no_two_refusals_share_a_code() -> None:
    assert len({refusal.code for refusal in REFUSALS}) == len(REFUSALS)


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.code)
def test_a_refusal_says_the_same_in_both_languages(refusal: type[Refusal]) -> None:
    assert any("\u4e00" <= character <= "\u9fff" for character in refusal.zh)
    assert refusal.en.isascii()
    # A reason, and who somebody is, is worded once in each language.
    chinese, english = (
        {str(name).removesuffix(f"_{language}") for name in placeholders(text)}
        for language, text in (("zh", refusal.zh), ("en", refusal.en))
    )
    assert chinese == english


def test_a_refusal_fills_its_sentences_with_its_details() -> None:
    refusal = QuotaFull(quota="top-ten", places=10)
    assert refusal.sentence("zh") == "top-ten 的 10 个名额已满。"
    assert refusal.sentence("en") == refusal.sentence("en-GB"[:2]) == "All 10 places of top-ten are taken."
    assert str(refusal) == "quota_full: All 10 places of top-ten are taken."
    assert refusal.details == {"quota": "top-ten", "places": 10}


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_refusal_carries_what_its_sentences_name(path: Path) -> None:
    for call in (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)):
        refusal = BY_NAME.get(call.func.id) if isinstance(call.func, ast.Name) else None
        # One with a constructor of its own counts for itself.
        if refusal and "__init__" not in vars(refusal):
            given = {keyword.arg for keyword in call.keywords}
            assert given >= placeholders(refusal.zh) | placeholders(refusal.en), f"{refusal.code}, line {call.lineno}"


def test_every_refusal_is_provoked_by_a_test() -> None:
    raised = {name for path in DECIDING for name in _names_raised(path)}
    expected = {name for path in Path(__file__).parent.rglob("test_*.py") for name in _refusals_expected(path)}
    assert len(raised) > 25
    assert raised - expected == set()


def _names_raised(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    raises = (node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise))
    names = {call.func.id for call in raises if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)}
    return {name for name in names if name in BY_NAME}


def _refusals_expected(path: Path) -> set[str]:
    """Refusals that a test names in its body or in a row of its table; an import alone does not count."""
    tree = ast.parse(path.read_text("utf-8"))
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in BY_NAME}
