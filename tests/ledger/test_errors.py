"""Refusals: clients rely on their codes, readers on their sentences, and each one that is raised has a test."""

import ast
from pathlib import Path
from string import Formatter

import pytest

from ledger import errors
from ledger.errors import Kind, Refusal

REFUSALS = [
    found
    for found in vars(errors).values()
    if isinstance(found, type) and issubclass(found, Refusal) and found is not Refusal
]
SOURCE = Path(errors.__file__).parents[1]
DECIDING = [
    *SOURCE.glob("project/*.py"),
    *(SOURCE / f"{name}.py" for name in ("programme", "quota", "nominations", "organisation", "public_report")),
    *(SOURCE / f"{name}.py" for name in ("programme", "quota", "organisation", "frame", "feedback")),
    SOURCE / "corrections.py",
]

# A code that is here never changes and never goes; a new refusal adds a line.
CODES = """
sign_in_needed role_may_not out_of_scope programme_unknown project_unknown organisation_unknown position_unknown
programme_already_announced programme_takes_no_commands organisation_already_registered phase_closed
step_out_of_order version_not_seen already_reviewed reviews_missing reviews_unfavourable milestone_out_of_order
all_milestones_reported summary_missing summary_too_early milestones_incomplete due_date_outside_period
already_evaluated reviewer_may_not_evaluate criteria_wrong answers_inconsistent group_too_small quota_full
already_honoured recipient_wrong choice_unknown currency_wrong funding_source_repeated amount_over_requested
support_reason_missing other_day_not_allowed reason_missing effective_in_future correction_target_unknown
correction_not_possible phase_unknown extension_not_later version_stale concurrent_change key_reused header_invalid
known_at_invalid known_in_future nothing_known_yet ledger_busy ledger_closing ledger_unavailable outcome_unknown
ledger_full ledger_read_only ledger_overloaded storage_failed clock_ahead history_refused history_not_compared
address_malformed parameter_unknown parameter_repeated cursor_ahead cursor_lost
payload_differs payload_unreadable
redaction_not_possible not_redacted stored_bytes_differ shape_unknown
clock_behind subject_erased wait_too_long read_model_outdated file_refused ledger_not_empty
organisation_merged organisation_deregistered organisation_barred organisation_excluded organisation_unchanged
merged_into_itself identifier_taken identifier_repeated identifier_not_in_force identifier_form
identifier_succession_wrong grade_validity_wrong already_listed not_listed district_not_in_force district_repeated
reported_due_changed amount_under_paid signing_still_possible acceptance_not_asked report_unknown report_replaced
report_already_decided deadline_past inspection_unknown order_unknown order_fulfilled refund_over_paid
reports_not_accepted requests_open orders_open evaluation_not_shown objections_pending refund_missing
transfer_not_possible
attachment_empty attachment_too_large attachment_type_forbidden attachment_content_wrong attachment_digest_wrong
attachment_unknown attachment_not_uploaded attachment_not_cited attachment_out_of_reach attachment_executable
attachment_name_character attachment_name_not_normal attachment_name_too_long attachment_name_dots
attachment_name_reserved attachment_name_ending daily_limit_reached
log_not_signed log_path_invalid not_signed_yet log_event_unknown payload_gone timestamp_unknown
too_many_listeners too_many_reports public_report_unknown public_report_already_answered
frame_unknown frame_unordered frame_too_large frame_fixed announcement_not_ahead source_differs value_not_known_yet
sample_already_drawn sample_missing beneficiaries_identifiable entry_not_drawn already_answered feedback_closed
identity_wrong guardian_missing evaluators_enough evaluation_shown evaluations_missing evaluations_differ
working_days_unknown not_open_to_objection already_objected objection_unknown objection_already_resolved
resolver_involved
table_refused table_empty tables_busy table_already_imported row_already_imported written_twice parquet_missing
already_entered not_entered already_scored scores_missing already_selected not_selected place_not_forfeited
purchase_contract_there contract_superseded paid_too_much cost_paid_twice voucher_used payment_day_wrong
refund_too_much quota_unknown
batch_refused screening_not_asked not_handed_in amendment_needs_return amendment_late amendment_still_due
deadline_without_return deadline_passed interest_already_declared interest_stands reviewer_may_not_decide
support_request_unknown support_already_arranged support_given_inconsistent document_number_missing
decision_unknown already_served served_on_wrong review_already_requested review_request_late review_request_unknown
review_request_already_decided review_decided_elsewhere own_decision effective_too_early
already_nominated not_nominated already_proposed evaluation_not_final departure_missing
departure_not_needed proposal_missing proposal_still_shown proposal_objected award_unknown weights_not_whole
already_revoked certificate_unknown
too_far_ahead effective_too_late announced_after phase_days_used
ledger_empty date_invalid nothing_in_force_yet bases_reversed effective_days_differ fold_version_gone
fold_version_unknown credit_cursor_gone cursor_invalid too_many_bulk_reads
webhook_unknown webhook_ended webhook_address_refused webhook_secret_not_repeated too_many_webhooks
delivery_unknown delivery_not_dead
""".split()  # noqa: SIM905 - a list of lines would be sixty lines


