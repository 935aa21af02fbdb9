"""Commands across projects: which there are, and of each the projects to choose from, with what stands in their way."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from api.problem_texts import sentence
from api.problems import names_for
from api.work.choices import OF_PROJECTS, choices_of
from api.work.describe import Group, Leaf, described, is_by_project
from api.work.offers import Offer, Target, Way, offers_of
from api.work.place import Place
from api.work.probe import tried
from api.work.values import Choice
from ledger.accounts import Account
from ledger.core.refusal import Refusal
from ledger.refusals.general import BatchRefused


@dataclass(frozen=True, slots=True)
class Batch:
    """`path`: of the field in which projects are chosen."""

    offer: Offer
    way: Way
    path: str


def batches_of(who: Account) -> Iterator[Batch]:
    for offer in offers_of(Target.PROGRAMME, who):
        for way in offer.ways_of(who):
            if path := selection_of(described(way.model)):
                yield Batch(offer, way, path)


def selection_of(node: Group) -> str | None:
    """The field of a form in which projects are ticked, if it has one."""
    for one in node.fields:
        if is_by_project(one) or (isinstance(one, Leaf) and one.many and one.name in OF_PROJECTS):
            return one.name
    return None


@dataclass(frozen=True, slots=True)
class Candidate:
    """`why`: what stands in its way, in words; empty where nothing does."""

    project: Choice
    why: str


async def candidates(place: Place, batch: Batch) -> tuple[list[Candidate], str]:
    """The projects, those that wait first, and what stands in the way of all of them."""
    waiting, for_all = await _asked(place, batch, is_waiting=True)
    if for_all:
        return waiting, for_all
    there = {one.project.value for one in waiting}
    others, _ = await _asked(replace(place, all_projects=True), batch, is_waiting=False)
    return [*waiting, *(one for one in others if one.project.value not in there)], ""


async def _asked(place: Place, batch: Batch, *, is_waiting: bool) -> tuple[list[Candidate], str]:
    """One decision on all of them. Of those that wait, a refusal may be about what is filled in to ask; of the others
    any refusal says why they do not."""
    choices = await choices_of(place, batch.offer, described(batch.way.model), {})
    there = choices.get(batch.path, [])
    refused = await tried(place, batch.offer, batch.way, choices) if there else None

    async def said(refusal: Refusal) -> str:
        if is_waiting and not refusal.whatever_is_said:
            return ""
        return sentence(refusal, place.reader.language, await names_for(place.request, refusal))

    if isinstance(refused, BatchRefused):
        why = {str(one): await said(reason) for one, reason in refused.reasons.items()}
        return [Candidate(one, why.get(one.value, "")) for one in there], ""
    return [Candidate(one, "") for one in there], await said(refused) if refused else ""


def ticked(path: str, typed: dict[str, str]) -> set[str]:
    """The projects that were chosen."""
    found = set()
    for name in typed:
        rest = name.removeprefix(f"{path}.")
        if rest != name and _is_id(rest):
            found.add(rest)
    return found


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
