"""Words that mark translated English stay out of the source."""

import re

from tests.docs.documents import ROOT

TRANSLATED = re.compile(r"\b(anew|whoever|beside)\b", re.IGNORECASE)


def test_the_source_uses_plain_words() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in sorted((ROOT / "src").rglob("*.py"))
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if TRANSLATED.search(line)
    ]
    assert found == []
