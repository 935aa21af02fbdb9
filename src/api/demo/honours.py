"""December: honours, and one that was given by mistake (N20, N21)."""

from collections.abc import Iterable
from datetime import date

from api.demo import forms
from api.demo.clock import AFTERNOON, MORNING, seeded
from api.demo.play import PROGRAMME, Finished, Play, ask
from ledger.accounts import Account
from ledger.commands import corrections, honours
from ledger.commands.corrections import VoidBody
from ledger.commands.honours import Award
from ledger.transaction import Receipt
from ledger.values import PersonName

ORGANISATIONS, PERSONS, TOP = 40, 60, 10


async def honour(play: Play) -> None:
    """Advanced organisations and individuals by the leading group, the top ten by the promotion association."""
    await play.until(date(2010, 12, 22), MORNING)
    chance = seeded("honours")
    best = list(_distinct(sorted(play.finished, key=lambda found: (-found.score, found.player.registration.name))))
    leaders = play.cast.leading_group.account
    given = [await _award(play, leaders, "advanced-organisation", found) for found in best[:ORGANISATIONS]]

    await play.until(date(2010, 12, 23), MORNING)
    for nth in range(PERSONS):
        # Two or three people of one organisation have different names.
        found = best[nth % (PERSONS // 2)]
        name = PersonName(name=f"{forms.person(chance).removesuffix('（演示）')}{nth + 1}号（演示）")
        await _award(play, leaders, "advanced-individual", found, name)

    await play.until(date(2010, 12, 27), AFTERNOON)
    mistaken, next_best = best[ORGANISATIONS - 1], best[ORGANISATIONS]
    void = VoidBody(kind="void", target=given[-1].version, reason="名单核对有误，该组织未参加本次评选。")
    await corrections.correct(play.ledger, ask(play.cast.office.account), mistaken.project, void)
    await play.until(date(2010, 12, 28), MORNING)
    await _award(play, leaders, "advanced-organisation", next_best)

    await play.until(date(2010, 12, 29), AFTERNOON)
    for found in best[:TOP]:
        await _award(play, play.cast.promotion_association.account, "top-ten", found)


def _distinct(found: Iterable[Finished]) -> Iterable[Finished]:
    """The best project of each organisation."""
    seen = set()
    for one in found:
        if one.player.id not in seen:
            seen.add(one.player.id)
            yield one


async def _award(play: Play, who: Account, code: str, found: Finished, person: PersonName | None = None) -> Receipt:
    chance = seeded("award", code, found.player.registration.name)
    body = Award(project=found.project, honour=code, person=person, deed=chance.choice(forms.DEEDS))
    return await honours.award(play.ledger, ask(who), PROGRAMME, body)
