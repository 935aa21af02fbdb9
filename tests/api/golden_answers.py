"""A fixed log, questions about it, and the answers as they were: `python -m tests.api.golden_answers` writes these.

tests/golden-answers/log.jsonl holds stored events, byte for byte, and never changes. fold-N.json holds, for the fold
version N, the bytes of each answer. When they must change, so must FOLD_VERSION: what has been published under a basis
stays so.
"""

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

import httpx2
from tests.api.client import connect
from tests.ledger.store.appends import written
from tests.support import MASTER, HandClock, open_folder

from api.service import open_service
from ledger.accounts import open_account
from ledger.core.fact import Role
from ledger.core.history import FOLD_VERSION
from ledger.database import Database, migrate, open_database
from ledger.store import open_store
from ledger.tokens import issue_token

FOLDER = Path(__file__).parents[1] / "golden-answers"
ANSWERS = FOLDER / f"fold-{FOLD_VERSION}.json"
PROJECT = "/v1/projects/00000000-0000-4000-8000-000000000001"
GRANT = "/v1/projects/00000000-0000-4000-8000-000000000003"
UNPUBLISHED = "/v1/projects/00000000-0000-4000-8000-000000000004"
# Who asks, and what. These rest on a basis that they name.
ON_A_BASIS = [
    f"{who} {question}"
    for who in ("public", "auditor")
    for question in (
        f"{PROJECT}/state?known_at=2",
        f"{PROJECT}/state?known_at=2010-03-15",
        f"{PROJECT}/state?known_at=2010-05-10&effective_on=2010-03-21",
        f"{PROJECT}/state?known_at=2010-05-12T01:00:00Z&effective_on=2010-03-21",
        f"{PROJECT}/state?known_at=18&effective_on=2010-03-11",
        f"{PROJECT}/state?known_at=18&effective_on=2009-12-31",
        f"{PROJECT}/state?known_at=18",
        f"{PROJECT}/diff?from=2&to=18",
        f"{PROJECT}/diff?from=12&to=13",
        f"{PROJECT}/diff?from=12&to=18&corrections_only=true",
        f"{PROJECT}/diff?from=12&to=18&corrections_only=true&from_effective_on=2010-03-11&to_effective_on=2010-03-11",
        f"{PROJECT}/diff?from=18&to=18&from_effective_on=2010-03-11&to_effective_on=2010-03-21",
        f"{GRANT}/state?known_at=17",
        f"{GRANT}/state?known_at=18&effective_on=2010-03-15",
        f"{GRANT}/diff?from=17&to=18",
    )
] + [f"auditor {UNPUBLISHED}/state?known_at=18"]
# These may come to say more from one release to the next, and meanwhile rest on a position too.
ON_A_POSITION = [
    f"{who} {question}"
    for who in ("public", "auditor")
    for question in (
        f"{PROJECT}/history?known_at=18",
        f"{PROJECT}/history?known_at=18&axis=effective",
        f"{PROJECT}/money?known_at=18",
        f"{PROJECT}/due?known_at=18&on=2010-06-01",
        "/v1/projects?known_at=18",
        "/v1/projects?known_at=9&sort=title",
        "/v1/organisations?known_at=18",
        "/v1/organisations/00000000-0000-4000-8000-000000000002/history?known_at=18",
        "/v1/programmes?known_at=18",
        "/v1/programmes/beijing-2010?known_at=18&on=2010-03-01",
        "/v1/programmes/beijing-2010/due?known_at=18&on=2010-06-01",
    )
]


async def load(database: Database) -> None:
    """Appends the events of the log at the times at which they were recorded."""
    clock, versions = HandClock(), dict[UUID, int]()
    async with open_store(database, clock) as store:
        for line in (FOLDER / "log.jsonl").read_text("utf-8").splitlines():
            stored = json.loads(line)
            stream, clock.now = UUID(stored["stream"]), datetime.fromisoformat(stored["recorded_at"])
            version = versions.get(stream, 0)
            await store.append(written(stream, version, stored["payload"].encode()))
            versions[stream] = version + 1


@asynccontextmanager
async def served(database: Database) -> AsyncIterator[httpx2.AsyncClient]:
    async with open_service(database, MASTER, HandClock(), start=threading.Thread) as service, connect(service) as http:
        await service.wait_for((await service.store.head()).size - 1)
        async with service.pool.connection() as connection:
            auditor = await open_account(connection, Role.AUDITOR, None, "auditor")
            http.headers["x-auditor"] = await issue_token(connection, auditor.id)
        yield http


async def ask(database: Database, questions: list[str]) -> dict[str, bytes]:
    """The bytes of each answer, by its question."""
    answers = {}
    async with served(database) as http:
        token = http.headers.pop("x-auditor")
        for question in questions:
            who, address = question.split(" ")
            answer = await http.get(address, headers={"Authorization": f"Bearer {token}"} if who == "auditor" else {})
            assert answer.status_code == 200, f"{question}: {answer.text}"
            answers[question] = answer.content
    return answers


def main() -> None:
    with open_folder() as folder, open_database(None, folder) as database:
        migrate(database)
        asyncio.run(load(database))
        answers = asyncio.run(ask(database, ON_A_BASIS))
    text = json.dumps(
        {question: content.decode() for question, content in answers.items()}, ensure_ascii=False, indent=1
    )
    ANSWERS.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
