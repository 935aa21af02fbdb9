"""A register of documents 发文登记 of one authority and year (N10).

Its stream is veiled: who sees when documents are issued sees when rejections are."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from ledger.core.action import GRANTING, Action, Scope
from ledger.core.correctable import never
from ledger.core.envelope import Recorded
from ledger.core.fact import Audience, Audit, Fact, PastDate, Role
from ledger.core.refusal import Kind, Refusal
from ledger.core.words import Words
from ledger.document_numbers import normalised
from ledger.values import CivilDate, Code, Digest, Frozen, Label, Line

REGISTER_DOCUMENT = Action(
    "register_document",
    {**GRANTING, Role.OFFICE: Scope.ALL, Role.DISTRICT: Scope.DISTRICT},
    Words("登记文件", "register a document"),
)


class DocumentNumberForm(Refusal):
    """`form`: the pattern of the register, with N for the number."""

    kind = Kind.INVALID
    zh = "文号 {number} 不符合本单位 {first} 至 {last} 年文号的格式 {form}。"
    en = "The document number {number} does not read as yours of {first} to {last}, {form}."


class DocumentNumberTaken(Refusal):
    kind = Kind.CONFLICT
    zh = "文号 {number} 已经使用，且该文件未列入这些项目。"
    en = "The document number {number} is taken, by a document that does not list these projects."


class DocumentDiffers(Refusal):
    kind = Kind.CONFLICT
    zh = "文号 {number} 已登记，标题、日期或摘要与此不同。"
    en = "The document {number} is registered with another title, date or digest."


class DocumentDetails(Frozen):
    """What a document says of itself; `sha256` is of its original."""

    title: Label
    dated_on: CivilDate
    sha256: Digest | None = None


class RegisterFact(Fact, abstract=True):
    @abstractmethod
    def fold(self, register: Register, recorded: Recorded) -> Register: ...


class NumberIssued(
    RegisterFact,
    audience=Audience.NEVER,
    correction=never(
        "文号一经编发即已使用，请更正其决定。",
        "a number that was issued stays used; correct the decision under it.",
    ),
    named=Words("文号", "document number"),
    audit=Audit.REGULAR,
    accompanies=True,
):
    """The next document number 文号 of an authority's register, which has a stream of its own. No longer recorded: a
    decision carries its number, and an event of its own would tell that there is one."""

    type: Literal["NumberIssued"] = "NumberIssued"
    authority: Code
    number: Annotated[int, Field(ge=1)]
    text: Line

    def fold(self, register: Register, recorded: Recorded) -> Register:
        return replace(register, last=max(register.last, self.number))


class DocumentIssued(
    RegisterFact,
    audience=Audience.NEVER,
    correction=never(
        "文号一经编发即已使用，请另发文件。",
        "a number that was issued stays used; issue another document.",
    ),
    named=Words("文件", "document"),
    audit=Audit.REGULAR,
):
    """A document 文件 and the projects that it covers: one that was given by hand, that says something of itself, or
    that covers several projects. `authority`: the register's code, or the district's. `details` are not required
    of a number alone."""

    type: Literal["DocumentIssued"] = "DocumentIssued"
    programme: Code
    authority: Code
    number: Line
    title: Label | None
    dated_on: PastDate | None
    sha256: Digest | None
    projects: tuple[UUID, ...]

    def fold(self, register: Register, recorded: Recorded) -> Register:
        documents = MappingProxyType({**register.documents, normalised(self.number): self})
        return replace(register, documents=documents)

    def check_covers(self, given: str, projects: Iterable[UUID], details: DocumentDetails | None) -> None:
        """`given`: the number as it was given. Raises DocumentNumberTaken, DocumentDiffers."""
        if not set(projects) <= set(self.projects):
            raise DocumentNumberTaken(number=given)
        own = (self.title, self.dated_on, self.sha256)
        if details and own != (details.title, details.dated_on, details.sha256):
            raise DocumentDiffers(number=given)


@dataclass(frozen=True, slots=True)
class Register:
    """`documents`: by their numbers, normalised."""

    id: UUID
    last: int = 0
    documents: Mapping[str, DocumentIssued] = field(default_factory=lambda: MappingProxyType({}))
