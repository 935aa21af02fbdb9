"""What the page of a programme's honours shows, ready for its template: the public ranking of each (N20, N21)."""

from dataclasses import dataclass

from api.pages.code_texts import COMPONENT, HONOUR_STANDING
from api.pages.frame import Link
from api.pages.reader import Reader
from api.pages.texts import PAGE
from api.reading.ranking import RankedNominee, RankingAnswer
from ledger.project.chosen import HonourStanding
from ledger.rules import Rules


@dataclass(frozen=True, slots=True)
class RankedHonour:
    """One in the order. `href` leads to the project, `certificate` to the certificate where there is one."""

    rank: str
    name: str
    of_organisation: str
    title: str
    href: str
    certificate: Link | None
    standing: str
    standing_text: str
    shown_until: str
    score: str
    parts: tuple[tuple[str, str], ...]
    departure: str


@dataclass(frozen=True, slots=True)
class HonourList:
    code: str
    name: str
    places: str
    entries: tuple[RankedHonour, ...]


@dataclass(frozen=True, slots=True)
class HonoursView:
    path: str
    title: str
    weights: str
    plans: str
    honours: tuple[HonourList, ...]
    as_of: str


def honours_view(reader: Reader, rules: Rules, rankings: list[RankingAnswer], known: int) -> HonoursView:
    return HonoursView(
        path=f"/programmes/{rules.code}/honours",
        title=reader.say(PAGE["honours_title"], programme=reader.say(rules.name)),
        weights=reader.say(
            PAGE["honours_weights"],
            formula=rules.ranking.formula,
            completion=rules.ranking.completion,
            beneficiaries=rules.ranking.beneficiaries,
            third_party=rules.ranking.third_party,
        ),
        plans=reader.say(PAGE["honours_plans"], without_feedback=rules.ranking.without_feedback)
        if rules.ranking.formula != 1
        else "",
        honours=tuple(_honour(reader, rules, ranking) for ranking in rankings),
        as_of=reader.say(PAGE["certificate_as_of"], position=reader.number(known)),
    )


def _honour(reader: Reader, rules: Rules, ranking: RankingAnswer) -> HonourList:
    rule = rules.quota(ranking.honour)
    assert rule is not None
    given = sum(one.standing is HonourStanding.AWARDED for one in ranking.nominees)
    return HonourList(
        code=ranking.honour,
        name=reader.say(ranking.honour_name),
        places=reader.say(PAGE["honours_places"], count=reader.number(rule.places), given=reader.number(given)),
        entries=tuple(_entry(reader, one) for one in ranking.nominees),
    )


def _entry(reader: Reader, one: RankedNominee) -> RankedHonour:
    is_person = one.recipient != one.organisation
    certificate = None
    if one.award:
        certificate = Link(
            reader.say(PAGE["certificate"]), reader.link(f"/certificates/{one.project}/{one.award.version}")
        )
    said, is_proposed = one.proposal, one.standing is HonourStanding.PROPOSED
    until = reader.day(said.objections_until).text if said and is_proposed else ""
    return RankedHonour(
        rank=reader.say(PAGE["honours_position"], rank=reader.number(one.rank)),
        name=one.name or reader.say(PAGE["name_closed"]),
        of_organisation=one.organisation_name if is_person else "",
        title=one.project_title,
        href=reader.link(f"/projects/{one.project}"),
        certificate=certificate,
        standing=one.standing,
        standing_text=reader.say(HONOUR_STANDING[one.standing]),
        shown_until=reader.say(PAGE["honours_shown_until"], day=until) if until else "",
        score=reader.say(PAGE["honours_score"], score=one.score) if one.score else reader.say(PAGE["honours_no_score"]),
        parts=tuple(
            (
                reader.say(COMPONENT[part.code]),
                reader.say(PAGE["honours_part"], value=part.value, weight=part.weight)
                if part.value
                else reader.say(PAGE["honours_not_measured"]),
            )
            for part in one.components
        ),
        departure=reader.say(
            PAGE["honours_departure"],
            rank=reader.number(said.rank),
            nominated=reader.number(said.nominated),
            departure=said.departure,
        )
        if said and said.departure
        else "",
    )


def machine_links(reader: Reader, rankings: list[RankingAnswer]) -> tuple[Link, ...]:
    return tuple(
        Link(
            reader.say(PAGE["json_ranking"], honour=reader.say(one.honour_name)),
            reader.at(f"/v1/programmes/{one.programme}/rankings/{one.honour}?known_at={one.known}"),
        )
        for one in rankings
    )


def honours_link(reader: Reader, rules: Rules) -> Link:
    return Link(
        reader.say(PAGE["honours_title"], programme=reader.say(rules.name)),
        reader.link(f"/programmes/{rules.code}/honours"),
    )
