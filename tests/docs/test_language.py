"""Words that mark translated English stay out of the documents and the source, which the API reference is made of."""

import re

from tests.docs.documents import ROOT

TRANSLATED = re.compile(r"\b(anew|whoever|beside|thereupon|whereupon)\b", re.IGNORECASE)


def test_source_and_documents_use_plain_words() -> None:
    files = [*(ROOT / "src").rglob("*.py"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")]
    found = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in sorted(files)
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if TRANSLATED.search(line)
    ]
    assert found == []
