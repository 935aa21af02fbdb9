"""Whether a step is possible now: its own decision is asked, with a form that is filled in with anything."""

import json
from collections.abc import Iterator

from pydantic import TypeAdapter, ValidationError

from api.work.describe import Either, Group, Kind, Leaf, Node, Rows, described
from api.work.offers import Offer, Way
from api.work.place import Place
from api.work.values import COUNT, FILE_NAME, TICKED, YES, Choices, Read, joined
from ledger.commands.command import Command
from ledger.core.refusal import Refusal
from ledger.unit_of_work import CommandContext


async def is_possible(place: Place, offer: Offer, way: Way, choices: Choices) -> bool:
    """False where the decision refuses whatever is filled in; the form itself is checked again in full."""
    refused = await tried(place, offer, way, choices)
    return refused is None or not refused.whatever_is_said


async def tried(place: Place, offer: Offer, way: Way, choices: Choices) -> Refusal | None:
    """What the decision refuses of a form that is filled in with anything."""
    node = described(way.model)
    said = Read(dict(_anything(node, "", choices, place)), choices, place.currency).body(node)
    adapter: TypeAdapter[Command] = TypeAdapter(way.command)
    try:
        body = adapter.validate_json(json.dumps({way.inside: said} if way.inside else said))
    except ValidationError:
        return None
    try:
        decide = offer.bind(place.target_id, body)
        await place.service.ledger.check(CommandContext(place.who), decide, fresh=False)
    except Refusal as refusal:
        return refusal
    return None


def _anything(node: Node, path: str, choices: Choices, place: Place) -> Iterator[tuple[str, str]]:
    """What has to be filled in, filled in."""
    if not node.required and node.name:
        return
    match node:
        case Leaf():
            yield from _any_value(node, path, choices, place)
        case Group():
            for one in node.fields:
                yield from _anything(one, joined(path, one.name), choices, place)
        case Rows(by=Leaf()):
            for row in choices.get(path, ()):
                at = joined(path, row.value)
                yield at, TICKED
                yield from _anything(node.item, at, choices, place)
        case Rows():
            yield path + COUNT, "1"
            yield from _anything(node.item, joined(path, "0"), choices, place)
        case Either():
            code, option = node.options[0]
            yield joined(path, node.tag), code
            yield from _anything(option, path, choices, place)


def _any_value(node: Leaf, path: str, choices: Choices, place: Place) -> Iterator[tuple[str, str]]:
    match node.kind:
        case Kind.KNOWN:
            there = choices.get(path, ())[:1]
            yield from ((joined(path, one.value), TICKED) if node.many else (path, one.value) for one in there)
        case Kind.CODE:
            yield path, node.codes[0]
        case Kind.DATE:
            yield path, place.today.isoformat()
        case Kind.YES_NO:
            yield path, YES
        case Kind.LINES:
            yield path, "0" * 64
        case Kind.FILE | Kind.DIGEST:
            yield path, "0" * 64
            yield path + FILE_NAME, "-.pdf"
        case Kind.FIXED:
            return
        case Kind.NUMBER | Kind.MONEY:
            yield path, "1"
        case Kind.TEXT | Kind.LINE:
            yield path, "1"
