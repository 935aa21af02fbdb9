"""What differs between two documents of plain JSON values, place by place."""

from collections.abc import Iterator
from typing import Any

from ledger.values import Frozen

# What the items of a list are told apart by: the first of these that all of them have, each another.
KEYS = ("version", "source", "milestone", "criterion", "sha256")


class Change(Frozen):
    """`path` is a JSON Pointer (RFC 6901) into the documents, where a list whose items have a `version` (else a
    `source`, `milestone`, `criterion`, `sha256`) is read as an object by that key: an item that comes in between
    changes nothing of those behind it. What is null or not there on one side is `null`, and the whole value on the
    other; a list of other items is one value."""

    path: str
    before: Any
    after: Any


def changes(before: Any, after: Any, path: str = "") -> Iterator[Change]:
    """The places in the order of the documents; none when the documents are equal."""
    if isinstance(before, list) and isinstance(after, list) and (keyed := _keyed(before, after)):
        before, after = keyed
    if isinstance(before, dict) and isinstance(after, dict):
        for name in before | after:
            yield from changes(before.get(name), after.get(name), f"{path}/{_escaped(name)}")
    elif before != after:
        yield Change(path=path, before=before, after=after)


def leaves(document: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each place that holds a value, by the same pointers; places that are null or empty are left out."""
    if isinstance(document, list) and (keyed := _keyed(document, document)):
        document = keyed[0]
    if isinstance(document, dict):
        for name, value in document.items():
            yield from leaves(value, f"{path}/{_escaped(name)}")
    elif document not in (None, []):
        yield path, document


def _keyed(before: list[Any], after: list[Any]) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Both lists by what tells their items apart; None when nothing does, or when what stays stands in another
    order."""
    for key in KEYS:
        found = [_by(key, before), _by(key, after)]
        if all(one is not None for one in found):
            old, new = (one or {} for one in found)
            return (old, new) if [k for k in old if k in new] == [k for k in new if k in old] else None
    return None


def _by(key: str, items: list[Any]) -> dict[str, Any] | None:
    if not all(isinstance(item, dict) and isinstance(item.get(key), str | int) for item in items):
        return None
    found = {str(item[key]): item for item in items}
    return found if len(found) == len(items) else None


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
