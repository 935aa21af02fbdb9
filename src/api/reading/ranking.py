"""The ranking of an honour as it was known at a position (N20, N21): of all nominees for those who decide and for
auditors, of those who were proposed for everybody else. Nothing is written, whatever is asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from api.service import Service
from ledger.accounts import Account
from ledger.aggregates import NOMINATIONS, PROGRAMME, PROJECT
from ledger.core.envelope import Recorded
from ledger.core.history import FOLD_VERSION, state
from ledger.identifiers import programme_stream, quota_stream
from ledger.programme import ProgrammeAnnounced
from ledger.project.chosen import Chosen, HonourStanding, chosen
from ledger.project.nominations import OrganisationRecipient, PersonRecipient
from ledger.project.ranking import TIES, Component, Ranked, last_day_in_time, ranked, standing
from ledger.project.state import Project
from ledger.quota import PlaceTaken
from ledger.refusals.general import ProgrammeUnknown
from ledger.rules import Quota, RankingRule, Rules
from ledger.transaction import Ledger
from ledger.values import Bilingual, CivilDate, Code, Digest, Frozen
from ledger.veils import Veiled


class Weights(Frozen):
    """In per cent; they make 100."""

    completion: int
    beneficiaries: int
    third_party: int


class Cited(Frozen):
    """An event of the project that is rested on."""

    version: int
    position: int


class RankedInput(Frozen):
    """`event` is null for a number that follows from the rules or from several events."""

    code: str
    value: int
    event: Cited | None


class RankedComponent(Frozen):
    """In percent; `weight` as it was used, `value` null where nothing was measured, else worked out from `inputs`:
    completion is the share of `milestones` reported `in_time` times `done`; beneficiaries, `satisfied` of `answered`;
    third_party, the mean of `points` of `most`."""

    code: str
    weight: str
    value: str | None
    inputs: list[RankedInput]
    events: list[Cited]


class ShownProposal(Frozen):
    """What the proposal said when it was made: score, rank and the number of nominees."""

    event: Cited
    score: str | None
    rank: int
    nominated: int
    departure: str | None
    objections_until: CivilDate


class RankedNominee(Frozen):
    """`name` is null when a person's data was erased; `score` until a third party has evaluated. `standing`: how far
    the recipient came, by the newest proposal and award."""

    rank: int
    recipient: UUID
    name: str | None
    organisation: UUID
    organisation_name: str
    project: UUID
    project_title: str
    standing: HonourStanding
    proposal: ShownProposal | None
    award: Cited | None
    score: str | None
    completed_on: CivilDate | None
    components: list[RankedComponent]


class RulesCited(Frozen):
    """The event that announced the programme, which holds formula and weights, and the digest of its file."""

    position: int
    sha256: Digest


class RankingAnswer(Frozen):
    """Recomputable from the events it cites, by this formula and these weights. `of`: all who were nominated, or only
    those who were proposed or honoured, each then ranked among them. `ties`: what equal scores stand by, in this
    order: the higher value of the third party, then of completion, the earlier completion, the lower id of the
    project, of the recipient. `rolled`: each due day that was no working day, and the last day in time by the
    programme's calendar. `hypothetical`: by other weights than the programme's; such a ranking binds nobody."""

    programme: Code
    honour: Code
    honour_name: Bilingual
    of: Literal["nominated", "proposed"]
    formula: int
    weights: Weights
    hypothetical: bool
    rules: RulesCited
    ties: tuple[str, ...]
    rolled: dict[date, date]
    known: int
    fold_version: int
    nominees: list[RankedNominee]


@dataclass(frozen=True, slots=True)
class RankingQuery:
    """`announced`: the programme's first event. `weights`: others than the programme's, to see what then."""

    announced: Recorded
    rules: Rules
    rule: Quota
    known: int
    sees_nominations: bool
    weights: RankingRule | None = None


@dataclass(frozen=True, slots=True)
class _Candidate:
    recipient: OrganisationRecipient | PersonRecipient
    project: UUID
    chosen: Chosen | None


async def rules_of(service: Service, programme: str) -> tuple[Recorded, Rules]:
    """The event that announced the programme, and its rules, which never change. Raises ProgrammeUnknown,
    ProgrammeTakesNoCommands."""
    stream = programme_stream(programme)
    events = (await service.store.streams([stream]))[stream]
    found = state(PROGRAMME, stream, events)
    if not found.exists:
        raise ProgrammeUnknown(programme=programme)
    return events[0], found.rules


async def ranking_as_known(ledger: Ledger, who: Account, asked: RankingQuery) -> RankingAnswer:
    nominations = await ledger.veils.stream(Veiled.NOMINATIONS, asked.rules.code, asked.rule.code)
    places = quota_stream(asked.rules.code, asked.rule.code)
    known_of = await ledger.store.streams([nominations, places])
    nominated = state(NOMINATIONS, nominations, known_of[nominations], asked.known).made
    # Where a programme takes no nominations, the honoured alone are known.
    taken = [
        one.fact.project for one in known_of[places] if one.position <= asked.known and isinstance(one.fact, PlaceTaken)
    ]
    streams = await ledger.store.streams([*{one.project for one in nominated.values()} | {*taken}])
    projects = {project: state(PROJECT, project, events, asked.known) for project, events in streams.items()}
    candidates: dict[UUID, _Candidate] = {}
    if asked.sees_nominations:
        candidates = {holder: _Candidate(one.recipient, one.project, None) for holder, one in nominated.items()}
    for project, found in projects.items():
        if found.is_public and (asked.sees_nominations or state(PROJECT, project, streams[project]).is_public):
            for one in chosen(found, asked.rule.code):
                candidates[one.recipient.holder] = _Candidate(one.recipient, project, one)
    rules = asked.rules.model_copy(update={"ranking": asked.weights}) if asked.weights else asked.rules
    ranking = ranked((holder, standing(projects[one.project], rules)) for holder, one in candidates.items())
    sealed = [one.recipient.name.commitment for one in candidates.values() if one.recipient.kind == "person"]
    opened = await ledger.vault.open(sealed, who.role)
    announced = asked.announced.said(ProgrammeAnnounced)
    return RankingAnswer(
        programme=rules.code,
        honour=asked.rule.code,
        honour_name=asked.rule.name,
        of="nominated" if asked.sees_nominations else "proposed",
        formula=rules.ranking.formula,
        weights=Weights(**rules.ranking.model_dump(exclude={"formula"})),
        hypothetical=asked.weights is not None,
        rules=RulesCited(position=asked.announced.position, sha256=announced.rules_sha256),
        ties=TIES,
        rolled=_rolled(rules, (projects[one.project] for one in candidates.values())),
        known=asked.known,
        fold_version=FOLD_VERSION,
        nominees=[
            _nominee(one, candidates[one.recipient], projects, opened, streams[one.standing.project]) for one in ranking
        ],
    )


def _rolled(rules: Rules, projects: Iterable[Project]) -> dict[date, date]:
    due = sorted({report.fact.due_on for project in projects for report in project.reports})
    return {day: last for day in due if (last := last_day_in_time(rules, day)) != day}


def _nominee(
    found: Ranked,
    candidate: _Candidate,
    projects: Mapping[UUID, Project],
    opened: Mapping[str, Mapping[str, str]],
    events: list[Recorded],
) -> RankedNominee:
    positions = {event.version: event.position for event in events}
    name: str | None
    recipient, standing, choice = candidate.recipient, found.standing, candidate.chosen
    form = projects[candidate.project].form
    assert form is not None
    if isinstance(recipient, OrganisationRecipient):
        name, organisation_name = recipient.name, recipient.name
    else:
        name = opened.get(recipient.name.commitment, {}).get("name")
        organisation_name = recipient.organisation_name
    return RankedNominee(
        rank=found.rank,
        recipient=found.recipient,
        name=name,
        organisation=recipient.organisation,
        organisation_name=organisation_name,
        project=candidate.project,
        project_title=form.title,
        standing=choice.standing if choice else HonourStanding.NOMINATED,
        proposal=_proposal(choice, positions) if choice else None,
        award=_cited(choice.award.version, positions) if choice and choice.award else None,
        score=None if standing.score is None else str(standing.score),
        completed_on=standing.completed_on,
        components=[_component(one, positions) for one in standing.components],
    )


def _cited(version: int, positions: Mapping[int, int]) -> Cited:
    return Cited(version=version, position=positions[version])


def _proposal(choice: Chosen, positions: Mapping[int, int]) -> ShownProposal | None:
    if choice.proposal is None:
        return None
    said = choice.proposal.fact
    return ShownProposal(
        event=_cited(choice.proposal.version, positions),
        score=said.score,
        rank=said.rank,
        nominated=said.nominated,
        departure=said.departure,
        objections_until=said.objections_until,
    )


def _component(component: Component, positions: Mapping[int, int]) -> RankedComponent:
    return RankedComponent(
        code=component.code,
        weight=str(component.weight),
        value=None if component.value is None else str(component.value),
        inputs=[
            RankedInput(
                code=one.code,
                value=one.value,
                event=None if one.version is None else _cited(one.version, positions),
            )
            for one in component.inputs
        ],
        events=[_cited(version, positions) for version in component.versions],
    )
