"""Registering a sample frame and drawing from it (N17)."""

from uuid import UUID

from pydantic import Field

from ledger import access, frame
from ledger.access import Command
from ledger.aggregates import FRAME
from ledger.commands.entry import Body, load_programme, load_project
from ledger.errors import BatchRefused, Kind, ProjectUnknown, Refusal
from ledger.identifiers import frame_stream
from ledger.programme import check_phase
from ledger.project import evaluation
from ledger.transaction import Ask, Ledger, Receipt, Work
from ledger.values import CivilDate, Digest, Line


class FrameBody(Body):
    """`entries`: one salted commitment for each person who can be drawn, in ascending order; docs/sampling.md."""

    entries: tuple[Digest, ...] = Field(min_length=1, max_length=10_000)
    source: Line
    announced_on: CivilDate


async def register_frame(ledger: Ledger, ask: Ask, project_id: UUID, body: FrameBody) -> Receipt:
    stream = frame_stream(project_id)

    async def decide(work: Work) -> None:
        project, rules = await load_project(work, project_id, Command.REGISTER_FRAME, "evaluate")
        fact = frame.register(
            await work.load(FRAME, stream),
            body.entries,
            project=project_id,
            people_served=evaluation.people_served(project),
            source=body.source,
            announced_on=body.announced_on,
            sampling=rules.sampling,
            today=work.today,
        )
        work.write(stream, fact)

    return await ledger.transact(ask, decide)


class SampleBody(Body):
    """`value` is the random value that `source` has announced. The receipt speaks of the first project's frame."""

    projects: tuple[UUID, ...] = Field(min_length=1, max_length=1000)
    source: Line
    value: Line


async def draw_samples(ledger: Ledger, ask: Ask, programme_code: str, body: SampleBody) -> Receipt:
    """All or none, with every reason."""

    async def decide(work: Work) -> None:
        access.check_role(ask.who, Command.DRAW_SAMPLE)
        check_phase(await load_programme(work, programme_code), "evaluate", work.today)
        reasons: dict[UUID, Refusal] = {}
        for project_id in dict.fromkeys(body.projects):
            try:
                await _draw(work, project_id)
            except Refusal as refusal:
                if refusal.kind in (Kind.UNAVAILABLE, Kind.STALE):
                    raise
                reasons[project_id] = refusal
        if reasons:
            raise BatchRefused(reasons)

    async def _draw(work: Work, project_id: UUID) -> None:
        project, _ = await load_project(work, project_id, Command.DRAW_SAMPLE, None)
        if project.applied is None or project.applied.programme != programme_code:
            raise ProjectUnknown(project=project_id)
        stream = frame_stream(project_id)
        found = await work.load(FRAME, stream)
        fact = frame.draw_sample(found, project=project_id, source=body.source, value=body.value, today=work.today)
        work.write(stream, fact)

    return await ledger.transact(ask, decide)
