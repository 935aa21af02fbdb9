"""The ranking of an honour as it was known at a position (N20, N21): of all nominees for those who decide and for
auditors, of those who were proposed for everybody else. Nothing is written, whatever is asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal
from uuid import UUID

from api.service import Service
from ledger.accounts import Account
from ledger.aggregates import NOMINATIONS, PROGRAMME, PROJECT
from ledger.core.envelope import Recorded
from ledger.core.history import FOLD_VERSION, state
from ledger.core.words import Words
from ledger.identifiers import programme_stream, quota_stream
from ledger.programme import ProgrammeAnnounced
from ledger.project.chosen import Chosen, HonourStanding, chosen
from ledger.project.nominations import OrganisationRecipient, PersonRecipient
from ledger.project.ranking import TIES, Ranked, projects_by_organisation, ranked, standing
from ledger.project.standing import Component, last_day_in_time
from ledger.project.state import Project
from ledger.quota import PlaceTaken
from ledger.refusals.general import ProgrammeUnknown
from ledger.rules import Quota, RankingRule, Rules
from ledger.transaction import Ledger
from ledger.values import CivilDate, Code, Digest, Frozen
from ledger.veils import Veiled


class Weights(Frozen):
    """In per cent; they make 100."""

    completion: int
    beneficiaries: int
    third_party: int


class Cited(Frozen):
    """An event of a project that is rested on."""

    project: UUID
    version: int
    position: int


class RankedInput(Frozen):
    """`event` is null for a number that follows from the rules or from several events. Its project: the nominee's, or
    with formula 2 another of its organisation."""

    code: str
    value: int
    project: UUID
    event: Cited | None


class RankedComponent(Frozen):
    """In percent; `weight` as it was used, `value` null where nothing was measured, else worked out from `inputs`.

    Formula 1: completion is the share of `milestones` reported `in_time` times `done`; beneficiaries, `satisfied` of
    `answered`; third_party, the mean of `points` of `most`. Formula 2: completion is the mean of `people_served` of
    `people_planned`, `done`, the share `in_time`, `money_spent` of `money_planned`, each at most 100; beneficiaries and
    third_party as in formula 1, but the lower of `without_feedback` and third_party where nobody could be asked and 0
    where nobody was; each value of an organisation is the mean of its projects' by `size`."""

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
    """`name` is null when a person's data was erased, and of one who was proposed, is no longer shown and was not
    honoured; `score` until a third party has evaluated. `standing`: how far the recipient came, by the newest proposal
    and award."""

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
    honour_name: Words
    of: Literal["nominated", "proposed"]
    formula: int
    weights: Weights
    without_feedback: int
    hypothetical: bool
    rules: RulesCited
    ties: tuple[str, ...]
    rolled: dict[date, date]
    known: int
    fold_version: int
    nominees: list[RankedNominee]


Streams = Mapping[UUID, Sequence[Recorded]]


@dataclass(frozen=True, slots=True)
class RankingQuery:
    """`announced`: the programme's first event. `other`: another formula or other weights, to see what then. `in_full`:
    with the numbers and events that each value rests on, thousands of them, of which the page shows none."""

    announced: Recorded
    rules: Rules
    rule: Quota
    known: int
    sees_nominations: bool
    other: RankingRule | None = None
    in_full: bool = True


@dataclass(frozen=True, slots=True)
class ReadProjects:
    """Projects as known at a position, each read and folded once for all rankings that are asked for together."""

    ledger: Ledger
    known: int
    streams: dict[UUID, Sequence[Recorded]] = field(default_factory=dict)
    projects: dict[UUID, Project] = field(default_factory=dict)

    async def read(self, wanted: Iterable[UUID]) -> dict[UUID, Project]:
        wanted = list(wanted)
        found = await self.ledger.read(PROJECT, [one for one in wanted if one not in self.streams])
        for one, timeline in found.items():
            self.streams[one] = timeline.events
            self.projects[one] = timeline.as_known(self.known)
        return {one: self.projects[one] for one in wanted}


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


