"""What a form asks for, read from the model of its command: one node for each field.

Forms are made from this, what they sent is read by it, and answers are shown by it."""

import inspect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, StrEnum, auto
from functools import cache
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin
from uuid import UUID

from annotated_types import MaxLen, MinLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from api.work.known import Included, is_known, rows_made_by
from ledger.values import Document, Money

# A text of this length or more is written in several lines.
SEVERAL_LINES = 500
# Which nobody fills in.
NEVER_ASKED = frozenset({"late_entry"})


class Kind(Enum):
    TEXT = auto()
    LINE = auto()
    NUMBER = auto()
    DATE = auto()
    MONEY = auto()
    YES_NO = auto()
    # One of the codes that its type lists.
    CODE = auto()
    # One of those that the system knows, see `choices`.
    KNOWN = auto()
    # A file with its name, or the digest of one alone.
    FILE = auto()
    DIGEST = auto()
    # Many digests that a tool made, one a line.
    LINES = auto()
    # What has one value only, such as the kind that chose the form.
    FIXED = auto()


@dataclass(frozen=True, slots=True)
class Leaf:
    """`owner`: the model that has the field, by whose name and its own it is labelled. `many`: any number of the
    choices. `is_json`: what is chosen is no text; it may bring along its neighbours in the model. `says_none`: what is
    left empty is sent as null, because the command wants the field all the same."""

    name: str
    owner: str
    kind: Kind
    required: bool
    codes: tuple[str, ...] = ()
    code_type: type[Enum] | None = None
    longest: int = 200
    many: bool = False
    is_json: bool = False
    says_none: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    owner: str
    required: bool
    fields: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class Rows:
    """`by`: the field of each row of which every choice makes one, and `included` which of these count. `says_none`: no
    row is sent as an empty list, because the command wants the field all the same."""

    name: str
    owner: str
    required: bool
    item: "Leaf | Group"
    by: Leaf | None = None
    included: Included = Included.FILLED
    says_none: bool = False


@dataclass(frozen=True, slots=True)
class Either:
    """One of several models, told apart by the field `tag`."""

    name: str
    owner: str
    required: bool
    tag: str
    options: tuple[tuple[str, Group], ...]


Node = Leaf | Group | Rows | Either


@cache
def described(model: type[BaseModel], name: str = "", *, required: bool = True) -> Group:
    """The fields of a model, without the late entry: that has a form of its own below."""
    return Group(name, model.__name__, required, fields_of(model, model.model_fields))


def fields_of(model: type[BaseModel], names: Iterable[str]) -> tuple[Node, ...]:
    found = ((one, model.model_fields[one]) for one in names if one not in NEVER_ASKED)
    return tuple(
        _or_none(_field(model, one, info.annotation, info, required=info.is_required()), info) for one, info in found
    )


def _or_none(node: Node, info: FieldInfo) -> Node:
    wanted = not node.required and info.is_required()
    return replace(node, says_none=True) if wanted and isinstance(node, Leaf | Rows) else node


def is_by_project(node: Node) -> bool:
    """Whether each project that is ticked has a part of its own."""
    return (
        isinstance(node, Rows)
        and node.included is Included.TICKED
        and node.by is not None
        and node.by.name == "project"
    )


def leaves(node: Node) -> Iterator[Leaf]:
    match node:
        case Leaf():
            yield node
        case Group():
            for field in node.fields:
                yield from leaves(field)
        case Rows():
            yield from leaves(node.item)
        case Either():
            for _, option in node.options:
                yield from leaves(option)


def _field(model: type[BaseModel], name: str, annotation: Any, info: FieldInfo | None, *, required: bool) -> Node:
    owner = model.__name__
    metadata: list[Any] = list(info.metadata) if info else []
    kind, found, optional = _bare(annotation)
    metadata += found
    required = required and not optional
    origin = get_origin(kind)
    if known := is_known(owner, name):
        many = origin is tuple
        inner = _bare(get_args(kind)[0])[0] if many else kind
        at_least = any(isinstance(one, MinLen) for one in metadata)
        required = (required and (not many or at_least)) or known.always
        return Leaf(name, owner, Kind.KNOWN, required, many=many, is_json=inner not in (str, UUID))
    if origin is Literal:
        codes = tuple(str(one.value) if isinstance(one, Enum) else str(one) for one in get_args(kind))
        first = get_args(kind)[0]
        which = type(first) if isinstance(first, Enum) else None
        return Leaf(name, owner, Kind.FIXED if len(codes) == 1 else Kind.CODE, required, codes, which)
    if origin is tuple:
        return _rows(model, name, get_args(kind)[0], metadata, required=required)
    if origin in (Union, UnionType):
        return _either(model, name, get_args(kind), required=required)
    if inspect.isclass(kind) and issubclass(kind, BaseModel):
        if kind is Document:
            return Leaf(name, owner, Kind.FILE, required)
        if kind is Money:
            return Leaf(name, owner, Kind.MONEY, required)
        return described(kind, name, required=required)
    return _plain(owner, name, kind, metadata, required=required)


