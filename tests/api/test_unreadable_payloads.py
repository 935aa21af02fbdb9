"""An event whose stored bytes were changed is named by its position, and nothing is answered or decided by it."""

from uuid import UUID

import psycopg
import pytest
from tests.api.bodies import screening
from tests.api.client import Town, check_problem
from tests.ledger.test_storage_format import GOLDEN

from ledger.database import Database
from ledger.refusals.storage import PayloadDiffers


async def test_changed_bytes_are_named_and_never_used(town: Town, database: Database) -> None:
    project = await town.applied()
    position = await town.size() - 1
    await town.followed()
    with psycopg.connect(database.login) as connection:
        connection.execute(
            "UPDATE ledger.payloads SET payload = %s WHERE position = %s", [GOLDEN["Published"], position]
        )
    town.service.ledger.forget([UUID(project.rsplit("/", 1)[1])])
    for answer in (
        await town.office.get(f"{project}/history"),
        await town.office.get(f"{project}/state"),
        await town.district.post(f"{project}/screening", screening()),
    ):
        check_problem(answer, 503, "payload_differs")
        assert answer.json()["details"] == {"position": position}
    with pytest.raises(PayloadDiffers):
        await town.service.payloads.stored([position])
    assert await town.size() == position + 1