async def ranking_as_known(
    service: Service, who: Account, asked: RankingQuery, read: ReadProjects | None = None
) -> RankingAnswer:
    """`read`: what other rankings as known at that position have read. Raises WaitTooLong."""
    ledger, read = service.ledger, read or ReadProjects(service.ledger, asked.known)
    nominations = await ledger.veils.stream(Veiled.NOMINATIONS, asked.rules.code, asked.rule.code)
    places = quota_stream(asked.rules.code, asked.rule.code)
    known_of = await ledger.store.streams([nominations, places])
    nominated = state(NOMINATIONS, nominations, known_of[nominations], asked.known).made
    # Where a programme takes no nominations, the honoured alone are known.
    taken = [
        one.fact.project for one in known_of[places] if one.position <= asked.known and isinstance(one.fact, PlaceTaken)
    ]
    projects = await read.read({one.project for one in nominated.values()} | {*taken})
    rules = asked.rules.model_copy(update={"ranking": asked.other}) if asked.other else asked.rules
    candidates: dict[UUID, _Candidate] = {}
    if asked.sees_nominations:
        candidates = {holder: _Candidate(one.recipient, one.project, None) for holder, one in nominated.items()}
    for project, found in projects.items():
        if found.is_public and (asked.sees_nominations or _is_public_now(found, read.streams[project], asked.known)):
            for one in chosen(found, asked.rule.code):
                candidates[one.recipient.holder] = _Candidate(one.recipient, project, one)
    # Nothing here may tell that others were nominated.
    counting = {one.project: projects[one.project] for one in candidates.values()}
    counting |= await _others(service, candidates.values(), rules, read)
    by_organisation = projects_by_organisation(counting.values(), rules.code)
    ranking = ranked(
        (holder, standing(one.recipient, projects[one.project], by_organisation, rules))
        for holder, one in candidates.items()
    )
    today = ledger.today(rules.zone)
    sealed = [
        one.recipient.name.commitment
        for one in candidates.values()
        if one.recipient.kind == "person" and (asked.sees_nominations or _is_named(one.chosen, today))
    ]
    opened = await ledger.vault.open(sealed, ledger.shown_to(who))
    announced = asked.announced.said(ProgrammeAnnounced)
    return RankingAnswer(
        programme=rules.code,
        honour=asked.rule.code,
        honour_name=asked.rule.name,
        of="nominated" if asked.sees_nominations else "proposed",
        formula=rules.ranking.formula,
        weights=Weights(**rules.ranking.model_dump(include={*Weights.model_fields})),
        without_feedback=rules.ranking.without_feedback,
        hypothetical=asked.other is not None,
        rules=RulesCited(position=asked.announced.position, sha256=announced.rules_sha256),
        ties=TIES,
        rolled=_rolled(rules, counting.values()),
        known=asked.known,
        fold_version=FOLD_VERSION,
        nominees=[_nominee(one, candidates[one.recipient], projects, opened, read.streams, asked) for one in ranking],
    )


def _is_public_now(known_then: Project, events: Sequence[Recorded], known: int) -> bool:
    """`known_then`: the project as known at the position, which it still is where nothing has come since."""
    return known_then.is_public if events[-1].position <= known else state(PROJECT, known_then.id, events).is_public


async def _others(
    service: Service, candidates: Iterable[_Candidate], rules: Rules, read: ReadProjects
) -> dict[UUID, Project]:
    """What else counts for the organisations of these."""
    if rules.ranking.formula == 1:
        return {}
    organisations = {one.recipient.organisation for one in candidates if one.recipient.kind == "organisation"}
    return await read.read(await service.portfolio(rules.code, organisations, read.known))


def _rolled(rules: Rules, projects: Iterable[Project]) -> dict[date, date]:
    """Also of contracts: formula 2 measures against the due days first agreed."""
    due = set[date]()
    for project in projects:
        terms = (project.contract, *(amended.fact for amended in project.amendments))
        due.update(item.due_on for contract in terms if contract for item in contract.due)
        due.update(report.fact.due_on for report in project.reports)
    return {day: last for day in sorted(due) if (last := last_day_in_time(rules, day)) != day}


def _nominee(
    found: Ranked,
    candidate: _Candidate,
    projects: Mapping[UUID, Project],
    opened: Mapping[str, Mapping[str, str]],
    streams: Streams,
    asked: RankingQuery,
) -> RankedNominee:
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
        proposal=_proposal(choice, candidate.project, streams) if choice else None,
        award=_cited(candidate.project, choice.award.version, streams) if choice and choice.award else None,
        score=None if standing.score is None else str(standing.score),
        completed_on=standing.completed_on,
        components=[_component(one, streams, in_full=asked.in_full) for one in standing.components],
    )


def _is_named(choice: Chosen | None, today: date) -> bool:
    """Whether everybody reads the person's name: while it is shown, and once it was honoured."""
    if choice is None:
        return False
    proposal = choice.proposal
    return choice.award is not None or (proposal is not None and today <= proposal.fact.objections_until)


def _cited(project: UUID, version: int, streams: Streams) -> Cited:
    return Cited(project=project, version=version, position=streams[project][version - 1].position)


def _proposal(choice: Chosen, project: UUID, streams: Streams) -> ShownProposal | None:
    if choice.proposal is None:
        return None
    said = choice.proposal.fact
    return ShownProposal(
        event=_cited(project, choice.proposal.version, streams),
        score=said.score,
        rank=said.rank,
        nominated=said.nominated,
        departure=said.departure,
        objections_until=said.objections_until,
    )


def _component(component: Component, streams: Streams, *, in_full: bool) -> RankedComponent:
    return RankedComponent(
        code=component.code,
        weight=str(component.weight),
        value=None if component.value is None else str(component.value),
        inputs=[
            RankedInput(
                code=one.code,
                value=one.value,
                project=one.project,
                event=None if one.version is None else _cited(one.project, one.version, streams),
            )
            for one in component.inputs
            if in_full
        ],
        events=[_cited(one.project, one.version, streams) for one in component.events if in_full],
    )
