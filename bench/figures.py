"""What figures, rankings and work lists of a programme cost, at 500 projects and at 50,000: as known now and as known
earlier, one reader. `python -m bench.figures 5000` for another number."""

import asyncio
import sys
from collections.abc import Iterator

from api.demo import demo_accounts
from bench import filled
from bench.city import PROGRAMME, fill
from bench.http_load import get, load
from bench.listing_page import serving
from bench.report import Line
from bench.server import fresh_database, running
from ledger.database import Database

SIZES = (500, 50_000)
SECONDS = 3.0
ROLES = ("organisation", "district", "office", "committee", "leading_group", "juror", "treasury")
# What the others are to be compared with.
NOTHING = "/healthz"
QUESTIONS = {
    "statistics by category": f"/v1/programmes/{PROGRAMME}/statistics",
    "statistics by district": f"/v1/programmes/{PROGRAMME}/statistics?by=district",
    "statistics by present district": f"/v1/programmes/{PROGRAMME}/statistics?by=district_now",
    "statistics of a district": f"/v1/programmes/{PROGRAMME}/statistics?district=110105",
    "briefing": f"/v1/programmes/{PROGRAMME}/briefing",
    "briefing of a district": f"/v1/programmes/{PROGRAMME}/briefing?district=110105",
    "briefing of a quarter": f"/v1/programmes/{PROGRAMME}/briefing?from=2010-04-01&to=2010-06-30",
    "briefing, page": f"/programmes/{PROGRAMME}/briefing",
    "honours, page": f"/programmes/{PROGRAMME}/honours",
    "ranking, formula 1": f"/v1/programmes/{PROGRAMME}/rankings/advanced-organisation?formula=1",
    "ranking, formula 2": f"/v1/programmes/{PROGRAMME}/rankings/advanced-organisation?formula=2",
}
# By those who see everything.
CONFIDENTIAL = {
    "statistics, all projects": f"/v1/programmes/{PROGRAMME}/statistics",
    "ranking, all nominees": f"/v1/programmes/{PROGRAMME}/rankings/advanced-organisation",
    "competition": f"/v1/programmes/{PROGRAMME}/competition",
}


def wanted_of(size: int) -> str:
    return "p50 ≤ 30 ms" if size <= SIZES[0] else "p50 ≤ 60 ms"


def measure(sizes: tuple[int, ...] = SIZES, seconds: float = SECONDS, source: int | None = None) -> Iterator[Line]:
    """`source`: see `filled.fill`."""
    for size in sizes:
        with running() as server, fresh_database(server) as database:
            filled.fill(database, source)
            tokens = {} if source else {one.role.value: one.token for one in asyncio.run(demo_accounts(database))}
            yield from measured(database, tokens, size, seconds)


def measured(database: Database, tokens: dict[str, str], size: int, seconds: float) -> Iterator[Line]:
    """In a ledger that has the programme; `tokens` by role."""
    projects, known = fill(database, size)
    asked = [("a request that does nothing", NOTHING, "")]
    asked += [(name, path, "") for name, path in QUESTIONS.items()]
    asked += [(name, path, tokens["leading_group"]) for name, path in CONFIDENTIAL.items() if tokens]
    asked += [(f"work list, {role}", "/v1/worklist", tokens[role]) for role in ROLES if role in tokens]
    with serving(database) as (_, port):
        for name, path, token in asked:
            earlier = f"{path}{'&' if '?' in path else '?'}known_at={known}"
            for when, address in (("now", path), ("earlier", earlier))[: 1 if path == NOTHING else 2]:
                wanted = get(address, token)
                asyncio.run(load(port, wanted, 1, seconds / 4, b"200"))
                found = asyncio.run(load(port, wanted, 1, seconds, b"200"))
                label = f"{projects:,} projects, {name}, {when}, p50 (p99 {found.p99_ms:.1f} ms)"
                yield Line(label, found.p50_ms, "ms", wanted=wanted_of(projects))


if __name__ == "__main__":
    for line in measure(tuple(map(int, sys.argv[1:])) or SIZES):
        print(line, flush=True)
