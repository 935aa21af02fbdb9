"""Redaction: a text that must go is read by nobody any more. Its bytes go by the owner's tool."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from ledger import access
from ledger.aggregates import BY_FOUNDER, ORGANISATION
from ledger.commands.command import Command
from ledger.commands.loading import open_project
from ledger.core.action import REDACT
from ledger.core.fact import Version
from ledger.redaction import redact
from ledger.refusals.general import OrganisationUnknown, PositionUnknown
from ledger.transaction import Decide
from ledger.unit_of_work import UnitOfWork
from ledger.values import Line, Text

Path = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Passage = Annotated[str, StringConstraints(min_length=1, max_length=10_000)]


class Redaction(Command, action=REDACT):
    """`texts`: by the path of a text in the payload, such as `form.content` or `form.support.0.reason`, or by
    `late_reason`: the passages that go, or none where the whole text goes. `authority`: the rule or the decision that
    asks for it. Neither this nor `reason` repeats what has to go; both are read like the event itself."""

    late_entry: None = None
    texts: dict[Path, Annotated[tuple[Passage, ...], Field(max_length=100)]] = Field(min_length=1, max_length=100)
    reason: Text
    authority: Line


class VersionRedaction(Redaction):
    """`target`: the version of the event. A correction that repeats the text is a target of its own."""

    target: Version


class PositionRedaction(Redaction):
    """`position`: that of the event, in whatever stream."""

    position: Annotated[int, Field(ge=0, lt=2**60, strict=True)]


def redact_project(project_id: UUID, body: VersionRedaction) -> Decide:
    async def decide(work: UnitOfWork) -> None:
        await open_project(work, project_id, body.action)
        _write(work, project_id, body.target, body)

    return decide


def redact_organisation(organisation_id: UUID, body: VersionRedaction) -> Decide:
    async def decide(work: UnitOfWork) -> None:
        access.check_role(work.context.who, body.action)
        if not (await work.load(ORGANISATION, organisation_id)).exists:
            raise OrganisationUnknown(organisation=organisation_id)
        work.check_match(organisation_id)
        _write(work, organisation_id, body.target, body)

    return decide


def redact_position(body: PositionRedaction) -> Decide:
    """Also for streams without an address of their own: reports by the public, answers, nominations."""

    async def decide(work: UnitOfWork) -> None:
        access.check_role(work.context.who, body.action)
        store = work.ledger.store
        found = await store.range(body.position, body.position + 1)
        if not found:
            size = (await store.head()).size
            raise PositionUnknown(position=str(body.position), size=size, nearest=size - 1)
        stream = found[0].stream
        founder = (await store.streams([stream]))[stream][0]
        await work.load(BY_FOUNDER[type(founder.fact)], stream)
        work.check_match(stream)
        _write(work, stream, found[0].version, body)

    return decide


def _write(work: UnitOfWork, stream: UUID, target: int, body: Redaction) -> None:
    events = work.loaded[stream].events
    work.write(stream, redact(events, target, body.texts, reason=body.reason, authority=body.authority))
