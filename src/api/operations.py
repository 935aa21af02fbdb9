"""The commands of the API, grouped by who gives them; their routes are made from this table (`routes/commands.py`)."""

from dataclasses import dataclass

from ledger.commands.application import Amendment, Application, Withdrawal
from ledger.commands.appointments import AppointmentBody, AppointmentEnding
from ledger.commands.assignment import Assignment, Declining
from ledger.commands.attachments import Attaching, Disclosure, EntryDocument
from ledger.commands.batches import Acceptances, Approvals, AwardBody, Contracts, Notifications, Rejections
from ledger.commands.contract import Contract, ContractAmendment, Lapse, Publication, SmallerPlan
from ledger.commands.correction_requests import CorrectionAnswer
from ledger.commands.delivery import MilestoneDecision, ProgressReport
from ledger.commands.documents import DocumentRegistration
from ledger.commands.ending import Closing, Termination, Transfer
from ledger.commands.evaluation import EvaluationBody, EvaluationPublication, MissingSelfEvaluation
from ledger.commands.feedback import FeedbackBody
from ledger.commands.honours import PlaquePresentation, Revocation
from ledger.commands.interests import Interest
from ledger.commands.nominations import HonourProposals, Nomination
from ledger.commands.objections import ObjectionBody, ResolutionBody
from ledger.commands.organisation import (
    AnnualReport,
    Deregistration,
    FurtherIdentifier,
    Grading,
    Listing,
    Merger,
    Penalty,
    Registration,
    Relocation,
    Renaming,
    Supervisor,
)
from ledger.commands.payments import Disbursement, Refund
from ledger.commands.programme import Extension, Reorganisation
from ledger.commands.public_events import Ceremony, Round
from ledger.commands.public_reports import PublicAnswer
from ledger.commands.publicity import MediaReport, Story
from ledger.commands.purchase import CompetitionEntry, Forfeiture, JurorScore, PurchaseContract, Selections
from ledger.commands.reconsideration import ReviewDecision, ReviewRequest, Service
from ledger.commands.review import Approval, Rejection, ReviewBody
from ledger.commands.sampling import FrameBody, FrameGap, SampleBody
from ledger.commands.screening import HandIn, Return, Screening
from ledger.commands.secretariat import DecisionConfirmation, DecisionRecord
from ledger.commands.settlement import Recovery, SettlementConfirmation, SettlementStatement
from ledger.commands.supervision import Inspection, RectificationBody, Resumption, SelfCheck, Suspension
from ledger.commands.support import LaterSupport, Support, SupportDeferral

ORGANISATION_AT = "/v1/organisations/{id}"


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
class Group:
    name: str
    description: str
    operations: dict[str, Operation]


