"""Files of the pages, under addresses that name their content."""

import os
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from fastapi.staticfiles import StaticFiles
from starlette.responses import Response
from starlette.types import Scope

STATIC = Path(__file__).parent / "static"
FOR_EVER = "public, max-age=31536000, immutable"


@lru_cache
def _digest(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()[:12]


def address_of(name: str) -> str:
    """The address changes with the content, so that no reader keeps an old one."""
    return f"/static/{name}?{_digest(STATIC / name)}"


class HashedFiles(StaticFiles):
    """For ever where the address names the content; else each reader asks again."""

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        answer = super().file_response(full_path, stat_result, scope, status_code)
        named = scope["query_string"].decode("latin-1") == _digest(Path(full_path))
        answer.headers["Cache-Control"] = FOR_EVER if named else "public, no-cache"
        return answer
