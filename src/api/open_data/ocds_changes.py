"""What a release has to say so that merging it into what was known before gives what is known now.

The merge is that of OCDS 1.1: objects by field, lists of objects by `id`, every other list as a whole, null takes a
field away. A list's object never goes: what counts no more stands there with its id, and of what has a status, as
cancelled.
"""

from typing import Any

Object = dict[str, Any]
# Without these an object is not valid, whatever else of it is gone.
KEPT = ("id", "awardID")
# `wholeListMerge` in the schema.
WHOLE = frozenset({"additionalIdentifiers"})
CANCELLED = frozenset({"awards", "contracts"})


def change(before: Object, after: Object) -> Object:
    """The fields that differ; null for those that are gone."""
    found: Object = {}
    for key in [*before, *(key for key in after if key not in before)]:
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        if isinstance(old, dict) or isinstance(new, dict):
            new = _kept(old or {}) if new is None else new
            if inner := change(old or {}, new):
                found[key] = _kept(new) | inner
        elif key not in WHOLE and (_is_by_id(old) or _is_by_id(new)):
            if items := _items(key, old or [], new or []):
                found[key] = items
        else:
            found[key] = new
    return found


def merged(before: Object, release: Object) -> Object:
    """What was known with what a release says."""
    result = dict(before)
    for key, new in release.items():
        old = before.get(key)
        if new is None:
            result.pop(key, None)
        elif isinstance(new, dict):
            # What loses all its fields stays empty, as the standard's own library has it.
            result[key] = merged(old or {}, new)
        elif key not in WHOLE and _is_by_id(new):
            items = {item["id"]: item for item in old or []}
            for item in new:
                items[item["id"]] = merged(items.get(item["id"], {}), item)
            result[key] = list(items.values())
        else:
            result[key] = new
    return result


def _is_by_id(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) and "id" in item for item in value)


def _items(key: str, before: list[Object], after: list[Object]) -> list[Object]:
    old = {item["id"]: item for item in before}
    new = {item["id"]: item for item in after}
    items = []
    for name in [*old, *(name for name in new if name not in old)]:
        was, now = old.get(name, {}), new.get(name)
        if now is None:
            now = _kept(was) | ({"status": "cancelled"} if key in CANCELLED else {})
        if found := change(was, now):
            items.append(_kept(now) | found)
    return items


def _kept(value: Object) -> Object:
    return {field: value[field] for field in KEPT if field in value}
