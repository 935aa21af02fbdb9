"""Writes the tables of docs/refusals.md from the refusals in the code: `python -m tests.docs.refusals_page`."""

import re
from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules

from tests.docs.documents import DOCS

import ledger
from api.problems import HOST_UNCLEAR, HTTP_REFUSALS, STATUS
from ledger import refusals
from ledger.core.refusal import Refusal

PAGE = DOCS / "refusals.md"
for module in iter_modules(refusals.__path__, f"{refusals.__name__}."):
    import_module(module.name)
REFUSALS = sorted(
    (found for found in Refusal.__subclasses__() if found.__module__.startswith(f"{ledger.__name__}.")),
    key=lambda found: found.code,
)
Row = tuple[str, int, str, str]


def own() -> list[Row]:
    return [(found.code, STATUS[found.kind], found.zh, found.en) for found in REFUSALS]


def of_http() -> list[Row]:
    rows = [*HTTP_REFUSALS.items(), (400, HOST_UNCLEAR)]
    return [(code, status, zh, en) for status, (code, zh, en) in rows]


def rewritten(text: str) -> str:
    """The page with its two tables of codes as the code has them."""
    tables = iter((own(), of_http()))
    head = r"\| code \| status \| in Chinese \| in English \|\n\|---\|---\|---\|---\|\n"
    return re.sub(rf"({head})(?:\|.*\n)*", lambda found: found[1] + _lines(next(tables)), text)


def _lines(rows: Iterable[Row]) -> str:
    return "".join(f"| `{code}` | {status} | {zh} | {en} |\n" for code, status, zh, en in rows)


if __name__ == "__main__":
    PAGE.write_text(rewritten(PAGE.read_text("utf-8")), "utf-8")
