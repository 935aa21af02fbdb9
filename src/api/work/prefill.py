"""What a form is filled in with before anybody types: what the ledger knows already."""

from typing import Any

from api.work.describe import Group
from api.work.offers import Offer
from api.work.place import Place
from api.work.values import typed_of
from ledger.core.refusal import Refusal
from ledger.project.delivery import next_milestone


async def prefilled(place: Place, offer: Offer, node: Group) -> dict[str, str]:
    """By the path of the field."""
    known: dict[str, Any] = {}
    project = place.project
    match offer.operation:
        case "amend_application" if project and project.form:
            known = {"form": project.form.model_dump(mode="json")}
        case "amend_contract" if project and project.contract:
            terms = project.amendments[-1].fact if project.amendments else project.contract
            said = terms.model_dump(mode="json")
            known = {name: said[name] for name in ("period", "services", "amount", "due", "clauses")}
        case "sign_contract" if project and project.form and project.approved:
            amount = project.approved.fact.amount
            known = {
                "period": project.form.schedule.model_dump(mode="json"),
                "amount": amount.model_dump(mode="json") if amount else None,
            }
        case "report_milestone" if project and project.applied:
            known = {"milestone": _next(place)}
        case "enter_competition" if project and project.form:
            known = {"beneficiaries": project.form.beneficiaries.model_dump(mode="json")}
        case _:
            pass
    return dict(typed_of(node, known))


def _next(place: Place) -> str | None:
    assert place.project is not None
    try:
        return next_milestone(place.project)
    except Refusal:
        return None
