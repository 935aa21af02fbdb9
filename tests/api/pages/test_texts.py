"""The texts of the pages: both languages, and none that no page uses."""

import re
from pathlib import Path
from string import Formatter

import pytest

from api import pages
from api.pages import sentences, texts
from api.pages.texts import Words
from ledger.events import Role, SupportKind
from ledger.project.state import Status
from ledger.values import FundingSource

HERE = Path(pages.__file__).parent
TABLES = (texts.PAGE, texts.STATUS, texts.ROLE, texts.SOURCE, texts.SUPPORT, texts.EVALUATION, sentences.SENTENCES)
ALL = [(str(key), words) for table in TABLES for key, words in table.items()]


def placeholders(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize(("key", "words"), ALL)
def test_every_text_has_both_languages(key: str, words: Words) -> None:
    assert words.zh
    assert words.en
    if key not in ("result", "day_late"):
        assert placeholders(words.zh) == placeholders(words.en)
    if key != "other_language":
        assert not re.search(r"[\u4e00-\u9fff]", words.en)


def test_every_code_has_a_name() -> None:
    assert set(texts.STATUS) == set(Status)
    assert set(texts.ROLE) == set(Role)
    assert set(texts.SOURCE) == set(FundingSource)
    assert set(texts.SUPPORT) == set(SupportKind)


def test_every_text_is_used() -> None:
    templates = "".join(path.read_text() for path in HERE.glob("templates/*"))
    source = "".join(path.read_text() for path in HERE.glob("*.py") if path.name != "texts.py")
    in_templates = set(re.findall(r"\bt\.(\w+)", templates))
    assert in_templates <= set(texts.PAGE)
    in_source = {key for key in texts.PAGE if f'"{key}"' in source}
    made = {key for key in texts.PAGE if key.startswith(("sort_", "field_"))}
    assert set(texts.PAGE) == in_templates | in_source | made
