"""The ranking of nominated projects (N21): what each scores by the formula and the weights of the programme, and an
order that everybody comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from ledger.project import formula_1, formula_2
from ledger.project.nominations import Nominated, OrganisationRecipient, PersonRecipient
from ledger.project.standing import Standing
from ledger.rules import Rules

if TYPE_CHECKING:
    from ledger.project.state import Project

# What equal scores stand by, in this order: see Standing.key.
TIES = ("third_party", "completion", "completed_on", "project", "recipient")


@dataclass(frozen=True, slots=True)
class Ranked:
    rank: int
    recipient: UUID
    standing: Standing


def ranking_of(nominated: Iterable[Nominated], projects: Mapping[UUID, Project], rules: Rules) -> list[Ranked]:
    """`projects`: those nominated and, where the formula asks for them, all others of their organisations."""
    of_programme = projects_by_organisation(projects.values(), rules.code)
    return ranked(
        (one.recipient.holder, standing(one.recipient, projects[one.project], of_programme, rules)) for one in nominated
    )


def projects_by_organisation(projects: Iterable[Project], programme: str) -> dict[UUID, list[Project]]:
    """The published ones: nobody outside can count with others."""
    found: dict[UUID, list[Project]] = {}
    for project in projects:
        if project.is_public and project.holder and project.applied and project.applied.programme == programme:
            found.setdefault(project.holder.organisation, []).append(project)
    return found


def standing(
    recipient: OrganisationRecipient | PersonRecipient,
    project: Project,
    by_organisation: Mapping[UUID, list[Project]],
    rules: Rules,
) -> Standing:
    if rules.ranking.formula == 1:
        return formula_1.standing(project, rules)
    of_recipient = [] if recipient.kind == "person" else by_organisation.get(recipient.organisation, [])
    return formula_2.standing(project, of_recipient, rules)


def ranked(nominated: Iterable[tuple[UUID, Standing]]) -> list[Ranked]:
    """Each recipient once, by the best of its projects. People of one project stand by their ids."""
    best: dict[UUID, Standing] = {}
    for recipient, standing in nominated:
        best[recipient] = min(best.get(recipient, standing), standing, key=lambda one: one.key)
    order = sorted(best.items(), key=lambda item: (item[1].key, item[0]))
    return [Ranked(rank, recipient, standing) for rank, (recipient, standing) in enumerate(order, 1)]
