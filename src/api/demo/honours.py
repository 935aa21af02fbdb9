"""December: nominations, proposals shown for objection, honours; one given by mistake, one taken back (N20, N21)."""

from datetime import date
from uuid import UUID

from api.demo import forms, secretariat
from api.demo.clock import AFTERNOON, MORNING, seeded
from api.demo.play import PROGRAMME, Finished, Play, ask
from ledger.accounts import Account
from ledger.aggregates import NOMINATIONS, PROJECT
from ledger.commands import corrections
from ledger.commands.batches import Awards
from ledger.commands.corrections import VoidBody
from ledger.commands.honours import AwardTerms, Individual, PlaquePresentation, person_id
from ledger.commands.nominations import HonourProposals, Nomination, ProposedNominee
from ledger.commands.public_events import Ceremony
from ledger.commands.recorded_decisions import RecordedAward, RecordedRevocation
from ledger.core.history import state
from ledger.identity import DocumentKind, IdentityDocument
from ledger.project.decision_papers import PaperKind
from ledger.project.evaluation import evaluation_is_final
from ledger.project.formula_2 import standing
from ledger.project.ranking import ranking_of
from ledger.project.state import Project
from ledger.register import DocumentDetails
from ledger.veils import Veiled

ORGANISATIONS, PERSONS, TOP = 40, 60, 10
NOMINATED_ON, PROPOSED_ON = date(2010, 12, 3), date(2010, 12, 6)
BY_THE_ASSOCIATION = "top-ten"


async def honour(play: Play) -> None:
    """Advanced organisations and individuals by the leading group, the top ten by the promotion association."""
    await play.until(NOMINATED_ON, AFTERNOON)
    best = await _best(play)
    people = _people(best)
    for found in best[: ORGANISATIONS + 15]:
        await _nominate(play, "advanced-organisation", found)
    for found, person in people:
        await _nominate(play, "advanced-individual", found, person)
    for found in best[: TOP + 10]:
        await _nominate(play, BY_THE_ASSOCIATION, found)

    await play.until(PROPOSED_ON, MORNING)
    # One more than are honoured at first: one of them will turn out to be a mistake.
    advanced = (await _by_rank(play, "advanced-organisation"))[: ORGANISATIONS + 1]
    by_rank = await _by_rank(play, BY_THE_ASSOCIATION)
    top = [*by_rank[: TOP - 1], by_rank[TOP]]
    await _propose(play, "advanced-organisation", [ProposedNominee(project=project) for project in advanced])
    await _propose(
        play,
        "advanced-individual",
        [ProposedNominee(project=found.project, nominee=_id(play, person)) for found, person in people],
    )
    departure = f"排名第{TOP}的组织书面表示放弃参评，由下一名递补。（演示）"
    nominees = [ProposedNominee(project=project) for project in top[:-1]]
    await _propose(play, BY_THE_ASSOCIATION, [*nominees, ProposedNominee(project=top[-1], departure=departure)])

    await play.until(date(2010, 12, 22), MORNING)
    given = await _award(play, "advanced-organisation", [(project, None) for project in advanced[:ORGANISATIONS]])
    await play.until(date(2010, 12, 23), MORNING)
    await _award(play, "advanced-individual", [(found.project, person) for found, person in people])

    await play.until(date(2010, 12, 27), AFTERNOON)
    void = VoidBody(kind="void", target=given[-1], reason="名单核对有误，该组织未参加本次评选。")
    chair = ask(_chair(play, "advanced-organisation"))
    await play.ledger.transact(chair, corrections.correct_project(advanced[ORGANISATIONS - 1], void))
    await play.until(date(2010, 12, 28), MORNING)
    award = RecordedAward(kind="award", honour="advanced-organisation", deed=forms.DEEDS[0])
    await secretariat.record(play, advanced[ORGANISATIONS], award)

    await play.until(date(2010, 12, 29), AFTERNOON)
    best_of_all = await _award(play, BY_THE_ASSOCIATION, [(project, None) for project in top])
    await play.until(date(2010, 12, 30), AFTERNOON)
    ceremony = "社会组织服务民生行动总结表彰大会（演示）"
    held = Ceremony(name=ceremony, held_on=date(2010, 12, 30), venue="示例会堂")
    await play.ledger.transact(ask(play.cast.office.account), held.on(PROGRAMME))
    for project, version in zip(top, best_of_all, strict=True):
        plaque = PlaquePresentation(award=version, presented_on=date(2010, 12, 30), ceremony=ceremony)
        await play.ledger.transact(ask(play.cast.promotion_association.account), plaque.on(project))
    revocation = RecordedRevocation(
        kind="revocation",
        award=given[ORGANISATIONS - 2],
        reason="申报材料中的服务人数经查不实，撤销表彰，名额不递补。（演示）",
    )
    await secretariat.record(play, advanced[ORGANISATIONS - 2], revocation, PaperKind.SIGNED_APPROVAL)


