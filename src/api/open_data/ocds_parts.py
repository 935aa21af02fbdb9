"""A part of the releases, in the order of becoming public. The feed knows that order; a project is folded when the
first of its releases comes, so that nothing waits for what comes later."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from api.open_data.numbers import exact_json
from api.open_data.ocds_releases import releases_of
from api.open_data.public import FIRST, PublicProject, PublicProjects
from api.open_data.publisher import Publisher
from projections import feed_queries
from projections.feed_queries import Place

# Releases at a time; each may be of another project.
TOGETHER = 16


@dataclass(frozen=True, slots=True)
class Part:
    """The places of its releases; `last`: the position behind which there are more, None at the end."""

    places: Sequence[Place]
    last: int | None


async def part_behind(projects: PublicProjects, after: int, limit: int) -> Part:
    """At least `limit`, if there are as many. What became public together stays together: a project's history."""
    known = projects.known
    async with projects.service.pool.connection() as connection:
        places = await feed_queries.of_projects(connection, known, after, known, limit)
        if len(places) < limit:
            return Part(places, None)
        edge = places[-1].public_at
        together = await feed_queries.of_projects(connection, known, edge - 1, edge)
        more = await feed_queries.of_projects(connection, known, edge, known, 1)
    whole = [place for place in places if place.public_at < edge] + together
    return Part(whole, edge if more else None)


async def releases_as_json(
    projects: PublicProjects, publisher: Publisher, places: Sequence[Place]
) -> AsyncIterator[list[str]]:
    """The releases at these places, a few at a time. Those of a project are kept from its first one on, at most as many
    as there are places."""
    wanted = {place.position for place in places}
    kept: dict[int, str] = {}
    start, size = 0, min(FIRST, TOGETHER)
    while some := places[start : start + size]:
        if missing := {place.project for place in some if place.position not in kept}:
            found = await projects.read(sorted(missing))
            kept |= await projects.service.bulk.run(_texts, found, projects, publisher, wanted)
        yield [kept.pop(place.position) for place in some]
        start, size = start + size, min(size * 2, TOGETHER)


def _texts(
    found: Sequence[PublicProject], projects: PublicProjects, publisher: Publisher, wanted: set[int]
) -> dict[int, str]:
    return {
        release.position: exact_json(release.body)
        for project in found
        for release in releases_of(project, publisher.ocid_prefix, projects.directory)[0]
        if release.position in wanted
    }
