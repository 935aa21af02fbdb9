"""Registering a sample frame or a list of occasions, and drawing from it (N17)."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from ledger.aggregates import FRAME
from ledger.commands.command import Command, ProgrammeCommand, ProjectCommand
from ledger.commands.loading import for_each, load_programme, load_project
from ledger.commands.served import Giver, served
from ledger.core.fact import Count, Fact
from ledger.programme import Programme, check_phase
from ledger.project import coverage, evaluation, occasions, sampling
from ledger.project.evaluation import ENTER_FEEDBACK, REGISTER_FRAME
from ledger.project.occasions import ListedOccasion
from ledger.project.sampling import DRAW_SAMPLE
from ledger.project.state import Project
from ledger.transaction import Decide
from ledger.unit_of_work import UnitOfWork
from ledger.values import CivilDate, Digest, Line, Text
from ledger.veils import Veiled


@served(
    Giver.EVALUATION,
    "/v1/projects/{project_id}/sample-frame",
    "register_sample_frame",
    "Register a sampling frame",
    at="/v1/projects/{project_id}/sample-frame",
)
class FrameBody(Command, action=REGISTER_FRAME, step="evaluate"):
    """Register who can be drawn, before the random value that it names is known (N17).

    `entries`: one salted commitment for each person who can be drawn, in ascending order; docs/sampling.md."""

    entries: tuple[Digest, ...] = Field(min_length=1, max_length=10_000)
    source: Line
    announced_on: CivilDate

    def on(self, project_id: UUID) -> Decide:
        async def decide(work: UnitOfWork) -> None:
            stream = work.veiled(await work.ledger.veils.of(Veiled.FRAME, project_id))
            project, programme = await load_project(work, project_id, self.action, self.step)
            fact = sampling.register(
                await work.load(FRAME, stream),
                self.entries,
                project=project_id,
                people_served=evaluation.people_served(project),
                source=self.source,
                announced_on=self.announced_on,
                sampling=programme.rules.sampling,
                today=work.today,
            )
            coverage.check_coverage(project, len(self.entries), rules=programme.rules)
            work.write(stream, fact)

        return decide


@served(
    Giver.EVALUATION,
    "/v1/projects/{project_id}/sample-occasions",
    "register_occasions",
    "List occasions to draw",
    at="/v1/projects/{project_id}/sample-frame",
)
class OccasionsBody(Command, action=REGISTER_FRAME):
    """For an anonymous audience: list the occasions to come, of which some are drawn before they take place (N17).

    Each is after the day on which the random value is announced. The attendance expected at all of them together is
    what the list covers of the people served."""

    occasions: tuple[ListedOccasion, ...] = Field(min_length=1, max_length=1_000)
    source: Line
    announced_on: CivilDate

    def on(self, project_id: UUID) -> Decide:
        async def decide(work: UnitOfWork) -> None:
            stream = work.veiled(await work.ledger.veils.of(Veiled.FRAME, project_id))
            # Long before the evaluation: what takes place during the delivery is drawn then.
            project, programme = await load_project(work, project_id, self.action, self.step)
            fact = occasions.register_occasions(
                await work.load(FRAME, stream),
                self.occasions,
                project=project_id,
                people_served=evaluation.people_served(project),
                source=self.source,
                announced_on=self.announced_on,
                sampling=programme.rules.sampling,
                today=work.today,
            )
            coverage.check_coverage(project, fact.covers, rules=programme.rules)
            work.write(stream, fact)

        return decide


@served(
    Giver.EVALUATION,
    "/v1/projects/{project_id}/attendances",
    "record_attendance",
    "Record the attendance of an occasion",
)
class Attendance(Command, action=ENTER_FEEDBACK):
    """Record how many were present at a drawn occasion, when it took place; each gets a number to answer by (N17).

    `occasion`: the entry of the occasion. Numbers run from 1 to `present`."""

    occasion: Digest
    present: Annotated[int, Field(ge=1, le=1_000_000, strict=True)]

    def on(self, project_id: UUID) -> Decide:
        async def decide(work: UnitOfWork) -> None:
            project, _ = await load_project(work, project_id, self.action, self.step)
            evaluation.check_feedback_open(project)
            stream = await work.ledger.veils.stream(Veiled.FRAME, project_id)
            frame = await work.load(FRAME, stream)
            work.write(stream, occasions.hold(frame, self.occasion, self.present, project=project_id, today=work.today))

        return decide


@served(Giver.EVALUATION, "sample-frame-gaps", "accept_frame_gap", "Accept an incomplete frame")
class FrameGap(ProjectCommand, action=DRAW_SAMPLE):
    """Accept, as the office, a frame that leaves out more of the people served than the programme allows (N17).

    A frame of at least `size` entries is taken. The reason is public."""

    size: Count
    reason: Text

    async def decide(self, work: UnitOfWork, project: Project, programme: Programme) -> Fact:
        return coverage.accept_gap(project, self.size, self.reason, rules=programme.rules)


@served(Giver.EVALUATION, "samples", "draw_samples", "Draw samples", at="/v1/projects/{body.projects[0]}/sample-frame")
class SampleBody(ProgrammeCommand, action=DRAW_SAMPLE):
    """Draw the samples of these projects by the announced value, all or none (N17). The receipt speaks of the first.

    `value` is the random value that `source` has announced."""

    projects: tuple[UUID, ...] = Field(min_length=1, max_length=1000)
    source: Line
    value: Line

    async def decide(self, work: UnitOfWork, code: str) -> None:
        programme = await load_programme(work, code)
        streams = {one: await work.ledger.veils.stream(Veiled.FRAME, one) for one in self.projects}
        await work.load_all(FRAME, list(streams.values()))
        frames = [await work.load(FRAME, stream) for stream in streams.values()]
        # Occasions are drawn before they take place, which is during the delivery.
        if not all(frame.occasions for frame in frames):
            check_phase(programme, "evaluate", work.today)

        async def draw(project: Project, programme: Programme) -> None:
            stream = streams[project.id]
            found = await work.load(FRAME, stream)
            fact = sampling.draw_sample(
                found, project=project.id, source=self.source, value=self.value, today=work.today
            )
            coverage.check_coverage(project, found.size, rules=programme.rules)
            work.write(stream, fact)

        await for_each(work, code, self.projects, DRAW_SAMPLE, draw)
