"""What an invitation's code opens: the project that somebody is asked about (N17)."""

from dataclasses import dataclass
from uuid import UUID

from api.reading.visible import see_project
from api.service import Service
from ledger.accounts import ANYONE
from ledger.aggregates import FEEDBACK, PROGRAMME, PROJECT
from ledger.commands.invitations import NOT_ASKED
from ledger.core.history import state
from ledger.identifiers import programme_stream
from ledger.invitation_codes import CodeUnusable, TooManyGuesses, code_digest, project_of_code, read_code
from ledger.programme import check_phase
from ledger.project.evaluation import check_feedback_open
from ledger.project.invitations import invited_entry
from ledger.refusals.general import ProjectUnknown
from ledger.sign_in.attempts import one_attempt
from ledger.veils import Veiled

GUESS = "invitation-code-guess"


@dataclass(frozen=True, slots=True)
class Invited:
    project: UUID
    title: str
    organisation: str
    synthetic: bool


async def project_invited_to(service: Service, typed: str, network: str) -> UUID:
    """By the code alone, whatever it is worth. Raises CodeMistyped, CodeUnusable, TooManyGuesses."""
    master = service.ledger.vault.master
    code = read_code(typed)
    attempt = one_attempt(service.pool, master, code, network, service.ledger.clock(), GUESS, TooManyGuesses)
    async with attempt, service.pool.connection() as connection:
        return await project_of_code(connection, master, code)


async def invited(service: Service, typed: str, network: str) -> Invited:
    """Raises CodeMistyped, CodeUnusable (for each reason the same), TooManyGuesses."""
    ledger, today = service.ledger, service.ledger.today()
    project_id = await project_invited_to(service, typed, network)
    try:
        found = await asked_about(service, project_id)
    except NOT_ASKED as error:
        raise CodeUnusable() from error
    answers = await ledger.veils.stream(Veiled.FEEDBACK, project_id)
    given = state(FEEDBACK, answers, (await service.store.streams([answers]))[answers])
    invited_entry(given, code_digest(ledger.vault.master, read_code(typed)), today)
    return found


async def takes_answers(service: Service, project_id: UUID) -> bool:
    try:
        await asked_about(service, project_id)
    except NOT_ASKED:
        return False
    return True


async def asked_about(service: Service, project_id: UUID) -> Invited:
    """A published project of which answers are taken now. Raises FeedbackClosed, PhaseClosed, ProjectUnknown,
    StepOutOfOrder."""
    seen = await see_project(service.ledger, ANYONE, project_id)
    project = state(PROJECT, project_id, seen.events)
    if project.applied is None:
        raise ProjectUnknown(project=project_id)
    check_feedback_open(project)
    stream = programme_stream(project.applied.programme)
    programme = state(PROGRAMME, stream, (await service.store.streams([stream]))[stream])
    check_phase(programme, "evaluate", service.ledger.today())
    assert project.form and project.holder
    return Invited(project_id, project.form.title, project.holder.organisation_name, programme.rules.synthetic)