ORGANISATION = Group(
    "Organisations",
    "What an organisation hands in: applications, reports, files, requests and objections. Officials may enter the "
    "same for it from paper.",
    {
        "GET /v1/worklist": Operation("get_worklist", "List what waits for you"),
        "POST /v1/projects": Operation("apply", "Apply with a project", Application),
        "POST /v1/projects/{project_id}/amendment": Operation("amend_application", "Amend an application", Amendment),
        "POST /v1/projects/{project_id}/withdrawal": Operation("withdraw_project", "Withdraw a project", Withdrawal),
        "POST /v1/projects/{project_id}/support-requests": Operation(
            "request_support", "Ask for further support", LaterSupport
        ),
        "POST /v1/projects/{project_id}/milestones": Operation(
            "report_milestone", "Report progress at a milestone", ProgressReport
        ),
        "POST /v1/projects/{project_id}/settlement-statements": Operation(
            "state_settlement", "State the settlement", SettlementStatement
        ),
        "POST /v1/projects/{project_id}/self-checks": Operation("report_self_check", "Report a self-check", SelfCheck),
        "POST /v1/projects/{project_id}/competition-entry": Operation(
            "enter_competition", "Enter the competition", CompetitionEntry
        ),
        "POST /v1/projects/{project_id}/forfeiture": Operation("forfeit_purchase", "Give up a selection", Forfeiture),
        "POST /v1/projects/{project_id}/review-requests": Operation(
            "request_review", "Request review of a decision", ReviewRequest
        ),
        "POST /v1/projects/{project_id}/objections": Operation("raise_objection", "Raise an objection", ObjectionBody),
        "POST /v1/programmes/{programme}/nominations": Operation(
            "nominate",
            "Nominate for an honour",
            Nomination,
            at="/v1/programmes/{programme}/nominations?honour={body.honour}",
        ),
        "POST /v1/attachments": Operation("upload_attachment", "Upload a file"),
        "POST /v1/projects/{project_id}/attachments": Operation("attach_files", "Attach files to a project", Attaching),
        "POST /v1/projects/{project_id}/disclosures": Operation(
            "disclose_files", "Disclose files of a project", Disclosure
        ),
        "GET /v1/programmes/{programme}/tables/applications.xlsx": Operation(
            "export_applications", "Export applications as a table"
        ),
        "POST /v1/programmes/{programme}/tables/applications": Operation(
            "import_applications", "Import applications from a table"
        ),
        "GET /v1/programmes/{programme}/tables/progress.xlsx": Operation(
            "export_progress", "Export progress reports as a table"
        ),
        "POST /v1/programmes/{programme}/tables/progress": Operation(
            "import_progress", "Import progress reports from a table"
        ),
    },
)
SELECTION = Group(
    "District and office: selection",
    "From screening to the contract, and the programme's calendar.",
    {
        "POST /v1/projects/{project_id}/screening": Operation("screen_application", "Screen an application", Screening),
        "POST /v1/programmes/{programme}/hand-ins": Operation("hand_in_projects", "Hand in screened projects", HandIn),
        "POST /v1/projects/{project_id}/return": Operation("return_application", "Return an application", Return),
        "POST /v1/projects/{project_id}/support": Operation("arrange_support", "Answer a request for support", Support),
        "POST /v1/projects/{project_id}/support-deferrals": Operation(
            "defer_support", "Say who arranges a request for support", SupportDeferral
        ),
        "POST /v1/projects/{project_id}/services": Operation(
            "record_service", "Record the service of a decision", Service
        ),
        "POST /v1/projects/{project_id}/contract": Operation("sign_contract", "Sign the contract", Contract),
        "POST /v1/programmes/{programme}/contracts": Operation("sign_contracts", "Sign contracts", Contracts),
        "POST /v1/programmes/{programme}/notifications": Operation(
            "record_services", "Record the service of decisions", Notifications
        ),
        "POST /v1/projects/{project_id}/contract-amendments": Operation(
            "amend_contract", "Amend the contract", ContractAmendment
        ),
        "POST /v1/projects/{project_id}/smaller-plan": Operation(
            "lower_plan", "State that the authority caused a smaller plan", SmallerPlan
        ),
        "POST /v1/projects/{project_id}/lapse": Operation("lapse_approval", "Let an unsigned approval lapse", Lapse),
        "POST /v1/programmes/{programme}/publications": Operation("publish_projects", "Publish projects", Publication),
        "POST /v1/programmes/{programme}/phase-extensions": Operation(
            "extend_phase", "Extend a phase", Extension, at="/v1/programmes/{programme}"
        ),
        "POST /v1/programmes/{programme}/appointments": Operation(
            "appoint", "Appoint somebody to a role", AppointmentBody, at="/v1/appointments?role={body.role}"
        ),
        "POST /v1/programmes/{programme}/appointment-endings": Operation(
            "end_appointment", "End an appointment", AppointmentEnding, at="/v1/appointments"
        ),
        "POST /v1/programmes/{programme}/district-reorganisations": Operation(
            "reorganise_districts", "Reorganise districts", Reorganisation, at="/v1/programmes/{programme}"
        ),
    },
)
SUPERVISION = Group(
    "District and office: supervision",
    "Acceptance, inspections, suspension and the end of projects; corrections and redactions.",
    {
        "POST /v1/projects/{project_id}/milestone-decisions": Operation(
            "decide_milestone", "Decide on a report", MilestoneDecision
        ),
        "POST /v1/programmes/{programme}/acceptances": Operation("accept_reports", "Accept reports", Acceptances),
        "POST /v1/projects/{project_id}/inspections": Operation(
            "record_inspection", "Record an inspection", Inspection
        ),
        "POST /v1/projects/{project_id}/rectifications": Operation(
            "rectify",
            "Order, answer or check a rectification",
            RectificationBody,
            about="The authority orders that something be put right, the organisation answers, the authority "
            "checks (N14).",
        ),
        "POST /v1/projects/{project_id}/suspension": Operation("suspend_project", "Suspend a project", Suspension),
        "POST /v1/projects/{project_id}/resumption": Operation("resume_project", "Resume a project", Resumption),
        "POST /v1/projects/{project_id}/termination": Operation(
            "terminate_project", "Terminate a project", Termination
        ),
        "POST /v1/projects/{project_id}/transfer": Operation("transfer_project", "Transfer a project", Transfer),
        "POST /v1/projects/{project_id}/settlement": Operation(
            "confirm_settlement", "Confirm the settlement", SettlementConfirmation
        ),
        "POST /v1/projects/{project_id}/recovery": Operation(
            "record_recovery", "Record money as still to be recovered", Recovery
        ),
        "POST /v1/projects/{project_id}/closure": Operation("close_project", "Close a project", Closing),
        "POST /v1/projects/{project_id}/public-report-answers": Operation(
            "answer_public_report",
            "Answer a public report",
            PublicAnswer,
            at="/v1/projects/{project_id}/public-reports",
        ),
        "POST /v1/projects/{project_id}/corrections": Operation("correct_project", "Correct an event of a project"),
        "POST /v1/projects/{project_id}/correction-requests": Operation(
            "request_correction", "Ask the author of an event to correct it"
        ),
        "POST /v1/projects/{project_id}/correction-answers": Operation(
            "answer_correction_request", "Answer a request for a correction", CorrectionAnswer
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
REGISTER = Group(
    "District and office: register of organisations",
    "Registration of organisations, and changes to the register.",
    {
        "POST /v1/organisations": Operation(
            "register_organisation", "Register an organisation", Registration, at=ORGANISATION_AT
        ),
        "POST /v1/organisations/{organisation_id}/renaming": Operation(
            "rename_organisation", "Rename an organisation", Renaming, at=ORGANISATION_AT
        ),
        "POST /v1/organisations/{organisation_id}/identifiers": Operation(
            "add_identifier", "Add an identifier", FurtherIdentifier, at=ORGANISATION_AT
        ),
        "POST /v1/organisations/{organisation_id}/supervisor": Operation(
            "set_supervisor", "Set the supervisor", Supervisor, at=ORGANISATION_AT
        ),
        "POST /v1/organisations/{organisation_id}/relocation": Operation(
            "relocate_organisation", "Relocate an organisation", Relocation, at=ORGANISATION_AT
        ),
        "POST /v1/organisations/{organisation_id}/merger": Operation(
            "merge_organisation", "Merge an organisation", Merger, at=ORGANISATION_AT
        ),
        "POST /v1/organisations/{organisation_id}/deregistration": Operation(
            "deregister_organisation", "Deregister an organisation", Deregistration, at=ORGANISATION_AT
        ),
        "POST /v1/organisations/{organisation_id}/grades": Operation(
            "grade_organisation", "Grade an organisation", Grading, at=ORGANISATION_AT
        ),
        "POST /v1/organisations/{organisation_id}/lists": Operation(
            "list_or_delist", "Enter on a list or remove", Listing, at=ORGANISATION_AT
        ),
        "POST /v1/organisations/{organisation_id}/annual-reports": Operation(
            "record_annual_report", "Record an annual report", AnnualReport, at=ORGANISATION_AT
        ),
        "POST /v1/organisations/{organisation_id}/penalties": Operation(
            "record_penalty", "Record a penalty", Penalty, at=ORGANISATION_AT
        ),
    },
)
DECISIONS = Group(
    "Committee, jury and leading group",
    "Reviews, scores and decisions, from approval to honours.",
    {
        "POST /v1/projects/{project_id}/interests": Operation(
            "declare_interest", "Declare an interest", Interest, at="/v1/projects/{project_id}/interests"
        ),
        "POST /v1/programmes/{programme}/assignments": Operation("assign_judges", "Assign who judges", Assignment),
        "POST /v1/projects/{project_id}/declined-assignments": Operation(
            "decline_assignment", "Decline an assignment", Declining
        ),
        "POST /v1/projects/{project_id}/reviews": Operation("review_application", "Review an application", ReviewBody),
        "POST /v1/projects/{project_id}/approval": Operation("approve_project", "Approve a project", Approval),
        "POST /v1/projects/{project_id}/rejection": Operation("reject_project", "Reject a project", Rejection),
        "POST /v1/programmes/{programme}/approvals": Operation("approve_projects", "Approve projects", Approvals),
        "GET /v1/programmes/{programme}/tables/decisions.xlsx": Operation(
            "export_decisions", "Export the projects to be decided on as a table"
        ),
        "POST /v1/programmes/{programme}/tables/decisions": Operation(
            "import_decisions", "Import decisions from a table"
        ),
        "POST /v1/programmes/{programme}/rejections": Operation("reject_projects", "Reject projects", Rejections),
        "POST /v1/projects/{project_id}/recorded-decisions": Operation(
            "record_decision", "Record a decision of the leading group", DecisionRecord
        ),
        "POST /v1/projects/{project_id}/recorded-decision-confirmations": Operation(
            "confirm_decision", "Confirm a recorded decision", DecisionConfirmation
        ),
        "POST /v1/projects/{project_id}/review-decisions": Operation(
            "decide_review", "Decide on a review request", ReviewDecision
        ),
        "POST /v1/projects/{project_id}/competition-scores": Operation(
            "score_entry", "Score a competition entry", JurorScore
        ),
        "GET /v1/programmes/{programme}/documents": Operation("list_documents", "List the documents of the registers"),
        "POST /v1/programmes/{programme}/documents": Operation(
            "register_document",
            "Register a document",
            DocumentRegistration,
            at="/v1/programmes/{programme}/documents",
        ),
        "POST /v1/programmes/{programme}/purchases": Operation(
            "select_purchases", "Select entries for purchase", Selections
        ),
    },
)
HONOURS = Group(
    "Competition, honours and publicity",
    "Entries and rounds of the competition, honours with their ceremonies, stories and media reports.",
    {
        "POST /v1/projects/{project_id}/stories": Operation("tell_story", "Tell a story of a project", Story),
        "POST /v1/projects/{project_id}/media-reports": Operation(
            "add_media_report", "Add what media reported", MediaReport
        ),
        "POST /v1/projects/{project_id}/proposal-document": Operation(
            "submit_proposal", "Submit the proposal document of an entry", EntryDocument
        ),
        "POST /v1/programmes/{programme}/competition-rounds": Operation(
            "record_round", "Record a televised round", Round, at="/v1/programmes/{programme}"
        ),
        "POST /v1/programmes/{programme}/ceremonies": Operation(
            "record_ceremony", "Record a ceremony", Ceremony, at="/v1/programmes/{programme}"
        ),
        "POST /v1/programmes/{programme}/honour-proposals": Operation(
            "propose_honours", "Propose honours", HonourProposals
        ),
        "POST /v1/programmes/{programme}/awards": Operation(
            "award_honour",
            "Award an honour or several",
            AwardBody,
            about="Grant an honour within its quota, after its notice period, or `awards`, all or none (N20, N21).",
        ),
        "POST /v1/programmes/{programme}/revocations": Operation("revoke_honour", "Revoke an honour", Revocation),
        "POST /v1/projects/{project_id}/plaques": Operation(
            "record_plaque", "Record the presentation of a plaque", PlaquePresentation
        ),
    },
)
EVALUATION = Group(
    "Evaluation and beneficiaries",
    "Sampling, answers of beneficiaries, evaluations and objections to them.",
    {
        "POST /v1/projects/{project_id}/sample-frame": Operation(
            "register_sample_frame", "Register a sampling frame", FrameBody, at="/v1/projects/{project_id}/sample-frame"
        ),
        "POST /v1/projects/{project_id}/sample-frame-gaps": Operation(
            "accept_frame_gap", "Accept an incomplete frame", FrameGap
        ),
        "POST /v1/programmes/{programme}/samples": Operation(
            "draw_samples", "Draw samples", SampleBody, at="/v1/projects/{body.projects[0]}/sample-frame"
        ),
        "POST /v1/projects/{project_id}/feedback": Operation(
            "give_feedback",
            "Give or enter feedback",
            FeedbackBody,
            at="/v1/projects/{project_id}",
            about="An answer: of a drawn person by visit or questionnaire (N17), of any beneficiary online by real "
            "name (N18).",
        ),
        "POST /v1/projects/{project_id}/evaluations": Operation(
            "evaluate_project", "Evaluate a project", EvaluationBody
        ),
        "POST /v1/projects/{project_id}/missing-self-evaluation": Operation(
            "record_missing_self_evaluation", "Record that no self-evaluation came", MissingSelfEvaluation
        ),
        "POST /v1/projects/{project_id}/evaluation-publication": Operation(
            "publish_evaluations", "Publish evaluations for objection", EvaluationPublication
        ),
        "POST /v1/projects/{project_id}/objection-resolutions": Operation(
            "resolve_objection", "Resolve an objection", ResolutionBody
        ),
    },
)
TREASURY = Group(
    "Treasury",
    "Purchase contracts, payments and what is returned.",
    {
        "POST /v1/projects/{project_id}/purchase-contract": Operation(
            "sign_purchase_contract", "Sign a purchase contract", PurchaseContract
        ),
        "POST /v1/projects/{project_id}/disbursements": Operation(
            "record_disbursement", "Record a disbursement", Disbursement
        ),
        "POST /v1/projects/{project_id}/refunds": Operation("record_refund", "Record a refund", Refund),
    },
)
COMMANDS = (ORGANISATION, SELECTION, SUPERVISION, REGISTER, DECISIONS, HONOURS, EVALUATION, TREASURY)
