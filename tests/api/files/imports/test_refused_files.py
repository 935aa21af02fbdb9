"""A file that cannot be read, or breaks off, is refused with the place; what was whole before is kept."""

import json
import os
from pathlib import Path

import pytest
from tests.api.files.imports.grants import Write, grants, row, run
from tests.support import open_ledger

from ledger.database import Database
from ledger.refusals.general import FileRefused

WHOLE = json.dumps({"grants": [row(f"360G-{number}", title="社区食堂") for number in range(3)]}, ensure_ascii=False)
THIRD_ROW = WHOLE.index('"360G-2"')
NOT_GRANTS = "so this is not 360Giving"


@pytest.mark.parametrize(
    ("content", "place", "why", "kept"),
    [
        pytest.param(
            WHOLE[: THIRD_ROW + 30].encode(), "grants[2], byte ", "the file is cut off", 2, id="cut off in a value"
        ),
        pytest.param(
            WHOLE.encode()[: len(WHOLE[:THIRD_ROW].encode()) + 22],
            "grants[2], byte ",
            "the file is cut off",
            2,
            id="cut off in a character",
        ),
        pytest.param(WHOLE[:-1].encode(), "grants[3], byte ", "the file is cut off", 3, id="cut off at the end"),
        pytest.param(
            WHOLE.replace('"360G-2",', '"360G-2"').encode(),
            "grants[2], bytes ",
            "this is not JSON",
            2,
            id="broken in the middle",
        ),
        pytest.param((WHOLE + "x").encode(), "grants[3], bytes ", "this is not JSON", 3, id="more after the end"),
        pytest.param(
            WHOLE[:THIRD_ROW].encode() + WHOLE[THIRD_ROW:].encode("gbk"),
            "grants[2], byte ",
            "the file is not UTF-8",
            2,
            id="turns into GBK",
        ),
        pytest.param(
            WHOLE.replace("社区食堂", "caf\xe9").encode("latin-1"),
            "grants[0], byte ",
            "the file is not UTF-8",
            0,
            id="Latin-1",
        ),
        pytest.param(WHOLE.encode("utf-16"), "byte 0", "the file is UTF-16", 0, id="UTF-16"),
        pytest.param(WHOLE.encode("utf-16-be"), "byte 0", "the file is UTF-16", 0, id="UTF-16 without a mark"),
        pytest.param(b"", "byte 0", "the file is empty", 0, id="empty"),
        pytest.param(b"id,title\n1,x\n", "before `grants`, bytes 0 to ", "this is not JSON", 0, id="a table"),
        pytest.param(b"[1]", "before `grants`", "this is JSON and no object", 0, id="an array"),
        pytest.param(b'{"releases": [{"grants": [1]}]}', "file", NOT_GRANTS, 0, id="another standard"),
        pytest.param(
            b'{"grants": {"item": {}}}',
            "before `grants`",
            "`grants` is no array, " + NOT_GRANTS,
            0,
            id="grants is an object",
        ),
        pytest.param(
            WHOLE[:-2].encode() + b"," + b"[" * 200_000,
            "grants[3], bytes ",
            "values are nested deeper",
            3,
            id="nested deeply",
        ),
        pytest.param(
            WHOLE[:-2].encode() + b"," + b"7" * 5_000 + b"]}",
            "grants[3], byte ",
            "there are a thousand digits",
            3,
            id="a very long number",
        ),
        pytest.param(
            WHOLE[:-2].encode() + b",1e99999999999999999999]}",
            "grants[3], bytes ",
            "a number is out of range",
            3,
            id="a number out of range",
        ),
        pytest.param(
            WHOLE[:-2].encode() + b',"' + b"x" * 9_000_000 + b'"]}',
            "grants[3], byte ",
            "one value is longer",
            3,
            id="a very long text",
        ),
    ],
)
async def test_a_truncated_file_keeps_its_whole_grants(
    database: Database, write: Write, content: bytes, place: str, why: str, kept: int
) -> None:
    async with open_ledger(database) as ledger:
        with pytest.raises(FileRefused) as refused:
            await run(ledger, write(content))
        assert refused.value.details["place"].startswith(place)
        assert why in refused.value.details["why"]
        assert refused.value.details["new"] == kept
        assert [fact.grant for fact in await grants(ledger)] == [f"360G-{number}" for number in range(kept)]


async def test_what_is_no_file_is_refused(database: Database, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    async with open_ledger(database) as ledger:
        for path, why in (
            (tmp_path, "no file"),
            (tmp_path / "none.json", "No such file"),
            (tmp_path / "pipe", "no file"),
        ):
            with pytest.raises(FileRefused, match=why) as refused:
                await run(ledger, path)
            assert refused.value.details["place"] == str(path)
