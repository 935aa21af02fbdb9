"""Registering a sample frame and drawing from it (N17)."""

from uuid import UUID

from pydantic import Field

from ledger import access
from ledger.access import Command
from ledger.aggregates import FRAME
from ledger.commands.entry import Body, for_each, load_programme, load_project
from ledger.programme import check_phase
from ledger.project import evaluation, sampling
from ledger.project.state import Project
from ledger.rules import Rules
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext, Receipt, UnitOfWork
from ledger.values import CivilDate, Digest, Line
from ledger.veils import Veiled


class FrameBody(Body):
    """`entries`: one salted commitment for each person who can be drawn, in ascending order; docs/sampling.md."""

    entries: tuple[Digest, ...] = Field(min_length=1, max_length=10_000)
    source: Line
    announced_on: CivilDate


async def register_frame(ledger: Ledger, context: CommandContext, project_id: UUID, body: FrameBody) -> Receipt:
    async def decide(work: UnitOfWork) -> None:
        stream = work.veiled(await ledger.veils.of(Veiled.FRAME, project_id))
        project, rules = await load_project(work, project_id, Command.REGISTER_FRAME, "evaluate")
        fact = sampling.register(
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

    return await ledger.transact(context, decide)


class SampleBody(Body):
    """`value` is the random value that `source` has announced. The receipt speaks of the first project's frame."""

    projects: tuple[UUID, ...] = Field(min_length=1, max_length=1000)
    source: Line
    value: Line


async def draw_samples(ledger: Ledger, context: CommandContext, programme_code: str, body: SampleBody) -> Receipt:
    """All or none, with every reason."""

    async def decide(work: UnitOfWork) -> None:
        access.check_role(context.who, Command.DRAW_SAMPLE)
        check_phase(await load_programme(work, programme_code), "evaluate", work.today)
        streams = {one: await ledger.veils.stream(Veiled.FRAME, one) for one in body.projects}
        await work.load_all(FRAME, list(streams.values()))

        async def draw(project_id: UUID, project: Project, rules: Rules) -> None:
            stream = streams[project_id]
            found = await work.load(FRAME, stream)
            fact = sampling.draw_sample(
                found, project=project_id, source=body.source, value=body.value, today=work.today
            )
            work.write(stream, fact)

        await for_each(work, programme_code, body.projects, Command.DRAW_SAMPLE, draw)

    return await ledger.transact(context, decide)
