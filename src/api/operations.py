"""The commands of the API, grouped by who gives them; their routes are made from this (`routes/commands.py`)."""

import pkgutil
from dataclasses import dataclass
from importlib import import_module

from ledger import commands
from ledger.commands.batches import AwardBody
from ledger.commands.feedback import FeedbackBody
from ledger.commands.served import SERVED, Giver, Operation
from ledger.commands.supervision import RectificationBody

# Commands say how they are called when their modules are imported.
for _module in pkgutil.iter_modules(commands.__path__, f"{commands.__name__}."):
    import_module(_module.name)


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    description: str
    operations: dict[str, Operation]


def _commands(by: Giver, name: str, description: str, operations: dict[str, Operation]) -> Group:
    """With the commands that state how they are called."""
    return Group(name, description, operations | SERVED[by])


ORGANISATION = _commands(
    Giver.ORGANISATION,
    "Organisations",
    "What an organisation hands in: applications, reports, files, requests and objections. Officials may enter the "
    "same for it from paper.",
    {
        "GET /v1/worklist": Operation("get_worklist", "List what waits for you"),
        "POST /v1/programmes/{programme}/applications": Operation("file_annual_plan", "Apply with several projects"),
        "POST /v1/attachments": Operation("upload_attachment", "Upload a file"),
    },
)
PROGRAMME = _commands(
    Giver.PROGRAMME,
    "Office and leading group: calendar and appointments",
    "The programme's calendar and districts; who holds which role, and who stands in.",
    {},
)
SELECTION = _commands(Giver.SELECTION, "District and office: selection", "From screening to the contract.", {})
SUPERVISION = _commands(
    Giver.SUPERVISION,
    "District and office: supervision",
    "Acceptance, inspections, suspension and the end of projects; corrections and redactions.",
    {
        "POST /v1/projects/{project_id}/rectifications": Operation(
            "rectify",
            "Order, answer or check a rectification",
            RectificationBody,
            about="The authority orders that something be put right, the organisation answers, the authority "
            "checks (N14).",
        ),
        "POST /v1/projects/{project_id}/corrections": Operation("correct_project", "Correct an event of a project"),
        "POST /v1/projects/{project_id}/correction-requests": Operation(
            "request_correction", "Ask the author of an event to correct it"
        ),
        "POST /v1/programmes/{programme}/corrections": Operation(
            "correct_programme", "Correct an event in a programme"
        ),
        "POST /v1/organisations/{organisation_id}/corrections": Operation(
            "correct_organisation", "Correct an event of an organisation"
        ),
        "POST /v1/projects/{project_id}/redactions": Operation("redact_project_event", "Redact an event of a project"),
        "POST /v1/organisations/{organisation_id}/redactions": Operation(
            "redact_organisation_event", "Redact an event of an organisation"
        ),
        "POST /v1/redactions": Operation("redact_event", "Redact the event at a position"),
    },
)
REGISTER = _commands(
    Giver.REGISTER,
    "District and office: register of organisations",
    "Registration of organisations, and changes to the register.",
    {},
)
DECISIONS = _commands(
    Giver.DECISIONS,
    "Committee, jury and leading group",
    "Reviews, scores and decisions, from approval to honours.",
    {
        "GET /v1/programmes/{programme}/documents": Operation("list_documents", "List the documents of the registers"),
    },
)
HONOURS = _commands(
    Giver.HONOURS,
    "Competition, honours and publicity",
    "Entries and rounds of the competition, honours with their ceremonies, stories, photographs and media reports.",
    {
        "POST /v1/photographs": Operation("upload_photograph", "Upload a photograph"),
        "POST /v1/programmes/{programme}/awards": Operation(
            "award_honour",
            "Award an honour or several",
            AwardBody,
            about="Grant an honour within its quota, after its notice period, or `awards`, all or none (N20, N21).",
        ),
    },
)
EVALUATION = _commands(
    Giver.EVALUATION,
    "Evaluation and beneficiaries",
    "Sampling, answers of beneficiaries, evaluations and objections to them.",
    {
        "POST /v1/projects/{project_id}/feedback": Operation(
            "give_feedback",
            "Give or enter feedback",
            FeedbackBody,
            at="/v1/projects/{project_id}",
            about="An answer: of a drawn person, or by number at a drawn occasion (N17); online by real name (N18).",
        ),
        "POST /v1/projects/{project_id}/invitations": Operation("invite_beneficiaries", "Invite the drawn people"),
        "POST /v1/invited-answers": Operation("answer_invited", "Answer an invitation"),
        "POST /v1/projects/{project_id}/identity-codes": Operation("send_identity_code", "Send a code to a telephone"),
        "POST /v1/projects/{project_id}/open-answers": Operation("answer_openly", "Answer by real name"),
    },
)
TREASURY = _commands(
    Giver.TREASURY,
    "Treasury",
    "Purchase contracts, payments and what is returned.",
    {},
)
PERSONAL_DATA = _commands(
    Giver.PERSONAL_DATA,
    "Office: personal data",
    "Whose data is sealed, all that is held about one subject, legal holds, and erasure by two people.",
    {
        "GET /v1/programmes/{programme}/retention": Operation("list_retention_due", "List personal data kept too long"),
        "POST /v1/subject-searches": Operation("search_subjects", "Find subjects by a name or number"),
        "GET /v1/subjects/{subject_id}": Operation("get_subject", "Get the file of a subject"),
        "POST /v1/subjects/{subject_id}/reports": Operation(
            "report_subject", "Report all that is held about a subject"
        ),
    },
)
COMMANDS = (
    ORGANISATION,
    PROGRAMME,
    SELECTION,
    SUPERVISION,
    REGISTER,
    DECISIONS,
    HONOURS,
    EVALUATION,
    TREASURY,
    PERSONAL_DATA,
)
