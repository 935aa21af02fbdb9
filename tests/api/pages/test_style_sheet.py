"""The style sheet: whole, and small."""

import gzip
import re

from api.pages.hashed_files import STATIC

SHEET = (STATIC / "style.css").read_text("utf-8")


def test_every_block_is_closed() -> None:
    depth = 0
    for line in re.sub(r"/\*.*?\*/", "", SHEET, flags=re.DOTALL).splitlines():
        depth += line.count("{") - line.count("}")
        assert 0 <= depth <= 2, line
        assert depth < 2 or not line.startswith("@media"), line
    assert depth == 0


def test_sheet_and_scripts_stay_small() -> None:
    assert len(gzip.compress(SHEET.encode())) < 12_000
    scripts = b"".join(file.read_bytes() for file in STATIC.glob("*.js"))
    assert len(gzip.compress(scripts)) < 20_000
