"""The documents of a programme's registers (N10) over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from api.door import ServiceDep, SignedIn
from api.problems import PROBLEM_RESPONSES
from api.reading.times import KnownAt
from api.reading.visible import known_position, programme_now
from ledger.access import SEES_CONFIDENTIAL
from ledger.commands.document_numbers import all_registers
from ledger.core.fact import Instant
from ledger.identifiers import programme_stream
from ledger.refusals.general import ProgrammeUnknown, RoleMayNot
from ledger.register import REGISTER_DOCUMENT, DocumentIssued
from ledger.values import CivilDate, Code, Frozen
from ledger.veils import Veiled

router = APIRouter(prefix="/v1/programmes", responses=PROBLEM_RESPONSES)


class DocumentView(Frozen):
    """`document_number` as it was written; `title`, `dated_on` and `sha256` are null of a number alone. `position`: of
    its registration."""

    document_number: str
    authority: str
    title: str | None
    dated_on: CivilDate | None
    sha256: str | None
    projects: tuple[UUID, ...]
    position: int
    recorded_at: Instant


class DocumentList(Frozen):
    known: int
    documents: list[DocumentView]


@router.get("/{programme}/documents")
async def list_documents(service: ServiceDep, who: SignedIn, programme: Code, known_at: KnownAt = None) -> DocumentList:
    """What stands in the registers of documents 发文登记: all of it for office, leading group and auditors; for other
    authorities, their own documents. A number that a register gave to a single decision stands in that decision."""
    if who.role not in SEES_CONFIDENTIAL and who.role not in REGISTER_DOCUMENT.may:
        raise RoleMayNot(role=who.role, command=REGISTER_DOCUMENT)
    stream = programme_stream(programme)
    found = programme_now(service.ledger, stream, (await service.store.streams([stream]))[stream])
    if found.announced is None:
        raise ProgrammeUnknown(programme=programme)
    known = await known_position(service.ledger, who, known_at)
    today = service.ledger.today(found.rules.zone)
    veils = [await service.ledger.veils.stream(Veiled.DOCUMENTS, name) for name in all_registers(found.rules, today)]
    own = None if who.role in SEES_CONFIDENTIAL else who.district or who.role
    return DocumentList(
        known=known,
        documents=[
            DocumentView(
                document_number=fact.number,
                authority=fact.authority,
                title=fact.title,
                dated_on=fact.dated_on,
                sha256=fact.sha256,
                projects=fact.projects,
                position=one.position,
                recorded_at=one.recorded_at,
            )
            for events in (await service.store.streams(veils)).values()
            for one in events
            if one.position <= known
            and isinstance(fact := one.fact, DocumentIssued)
            and fact.programme == programme
            and own in (None, fact.authority)
        ],
    )
