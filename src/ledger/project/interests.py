"""Who declared an interest in a project (N8): a stream of its own, so that the project's version does not change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from ledger.core.action import Action, Scope
from ledger.core.correctable import never
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Fact, Role
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Words
from ledger.values import Text

DECLARE_INTEREST = Action(
    "declare_interest",
    {
        Role.COMMITTEE: Scope.ALL,
        Role.JUROR: Scope.ALL,
        Role.DISTRICT: Scope.DISTRICT,
        Role.LEADING_GROUP: Scope.ALL,
        Role.PROMOTION_ASSOCIATION: Scope.ALL,
    },
    Words("申报利害关系", "declare an interest"),
)


class InterestAlreadyDeclared(Refusal):
    kind = Kind.CONFLICT
    whatever_is_said = True
    zh, en = "已申报与此项目的利害关系。", "An interest in this project was declared already."


class InterestStands(Refusal):
    kind = Kind.FORBIDDEN
    whatever_is_said = True
    zh = "已申报利害关系，须回避此项目。"
    en = "Who declared an interest in a project does not judge it."


class InterestDeclared(
    Fact,
    audience=Audience.CONFIDENTIAL,
    correction=never(
        "利害关系一经申报即不再评判；请由他人评判。", "who declared an interest judges no more; let another one judge."
    ),
    named=Words("利害关系申报", "declaration of interest"),
    audit=Audit.EXAMINED,
):
    """N8: somebody who judges has an interest in the project and judges it no more. `person` is the pseudonym of the
    account within the project. Kept in a stream of the project's own, so that it moves no version of the project."""

    type: Literal["InterestDeclared"] = "InterestDeclared"
    project: UUID
    person: UUID
    role: Role
    nature: Text

    def fold(self, interests: Interests, recorded: Recorded) -> Interests:
        return replace(interests, persons=interests.persons | {self.person})

    def project_in(self, stream: UUID) -> UUID:
        return self.project


@dataclass(frozen=True, slots=True)
class Interests:
    """`persons` are pseudonyms within the project."""

    id: UUID
    persons: frozenset[UUID] = frozenset()


def declare(interests: Interests, *, project: UUID, person: UUID, role: Role, nature: str) -> InterestDeclared:
    if person in interests.persons:
        raise InterestAlreadyDeclared()
    return InterestDeclared(project=project, person=person, role=role, nature=nature)


def check_none(interests: Interests, person: UUID) -> None:
    """Raises InterestStands."""
    if person in interests.persons:
        raise InterestStands()
