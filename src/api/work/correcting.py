"""What of a recorded fact its author may put otherwise, and where."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from inspect import isclass
from typing import Any, get_args
from uuid import UUID

from pydantic import BaseModel

from api.work.describe import Group, Kind, Leaf, Node, fields_of, leaves
from api.work.place import Place
from ledger.core.envelope import Recorded
from ledger.core.fact import Fact, Sealed
from ledger.core.words import Words
from ledger.project.correction_requests import REQUEST_CORRECTION
from ledger.values import Document, Money

# What nobody types: keys, computed values, and what is sealed, which stays as it is.
_NEVER_TYPED = (UUID, Decimal, datetime, dict, Sealed, Fact, Words)
# Of what a fact names, the codes of the programme and of the register alone are chosen otherwise.
_CHOSEN = frozenset(
    {"category", "milestone", "phase", "honour", "criterion", "district", "districts_served", "source", "grade"}
)


def restatable(kind: type[Fact]) -> tuple[Node, ...]:
    """The fields that its form of correction asks for: those that the author said, and that nothing holds on to."""
    kept = {"type", *kind.correction.fixed, *kind.naming}
    names = [
        name
        for name, info in kind.model_fields.items()
        if name not in kept and not any(_is_never_typed(one) for one in _types(info.annotation))
    ]
    return tuple(node for node in fields_of(kind, names) if _is_asked(node))


def _types(annotation: Any) -> Iterator[Any]:
    """All that a field is made of. Money and files have fields of their own in forms."""
    yield annotation
    if annotation in (Money, Document):
        return
    if isclass(annotation) and issubclass(annotation, BaseModel):
        for info in annotation.model_fields.values():
            yield from _types(info.annotation)
    for inner in get_args(annotation):
        yield from _types(inner)


def _is_never_typed(kind: Any) -> bool:
    return isclass(kind) and issubclass(kind, _NEVER_TYPED)


def _is_asked(node: Node) -> bool:
    found = list(leaves(node))
    return bool(found) and all(one.kind is not Kind.KNOWN or one.name in _CHOSEN for one in found)


def form_of(kind: type[Fact], *, states_day: bool) -> Group:
    """`states_day`: whether the reader may state another day, too."""
    said = Group("changes", "RestateBody", True, restatable(kind))
    day = Leaf("effective_on", "RestateBody", Kind.DATE, True)
    return Group("", "RestateBody", True, (said, *((day,) if states_day else ()), REASON))


REASON = Leaf("reason", "RestateBody", Kind.TEXT, True, longest=10_000)
VOID = Group("", "VoidBody", True, (REASON,))


def correct_link(place: Place, found: Recorded) -> str:
    """The page on which the reader corrects an event or asks its author to; none of what cannot be corrected, or is
    neither the reader's own nor an authority's to ask about."""
    who = place.who
    may_ask = who.role in REQUEST_CORRECTION.may
    if found.fact.correction.is_never or not (found.event.actor.role is who.role or may_ask):
        return ""
    return place.reader.link(f"{place.address}/correct/{found.version}")
