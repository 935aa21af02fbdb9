"""Whose decision a fact is: its author alone corrects it (N3).

The author is the actor of the event: a role, for organisations and districts the body, for those who judge each for
themselves the person, by the pseudonym that the fact carries. An official is the author of what it entered for others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID

from ledger.accounts import WITH_BODIES, Account
from ledger.core.envelope import Recorded, Restated, Voided
from ledger.core.fact import Role
from ledger.core.history import live_corrections, subject_of
from ledger.core.words import Words
from ledger.programme import Programme
from ledger.project.correction_requests import is_confirmed
from ledger.refusals.general import NotTheAuthor

# Each person judges alone.
_PERSONS = frozenset({Role.COMMITTEE, Role.JUROR})
ROLE: dict[Role, Words] = {
    Role.ORGANISATION: Words("社会组织", "Organisation"),
    Role.DISTRICT: Words("区县民政局", "District civil affairs bureau"),
    Role.OFFICE: Words("领导小组办公室", "Leading group's office"),
    Role.COMMITTEE: Words("评估监督委员会委员", "Member of the evaluation committee"),
    Role.JUROR: Words("评委", "Juror"),
    Role.LEADING_GROUP: Words("领导小组", "Leading group"),
    Role.PROMOTION_ASSOCIATION: Words("社会组织发展促进会", "Promotion association"),
    Role.TREASURY: Words("财政", "Treasury"),
    Role.BENEFICIARY: Words("受益人", "Beneficiary"),
    Role.AUDITOR: Words("审计", "Auditor"),
    Role.CREDIT_SYSTEM: Words("信用管理系统", "Credit system"),
    Role.PUBLIC: Words("公众", "Public"),
    Role.ADMINISTRATOR: Words("系统管理员", "Administrator"),
}
# Where a sentence names them, in English.
_SHORT = {Role.DISTRICT: "district", Role.COMMITTEE: "member of the committee"}


@dataclass(frozen=True, slots=True)
class Author:
    """`body`: an organisation's id or a district's code. `person`: a pseudonym within the project."""

    role: Role
    body: str | None = None
    person: UUID | None = None

    @classmethod
    def of(cls, role: Role, body: str | None, person: UUID | None) -> Self:
        return cls(role, body if role in WITH_BODIES else None, person if role in _PERSONS else None)

    @classmethod
    def reading(cls, who: Account, person: UUID | None) -> Self:
        """The asker. `person`: its pseudonym where the facts are."""
        return cls.of(who.role, who.body, person)

    @property
    def is_known(self) -> bool:
        """Whether anybody can be this author: of a person, only one whom the fact names."""
        return (self.role not in _PERSONS or self.person is not None) and (
            self.role not in WITH_BODIES or self.body is not None
        )


def author_of(events: Sequence[Recorded], found: Recorded) -> Author:
    """Of a correction too: who corrects as a person corrects what it said itself. One that another only confirmed is
    its author's."""
    if isinstance(found.fact, Voided | Restated) and is_confirmed(events, found):
        return author_of(events, events[found.fact.target - 1])
    actor = found.event.actor
    return Author.of(actor.role, actor.body, subject_of(events, found).fact.judged_by())


def as_of_today(author: Author, programme: Programme | None, carried_on: Mapping[str, str]) -> Author:
    """The author now: of a district that was abolished its successor, of an organisation the one that carries it
    on, or its project."""
    if author.body is None:
        return author
    if author.role is Role.DISTRICT:
        return replace(author, body=programme.successor_of(author.body)) if programme else author
    return replace(author, body=carried_on.get(author.body, author.body))


def authors_of(events: Sequence[Recorded], target: Recorded) -> list[Author]:
    """Whose word a correction of the target sets aside: that of the target, and of the correction that holds of it."""
    holding = live_corrections(events).get(target.version)
    return [author_of(events, found) for found in (target, holding) if found]


def check_author(authors: Iterable[Author], reader: Author) -> None:
    """Raises NotTheAuthor unless the asker is all of them. `authors`: as they are today, see `Author`."""
    for author in authors:
        if author != reader or not author.is_known:
            said, asks = _named(author, reader), _named(reader, None)
            raise NotTheAuthor(author_zh=said.zh, author_en=said.en, reader_zh=asks.zh, reader_en=asks.en)


def _named(one: Author, reader: Author | None) -> Words:
    """In words; without the pseudonym and the id, by which others could be followed."""
    name, other = ROLE[one.role], reader is not None and reader.role is one.role
    zh = f"另一{name.zh}" if other else name.zh
    en = f"{'another' if other else 'the'} {_SHORT.get(one.role, name.en[0].lower() + name.en[1:])}"
    if one.role is Role.DISTRICT and one.body:
        zh, en = f"{zh}（{one.body}）", f"{en} {one.body}"
    return Words(zh, en)
