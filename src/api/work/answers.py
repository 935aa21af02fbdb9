"""What was filled in, as it is read through before it is sent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pydantic import ValidationError

from api.pages.reader import Reader
from api.pages.work_texts import WORK
from api.work.describe import Either, Group, Kind, Leaf, Node, Rows
from api.work.known import BROUGHT, Included
from api.work.labels import label_of
from api.work.values import FILE_NAME, TICKED, YES, Choices, Typed, amount_of, joined, row_keys
from api.work.work_codes import WAYS, words_of
from ledger.core.words import Words
from ledger.values import Money


@dataclass(frozen=True, slots=True)
class Answer:
    """A heading of a part has no value."""

    label: str
    value: str
    path: str
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Answers:
    reader: Reader
    typed: Typed
    choices: Choices
    currency: str

    def of(self, node: Node, path: str = "") -> Iterator[Answer]:
        match node:
            case Leaf():
                if (value := self._value(node, path)) is not None:
                    yield Answer(self._label(node), value, path)
            case Group():
                inside = [one for field in node.fields for one in self.of(field, joined(path, field.name))]
                if node.name and inside:
                    yield Answer(self._label(node), "", path, is_heading=True)
                yield from inside
            case Rows():
                yield from self._rows(node, path)
            case Either():
                chosen = self.typed.get(joined(path, node.tag), "")
                inside_of = dict(node.options).get(chosen)
                if inside_of:
                    yield Answer(self._label(node), self.reader.say(WAYS[chosen]), path)
                    yield from self.of(inside_of, path)

    def _rows(self, node: Rows, path: str) -> Iterator[Answer]:
        there = {one.value: one.label for one in self.choices.get(path, ())}
        found: list[Answer] = []
        for key in row_keys(node, path, self.typed, self.choices):
            at = joined(path, key)
            if node.by and node.included is Included.TICKED and self.typed.get(at) != TICKED:
                continue
            inside = list(self.of(node.item, at))
            if not inside and node.included is not Included.TICKED:
                continue
            name = there.get(key) or self.reader.say(WORK["row"], number=int(key) + 1 if key.isdigit() else 1)
            if len(inside) == 1 and node.by:
                found.append(Answer(name, inside[0].value, at))
            elif isinstance(node.item, Leaf):
                found += [Answer(name, one.value, one.path) for one in inside]
            else:
                found += [Answer(name, "", at, is_heading=True), *inside]
        if found:
            yield Answer(self._label(node), "", path, is_heading=True)
            yield from found

    def _label(self, node: Node) -> str:
        return label_of(self.reader, node.owner, node.name) if node.name else ""

    def _value(self, node: Leaf, path: str) -> str | None:
        """None for what was left out, and for what nobody asked."""
        if node.kind is Kind.FIXED or node.name in BROUGHT:
            return None
        if node.many:
            return self._many(path)
        said = self.typed.get(path, "").strip()
        if not said:
            return None
        match node.kind:
            case Kind.KNOWN:
                return next((one.label for one in self.choices.get(path, ()) if one.value == said), said)
            case Kind.CODE:
                return self.reader.say(words_of(node.code_type, said)) if said in node.codes else said
            case Kind.LINES:
                return self.reader.say(WORK["lines_are"], count=self.reader.number(len(said.split())))
            case Kind.YES_NO:
                return self.reader.say(WORK["yes" if said == YES else "no"])
            case Kind.MONEY:
                return self._money(said)
            case Kind.DATE:
                try:
                    return self.reader.day(date.fromisoformat(said)).text
                except ValueError:
                    return said
            case Kind.FILE | Kind.DIGEST:
                return self.typed.get(path + FILE_NAME) or said[:12]
            case _:
                return said

    def _money(self, said: str) -> str:
        try:
            return self.reader.money(Money.model_validate({"amount": amount_of(said), "currency": self.currency}))
        except ValidationError:
            return said

    def _many(self, path: str) -> str | None:
        chosen = [one.label for one in self.choices.get(path, ()) if self.typed.get(joined(path, one.value)) == TICKED]
        return self.reader.say(Words("、", "; ")).join(chosen) if chosen else None
