"""Every benchmark runs, at a scale that takes seconds: what one measures changes more often than it is run."""

import json
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from pathlib import Path

import pytest
from bench.__main__ import SECTIONS
from bench.report import Line

from bench import (
    append,
    batches,
    bulk_reads,
    due_list,
    exports,
    feed,
    figures,
    http,
    import_grants,
    lag,
    listing_page,
    log,
    publication,
    rebuild,
    time_machine,
)
from ledger.database.embedded import EmbeddedServer

PROJECTS = 4


def grants(folder: Path) -> Path:
    file = folder / "grants.json"
    grant = {
        "id": "360G-example-1",
        "title": "Example grant",
        "description": "A grant for an example.",
        "currency": "GBP",
        "amountAwarded": 1000,
        "awardDate": "2024-01-01",
        "recipientOrganization": [{"id": "GB-CHC-1000001", "name": "Example Charity"}],
        "fundingOrganization": [{"id": "GB-CHC-1000002", "name": "Example Foundation"}],
    }
    file.write_text(json.dumps({"grants": [grant]}))
    return file


SMALL: dict[str, Callable[[Path], Iterable[Line]]] = {
    "append": lambda _: append.measure(rounds=1, seconds=1),
    "http": lambda _: http.measure(projects=PROJECTS, connections=1, rounds=1, seconds=0.2, short=0.2),
    "rebuild": lambda _: rebuild.measure(source=PROJECTS, rounds=1),
    "lag": lambda _: lag.measure(seconds=0.2, projects=5),
    "import_grants": lambda folder: import_grants.measure(grants(folder), megabytes=0.01),
    "listing_page": lambda _: listing_page.measure(source=PROJECTS, seconds=0.1),
    "due_list": lambda _: due_list.measure(projects=20, rounds=1),
    "feed": lambda _: feed.measure(source=PROJECTS, page=5, seconds=0.2),
    "figures": lambda _: figures.measure(sizes=(2 * PROJECTS,), seconds=0.05, source=PROJECTS),
    "exports": lambda _: exports.measure(projects=10, seconds=1, source=PROJECTS),
    "bulk_reads": lambda _: bulk_reads.measure(source=PROJECTS, readers=2, seconds=0.3),
    "batches": lambda _: batches.measure(projects=PROJECTS, rounds=1),
    "publication": lambda _: publication.measure(projects=PROJECTS, rounds=1),
    "log": lambda _: log.measure(events=1000, rounds=1, seconds=0.2, proven=10, requests=10),
    "time_machine": lambda _: time_machine.measure(
        time_machine.Sizes(small=1000, large=2000, warming=5, asked=10, projects=20)
    ),
}


def test_every_benchmark_is_run_here() -> None:
    assert set(SMALL) == set(SECTIONS)


@pytest.mark.parametrize("name", SECTIONS)
def test_benchmark_completes_at_small_scale(
    name: str, tmp_path: Path, server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"bench.{name}.running", lambda: nullcontext(server))
    lines = list(SMALL[name](tmp_path))
    assert lines and all(line.figure >= 0 for line in lines)
