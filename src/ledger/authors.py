"""Whose decision a fact is: its author alone corrects it (N3).

The author is the actor of the event: a role, for organisations and districts the body, for those who judge each for
themselves the person, by the pseudonym that the fact carries. An official is the author of what it entered for others.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from ledger.accounts import WITH_BODIES, Account
from ledger.core.envelope import Recorded, Restated, Voided
from ledger.core.fact import Role
from ledger.core.history import live_corrections, subject_of
from ledger.core.words import Words
from ledger.project.correction_requests import is_confirmed
from ledger.refusals.general import NotTheAuthor

# Each person judges alone.
_PERSONS = frozenset({Role.COMMITTEE, Role.JUROR})
_NAMES = {
    Role.ORGANISATION: Words("社会组织", "the organisation"),
    Role.DISTRICT: Words("区县民政局", "the district"),
    Role.OFFICE: Words("领导小组办公室", "the leading group's office"),
    Role.COMMITTEE: Words("评估监督委员会委员", "the member of the committee"),
    Role.JUROR: Words("评委", "the juror"),
    Role.LEADING_GROUP: Words("领导小组", "the leading group"),
    Role.PROMOTION_ASSOCIATION: Words("社会组织发展促进会", "the promotion association"),
    Role.TREASURY: Words("财政", "the treasury"),
    Role.BENEFICIARY: Words("受益人", "the beneficiary"),
    Role.AUDITOR: Words("审计", "the auditor"),
    Role.CREDIT_SYSTEM: Words("信用管理系统", "the credit system"),
    Role.PUBLIC: Words("公众", "the public"),
    Role.ADMINISTRATOR: Words("系统管理员", "the administrator"),
}


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
    name = _NAMES[one.role]
    zh, en = name.zh, name.en
    if reader and reader.role is one.role:
        zh, en = f"另一{zh}", en.replace("the ", "another ", 1)
    if one.role is Role.DISTRICT and one.body:
        zh, en = f"{zh}（{one.body}）", f"{en} {one.body}"
    return Words(zh, en)
