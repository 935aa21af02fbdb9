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
from ledger.core.fact import instant_text
from ledger.core.history import Timeline

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
    tag = ruling.ocds
    assert tag
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
