"""Header fields as ASGI has them: a list of pairs of bytes, names in lower case."""

from collections.abc import Collection, Iterable

from starlette.types import Scope

Fields = list[tuple[bytes, bytes]]


def value(fields: Iterable[tuple[bytes, bytes]], name: bytes) -> bytes | None:
    """All values of the field as one list; None where there is none."""
    found = [given for field, given in fields if field.lower() == name]
    return b", ".join(found) if found else None


def without(fields: Iterable[tuple[bytes, bytes]], names: Collection[bytes]) -> Fields:
    return [(name, given) for name, given in fields if name.lower() not in names]


def has(scope: Scope, name: bytes) -> bool:
    return any(field == name for field, _ in scope["headers"])


def vary_by(fields: Fields, *names: bytes) -> None:
    """Adds the names to Vary, each once."""
    there = value(fields, b"vary") or b""
    known = [one.strip() for one in there.split(b",") if one.strip()]
    lower = {one.lower() for one in known}
    added = [name for name in names if name.lower() not in lower]
    if added:
        fields[:] = [*without(fields, {b"vary"}), (b"vary", b", ".join([*known, *added]))]
