"""The ranking of an honour's nominees as it was known at a position (N21)."""

from uuid import UUID

from ledger.accounts import Account
from ledger.aggregates import NOMINATIONS, PROJECT
from ledger.events import Nominated, OrganisationRecipient
from ledger.history import FOLD_VERSION, state
from ledger.identifiers import nominations_stream
from ledger.project.ranking import FORMULA, Component, Ranked, ranking_of
from ledger.rules import Quota, RankingRule, Rules
from ledger.transaction import Ledger
from ledger.values import CivilDate, Code, Frozen


class Cited(Frozen):
    """An event of the project that a value rests on."""

    version: int
    position: int


class RankedComponent(Frozen):
    """In percent; `weight` as it was used, `value` null where nothing was measured."""

    code: str
    weight: str
    value: str | None
    events: list[Cited]


class RankedNominee(Frozen):
    """`name` is null when a person's data was erased; `score` until a third party has evaluated."""

    rank: int
    recipient: UUID
    name: str | None
    organisation: UUID
    organisation_name: str
    project: UUID
    score: str | None
    completed_on: CivilDate | None
    components: list[RankedComponent]


class RankingAnswer(Frozen):
    """Recomputable from the events it cites, by this formula and these weights. Equal scores stand by the third
    party's, then completion, then the earlier completion, then the project's id."""

    programme: Code
    honour: Code
    formula: int
    weights: RankingRule
    known: int
    fold_version: int
    nominees: list[RankedNominee]


async def ranking_as_known(ledger: Ledger, who: Account, rules: Rules, rule: Quota, known: int) -> RankingAnswer:
    stream = nominations_stream(rules.code, rule.code)
    nominated = state(NOMINATIONS, stream, (await ledger.store.streams([stream]))[stream], known).made
    streams = await ledger.store.streams([one.project for one in nominated.values()])
    projects = {project: state(PROJECT, project, events, known) for project, events in streams.items()}
    ranking = ranking_of(nominated.values(), projects, rules)
    sealed = [one.recipient.name.commitment for one in nominated.values() if one.recipient.kind == "person"]
    opened = await ledger.vault.open(sealed, who.role)
    names = {holder: _name(one, opened) for holder, one in nominated.items()}
    positions = {project: {event.version: event.position for event in events} for project, events in streams.items()}
    return RankingAnswer(
        programme=rules.code,
        honour=rule.code,
        formula=FORMULA,
        weights=rules.ranking,
        known=known,
        fold_version=FOLD_VERSION,
        nominees=[
            _nominee(one, nominated[one.recipient], names[one.recipient], positions[one.standing.project])
            for one in ranking
        ],
    )


def _name(nominated: Nominated, opened: dict[str, dict[str, str]]) -> str | None:
    recipient = nominated.recipient
    if isinstance(recipient, OrganisationRecipient):
        return recipient.name
    found = opened.get(recipient.name.commitment)
    return found["name"] if found else None


def _nominee(found: Ranked, nominated: Nominated, name: str | None, positions: dict[int, int]) -> RankedNominee:
    recipient, standing = nominated.recipient, found.standing
    return RankedNominee(
        rank=found.rank,
        recipient=found.recipient,
        name=name,
        organisation=recipient.organisation,
        organisation_name=(
            recipient.name if isinstance(recipient, OrganisationRecipient) else recipient.organisation_name
        ),
        project=standing.project,
        score=None if standing.score is None else str(standing.score),
        completed_on=standing.completed_on,
        components=[_component(one, positions) for one in standing.components],
    )


def _component(component: Component, positions: dict[int, int]) -> RankedComponent:
    return RankedComponent(
        code=component.code,
        weight=str(component.weight),
        value=None if component.value is None else str(component.value),
        events=[Cited(version=version, position=positions[version]) for version in component.versions],
    )
