"""What the rules would have refused of a project's history, for those who take part in it."""

from datetime import date
from uuid import UUID

from api.problem_texts import finding_text, names_of
from api.reading.visible import Basis, VisibleHistory, founding_fact
from ledger import access
from ledger.aggregates import PROGRAMME, PROJECT
from ledger.core.history import state
from ledger.identifiers import programme_stream
from ledger.project.findings import findings
from ledger.refusals.general import ProjectUnknown, RoleMayNot
from ledger.transaction import Ledger
from ledger.values import Frozen


class CitedEvent(Frozen):
    version: int
    position: int
    type: str


class ListedFinding(Frozen):
    """`code` is that of the refusal that the fact would meet now, `effective_order` when only the order of effective
    days is refused, or `rests_on_other_facts` when it says what no longer follows from the facts before it. `events`:
    the fact, then those that it names."""

    code: str
    zh: str
    en: str
    events: list[CitedEvent]


class FindingsAnswer(Frozen):
    id: UUID
    findings: list[ListedFinding]
    basis: Basis


async def project_findings(
    ledger: Ledger, seen: VisibleHistory, known: int, effective_on: date | None
) -> FindingsAnswer:
    """By both clocks, from nothing but what the reader may read. Raises RoleMayNot for who takes no part, since what
    is hidden from them would be missed as if it were not there; ProjectUnknown when nothing was known yet."""
    project_id, who = seen.events[0].stream, seen.who
    holder = state(PROJECT, project_id, seen.events).holder
    organisation, district = (holder.organisation, holder.district) if holder else (None, None)
    if not access.takes_part(who, organisation, district):
        raise RoleMayNot(role=who.role, command="read findings")
    within = {recorded.version: recorded for recorded in seen.visible if recorded.position <= known}
    if not within:
        raise ProjectUnknown(project=project_id)
    stream = programme_stream(founding_fact(seen.events).programme)
    programme = state(PROGRAMME, stream, (await ledger.store.streams([stream]))[stream], known)
    confidential = who.role in access.SEES_CONFIDENTIAL
    names = names_of(programme.rules) if programme.announced else {}
    found = findings(list(within.values()), programme, effective_on, confidential=confidential)
    return FindingsAnswer(
        id=project_id,
        findings=[
            ListedFinding(
                code=one.code,
                zh=finding_text(one, "zh", names),
                en=finding_text(one, "en", names),
                events=[
                    CitedEvent(version=version, position=within[version].position, type=within[version].fact.type)
                    for version in one.versions
                    if version in within
                ],
            )
            for one in found
        ],
        basis=Basis.of(known, effective_on, within.values(), seen.origins),
    )
