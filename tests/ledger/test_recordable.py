"""What the leading group decides, its office can record from a paper (N3): found by who has which right."""

from typing import get_args

from api.work.offers import OFFERS
from ledger.commands.recorded_decisions import Recorded
from ledger.core.action import ACTIONS
from ledger.core.fact import Role

RECORDED = {
    "approval": "approve",
    "rejection": "reject",
    "selection": "purchase",
    "purchase_contract": "sign_purchase",
    "forfeiture": "forfeit",
    "proposal": "propose_honour",
    "award": "award",
    "revocation": "revoke_honour",
    "review": "decide_review_request",
    "objection": "resolve_objection",
}
# What its members do themselves, each with the reason (docs/decisions/0096-all-decisions-recorded.md).
BY_ITS_OWN_HAND = {
    "declare_interest": "a person's own statement",
    "correct": "by the hand that made it, to agree with the paper",
    "answer_correction_request": "the author's answer to who asked for a correction",
    "appoint": "cites its document itself; a programme may give the right to the office",
    "end_appointment": "as the appointment",
    "name_deputy": "as the appointment",
    "end_deputy": "as the appointment",
    "confirm_prepared": "a second person's consent, not the group's decision",
    "present_plaque": "an act on a day, and no decision",
    "register_document": "each authority keeps its own register; a recorded decision registers its document",
    "erase_subject": "a second person's consent, not the group's decision",
}


def test_every_decision_of_the_leading_group_is_recordable() -> None:
    assert OFFERS
    models = get_args(get_args(Recorded)[0])
    assert {get_args(one.model_fields["kind"].annotation)[0] for one in models} == RECORDED.keys()
    rights = {code for code, action in ACTIONS.items() if Role.LEADING_GROUP in action.may}
    everybodys = {code for code, action in ACTIONS.items() if action.may.keys() >= set(Role)}
    assert rights - everybodys == {*RECORDED.values(), *BY_ITS_OWN_HAND}
    assert not set(RECORDED.values()) & BY_ITS_OWN_HAND.keys()
