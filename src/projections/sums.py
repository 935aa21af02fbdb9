"""Running sums of a programme's figures: what all its projects, or those of one district, add up to at some positions.

What is known at any other position is the last of them and what projects changed since, so no question goes through
all projects. They only save work: each follows from the rows of `counted`, in this read model itself."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

import psycopg

from ledger.cache import BoundedCache
from projections.counted import ENCODER, Cells, Counted

# The sums are written down after so many changes, and not before there is one for so many cells: writing them takes as
# long as reading them does, and a change takes as long as so many cells.
CHANGES = 64
CELLS_A_CHANGE = 40
# How many are kept in memory.
SCOPES = 64
WHOLE = "*"
TABLES = """
CREATE TABLE counted (
    project uuid NOT NULL,
    from_position bigint NOT NULL,
    to_position bigint,
    programme text NOT NULL,
    published boolean NOT NULL,
    category text NOT NULL,
    district text NOT NULL,
    status text NOT NULL,
    served text NOT NULL,
    organisation uuid,
    cells text NOT NULL,
    PRIMARY KEY (project, from_position)
);
-- Also while it is filled: what follows the last sums is looked up.
CREATE INDEX counted_began ON counted (programme, from_position);
CREATE INDEX counted_ended ON counted (programme, to_position) WHERE to_position IS NOT NULL;
CREATE TABLE sums (
    programme text NOT NULL,
    -- '*' or a district.
    scope text NOT NULL,
    family text NOT NULL,
    position bigint NOT NULL,
    content text NOT NULL,
    PRIMARY KEY (programme, scope, family, position)
);
-- An organisation's kind, or '', as it was when its first project came: what sums go by.
CREATE TABLE kinds (
    organisation uuid PRIMARY KEY,
    kind text NOT NULL,
    -- From which position on it is not that, on some day.
    differs_from bigint
);
CREATE INDEX kinds_differ ON kinds (differs_from) WHERE differs_from IS NOT NULL;
"""
COLUMNS = ("programme", "published", "category", "district", "status", "served", "organisation", "cells")
# Of the tables in a schema, or where the search path leads.
LAST = """
SELECT wanted.scope, wanted.family, s.position, s.content
FROM unnest(%(scopes)s::text[], %(families)s::text[]) AS wanted (scope, family)
LEFT JOIN LATERAL (
    SELECT position, content FROM {schema}sums WHERE programme = %(programme)s AND scope = wanted.scope
    AND family = wanted.family AND position <= %(known)s ORDER BY position DESC LIMIT 1
) s ON true
"""
# What is known at a position and was not at another one before, and the other way round.
SINCE = """
SELECT 1, c.published, c.category, c.district, c.status, c.served, c.organisation, coalesce(k.kind, ''), c.cells,
    c.project
FROM {schema}counted c LEFT JOIN {schema}kinds k USING (organisation)
WHERE c.programme = %(programme)s AND c.from_position > %(after)s AND c.from_position <= %(known)s
AND (c.to_position IS NULL OR c.to_position > %(known)s) AND (%(scope)s = '*' OR c.district = %(scope)s)
UNION ALL
SELECT -1, c.published, c.category, c.district, c.status, c.served, c.organisation, coalesce(k.kind, ''), c.cells,
    c.project
