"""Every promise on the page about security names a test that there is."""

import re

from tests.docs.documents import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)


def test_every_promise_is_shown_by_a_test() -> None:
    promises = [line for line in PAGE.splitlines() if re.match(r"\| (?!promise|who|a stranger)[^|]+ \| `tests/", line)]
    assert len(promises) > 20
    assert len(NAMED) == PAGE.count("::")
    absent = [
        (file, name)
        for file, name in NAMED
        if not re.search(rf"^(?:async )?def {name}\(", (ROOT / file).read_text("utf-8"), re.MULTILINE)
    ]
    assert absent == []