async def _projects(play: Play, ids: list[UUID]) -> dict[UUID, Project]:
    streams = await play.ledger.store.streams(ids)
    return {project: state(PROJECT, project, events) for project, events in streams.items()}


async def _best(play: Play) -> list[Finished]:
    """The best project of each organisation, of those that can be honoured."""
    projects = await _projects(play, await play.portfolio(PROGRAMME, ()))
    by_organisation: dict[UUID, Finished] = {}
    for found in sorted(play.finished, key=lambda one: standing(projects[one.project], (), play.rules).key):
        project = projects[found.project]
        final = not play.rules.objections or evaluation_is_final(project, play.rules, PROPOSED_ON)
        if project.is_achieved and final:
            by_organisation.setdefault(found.player.id, found)
    return list(by_organisation.values())


def _people(best: list[Finished]) -> list[tuple[Finished, Individual]]:
    """Two of each organisation; now and then namesakes, whom their documents tell apart."""
    chance = seeded("honours")
    named = []
    for nth in range(PERSONS):
        document = IdentityDocument(kind=DocumentKind.PASSPORT, number=f"DEMO{nth:05}")
        named.append((best[nth % (PERSONS // 2)], Individual(name=forms.person(chance), identity_document=document)))
    return named


def _id(play: Play, person: Individual) -> UUID:
    return person_id(play.ledger.vault, PROGRAMME, person.identity_document)


async def _nominate(play: Play, code: str, found: Finished, person: Individual | None = None) -> None:
    """Every third is a recommendation by its authority."""
    chance = seeded("nomination", code, found.player.registration.name)
    recommended = chance.random() < 1 / 3
    who = play.cast.authority(found.player.registration.district) if recommended else found.player.account
    deed = chance.choice(forms.DEEDS)
    body = Nomination(project=found.project, honour=code, person=person, consent=person is not None, deed=deed)
    await play.ledger.transact(ask(who), body.on(PROGRAMME))


async def _by_rank(play: Play, code: str) -> list[UUID]:
    stream = await play.ledger.veils.stream(Veiled.NOMINATIONS, PROGRAMME, code)
    made = state(NOMINATIONS, stream, (await play.ledger.store.streams([stream]))[stream]).made
    projects = await _projects(play, await play.portfolio(PROGRAMME, ()))
    return [found.standing.project for found in ranking_of(made.values(), projects, play.rules)]


async def _propose(play: Play, code: str, nominees: list[ProposedNominee]) -> None:
    body = HonourProposals(honour=code, proposals=tuple(nominees), notice="社会组织服务民生行动拟表彰名单公示（演示）")
    await play.ledger.transact(ask(_chair(play, code)), body.on(PROGRAMME))


def _chair(play: Play, code: str) -> Account:
    cast = play.cast
    return (cast.promotion_association if code == BY_THE_ASSOCIATION else cast.leading_group).account


async def _award(play: Play, code: str, winners: list[tuple[UUID, Individual | None]]) -> list[int]:
    """By one document; the version of each project's honour, where it brings one."""
    rule = play.rules.quota(code)
    assert rule is not None
    parts = tuple(
        AwardTerms(
            project=project,
            honour=code,
            nominee=_id(play, person) if person else None,
            deed=forms.DEEDS[nth % len(forms.DEEDS)],
        )
        for nth, (project, person) in enumerate(winners)
    )
    document = DocumentDetails(title=f"关于表彰{rule.name.zh}的决定（演示）", dated_on=play.ledger.today())
    body = Awards(awards=parts, document=document)
    await play.ledger.transact(ask(_chair(play, code)), body.on(PROGRAMME))
    streams = await play.ledger.store.streams([project for project, _ in winners])
    return [streams[project][-1].version for project, _ in winners]
