"""The arrangement of the source does not fall back: what a fact touches, lists of facts, and the length of files."""

from bench.structure import MANY, figures

FIGURES = figures()


def test_half_of_the_facts_stand_in_five_files_or_fewer() -> None:
    assert float(FIGURES["source files that name a fact, median"]) <= 5


def test_no_file_lists_the_facts_by_hand() -> None:
    assert FIGURES[f"source files that name more than {MANY} facts"] == "none"


def test_no_source_file_is_longer_than_400_lines() -> None:
    lines = FIGURES["longest source file"].split(", ")[1]
    assert int(lines.removesuffix(" lines")) <= 400
