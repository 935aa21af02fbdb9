"""How a form is shown: each field as one reader sees it, with what was typed and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from api.pages.reader import Reader
from api.pages.work_texts import WORK
from api.work.describe import Either, Group, Kind, Leaf, Node, Rows, is_by_project
from api.work.known import BROUGHT, Included
from api.work.labels import hint_of, label_of
from api.work.values import ALL, COUNT, FILE_NAME, NO, TICKED, YES, Choice, Choices, Typed, joined, row_keys
from api.work.work_codes import WAYS, words_of

# More than these are a list to open.
MOST_RADIOS = 7


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    about: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Widget:
    """`shape`: the macro of `work_fields.html` that draws it. `fixed`: there is one choice, which is shown and sent.
    `rows`: the parts of a list, each with its key and whether it is ticked."""

    shape: str
    path: str
    label: str
    hint: str = ""
    error: str = ""
    value: str = ""
    file_name: str = ""
    is_required: bool = True
    longest: int = 200
    options: Sequence[Option] = ()
    fields: "Sequence[Widget]" = ()
    rows: "Sequence[Row]" = ()
    count: int = 0
    may_add: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    path: str
    label: str
    about: str
    ticks: bool
    is_ticked: bool
    fields: Sequence[Widget]
    dropped_by: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """What one rendering of a form knows. `errors`: by the path of their field."""

    reader: Reader
    typed: Typed
    choices: Choices
    errors: Mapping[str, str]

    def widgets(self, node: Group, path: str = "") -> list[Widget]:
        found = (self._widget(one, joined(path, one.name)) for one in node.fields)
        return [one for one in found if one is not None]

    def _widget(self, node: Node, path: str) -> Widget | None:
        label, hint = self._names(node)
        match node:
            case Leaf():
                return self._leaf(node, path, label, hint)
            case Group():
                return Widget(
                    "group",
                    path,
                    label,
                    error=self.errors.get(path, ""),
                    is_required=node.required,
                    fields=self.widgets(node, path),
                )
            case Rows():
                return self._rows(node, path, label, hint)
            case Either():
                return self._either(node, path, label)

    def _leaf(self, node: Leaf, path: str, label: str, hint: str) -> Widget | None:
        value, error = self.typed.get(path, ""), self.errors.get(path, "")
        options: Sequence[Option] = ()
        shape = _SHAPES.get(node.kind, "line")
        if node.kind is Kind.FIXED or node.name in BROUGHT:
            return None
        if node.kind is Kind.KNOWN:
            return self._known(node, path, label, hint)
        if node.kind is Kind.YES_NO:
            said = (YES, "yes"), (NO, "no")
            options = [Option(code, self.reader.say(WORK[key]), "", value == code) for code, key in said]
        if node.kind is Kind.CODE:
            named = ((code, self.reader.say(words_of(node.code_type, code))) for code in node.codes)
            options = [Option(code, name, "", value == code) for code, name in named]
            shape = "radios" if len(options) <= MOST_RADIOS else "select"
        return Widget(
            shape,
            path,
            label,
            hint,
            error,
            value,
            self.typed.get(path + FILE_NAME, ""),
            is_required=node.required,
            longest=node.longest,
            options=options,
        )

    def _known(self, node: Leaf, path: str, label: str, hint: str) -> Widget:
        there = self.choices.get(path, ())
        value, error = self.typed.get(path, ""), self.errors.get(path, "")
        if node.many:
            options = [self._option(one, self.typed.get(joined(path, one.value)) == TICKED) for one in there]
            return Widget("boxes", path, label, hint, error, is_required=node.required, options=options)
        if node.required and len(there) == 1:
            options = [self._option(there[0], chosen=True)]
            return Widget("fixed", path, label, "", error, there[0].value, options=options)
        options = [self._option(one, one.value == value) for one in there]
        if not options:
            return Widget("none", path, label, "", error, is_required=node.required)
        shape = "radios" if len(options) <= MOST_RADIOS else "select"
        return Widget(shape, path, label, hint, error, value, is_required=node.required, options=options)

    def _option(self, one: Choice, chosen: bool) -> Option:
        return Option(one.value, one.label, one.about, chosen)

    def _rows(self, node: Rows, path: str, label: str, hint: str) -> Widget:
        there = {one.value: one for one in self.choices.get(path, ())}
        rows = []
        for key in row_keys(node, path, self.typed, self.choices):
            at = joined(path, key)
            choice = there.get(key)
            if node.by and node.included is not Included.TICKED and choice and (only := self._only(node, at)):
                # A row of one field is that field, under the name of the row.
                rows.append(Row(at, "", "", False, False, [replace(only, label=choice.label)]))
                continue
            fields = (
                self.widgets(node.item, at)
                if isinstance(node.item, Group)
                else [one for one in (self._widget(node.item, at),) if one]
            )
            rows.append(
                Row(
                    at,
                    choice.label if choice else self.reader.say(WORK["row"], number=int(key) + 1),
                    choice.about if choice else "",
                    node.included is Included.TICKED and node.by is not None,
                    self.typed.get(at) == TICKED,
                    fields,
                    "" if node.by else at,
                )
            )
        return Widget(
            "rows",
            path,
            label,
            hint,
            self.errors.get(path, ""),
            is_required=node.required,
            fields=self._shared(node, path) if len(rows) > 1 else (),
            rows=rows,
            count=len(rows),
            may_add=node.by is None,
        )

    def _shared(self, node: Rows, path: str) -> Sequence[Widget]:
        """What may be said once for all projects."""
        if not is_by_project(node) or not isinstance(node.item, Group):
            return ()
        said = [one for one in node.item.fields if isinstance(one, Leaf) and one.kind in _SAID_ONCE]
        found = (self._leaf(one, joined(joined(path, ALL), one.name), *self._names(one)) for one in said)
        return [replace(one, is_required=True) for one in found if one is not None]

    def _names(self, node: Node) -> tuple[str, str]:
        """Label and hint."""
        if not node.name:
            return "", ""
        return label_of(self.reader, node.owner, node.name), hint_of(self.reader, node.owner, node.name)

    def _only(self, node: Rows, path: str) -> Widget | None:
        inner = node.item.fields if isinstance(node.item, Group) else ()
        if len(inner) != 1 or not isinstance(inner[0], Leaf):
            return None
        found = self._widget(inner[0], joined(path, inner[0].name))
        return replace(found, is_required=True) if found else None

    def _either(self, node: Either, path: str, label: str) -> Widget:
        at = joined(path, node.tag)
        chosen = self.typed.get(at, "")
        named = ((code, self.reader.say(WAYS[code])) for code, _ in node.options)
        options = [Option(code, name, "", code == chosen) for code, name in named]
        inside = dict(node.options).get(chosen)
        return Widget(
            "either",
            at,
            label,
            error=self.errors.get(at, ""),
            value=chosen,
            options=options,
            fields=self.widgets(inside, path) if inside else (),
        )


_SAID_ONCE = frozenset({Kind.TEXT, Kind.LINE, Kind.DATE, Kind.YES_NO, Kind.CODE, Kind.MONEY, Kind.NUMBER})
_SHAPES = {
    Kind.TEXT: "text",
    Kind.LINES: "text",
    Kind.LINE: "line",
    Kind.NUMBER: "number",
    Kind.DATE: "date",
    Kind.MONEY: "money",
    Kind.YES_NO: "radios",
    Kind.FILE: "file",
    Kind.DIGEST: "file",
}


def blocked(node: Group, choices: Choices, path: str = "") -> Leaf | None:
    """A field that has to be chosen and of which there is nothing to choose: then the form cannot be sent."""
    for one in node.fields:
        at = joined(path, one.name)
        if isinstance(one, Leaf) and one.kind is Kind.KNOWN and one.required and not choices.get(at):
            return one
        if isinstance(one, Rows) and one.by and one.required and not choices.get(at):
            return one.by
        if isinstance(one, Group) and one.required and (found := blocked(one, choices, at)):
            return found
    return None


def first_rows(node: Node, typed: dict[str, str], path: str = "") -> None:
    """Opens one row of each list that has to have some."""
    match node:
        case Group():
            for one in node.fields:
                first_rows(one, typed, joined(path, one.name))
        case Rows(by=None):
            typed.setdefault(path + COUNT, "1" if node.required else "0")
        case _:
            return
