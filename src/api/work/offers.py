"""The forms there are: one for each command that a person gives, under its target (docs/decisions/0083-forms.md)."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, get_args
from uuid import UUID

from pydantic import BaseModel

from api.operations import COMMANDS
from ledger.access import is_for_the_party
from ledger.accounts import Account
from ledger.commands.command import Command, Founding
from ledger.commands.correction_requests import request_correction
from ledger.commands.corrections import VoidBody, correct_programme, correct_project
from ledger.commands.evaluation import RIGHT_OF, EvaluationBody
from ledger.commands.honours import Award
from ledger.commands.organisation_corrections import correct_organisation
from ledger.core.action import Action
from ledger.project.correction_requests import REQUEST_CORRECTION
from ledger.rules import Step
from ledger.transaction import Decide

_PATH = re.compile(r"POST /v1/(?:(projects|organisations|programmes)/\{\w+\}/)?([a-z-]+)")


class Target(Enum):
    """What a command is about, by the first word of its page's address; of a founding one, nothing."""

    PROJECT = "projects"
    ORGANISATION = "organisations"
    PROGRAMME = "programmes"
    NOTHING = ""


@dataclass(frozen=True, slots=True)
class Way:
    """One model that a form asks for, and whose right that is. `code` tells several of one form apart. `inside`: the
    field of the command that holds it, where it is not the command."""

    code: str
    model: type[BaseModel]
    action: Action
    command: type[Command]
    inside: str | None = None

    @property
    def step(self) -> Step | None:
        return self.command.step


# By the target, a project's or organisation's id or a programme's code, and the body.
Bound = Callable[[Any, Any], Decide]


@dataclass(frozen=True, slots=True)
class Offer:
    """`name` ends the address. `at`: where to look afterwards, see `Operation.at`."""

    name: str
    target: Target
    operation: str
    summary: str
    ways: tuple[Way, ...]
    at: str
    bind: Bound

    def ways_of(self, who: Account) -> tuple[Way, ...]:
        return tuple(way for way in self.ways if who.role in way.action.may)

    def way(self, who: Account, code: str) -> Way | None:
        """The one that is meant, or the only one."""
        mine = self.ways_of(who)
        if len(mine) == 1:
            return mine[0]
        return next((way for way in mine if way.code == code), None)

    def is_behalf(self, who: Account) -> bool:
        """Whether an official does here what is the organisation's to do, and nothing else."""
        is_its = self.target is not Target.PROGRAMME
        return is_its and all(is_for_the_party(who, way.action) for way in self.ways_of(who))


def _bound(target: UUID | str | None, body: Any) -> Decide:
    if isinstance(body, Founding):
        return body.decide
    decide: Decide = body.on(target)
    return decide


def _models(command: object) -> list[type[BaseModel]]:
    """The command, or each of those that a body may be."""
    if isinstance(command, type) and issubclass(command, BaseModel):
        return [command]
    found = [inner for one in get_args(command) for inner in _models(one)]
    return list(dict.fromkeys(found))


def _code(model: type[BaseModel]) -> str:
    """What tells the models of one body apart: the word that the field of one value holds, else the model's name."""
    for info in model.model_fields.values():
        if (values := get_args(info.annotation)) and all(isinstance(one, str) for one in values):
            return str(values[0].value if isinstance(values[0], Enum) else values[0])
    return model.__name__.lower()


def _ways(command: object) -> Iterator[Way]:
    for model in _models(command):
        if model is EvaluationBody:
            yield from (Way(_code(one), one, action, EvaluationBody, "evaluation") for one, action in RIGHT_OF.items())
        # Of several awards one may be all.
        elif model is not Award:
            assert issubclass(model, Command)
            yield Way(_code(model), model, model.action, model)


def _corrections() -> Iterator[Offer]:
    for target, decide in (
        (Target.PROJECT, correct_project),
        (Target.ORGANISATION, correct_organisation),
        (Target.PROGRAMME, correct_programme),
    ):
        at = "/v1/projects/{id}" if target is Target.PROJECT else f"/v1/{target.value}"
        way = Way("void", VoidBody, VoidBody.action, VoidBody)
        yield Offer("corrections", target, "correct", "Void an event", (way,), at, decide)
    asked = Way("void", VoidBody, REQUEST_CORRECTION, VoidBody)
    yield Offer(
        "correction-requests",
        Target.PROJECT,
        "request_correction",
        "Ask the author of an event to void it",
        (asked,),
        "/v1/projects/{id}",
        request_correction,
    )


def _all() -> Iterator[Offer]:
    for group in COMMANDS:
        for place, operation in group.operations.items():
            found = _PATH.fullmatch(place)
            if operation.command is None or found is None:
                continue
            target = Target(found[1] or "")
            name = found[2] if target is not Target.NOTHING else operation.name.replace("_", "-")
            ways = tuple(_ways(operation.command))
            yield Offer(name, target, operation.name, operation.summary, ways, operation.at, _bound)
    yield from _corrections()


# By target and name.
OFFERS: dict[tuple[Target, str], Offer] = {(one.target, one.name): one for one in _all()}


def offers_of(target: Target, who: Account) -> list[Offer]:
    """Those whose right the account's role has."""
    return [one for one in OFFERS.values() if one.target is target and one.ways_of(who)]


def offers_for(action: str) -> list[Offer]:
    """By which an action is done; of one project first."""
    found = [one for one in OFFERS.values() if any(way.action == action for way in one.ways)]
    return sorted(found, key=lambda one: list(Target).index(one.target))