def placeholders(sentence: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def test_codes_are_the_ones_that_clients_rely_on() -> None:
    assert sorted(refusal.code for refusal in REFUSALS) == sorted(CODES)


def test_no_two_refusals_share_a_code() -> None:
    assert len({refusal.code for refusal in REFUSALS}) == len(REFUSALS)


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.code)
def test_a_refusal_says_the_same_in_both_languages(refusal: type[Refusal]) -> None:
    assert any("\u4e00" <= character <= "\u9fff" for character in refusal.zh)
    assert refusal.en.isascii()
    # A reason is worded once in each language.
    alike = {"why_zh": "why", "why_en": "why"}
    chinese, english = (
        {alike.get(str(name), name) for name in placeholders(text)} for text in (refusal.zh, refusal.en)
    )
    assert chinese == english


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.code)
def test_a_refusal_says_what_it_means_to_the_caller(refusal: type[Refusal]) -> None:
    assert isinstance(refusal.kind, Kind)


def test_a_refusal_fills_its_sentences_with_its_details() -> None:
    refusal = errors.QuotaFull(quota="top-ten", places=10)
    assert refusal.sentence("zh") == "top-ten 的 10 个名额已满。"
    assert refusal.sentence("en") == refusal.sentence("en-GB"[:2]) == "All 10 places of top-ten are taken."
    assert str(refusal) == "quota_full: All 10 places of top-ten are taken."
    assert refusal.details == {"quota": "top-ten", "places": 10}


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_refusal_carries_what_its_sentences_name(path: Path) -> None:
    for call in (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)):
        refusal = getattr(errors, call.func.id, None) if isinstance(call.func, ast.Name) else None
        # One with a constructor of its own counts for itself.
        if isinstance(refusal, type) and issubclass(refusal, Refusal) and "__init__" not in vars(refusal):
            given = {keyword.arg for keyword in call.keywords}
            assert given >= placeholders(refusal.zh) | placeholders(refusal.en), f"{refusal.code}, line {call.lineno}"


def test_every_refusal_is_provoked_by_a_test() -> None:
    raised = {name for path in DECIDING for name in _names_raised(path)}
    expected = {name for path in Path(__file__).parent.rglob("test_*.py") for name in _refusals_expected(path)}
    assert len(raised) > 25
    assert raised - expected == set()


def _names_raised(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    raises = (node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise))
    names = {call.func.id for call in raises if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)}
    return {name for name in names if hasattr(errors, name)}


def _refusals_expected(path: Path) -> set[str]:
    """Refusals that a test names in its body or in a row of its table; an import alone does not count."""
    tree = ast.parse(path.read_text("utf-8"))
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and hasattr(errors, node.id)}
