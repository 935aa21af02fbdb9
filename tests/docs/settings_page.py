"""Writes docs/configuration.md from the settings: `python -m tests.docs.settings_page`."""

from pydantic.fields import FieldInfo
from tests.docs.access_page import _table
from tests.docs.documents import DOCS

from api.settings import Settings

PAGE = DOCS / "configuration.md"
HEAD = """# Settings

For operators. Settings come from the environment and are read when a command starts; a variable that is set to nothing
counts as one that is not set. `minsheng serve` also takes `PORT`, the port that it listens on (8000). This page is made
by `python -m tests.docs.settings_page` from the code; a test fails when the two differ.

"""


def default(field: FieldInfo) -> str:
    return f"`{field.default}`" if field.default_factory is None and field.default not in (None, "", False) else ""


def text() -> str:
    rows = []
    for name, field in Settings.model_fields.items():
        assert field.description, name
        rows.append([f"`{name.upper()}`", " ".join(field.description.split()), default(field)])
    return HEAD + _table(["variable", "meaning", "without it"], rows)


if __name__ == "__main__":
    PAGE.write_text(text(), "utf-8")
