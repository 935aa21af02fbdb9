"""The page of a draw: what it follows from, and the module that computes it again."""

import json
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.api.client import Town
from tests.api.routes.test_evaluation import drawn
from tests.api.work.test_pages import Checked

from api.pages.hashed_files import STATIC
from ledger.project.sampling import SampleDrawn, digest_of, draw, entry_of, seed_of

NODE = shutil.which("node")
ENTRIES = sorted(digest_of([str(number)]) for number in range(21))


def answer(value: str = "0712192531 08", **changes: Any) -> dict[str, Any]:
    """As the API tells of a draw."""
    digest = digest_of(ENTRIES)
    seed = seed_of(digest, value)
    chosen = draw(seed, ENTRIES, share=10, least=9)
    sample = {"value": value, "seed": seed, "drawn": list(chosen)}
    frame = {"entries": ENTRIES, "digest": digest, "share": 10, "least": 9}
    return {"frame": frame, "sample": sample | changes}


def of_occasions() -> dict[str, Any]:
    said = [("示例义诊", date(2010, 6, number), "示例街道", 40) for number in range(1, 8)]
    entries = sorted((entry_of(*one), one) for one in said)
    occasions = [
        {"entry": entry, "name": name, "on": on.isoformat(), "place": place, "expected": expected}
        for entry, (name, on, place, expected) in entries
    ]
    digest = digest_of([entry for entry, _ in entries])
    seed = seed_of(digest, "7")
    chosen = draw(seed, [entry for entry, _ in entries], share=34, least=1)
    frame = {"occasions": occasions, "digest": digest, "share": 34, "least": 1}
    return {"frame": frame, "sample": {"value": "7", "seed": seed, "drawn": list(chosen)}}


@pytest.mark.skipif(NODE is None, reason="node runs the page's module here; it is not installed")
def test_module_draws_as_the_ledger(tmp_path: Path) -> None:
    assert NODE
    moved = of_occasions()
    moved["frame"]["occasions"][0]["expected"] = 41
    asked = [answer(), of_occasions(), answer(seed="0" * 64), answer(drawn=ENTRIES[:9]), moved]
    file = tmp_path / "answers.json"
    file.write_text(json.dumps(asked))
    runner = Path(__file__).with_name("draws.mjs")
    done = subprocess.run(
        [NODE, runner, STATIC / "draw.js", file], capture_output=True, check=True, encoding="utf-8", timeout=60
    )
    wrong = [{name for name, one in found.items() if one["state"] == "wrong"} for found in json.loads(done.stdout)]
    assert wrong == [set(), set(), {"seed"}, {"drawn"}, {"list"}]


async def test_draw_is_told_step_by_step(town: Town) -> None:
    project, chosen = await drawn(town)
    at = project.removeprefix("/v1")
    for language, word in (("", "种子"), ("?lang=en", "The seed")):
        page = await town.public.http.get(f"{at}/draw{language}")
        assert page.status_code == 200, page.text
        assert word in page.text
        assert f'data-draw="{project}/sample-frame"' in page.text
        assert Checked(page.text).problems == []
    assert chosen
    # The record of the draw leads to it.
    events = await town.service.store.range(0, await town.size())
    event = next(one for one in events if isinstance(one.fact, SampleDrawn))
    record = await town.public.http.get(f"/events/{event.position}")
    assert f'href="{at}/draw"' in record.text


async def test_page_says_that_nothing_is_drawn_yet(town: Town) -> None:
    project = (await town.published()).removeprefix("/v1")
    page = await town.public.http.get(f"{project}/draw")
    assert page.status_code == 200
    assert 'class="empty"' in page.text
    assert "<script" not in page.text
