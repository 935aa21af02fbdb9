"""The page of settings says what the settings say, and nothing sets what is none."""

import re

from tests.docs.documents import ROOT, documents
from tests.docs.settings_page import PAGE, text

from api.settings import Settings

NAMED = re.compile(r"\bMINSHENG_[A-Z_]*[A-Z]\b")
# A token of the holder is asked for, and no setting.
OTHERS = {"MINSHENG_TOKEN"}


def test_the_page_is_that_of_the_code() -> None:
    assert PAGE.read_text("utf-8") == text(), "run: python -m tests.docs.settings_page"


def test_documents_and_units_name_no_unknown_setting() -> None:
    known = {name.upper() for name in Settings.model_fields} | OTHERS
    places = [*documents(), *(path for path in (ROOT / "deploy").rglob("*") if path.is_file())]
    unknown = {(path.name, name) for path in places for name in NAMED.findall(path.read_text("utf-8"))}
    assert {(path, name) for path, name in unknown if name not in known} == set()
