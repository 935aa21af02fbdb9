"""How an event of an older shape is read: as the newest shape, by small steps. What is stored stays as it is.

Each step makes the JSON of one shape that of the next; it is pure, says why the shape changed, and guesses nothing:
what the older shape did not say is "not recorded". What does not look like its shape is left for the model to refuse.
Facts and actors also stand inside `Restated` and `Redacted`; a step for them has to go in there too.
"""

from collections.abc import Callable
from typing import Any

from pydantic_core import from_json, to_json

from ledger.core.refusal import Kind, Refusal

Stored = dict[str, Any]


class ShapeUnknown(Refusal):
    """An old program reads a newer ledger."""

    kind = Kind.UNAVAILABLE
    zh = "账本里有第 {shape} 版格式的事件，本程序只认识到第 {known} 版，请升级程序。"
    en = "The ledger holds an event of shape {shape}; this program knows shapes up to {known}. Update the program."


class _MixedShapes(Exception):
    """What has a field of a later shape is left for the model to refuse."""


_OFFICIALS = ("office", "district")


def say_for_whom(stored: Stored) -> Stored:
    """1 to 2: officials enter what organisations bring on paper, and their events did not say for whom. All others
    act for themselves."""
    match stored:
        case {"actor": {"role": role, **rest}} if "on_behalf_of" not in rest:
            actor = {"role": role, **rest, "on_behalf_of": "not_recorded" if role in _OFFICIALS else None}
            return stored | {"shape": 2, "actor": actor}
        case _:
            raise _MixedShapes()


def add_particulars(stored: Stored) -> Stored:
    """2 to 3: the application form gained the legal representative, the supervising unit, the districts served by their
    codes, and the account; an amendment can replace what is sealed; a screening names the registration. Nobody was
    asked for them before."""
    return _with_facts(stored | {"shape": 3}, _particulars)


def _particulars(fact: Stored) -> Stored:
    match fact:
        case {"type": "Applied", "form": dict(form)}:
            return _with(fact | {"form": _with(form, _UNSTATED_IN_FORM)}, _UNSTATED_BY_APPLICATION)
        case {"type": "Amended", "form": dict(form)}:
            return _with(fact | {"form": _with(form, _UNSTATED_IN_FORM)}, _UNSTATED_BY_AMENDMENT)
        case {"type": "Screened"}:
            return _with(fact, _UNSTATED_BY_SCREENING)
        case _:
            return fact


_UNSTATED_IN_FORM: Stored = {"legal_representative": None, "supervising_unit": None, "districts_served": None}
_UNSTATED_BY_APPLICATION: Stored = {"account": None}
_UNSTATED_BY_AMENDMENT: Stored = {"contact": None, "account": None, "organisation": None, "district": None}
_UNSTATED_BY_SCREENING: Stored = {"registration": None}


def add_clauses(stored: Stored) -> Stored:
    """3 to 4: contracts gained their clauses, which nobody was asked for before."""

    def with_clauses(fact: Stored) -> Stored:
        return _with(fact, {"clauses": None}) if fact.get("type") in ("ContractSigned", "ContractAmended") else fact

    return _with_facts(stored | {"shape": 4}, with_clauses)


def decide_in_two_words(stored: Stored) -> Stored:
    """4 to 5: what was decided is a `result` of several, or `accepted` or not; five words said the same."""

    def renamed(fact: Stored) -> Stored:
        kind = fact.get("type")
        if not isinstance(kind, str) or kind not in _RENAMED:
            return fact
        old, new = _RENAMED[kind]
        if old not in fact:
            raise _MixedShapes()
        return _with({name: value for name, value in fact.items() if name != old}, {new: fact[old]})

    return _with_facts(stored | {"shape": 5}, renamed)


_RENAMED = {
    "SupportArranged": ("outcome", "result"),
    "ReviewRequestDecided": ("outcome", "result"),
    "RectificationChecked": ("fulfilled", "accepted"),
    "ObjectionResolved": ("upheld", "accepted"),
}


def add_purchase_instalments(stored: Stored) -> Stored:
    """5 to 6: purchase contracts gained their instalments, which nobody was asked for before."""

    def with_instalments(fact: Stored) -> Stored:
        match fact:
            case {"type": "PurchaseContractSigned"}:
                return _with(fact, {"instalments": None})
            case {"type": "PurchaseDecisionRecorded", "decision": dict(said)} if (
                said.get("kind") == "purchase_contract"
            ):
                return fact | {"decision": _with(said, {"instalments": None})}
            case _:
                return fact

    return _with_facts(stored | {"shape": 6}, with_instalments)


def _with(value: Stored, fields: Stored) -> Stored:
    if value.keys() & fields.keys():
        raise _MixedShapes()
    return value | fields


def _with_facts(stored: Stored, change: Callable[[Stored], Stored]) -> Stored:
    """With each fact changed: the event's own, and those inside it, which a correction states, a request proposes or a
    redaction puts in the place of another."""
    match stored:
        case {"fact": dict(fact)}:
            return stored | {"fact": _with_facts(change(fact), change)}
        case {"proposed": dict(fact)}:
            return stored | {"proposed": _with_facts(change(fact), change)}
        case {"replacement": dict(replacement)}:
            return stored | {"replacement": _with_facts(replacement, change)}
        case _:
            return stored


STEPS: tuple[Callable[[Stored], Stored], ...] = (
    say_for_whom,
    add_particulars,
    add_clauses,
    decide_in_two_words,
    add_purchase_instalments,
)
SHAPE = 1 + len(STEPS)


def upcast(payload: bytes) -> bytes:
    """A payload of whatever shape as one of the newest. The first shape carried no number. Raises ShapeUnknown for a
    shape that this program is too old for."""
    try:
        stored = from_json(payload)
    except ValueError:
        # The model says where it is broken.
        return payload
    if not isinstance(stored, dict):
        return payload
    shape = stored.setdefault("shape", 1)
    if not isinstance(shape, int) or isinstance(shape, bool) or not 1 <= shape <= SHAPE:
        raise ShapeUnknown(shape=str(shape)[:40], known=SHAPE)
    newest = stored
    try:
        for step in STEPS[shape - 1 :]:
            newest = step(newest)
    except _MixedShapes:
        newest = stored
    return to_json(newest)
