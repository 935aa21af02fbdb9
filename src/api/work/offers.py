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
from ledger.commands.evaluation import BeneficiaryStatement, EvaluationBody, ThirdPartyStatement
from ledger.commands.feedback import OnlineFeedback
from ledger.commands.honours import Award
from ledger.commands.organisation_corrections import correct_organisation
from ledger.core.action import CORRECT, Action
from ledger.organisation.registration import KEEP_ORGANISATION, REGISTER
from ledger.project.application import APPLY
from ledger.project.correction_requests import ANSWER_CORRECTION_REQUEST, REQUEST_CORRECTION
from ledger.project.evaluation import (
    ENTER_FEEDBACK,
    EVALUATE_BENEFICIARIES,
    EVALUATE_SELF,
    EVALUATE_THIRD_PARTY,
    GIVE_FEEDBACK,
    REGISTER_FRAME,
    SelfEvaluation,
)
from ledger.project.interests import DECLARE_INTEREST
from ledger.project.public_reports import ANSWER_PUBLIC_REPORT
from ledger.rules import Step
from ledger.transaction import Decide

_PATH = re.compile(r"POST /v1/(?:(projects|organisations|programmes)/\{\w+\}/)?([a-z-]+)")
# Whose right a command is, where it does not say so itself.
_RIGHTS: dict[str, Action] = {
    "apply": APPLY,
    "declare_interest": DECLARE_INTEREST,
    "answer_correction_request": ANSWER_CORRECTION_REQUEST,
    "answer_public_report": ANSWER_PUBLIC_REPORT,
    "register_organisation": REGISTER,
    "add_identifier": KEEP_ORGANISATION,
    "register_sample_frame": REGISTER_FRAME,
    "register_occasions": REGISTER_FRAME,
    "record_attendance": ENTER_FEEDBACK,
}
_STEPS: dict[str, Step] = {"apply": "apply", "evaluate_project": "evaluate", "register_sample_frame": "evaluate"}
_OF_MODEL: dict[type[BaseModel], Action] = {
    SelfEvaluation: EVALUATE_SELF,
    BeneficiaryStatement: EVALUATE_BENEFICIARIES,
    ThirdPartyStatement: EVALUATE_THIRD_PARTY,
}


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


Bound = Callable[[UUID | str | None, Any], Decide]


@dataclass(frozen=True, slots=True)
class Offer:
    """`name` ends the address. `at`: where to look afterwards, see `Operation.at`."""

    name: str
    target: Target
    operation: str
    summary: str
    ways: tuple[Way, ...]
    step: Step | None
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


def _ways(operation: str, command: object) -> Iterator[Way]:
    for model in _models(command):
        if model is EvaluationBody:
            kinds = _OF_MODEL.items()
            yield from (Way(_code(one), one, action, EvaluationBody, "evaluation") for one, action in kinds)
            continue
        if model is Award:
            # Of which several are one, too.
            continue
        assert issubclass(model, Command)
        action = getattr(model, "action", None) or _RIGHTS.get(operation)
        if action is None:
            action = GIVE_FEEDBACK if model is OnlineFeedback else ENTER_FEEDBACK
        yield Way(_code(model), model, action, model)


def _corrections() -> Iterator[Offer]:
    for target, decide in (
        (Target.PROJECT, correct_project),
        (Target.ORGANISATION, correct_organisation),
        (Target.PROGRAMME, correct_programme),
    ):
        at = "/v1/projects/{id}" if target is Target.PROJECT else f"/v1/{target.value}"
        way = Way("void", VoidBody, CORRECT, VoidBody)
        yield Offer("corrections", target, "correct", "Void an event", (way,), None, at, decide)  # type: ignore[arg-type]
    asked = Way("void", VoidBody, REQUEST_CORRECTION, VoidBody)
    yield Offer(
        "correction-requests",
        Target.PROJECT,
        "request_correction",
        "Ask the author of an event to void it",
        (asked,),
        None,
        "/v1/projects/{id}",
        request_correction,  # type: ignore[arg-type]
    )


def _all() -> Iterator[Offer]:
    for group in COMMANDS:
        for place, operation in group.operations.items():
            found = _PATH.fullmatch(place)
            if operation.command is None or found is None:
                continue
            target = Target(found[1] or "")
            name = found[2] if target is not Target.NOTHING else operation.name.replace("_", "-")
            ways = tuple(_ways(operation.name, operation.command))
            step: Step | None = getattr(operation.command, "step", None) or _STEPS.get(operation.name)
            yield Offer(name, target, operation.name, operation.summary, ways, step, operation.at, _bound)
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