FROM {schema}counted c LEFT JOIN {schema}kinds k USING (organisation)
WHERE c.programme = %(programme)s AND c.to_position > %(after)s AND c.to_position <= %(known)s
AND c.from_position <= %(after)s AND (%(scope)s = '*' OR c.district = %(scope)s)
"""
# How often something changed: where the next sums are due.
_CHANGES = """
SELECT count(DISTINCT (project, position)) FROM (
    SELECT project, from_position AS position FROM {schema}counted
    WHERE programme = %(programme)s AND from_position > %(after)s AND from_position <= %(known)s
    AND (%(scope)s = '*' OR district = %(scope)s)
    UNION ALL
    SELECT project, to_position FROM {schema}counted
    WHERE programme = %(programme)s AND to_position > %(after)s AND to_position <= %(known)s
    AND (%(scope)s = '*' OR district = %(scope)s)
) changes
"""
_KINDS = "SELECT organisation, kind FROM kinds WHERE organisation = ANY(%s)"
_NEW_KINDS = "INSERT INTO kinds (organisation, kind) SELECT * FROM unnest(%s::uuid[], %s::text[])"
_DIFFERENT = (
    "UPDATE kinds SET differs_from = d.position FROM unnest(%s::uuid[], %s::bigint[]) AS d (organisation, position)"
    " WHERE kinds.organisation = d.organisation AND differs_from IS NULL"
)


class Family(StrEnum):
    """By what the sums are told apart; those of a district not by districts."""

    CATEGORY = "category"
    STATUS = "status"
    KIND = "kind"
    DISTRICT = "district"
    # All districts of a project together, so that one that serves several is added up once.
    SERVED = "served"

    def key(self, counted: Counted, kind: str) -> str:
        return kind if self is Family.KIND else str(getattr(counted, self.value))


def families_of(scope: str) -> tuple[Family, ...]:
    return tuple(one for one in Family if scope == WHOLE or one is not Family.DISTRICT)


Content = tuple[list[str], dict[str, tuple[list[int], list[int]]]]
"""The names of cells, and by key those of what is not published and of what is: the place of the name, how many, what
they make, again and again."""


@dataclass(slots=True)
class Sums:
    """By key and whether it is published, by cell: how many, and what they make."""

    cells: dict[tuple[str, bool], dict[str, list[int]]] = field(default_factory=dict)

    @classmethod
    def read(cls, content: str | None) -> "Sums":
        found = cls()
        names, keys = read_content(content)
        for key, halves in keys.items():
            for published, flat in zip((False, True), halves, strict=True):
                if flat:
                    cells = {names[place]: [count, number] for place, count, number in threes(flat)}
                    found.cells[key, published] = cells
        return found

    def content(self) -> str:
        names: dict[str, int] = {}
        keys: dict[str, tuple[list[int], list[int]]] = {}
        # In one order, since sums that were read again have another.
        for key, published in sorted(self.cells):
            flat, cells = keys.setdefault(key, ([], []))[published], self.cells[key, published]
            for name in sorted(cells):
                count, number = cells[name]
                flat += (names.setdefault(name, len(names)), count, number)
        return ENCODER.encode((list(names), keys))

    def add(self, key: str, published: bool, cells: Cells, sign: int) -> None:
        held = self.cells.setdefault((key, published), {})
        for name, (count, number) in cells.items():
            cell = held.get(name)
            if cell is None:
                held[name] = [sign * count, sign * number]
            else:
                cell[0] += sign * count
                cell[1] += sign * number
                if not cell[0]:
                    del held[name]
        if not held:
            del self.cells[key, published]


def read_content(content: str | None) -> Content:
    names, keys = json.loads(content) if content else ([], {})
    return names, keys


def threes(flat: list[int]) -> Iterable[tuple[int, int, int]]:
    return zip(flat[::3], flat[1::3], flat[2::3], strict=True)


@dataclass(slots=True)
class Scope:
    """The sums of a programme, or of a district's projects in it, at a position. `changes` since they were written,
    which is `due` after so many."""

    families: dict[Family, Sums]
    changes: int = 0
    due: int = field(init=False)

    def __post_init__(self) -> None:
        self.written()

    def written(self) -> None:
        size = sum(len(cells) for sums in self.families.values() for cells in sums.cells.values())
        self.changes, self.due = 0, max(CHANGES, size // CELLS_A_CHANGE)

    def add(self, before: "Side | None", after: "Side | None") -> None:
        """What is the same before and after is left alone."""
        differing = differences(before, after)
        for family, sums in self.families.items():
            was, becomes = (one and (family.key(*one), one[0].published) for one in (before, after))
            gone, come = differing if was == becomes else (one[0].cells if one else {} for one in (before, after))
            if was:
                sums.add(*was, gone, -1)
            if becomes:
                sums.add(*becomes, come, 1)


Side = tuple[Counted, str]
"""A project as it counts, and the kind of organisation that it goes by."""


def side_of(programme: str, row: Sequence[Any]) -> Side:
    published, category, district, status, served, organisation, kind, cells = row
    return Counted(programme, published, category, district, status, served, organisation, json.loads(cells)), kind


def sides_of(programme: str, rows: Iterable[Sequence[Any]]) -> Iterable[tuple[Side | None, Side | None]]:
    """Of each project in rows of SINCE, what it was and what it is."""
    found: dict[UUID, list[Side | None]] = {}
    for sign, *row, project in rows:
        found.setdefault(project, [None, None])[sign > 0] = side_of(programme, row)
    return ((before, after) for before, after in found.values())


def differences(before: Side | None, after: Side | None) -> tuple[Cells, Cells]:
    """What has gone and what has come, where both are in the same group."""
    old, new = (one[0].cells if one else {} for one in (before, after))
    return (
        {name: cell for name, cell in old.items() if new.get(name) != cell},
        {name: cell for name, cell in new.items() if old.get(name) != cell},
    )


@dataclass(frozen=True, slots=True)
class _Change:
    position: int
    before: Counted | None
    after: Counted | None


@dataclass(frozen=True, slots=True)
class _Kinds:
    """The kinds that an organisation has on some day, as known from the position on."""

    position: int
    organisation: UUID
    kinds: tuple[str, ...]


class RunningSums:
    """Adds up along with the rows of a batch, and writes the sums where they are due."""

    def __init__(self) -> None:
        self._seen: list[int] = []
        self._changes: list[_Change | _Kinds] = []
        self._scopes: BoundedCache[tuple[str, str], Scope] = BoundedCache(SCOPES)
        self._kinds: dict[UUID, str] = {}
        self._next: int | None = None

    def see(self, position: int) -> None:
        """Each event of the batch is seen, so that another process's batch in between is noticed."""
        self._seen = [self._seen[0] if self._seen else position, position]

    def change(self, position: int, before: Counted | None, after: Counted | None) -> None:
        self._changes.append(_Change(position, before, after))

    def kind(self, position: int, organisation: UUID, kinds: tuple[str, ...]) -> None:
        self._changes.append(_Kinds(position, organisation, kinds))

    def forget(self) -> None:
        """Lets go of a batch that could not be written: its events will come again."""
        self._seen, self._changes = [], []

    def write(self, connection: psycopg.Connection) -> None:
        """Before the rows of the batch are written: the sums may have to be taken from those that are there."""
        if not self._seen:
            return
        first, last = self._seen
        expected, self._next = self._next, None
        if first != expected:
            self._scopes.clear()
        self._resolve(connection)
        # Held until the end of the batch, since the rows have nothing of it yet.
        held: dict[tuple[str, str], Scope] = {}
        due: list[tuple[str, str, Family, int, str]] = []
        for change in self._changes:
            if isinstance(change, _Change):
                due += self._added(change, held, lambda one: self._loaded(connection, one, first - 1))
        if due:
            with (
                connection.cursor() as cursor,
                cursor.copy("COPY sums (programme, scope, family, position, content) FROM STDIN") as copy,
            ):
                for row in due:
                    copy.write_row(row)
        for name, scope in held.items():
            self._scopes[name] = scope
        self._next = last + 1
        self.forget()

    def _added(
        self,
        change: _Change,
        held: dict[tuple[str, str], Scope],
        load: Callable[[tuple[str, str]], Scope],
    ) -> Iterator[tuple[str, str, Family, int, str]]:
        before, after = (self._in_scopes(one) for one in (change.before, change.after))
        for name in before | after:
            scope = held.get(name) or load(name)
            held[name] = scope
            scope.add(before.get(name), after.get(name))
            scope.changes += 1
            if scope.changes >= scope.due:
                scope.written()
                for family, sums in scope.families.items():
                    yield *name, family, change.position, sums.content()

    def _in_scopes(self, counted: Counted | None) -> dict[tuple[str, str], Side]:
        """With the kind that it goes by."""
        if counted is None:
            return {}
        kind = self._kinds[counted.organisation] if counted.organisation else ""
        return {(counted.programme, scope): (counted, kind) for scope in scopes_of(counted)}

    def _loaded(self, connection: psycopg.Connection, name: tuple[str, str], known: int) -> Scope:
        if found := self._scopes.get(name):
            return found
        programme, scope = name
        families = families_of(scope)
        values: dict[str, Any] = {"programme": programme, "scope": scope, "known": known}
        values |= {"scopes": [scope] * len(families), "families": list(families)}
        rows = connection.execute(_here(LAST), values).fetchall()
        found = Scope({Family(family): Sums.read(content) for _, family, _, content in rows})
        values["after"] = max((row[2] for row in rows if row[2] is not None), default=-1)
        for before, after in sides_of(programme, connection.execute(_here(SINCE), values)):
            found.add(before, after)
        [(found.changes,)] = connection.execute(_here(_CHANGES), values).fetchall()
        return found

    def _resolve(self, connection: psycopg.Connection) -> None:
        """What kind each organisation of the batch goes by; whose differs from it is marked."""
        self._kinds = dict(connection.execute(_KINDS, [list(self._organisations())]).fetchall())
        new: dict[UUID, str] = {}
        different: dict[UUID, int] = {}
        for change in self._changes:
            if isinstance(change, _Kinds):
                known = self._kinds.get(change.organisation)
                if known is None:
                    known = self._kinds[change.organisation] = new[change.organisation] = change.kinds[0]
                if set(change.kinds) != {known}:
                    different.setdefault(change.organisation, change.position)
                continue
            for one in (change.before, change.after):
                if one and one.organisation and one.organisation not in self._kinds:
                    self._kinds[one.organisation] = new[one.organisation] = ""
        if new:
            connection.execute(_NEW_KINDS, [list(new), list(new.values())])
        if different:
            connection.execute(_DIFFERENT, [list(different), list(different.values())])

    def _organisations(self) -> Iterable[UUID]:
        found = set[UUID]()
        for change in self._changes:
            if isinstance(change, _Kinds):
                found.add(change.organisation)
            else:
                found.update(one.organisation for one in (change.before, change.after) if one and one.organisation)
        return found


def _here(statement: str) -> bytes:
    return statement.format(schema="").encode()


def scopes_of(counted: Counted) -> tuple[str, ...]:
    return (WHOLE, counted.district) if counted.district else (WHOLE,)
