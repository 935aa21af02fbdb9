"""Files to import."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.api.files.imports.grants import Write


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes rows, or bytes as they are, to a file."""

    def write(content: bytes | list[Any], name: str = "grants.json") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else json.dumps({"grants": content}).encode())
        return path

    return write
