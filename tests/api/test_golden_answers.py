"""The same basis gives the same bytes: after a rebuild, a restart, and an upgrade, for which stored answers stand."""

import json

import rfc8785
from tests.api.golden_answers import ANSWERS, ON_A_BASIS, ON_A_POSITION, ask, load
from tests.support import open_folder

from ledger.database import Database, migrate, open_database
from projections.read_models import READ_MODELS
from projections.runner import Runner


def rebuild(database: Database) -> None:
    for model in READ_MODELS:
        runner = Runner(database, model())
        try:
            runner.prepare()
            runner.rebuild()
        finally:
            runner.close()


async def test_answers_survive_rebuild_restart_and_upgrade() -> None:
    questions = ON_A_BASIS + ON_A_POSITION
    with open_folder() as folder:
        with open_database(None, folder) as database:
            migrate(database)
            await load(database)
            first = await ask(database, questions)
            rebuild(database)
            assert await ask(database, questions) == first
        with open_database(None, folder) as database:
            assert await ask(database, questions) == first
    stored = json.loads(ANSWERS.read_text("utf-8"))
    found = {question: first[question].decode() for question in ON_A_BASIS}
    assert found == stored, "an answer changed: raise FOLD_VERSION, then python -m tests.api.golden_answers"


def test_an_answer_is_canonical_json() -> None:
    """RFC 8785: whatever program writes what it read, in whatever order it holds it, writes these bytes."""
    for answer in json.loads(ANSWERS.read_text("utf-8")).values():
        said = json.loads(answer)
        assert rfc8785.dumps(dict(reversed(said.items()))) == answer.encode()