def _plain(owner: str, name: str, kind: Any, metadata: list[Any], *, required: bool) -> Leaf:
    if inspect.isclass(kind) and issubclass(kind, StrEnum):
        return Leaf(name, owner, Kind.CODE, required, tuple(one.value for one in kind), kind)
    if kind is bool:
        return Leaf(name, owner, Kind.YES_NO, required)
    if kind is int:
        return Leaf(name, owner, Kind.NUMBER, required)
    if kind is date:
        return Leaf(name, owner, Kind.DATE, required)
    if kind is UUID:
        return Leaf(name, owner, Kind.LINE, required)
    if kind is not str:
        raise TypeError(f"no form can ask for {owner}.{name}: {kind}")
    if any(getattr(one, "pattern", None) == "^[0-9a-f]{64}$" for one in metadata):
        return Leaf(name, owner, Kind.DIGEST, required)
    longest = max((one for rule in metadata if (one := _longest(rule))), default=200)
    return Leaf(name, owner, Kind.TEXT if longest >= SEVERAL_LINES else Kind.LINE, required, longest=longest)


def _longest(rule: Any) -> int | None:
    if isinstance(rule, MaxLen):
        return rule.max_length
    found = getattr(rule, "max_length", None)
    return found if isinstance(found, int) else None


def _rows(model: type[BaseModel], name: str, item: Any, metadata: list[Any], *, required: bool) -> Rows | Leaf:
    required = required and any(isinstance(one, MinLen) and one.min_length for one in metadata)
    inner, found, _ = _bare(item)
    if inspect.isclass(inner) and issubclass(inner, BaseModel) and inner is not Document:
        group = described(inner)
        makes = rows_made_by(inner.__name__, tuple(field.name for field in group.fields))
        by = next(
            (field for field in group.fields if isinstance(field, Leaf) and makes and field.name == makes[0]), None
        )
        if makes and by:
            rest = tuple(field for field in group.fields if field is not by)
            return Rows(name, model.__name__, required, Group("", group.owner, True, rest), by, makes[1])
        return Rows(name, model.__name__, required, group)
    one = _field(model, name, inner, None, required=True)
    if not isinstance(one, Leaf):
        one = _plain(model.__name__, name, inner, found, required=True)
    if found and one.kind is Kind.LINE:
        one = _plain(model.__name__, name, inner, found, required=True)
    if one.kind is Kind.DIGEST:
        return Leaf(name, model.__name__, Kind.LINES, required, longest=1_000_000)
    return Rows(name, model.__name__, required, Leaf("", one.owner, one.kind, True, longest=one.longest))


def _either(model: type[BaseModel], name: str, kinds: tuple[Any, ...], *, required: bool) -> Node:
    """Models that differ in a field of one value."""
    groups = [described(_bare(one)[0]) for one in kinds]
    tags = [next(one for one in group.fields if isinstance(one, Leaf) and one.kind is Kind.FIXED) for group in groups]
    options = tuple((tag.codes[0], group) for tag, group in zip(tags, groups, strict=True))
    return Either(name, model.__name__, required, tags[0].name, options)


def _bare(annotation: Any) -> tuple[Any, list[Any], bool]:
    """The type inside, what it is annotated with, and whether it may be left out."""
    metadata: list[Any] = []
    optional = False
    while True:
        origin = get_origin(annotation)
        if origin is Annotated:
            annotation, *more = get_args(annotation)
            for one in more:
                metadata.extend(one.metadata if isinstance(one, FieldInfo) else [one])
        elif origin in (Union, UnionType) and type(None) in get_args(annotation):
            rest = [one for one in get_args(annotation) if one is not type(None)]
            optional = True
            if len(rest) > 1:
                return Union[tuple(rest)], metadata, True  # noqa: UP007  # made of a list
            annotation = rest[0]
        else:
            return annotation, metadata, optional
