"""A second ledger, where backups of the first come to live."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.api.cli.backups import Place
from tests.conftest import fresh_database

from ledger.database.embedded import EmbeddedServer


@pytest.fixture
def other(server: EmbeddedServer, template: str, tmp_path: Path) -> Iterator[Place]:
    with fresh_database(server, template) as fresh:
        yield Place(fresh, tmp_path / "other")
