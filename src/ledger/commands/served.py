"""How programs call a command, stated with it: the API makes its route and its reference from this."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import TypeVar

from ledger.commands.command import Command, OrganisationCommand, ProgrammeCommand, ProjectCommand, SubjectCommand

C = TypeVar("C", bound=Command)


class Giver(Enum):
    """By whom a command is given: the groups of the reference."""

    ORGANISATION = auto()
    PROGRAMME = auto()
    SELECTION = auto()
    SUPERVISION = auto()
    REGISTER = auto()
    DECISIONS = auto()
    HONOURS = auto()
    EVALUATION = auto()
    TREASURY = auto()
    PERSONAL_DATA = auto()


@dataclass(frozen=True, slots=True)
class Operation:
    """`name` is what a generated client calls the method. `command`: the type of the body, where the operation is a
    command of its own; its route is made from this. `at`: where to look afterwards, with `{id}` of the stream that was
    written to, the `{body}` and what is in the path. `about`: instead of what the command says of itself."""

    name: str
    summary: str
    command: object = None
    at: str = "/v1/projects/{id}"
    about: str | None = None


@dataclass(frozen=True, slots=True)
class FieldText:
    """Of a field that one command alone has, where its type is annotated with this: its name on the forms, a sentence,
    and an example where the type gives none."""

    zh: str
    description: str
    example: str | int | dict[str, object] | None = None


_UNDER = {
    ProjectCommand: "/v1/projects/{project_id}/",
    ProgrammeCommand: "/v1/programmes/{programme}/",
    OrganisationCommand: "/v1/organisations/{organisation_id}/",
    SubjectCommand: "/v1/subjects/{subject_id}/",
}
# By method and path, in the order in which the commands are imported.
SERVED: dict[Giver, dict[str, Operation]] = {giver: {} for giver in Giver}


def served(by: Giver, path: str, name: str, summary: str, *, at: str | None = None) -> Callable[[type[C]], type[C]]:
    """By POST on the path, which begins with that of the command's target unless it is a whole one. `at`: where to look
    when that is not the project or the organisation."""

    def stated(command: type[C]) -> type[C]:
        under = next((start for base, start in _UNDER.items() if issubclass(command, base)), "")
        whole = path if path.startswith("/") else under + path
        look = at or ("/v1/organisations/{id}" if whole.startswith("/v1/organisations") else "/v1/projects/{id}")
        SERVED[by][f"POST {whole}"] = Operation(name, summary, command, look)
        return command

    return stated
