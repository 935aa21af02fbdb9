"""Nomination, proposal, grant and revocation of honours (N20, N21) over HTTP."""

from typing import Annotated, get_args
from uuid import UUID

from fastapi import APIRouter, Query

from api.command_route import CommandRoute
from api.door import ServiceDep, Who
from api.problems import PROBLEM_RESPONSES
from api.reading.certificate import Certificate, certificate
from api.reading.ranking import RankingAnswer, RankingQuery, ranking_as_known, rules_of
from api.reading.times import KnownAt
from api.reading.visible import HistoryEvent, history_of, known_position
from ledger import access
from ledger.accounts import Account
from ledger.core.fact import Role
from ledger.project.honours import find_honour
from ledger.refusals.general import RoleMayNot, WeightsNotWhole
from ledger.rules import Formula, RankingRule, Rules
from ledger.values import Code, Frozen
from ledger.veils import Veiled

router = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES)
commands = APIRouter(prefix="/v1", responses=PROBLEM_RESPONSES, route_class=CommandRoute)
WEIGHTS = ("completion", "beneficiaries", "third_party")
Percent = Annotated[int | None, Query(ge=0, le=100)]
NOMINATORS = (Role.ORGANISATION, Role.DISTRICT)


@router.get("/programmes/{programme}/nominations")
async def list_nominations(
    service: ServiceDep, who: Who, programme: Code, honour: Annotated[Code, Query()], known_at: KnownAt = None
) -> list[HistoryEvent]:
    """Nominations for an honour (N20): all of them for the office, the leading group, auditors and the body that
    decides on it; an organisation's or a district's own for itself."""
    _, rules = await rules_of(service, programme)
    rule = find_honour(rules, honour)
    all_of_them = access.sees_nominations(who, rule.decided_by)
    if not all_of_them and who.role not in NOMINATORS:
        raise RoleMayNot(role=who.role, command="read nominations")
    known = await known_position(service.ledger, who, known_at)
    stream = await service.ledger.veils.stream(Veiled.NOMINATIONS, programme, honour)
    events = [
        event
        for event in (await service.store.streams([stream]))[stream]
        if event.position <= known and (all_of_them or _is_by(who, event.event.actor.role, event.event.actor.body))
    ]
    return await history_of(service.ledger, who, events)


def _is_by(who: Account, role: Role, body: str | None) -> bool:
    return who.body is not None and (who.role, who.body) == (role, body)


class RankingWanted(Frozen):
    """A formula to try, and weights, all three or none; whole numbers that make 100."""

    completion: Percent = None
    beneficiaries: Percent = None
    third_party: Percent = None
    formula: Annotated[int | None, Query(ge=1, le=max(get_args(Formula)))] = None
    known_at: KnownAt = None

    def other(self, rules: Rules) -> RankingRule | None:
        """Another rule than the programme's, if one was asked for. Raises WeightsNotWhole."""
        given = {name: getattr(self, name) for name in WEIGHTS}
        numbers = [value for value in given.values() if value is not None]
        if numbers and (len(numbers) < len(given) or sum(numbers) != 100):
            raise WeightsNotWhole(given=" + ".join(map(str, numbers)))
        if not numbers and self.formula in (None, rules.ranking.formula):
            return None
        changed = (given if numbers else {}) | ({"formula": self.formula} if self.formula else {})
        return rules.ranking.model_copy(update=changed)


@router.get("/programmes/{programme}/rankings/{honour}")
async def show_ranking(
    service: ServiceDep, who: Who, programme: Code, honour: Code, wanted: Annotated[RankingWanted, Query()]
) -> RankingAnswer:
    """The ranking by the programme's formula, with the numbers and events that each score rests on (N20, N21): of the
    nominated for the office, the leading group, auditors and the body that decides on the honour; of the proposed and
    the honoured for everybody else. With another formula or other weights a hypothetical one; nothing is written."""
    announced, rules = await rules_of(service, programme)
    rule = find_honour(rules, honour)
    known = await known_position(service.ledger, who, wanted.known_at)
    asked = RankingQuery(
        announced=announced,
        rules=rules,
        rule=rule,
        known=known,
        sees_nominations=access.sees_nominations(who, rule.decided_by),
        other=wanted.other(rules),
    )
    async with service.bulk.turn:
        return await ranking_as_known(service, who, asked)


@router.get("/projects/{project_id}/certificates/{version}")
async def show_certificate(
    service: ServiceDep, project_id: UUID, version: int, known_at: KnownAt = None
) -> Certificate:
    """The honour at this version of the project, whether it still counts, and the code to check it by (N20)."""
    return await certificate(service.ledger, project_id, version, known_at)
