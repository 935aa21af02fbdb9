"""The releases of a project, one for each public event, and the record that they make."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from api.open_data.ocds_changes import Object, change, merged
from api.open_data.ocds_compiled import Compiling
from api.open_data.public import Directory, PublicProject
from ledger import access
from ledger.aggregates import PROJECT
from ledger.core.envelope import Recorded
from ledger.core.fact import Fact, instant_text
from ledger.core.history import Timeline
from ledger.project.application import Amended, Applied, Withdrawn
from ledger.project.attachments import Disclosed
from ledger.project.contract import ContractAmended, ContractSigned, Published
from ledger.project.delivery import MilestoneAccepted, MilestoneReported, MilestoneReturned
from ledger.project.ending import Closed, Terminated, Transferred
from ledger.project.evaluation import BeneficiariesEvaluated, Evaluated, EvaluationPublished
from ledger.project.grant import GrantImported
from ledger.project.honours import Awarded, HonourRevoked
from ledger.project.payments import Disbursed, Refunded
from ledger.project.proposals import HonourProposed
from ledger.project.purchase import EnteredCompetition, PurchaseContractSigned, Purchased, PurchaseForfeited
from ledger.project.review import Approved
from ledger.project.screening import HandedIn, Returned, Screened
from ledger.project.supervision import (
    Inspected,
    RectificationChecked,
    RectificationOrdered,
    Rectified,
    Resumed,
    SelfChecked,
    Suspended,
)
from ledger.project.support import SupportArranged

TAGS: dict[type[Fact], str] = {
    Applied: "tender",
    **dict.fromkeys((Amended, Screened, HandedIn, Returned, SupportArranged, EnteredCompetition), "tenderUpdate"),
    Withdrawn: "tenderCancellation",
    **dict.fromkeys((Approved, Purchased, GrantImported), "award"),
    PurchaseForfeited: "awardCancellation",
    **dict.fromkeys((ContractSigned, PurchaseContractSigned), "contract"),
    **dict.fromkeys((Published, Suspended, Resumed, Transferred), "contractUpdate"),
    ContractAmended: "contractAmendment",
    **dict.fromkeys((Terminated, Closed), "contractTermination"),
    **dict.fromkeys((MilestoneReported, Disbursed, Refunded), "implementation"),
    **dict.fromkeys((MilestoneAccepted, MilestoneReturned, SelfChecked, Inspected), "implementationUpdate"),
    **dict.fromkeys((RectificationOrdered, Rectified, RectificationChecked, Disclosed), "implementationUpdate"),
    **dict.fromkeys((Evaluated, BeneficiariesEvaluated, EvaluationPublished), "implementationUpdate"),
    **dict.fromkeys((HonourProposed, Awarded, HonourRevoked), "implementationUpdate"),
}
_STAGE = re.compile("tender|award|contract|implementation")


@dataclass(frozen=True, slots=True)
class Release:
    """`public_at`: the position at which it became public."""

    position: int
    public_at: int
    body: Object

    @property
    def link(self) -> Object:
        return {"date": self.body["date"], "tag": self.body["tag"]}


def ocid_of(prefix: str, project: PublicProject) -> str:
    return f"{prefix}-{project.id}"


def tag_of(events: Sequence[Recorded], event: Recorded) -> str:
    """What corrects or decides on something is an update of the stage that it belongs to."""
    ruling = access.ruling(events, event.fact)
    tag = TAGS[type(ruling)]
    if ruling is event.fact:
        return tag
    stage = _STAGE.match(tag)
    assert stage
    return f"{stage[0]}Update"


def releases_of(project: PublicProject, prefix: str, directory: Directory) -> tuple[list[Release], Object]:
    """In the order of recording, and what they make when they are merged. A release never changes, whatever comes
    later, unless a text of it is redacted."""
    ocid = ocid_of(prefix, project)
    head: dict[str, Any] = {"initiationType": "tender"} | ({} if project.project.grant else {"language": "zh"})
    timeline = Timeline(PROJECT, project.id, ())
    known: Object = {}
    found = []
    for event, public_at in zip(project.events, project.public_at, strict=True):
        timeline = timeline.extended([event])
        now = Compiling(ocid, timeline.state, event, directory).compiled() | {"ledgerEvent": _event(event)}
        said = change(known, now)
        known = merged(known, said)
        at = instant_text(event.recorded_at)
        tag = [tag_of(project.whole, event)]
        body = {"ocid": ocid, "id": f"{ocid}-{event.position}", "date": at, "tag": tag} | head | said
        # The whole of it in each release: it is what a release rests on, not a change.
        body["ledgerEvent"] = now["ledgerEvent"]
        found.append(Release(event.position, public_at, body))
    date = found[-1].body["date"]
    compiled = {"ocid": ocid, "id": f"{ocid}-{date}", "date": date, "tag": ["compiled"]} | head | known
    return found, compiled


def _event(event: Recorded) -> Object:
    return {
        "position": event.position,
        "version": event.version,
        "type": event.fact.type,
        "recordedAt": instant_text(event.recorded_at),
        "effectiveOn": event.event.effective_on.isoformat(),
    }
