"""The programmes whose projects are listed, with the names that their rules give to codes.

A rule file never changes and neither does what was known at a position, so both are read once.
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from api.service import Service
from ledger.aggregates import PROGRAMME
from ledger.cache import BoundedCache
from ledger.core.history import state
from ledger.core.words import Words
from ledger.identifiers import programme_stream
from ledger.rules import Rules
from projections import catalogue_queries

T = TypeVar("T")
CACHED_POSITIONS = 1000


@dataclass(frozen=True, slots=True)
class ListedProgramme:
    """`rules` is None for a funder's imported grants. `in_force`: the codes of its districts, as known."""

    code: str
    name: Words
    synthetic: bool
    rules: Rules | None
    in_force: frozenset[str]


@dataclass(frozen=True, slots=True)
class Programmes:
    """Those announced, in the order of announcement."""

    listed: tuple[ListedProgramme, ...]

    def get(self, code: str) -> ListedProgramme | None:
        return next((programme for programme in self.listed if programme.code == code), None)

    def categories(self, programme: str | None) -> dict[str, Words]:
        """The fields of one programme, or of all."""
        return {category.code: category.name for rules in self._rules(programme) for category in rules.categories}

    def districts(self, programme: str | None) -> dict[str, Words]:
        return {district.code: district.name for rules in self._rules(programme) for district in rules.districts}

    def districts_now(self, programme: str | None) -> dict[str, Words]:
        """Those that have their scope, as known."""
        return {
            district.code: district.name
            for one in self.listed
            if one.rules and programme in (None, one.code)
            for district in one.rules.districts
            if district.code in one.in_force
        }

    def _rules(self, programme: str | None) -> Iterable[Rules]:
        return (one.rules for one in self.listed if one.rules and programme in (None, one.code))


class Catalogue:
    def __init__(self, service: Service) -> None:
        self._service = service
        self._rules: dict[str, Rules | None] = {}
        self._programmes: BoundedCache[int, Programmes] = BoundedCache(CACHED_POSITIONS)
        self._instants: BoundedCache[int, datetime] = BoundedCache(CACHED_POSITIONS)
        self._generation = 1

    def _forget_lost(self) -> None:
        """After a loss the same positions hold other events."""
        generation = self._service.ledger.origins().generation
        if generation != self._generation:
            self._generation = generation
            self._rules.clear()
            self._programmes.clear()
            self._instants.clear()

    async def programmes(self, known: int) -> Programmes:
        self._forget_lost()
        return await _once(self._programmes, known, self._read_programmes)

    async def recorded_at(self, position: int) -> datetime:
        self._forget_lost()
        return await _once(self._instants, position, self._read_instant)

    async def _read_programmes(self, known: int) -> Programmes:
        async with self._service.pool.connection() as connection:
            rows = await catalogue_queries.programmes(connection, known)
        return Programmes(
            tuple(
                [
                    ListedProgramme(
                        row.code,
                        Words(row.name_zh, row.name_en),
                        row.synthetic,
                        await self._rules_of(row.code),
                        frozenset(row.districts_now.values()),
                    )
                    for row in rows
                ]
            )
        )

    async def _rules_of(self, code: str) -> Rules | None:
        if code not in self._rules:
            stream = programme_stream(code)
            programme = state(PROGRAMME, stream, (await self._service.store.streams([stream]))[stream])
            self._rules[code] = programme.rules if programme.announced else None
        return self._rules[code]

    async def _read_instant(self, position: int) -> datetime:
        return await self._service.store.told_at(position)


async def _once(cache: BoundedCache[int, T], key: int, read: Callable[[int], Awaitable[T]]) -> T:
    found = cache.get(key)
    if found is None:
        found = cache[key] = await read(key)
    return found
