"""What was typed into a form, and the body of a request that it makes; and the other way round."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from api.work.describe import Either, Group, Kind, Leaf, Node, Rows
from api.work.known import Included

# Of a form, by the path of its field: `form.budget.own.money`.
Typed = Mapping[str, str]
TICKED, YES, NO = "on", "yes", "no"
# How many rows of a list are open, next to its path; the name of an uploaded file, next to its digest.
COUNT, FILE_NAME = ".rows", ".name"
# Stands for every project that is chosen, in the path of a field that is the same for them.
ALL = "_all"
MOST_ROWS = 50
_NOTHING: Any = object()


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    about: str = ""


# Those of each field that has any, by its path; of rows that choices make, by that of the rows.
Choices = Mapping[str, Sequence[Choice]]


@dataclass(slots=True)
class Read:
    """`rows`: which rows of each list were sent, in their order."""

    typed: Typed
    choices: Choices
    currency: str
    rows: dict[str, list[str]] = field(default_factory=dict)

    def body(self, node: Node) -> Any:
        found = self._of(node, "")
        return {} if found is _NOTHING else found

    def part(self, node: Node, path: str) -> Any:
        """What stands under a path, or None."""
        found = self._of(node, path)
        return None if found is _NOTHING else found

    def _of(self, node: Node, path: str) -> Any:
        match node:
            case Leaf():
                return self._leaf(node, path)
            case Group():
                return self._group(node, path)
            case Rows():
                return self._rows(node, path)
            case Either():
                chosen = dict(node.options).get(self.typed.get(joined(path, node.tag), ""))
                return self._group(chosen, path) if chosen else _NOTHING

    def _group(self, node: Group, path: str) -> Any:
        found: dict[str, Any] = {}
        is_filled = False
        for one in node.fields:
            value = self._of(one, joined(path, one.name))
            if value is _NOTHING:
                if isinstance(one, Leaf | Rows) and one.says_none:
                    found[one.name] = None if isinstance(one, Leaf) else []
                continue
            is_filled = is_filled or (_is_asked(one) and _says_something(value))
            if isinstance(one, Leaf) and one.is_json and isinstance(value, dict) and one.name in value:
                # What was chosen brings its neighbours along.
                found |= value
            else:
                found[one.name] = value
        return found if is_filled or node.required else _NOTHING

    def _rows(self, node: Rows, path: str) -> Any:
        sent: list[str] = []
        values = []
        for key in row_keys(node, path, self.typed, self.choices):
            at = joined(path, key)
            if node.included is Included.TICKED and node.by and self.typed.get(at) != TICKED:
                continue
            value = self._of(node.item, at)
            if node.by and isinstance(node.item, Group):
                filled = {} if value is _NOTHING else value
                if node.included is Included.FILLED and not filled:
                    continue
                value = {node.by.name: key} | filled
            elif value is _NOTHING or value == {}:
                continue
            sent.append(key)
            values.append(value)
        self.rows[path] = sent
        return values if values or node.required else _NOTHING

    def _leaf(self, node: Leaf, path: str) -> Any:
        if node.kind is Kind.FIXED:
            return node.codes[0]
        if node.many:
            ticked = [one[len(path) + 1 :] for one, said in self.typed.items() if one.startswith(f"{path}.") and said]
            return [json.loads(one) if node.is_json else one for one in ticked] if ticked else _NOTHING
        said = self.typed.get(path, "").strip()
        if not said:
            return _NOTHING
        match node.kind:
            case Kind.NUMBER:
                return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else said
            case Kind.YES_NO:
                return {YES: True, NO: False}.get(said, said)
            case Kind.MONEY:
                return {"amount": amount_of(said), "currency": self.currency}
            case Kind.FILE:
                return {"name": self.typed.get(path + FILE_NAME, ""), "sha256": said}
            case Kind.LINES:
                return said.split()
            case Kind.KNOWN if node.is_json:
                return _json(said)
            case _:
                return said

    def place_of(self, node: Node, loc: Sequence[int | str]) -> str:
        """The path of what an error is about; of the nearest around it where that is no field of the form."""
        path, rest = "", list(loc)
        while rest:
            match node:
                case Leaf():
                    return path
                case Group():
                    inner = next((one for one in node.fields if one.name == rest[0]), None)
                    if inner is None:
                        return path
                    path, node = joined(path, inner.name), inner
                    rest.pop(0)
                case Rows():
                    place = rest.pop(0)
                    keys = self.rows.get(path, [])
                    if not isinstance(place, int) or place >= len(keys):
                        return path
                    path, node = joined(path, keys[place]), node.item
                case Either():
                    chosen = dict(node.options).get(self.typed.get(joined(path, node.tag), ""))
                    if chosen is None:
                        return joined(path, node.tag)
                    node = chosen
                    # The kind stands in the place of an error, and in no path.
                    rest.pop(0)
        return path


def row_keys(node: Rows, path: str, typed: Typed, choices: Choices) -> list[str]:
    if node.by:
        return [one.value for one in choices.get(path, ())]
    said = typed.get(path + COUNT, "")
    count = int(said) if said.isascii() and said.isdigit() and len(said) < 4 else 0
    return [str(row) for row in range(min(count, MOST_ROWS))]


def shown_leaves(node: Node, path: str, typed: Typed, choices: Choices) -> list[tuple[str, Leaf]]:
    """Each field that is shown, by its path."""
    match node:
        case Leaf():
            return [(path, node)]
        case Group():
            return [found for one in node.fields for found in shown_leaves(one, joined(path, one.name), typed, choices)]
        case Rows():
            keys = row_keys(node, path, typed, choices)
            return [found for key in keys for found in shown_leaves(node.item, joined(path, key), typed, choices)]
        case Either():
            chosen = dict(node.options).get(typed.get(joined(path, node.tag), ""))
            return shown_leaves(chosen, path, typed, choices) if chosen else []


def typed_of(node: Node, value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """What would have been typed to send this value, which is as JSON has it."""
    if value is None:
        return
    match node:
        case Leaf():
            yield from _typed_leaf(node, value, path)
        case Group():
            for one in node.fields:
                yield from typed_of(one, value.get(one.name), joined(path, one.name))
        case Rows(by=None):
            yield path + COUNT, str(len(value))
            for place, one in enumerate(value):
                yield from typed_of(node.item, one, joined(path, str(place)))
        case Rows(by=Leaf() as by):
            for one in value:
                key = str(one[by.name])
                yield joined(path, key), TICKED
                yield from typed_of(node.item, one, joined(path, key))
        case Either():
            code = str(value[node.tag])
            yield joined(path, node.tag), code
            for tag, option in node.options:
                if tag == code:
                    yield from typed_of(option, value, path)


def _typed_leaf(node: Leaf, value: Any, path: str) -> Iterator[tuple[str, str]]:
    if node.many:
        yield from ((joined(path, _text(node, one)), TICKED) for one in value)
    elif node.kind is Kind.LINES:
        yield path, "\n".join(value)
    elif node.kind is Kind.MONEY:
        yield path, str(value["amount"])
    elif node.kind is Kind.FILE:
        yield path, str(value["sha256"])
        yield path + FILE_NAME, str(value["name"])
    elif node.kind is Kind.YES_NO:
        yield path, YES if value else NO
    else:
        yield path, _text(node, value)


def _text(node: Leaf, value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if node.is_json else str(value)


def amount_of(said: str) -> str:
    """As it is written on forms: with separators and a sign of the currency."""
    return said.strip("¥￥元 ").replace(",", "").replace("，", "")


def joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path and name else path or name


def _says_something(value: Any) -> bool:
    match value:
        case None:
            return False
        case dict():
            return any(map(_says_something, value.values()))
        case list():
            return bool(value)
        case _:
            return True


def _is_asked(node: Node) -> bool:
    """What has one value only fills in no part of a form."""
    return not (isinstance(node, Leaf) and node.kind is Kind.FIXED)


def _json(said: str) -> Any:
    try:
        return json.loads(said)
    except ValueError:
        return said
