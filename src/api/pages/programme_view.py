"""A programme: its calendar, places left, who decides, its rules in words, its documents."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from api.archive.words import LIST
from api.pages.code_texts import EVALUATION
from api.pages.frame import Link
from api.pages.history_view import HistoryRow
from api.pages.phases import PhaseLine, phase_line
from api.pages.programme_texts import RULES
from api.pages.reader import Reader
from api.routes.programmes import ProgrammeView, QuotaView
from ledger.authors import ROLE
from ledger.core.fact import Role
from ledger.project.contract import CONTRACT, PUBLISH
from ledger.project.delivery import DECIDE_MILESTONE
from ledger.project.evaluation import EVALUATE_THIRD_PARTY
from ledger.project.honours import AWARD
from ledger.project.payments import DISBURSE
from ledger.project.purchase import PURCHASE
from ledger.project.review import APPROVE, REJECT, REVIEW
from ledger.project.screening import HAND_IN, SCREEN
from ledger.project.supervision import INSPECT
from ledger.rules import Rules

DECIDING = (
    *(SCREEN, HAND_IN, REVIEW, APPROVE, REJECT, CONTRACT, PUBLISH, DECIDE_MILESTONE),
    *(INSPECT, PURCHASE, DISBURSE, EVALUATE_THIRD_PARTY, AWARD),
)


@dataclass(frozen=True, slots=True)
class Places:
    """`share`: taken, in percent."""

    name: str
    left: str
    decided_by: str
    share: str


@dataclass(frozen=True, slots=True)
class Chapter:
    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProgrammePage:
    """`kept`: of records that came without rules."""

    title: str
    lead: str
    as_of: str
    kept: bool
    calendar: PhaseLine | None
    quotas: tuple[Places, ...]
    links: tuple[Link, ...]
    decides: tuple[tuple[str, str], ...]
    chapters: tuple[Chapter, ...]
    fields: tuple[tuple[Link, str], ...]
    districts: str
    registers: tuple[str, ...]
    digest: str
    events: tuple[HistoryRow, ...]


def programme_page(
    reader: Reader, shown: ProgrammeView, day: date, known: int, history: Iterable[HistoryRow]
) -> ProgrammePage:
    rules = Rules.model_validate(shown.rules) if shown.rules else None
    path = f"/programmes/{shown.code}"
    links = [Link(reader.say(RULES["rules_projects"]), reader.link("/projects", programme=shown.code))]
    if rules:
        links.append(Link(reader.say(RULES["rules_honours"]), reader.link(f"{path}/honours")))
        links.append(Link(reader.say(RULES["rules_figures"]), reader.link(f"{path}/briefing")))
    districts = [one for one in rules.districts if one.code in set(shown.districts_now.values())] if rules else []
    return ProgrammePage(
        title=reader.say(shown.name),
        lead=reader.say(RULES["rules_lead"], authority=reader.say(rules.authority), year=rules.year)
        if rules
        else reader.say(RULES["rules_kept"]),
        as_of=reader.say(RULES["rules_as_of"], position=reader.number(known), day=reader.day(day).text),
        kept=rules is None,
        calendar=phase_line(reader, shown.phases, day) if shown.phases else None,
        quotas=tuple(_places(reader, one) for one in shown.quotas),
        links=tuple(links),
        decides=tuple(_decides(reader, rules)) if rules else (),
        chapters=tuple(_chapters(reader, rules)) if rules else (),
        fields=tuple(
            (
                Link(reader.say(one.name), reader.link("/projects", programme=shown.code, category=one.code)),
                one.description,
            )
            for one in rules.categories
        )
        if rules
        else (),
        districts=reader.listed(reader.say(one.name) for one in districts),
        registers=tuple(
            reader.say(RULES["rules_registers"], authority=reader.say(one.authority), pattern=_pattern(one.pattern))
            for one in rules.registers
        )
        if rules
        else (),
        digest=shown.rules_sha256 or "",
        events=tuple(history),
    )


def _decides(reader: Reader, rules: Rules) -> Iterable[tuple[str, str]]:
    """Each step in the order of a project's life, with the roles whose right it is."""
    for action in DECIDING:
        if rules.screening or action not in (SCREEN, HAND_IN):
            named = reader.say(action.named)
            yield named[0].upper() + named[1:], reader.listed(reader.say(ROLE[role]) for role in action.may)


def _pattern(pattern: str) -> str:
    return pattern.replace("{number}", "…").replace("{year}", "…")


def _places(reader: Reader, quota: QuotaView) -> Places:
    return Places(
        name=reader.say(quota.name),
        left=reader.say(
            RULES["rules_left"],
            left=reader.number(quota.left),
            places=reader.number(quota.places),
            taken=reader.number(quota.taken),
        ),
        decided_by=reader.say(RULES["rules_decided_by"], role=reader.say(ROLE[Role(quota.decided_by)])),
        share=f"{min(quota.taken * 100 / quota.places, 100):.1f}",
    )


def _chapters(reader: Reader, rules: Rules) -> Iterable[Chapter]:
    def chapter(title: str, *sentences: str) -> Chapter:
        return Chapter(reader.say(RULES[title]), tuple(filter(None, sentences)))

    def say(key: str, **values: object) -> str:
        return reader.say(RULES[key], **values)

    terms, barred = rules.deadlines, rules.eligibility.barred_lists
    yield chapter(
        "rules_apply",
        say("rules_screening" if rules.screening else "rules_no_screening"),
        say("rules_amend", days=terms.amendment),
        say("rules_barred", lists=reader.listed(reader.say(LIST[one]) for one in barred)) if barred else "",
    )
    yield chapter(
        "rules_review",
        say("rules_reviewers", needed=rules.review.needed, favourable=rules.review.favourable),
        say("rules_floor", floor=rules.review.floor),
        say("rules_approval", days=terms.review_request),
    )
    yield chapter("rules_contract", say("rules_signing", days=terms.signing))
    yield chapter(
        "rules_milestones",
        say("rules_milestones_are", milestones=reader.listed(reader.say(one.name) for one in rules.milestones)),
        say("rules_acceptance") if rules.acceptance else "",
    )
    evaluators = reader.listed(reader.say(EVALUATION[one]) for one in rules.evaluation.by)
    yield chapter(
        "rules_evaluation",
        say("rules_evaluated_by", evaluators=evaluators, scale=rules.evaluation.scale),
        say("rules_criteria", criteria=reader.listed(reader.say(one.name) for one in rules.evaluation.criteria)),
        say(
            "rules_sample",
            share=rules.sampling.share,
            least=rules.sampling.least,
            group=rules.evaluation.minimum_group,
        )
        if "beneficiaries" in rules.evaluation.by
        else "",
    )
    if rules.objections:
        yield chapter(
            "rules_objection",
            say("rules_objection_days", days=terms.objection),
            say("rules_correction_days", days=terms.correction),
        )
    ranking = rules.ranking
    yield chapter(
        "rules_ranking",
        say(
            "rules_weights",
            completion=ranking.completion,
            beneficiaries=ranking.beneficiaries,
            third_party=ranking.third_party,
        ),
    )
